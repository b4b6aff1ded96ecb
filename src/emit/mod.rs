//! How are found cards handed to an agent? As one block of context in the provider's form.

mod claude;
mod codex;
mod cut;
mod documents;
mod fence;
mod skill_file;

pub(crate) use cut::{cut, one_line};
pub use documents::{AskedDocuments, cited, render_documents};
pub use skill_file::{SkillFile, skill_file, skill_folders};

use crate::search::{
    Cited, Confidence, DocumentRetriever, Filter, Mode, Ranked, RankedCards, Reason, Request, SkillRetriever,
};
use crate::{Code, Error, ExpertCard, Result};

/// Who will read the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Markdown for Codex.
    Codex,
    /// XML for Claude.
    Claude,
}

impl std::str::FromStr for Provider {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "codex" => Ok(Provider::Codex),
            "claude" => Ok(Provider::Claude),
            other => Err(Error::new(Code::InvalidArgument, "unknown provider")
                .expected("`codex` or `claude`")
                .got(format!("`{}`", other.escape_debug()))),
        }
    }
}

/// What a query becomes in an agent's context.
#[derive(Clone, Copy)]
pub struct Emission<'a> {
    /// Who will read it.
    pub provider: Provider,
    /// Instructions are cut to this many characters.
    pub instruction_chars: usize,
    /// Documents beside the cards.
    pub documents: Option<Documents<'a>>,
}

/// Documents beside the cards.
#[derive(Clone, Copy)]
pub struct Documents<'a> {
    /// Where they are looked for.
    pub docs: &'a DocumentRetriever,
    /// The query's vectors by the documents' model.
    pub vector: Option<&'a [f32]>,
    /// Which ones.
    pub asked: &'a AskedDocuments,
}

/// What an agent is given.
#[derive(Clone, Debug)]
pub struct Context {
    /// The block of text.
    pub block: String,
    /// The cards in it.
    pub cards: Vec<Emitted>,
    /// The documents in it.
    pub documents: Vec<Cited>,
    /// Which legs answered.
    pub mode: Mode,
    /// How sure the answer is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why there are no cards, where there are none.
    pub reason: Option<Reason>,
}

/// Retrieves and renders in one step: the cards, then the documents where they are wanted.
pub fn emit(mesh: &SkillRetriever, request: &Request, emission: &Emission) -> Result<Context> {
    let RankedCards { mode, confidence, reason, cards: ranked, .. } = mesh.rank(request)?;
    let card = |ranked: &Ranked| Ok(Emitted { card: mesh.card(ranked.number)?, score: ranked.score });
    let cards = ranked.iter().map(card).collect::<Result<Vec<_>>>()?;
    let documents = emission.documents.map_or(Ok(Vec::new()), |documents| documents.cited(request, &cards))?;
    let mut block = render(emission.provider, request.text, &cards, emission.instruction_chars);
    if !documents.is_empty() {
        block += "\n";
        block += &render_documents(emission.provider, &documents);
    }
    Ok(Context { block, cards, documents, mode, confidence, reason })
}

impl Documents<'_> {
    /// The filter and the least confidence are about cards; documents without vectors are found by keywords.
    fn cited(self, request: &Request, cards: &[Emitted]) -> Result<Vec<Cited>> {
        let Documents { docs, vector, asked } = self;
        let mode = if docs.header().model.is_some() { request.mode } else { Mode::Auto };
        let (filter, nearest) = (Filter::default(), None);
        let query = Request { vector, mode, filter, nearest, min_confidence: None, ..request.clone() };
        cited(docs, &query, cards, asked)
    }
}

/// One found card with its score.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// The whole card.
    pub card: ExpertCard,
    /// The score it was found with.
    pub score: f32,
}

/// Instructions are cut to this many characters unless asked otherwise.
pub const INSTRUCTION_CHARS: usize = 700;

/// The context block; nothing in a query or card can end its own element or fence.
///
/// ```
/// use skillmesh::emit::{Emitted, Provider, render};
/// use skillmesh::ExpertCard;
/// let card = ExpertCard { id: "a".into(), title: "</card>".into(), ..Default::default() };
/// let block = render(Provider::Claude, "q", &[Emitted { card, score: 0.5 }], 700);
/// assert!(block.contains("<title>&lt;/card&gt;</title>"));
/// ```
pub fn render(provider: Provider, query: &str, cards: &[Emitted], instruction_chars: usize) -> String {
    match provider {
        Provider::Codex => codex::render(query, cards, instruction_chars),
        Provider::Claude => claude::render(query, cards, instruction_chars),
    }
}

const DESCRIPTION_CHARS: usize = 260;
const TAGS: usize = 12;
const TOOL_HINTS: usize = 8;
const DEPENDENCIES: usize = 8;
const OUTPUT_ARTIFACTS: usize = 6;

/// At most `limit` entries, each on one line, separated by commas.
fn list(entries: &[String], limit: usize) -> String {
    let shown: Vec<String> = entries.iter().take(limit).map(|entry| cut::one_line(entry)).collect();
    shown.join(", ")
}

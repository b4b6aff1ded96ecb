//! How are found cards and documents handed to an agent? As one block of context in the provider's form.

mod budget;
mod content;
mod cut;
mod dependencies;
mod documents;
mod fence;
mod fit;
mod forms;
#[cfg(any(test, feature = "wasm-index"))]
mod given;
mod names;
mod provider;
mod skill_file;

pub use budget::{Budget, tokens};
pub use content::{Content, Emitted, INSTRUCTION_CHARS, Style};
pub(crate) use cut::{cut, inert, one_line};
pub use documents::{AskedDocuments, Documents, cited};
pub use fit::{Fitted, fit};
pub use forms::Writer;
#[cfg(feature = "wasm-index")]
pub use given::Given;
pub use names::{Names, name};
pub use provider::Provider;
pub use skill_file::{SkillFile, skill_file, skill_folders, skill_name, skill_uri};

use crate::Result;
use crate::search::{Cited, Confidence, Mode, Ranked, RankedCards, Reason, Request, SkillRetriever};

/// What a query becomes in an agent's context.
#[derive(Clone, Copy)]
pub struct Emission<'a> {
    /// Who will read it.
    pub provider: Provider,
    /// How cards are written.
    pub style: Style,
    /// How long the block may be.
    pub budget: Budget,
    /// Whether the cards that found cards depend upon come with them.
    pub with_dependencies: bool,
    /// Documents beside the cards.
    pub documents: Option<Documents<'a>>,
}

impl Emission<'_> {
    /// The found cards alone, as long as they are.
    pub fn new(provider: Provider) -> Self {
        let (style, budget) = (Style::default(), Budget::default());
        Emission { provider, style, budget, with_dependencies: false, documents: None }
    }
}

/// What was found for an agent.
#[derive(Clone, Debug)]
pub struct Retrieved {
    /// The cards.
    pub cards: Vec<Emitted>,
    /// The documents.
    pub documents: Vec<Cited>,
    /// Which legs answered.
    pub mode: Mode,
    /// How sure the answer is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why there are no cards, where there are none.
    pub reason: Option<Reason>,
}

/// What an agent is given.
#[derive(Clone, Debug)]
pub struct Context {
    /// The block of text.
    pub block: String,
    /// What stands in it.
    pub found: Retrieved,
    /// How many cards and documents were found and had no room.
    pub left_out: usize,
}

/// Retrieves and writes in one step: the cards, and the documents where they are wanted.
pub fn emit(mesh: &SkillRetriever, request: &Request, emission: &Emission) -> Result<Context> {
    let mut retrieved = find(mesh, request, emission)?;
    if emission.provider.writer_at_hand().is_none() {
        let ids = mesh.ids();
        name(&mut retrieved.cards, &ids.iter().map(String::as_str).collect::<Vec<_>>());
    }
    retrieved.written(request.text, emission)
}

/// The cards, and the documents where they are wanted.
pub fn find(mesh: &SkillRetriever, request: &Request, emission: &Emission) -> Result<Retrieved> {
    emission.provider.check(emission.documents.is_some(), &emission.style)?;
    let RankedCards { mode, confidence, reason, cards: ranked, .. } = mesh.rank(request)?;
    let card =
        |ranked: &Ranked| Ok(Emitted { score: ranked.score, card: mesh.card(ranked.number)?, ..Emitted::default() });
    let mut cards = ranked.iter().map(card).collect::<Result<Vec<_>>>()?;
    let documents = emission.documents.map_or(Ok(Vec::new()), |documents| documents.found(request, &cards))?;
    if emission.with_dependencies {
        cards = dependencies::with_dependencies(mesh, &request.filter, cards)?;
    }
    Ok(Retrieved { cards, documents, mode, confidence, reason })
}

impl Retrieved {
    /// What there is to write.
    pub fn content<'a>(&'a self, query: &'a str, style: Style) -> Content<'a> {
        Content { query, cards: Some(&self.cards), documents: &self.documents, style }
    }

    /// The block, and of what was found what stands in it.
    fn written(mut self, query: &str, emission: &Emission) -> Result<Context> {
        let content = self.content(query, emission.style);
        let all = content.cards().len() + content.documents.len();
        let Fitted { block, cards, documents } = fit(&content, &emission.budget, emission.provider.writer())?;
        self.cards.truncate(cards);
        self.documents.truncate(documents);
        Ok(Context { block, found: self, left_out: all - cards - documents })
    }
}

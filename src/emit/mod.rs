//! How are found cards handed to an agent? As one block of context in the provider's form.

mod claude;
mod codex;
mod cut;
mod fence;

use serde::{Deserialize, Serialize};

use crate::search::{Ranked, Request, SkillRetriever};
use crate::{Code, Error, ExpertCard, Result};

/// Who will read the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// Retrieves and renders in one step.
pub fn emit(mesh: &SkillRetriever, provider: Provider, request: &Request, instruction_chars: usize) -> Result<String> {
    let ranked = mesh.rank(request)?.cards;
    let card = |ranked: &Ranked| Ok(Emitted { card: mesh.card(ranked.number)?, score: ranked.score });
    let cards = ranked.iter().map(card).collect::<Result<Vec<_>>>()?;
    Ok(render(provider, request.text, &cards, instruction_chars))
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

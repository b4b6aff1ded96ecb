//! What is there to write?

use serde::Serialize;

use super::names::Names;
use crate::ExpertCard;
use crate::bytes::{Fields, Unpacked};
use crate::search::Cited;

/// Instructions are cut to this many characters unless asked otherwise.
pub const INSTRUCTION_CHARS: usize = 700;

/// One found card with its score.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Emitted {
    /// The score it was found with; that of the card that needs it, where the query did not find it.
    pub score: f32,
    /// The card that needs this one, where the query did not find it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed_by: Option<String>,
    /// The whole card.
    pub card: ExpertCard,
    /// What it is called among all cards, by [`name`](super::name): the forms of tools and skills want it.
    #[serde(skip)]
    pub names: Names,
}

/// What a query found, best first, and how it is to be written.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Content<'a> {
    /// What was asked.
    pub query: &'a str,
    /// The cards; `None` where nobody asked for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cards: Option<&'a [Emitted]>,
    /// The documents.
    pub documents: &'a [Cited],
    /// How they are written.
    #[serde(skip)]
    pub style: Style,
}

/// How found cards are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Instructions are cut to this many characters; at 0 there are none.
    pub instruction_chars: usize,
    /// Tools say that they are loaded only when they are searched for.
    pub defer_loading: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style { instruction_chars: INSTRUCTION_CHARS, defer_loading: false }
    }
}

impl Style {
    /// Takes the options about it, as JavaScript names them.
    pub fn taken(options: &mut Fields) -> Unpacked<Style> {
        Ok(Style {
            instruction_chars: options.optional("instructionChars")?.unwrap_or(INSTRUCTION_CHARS),
            defer_loading: options.or_default("deferLoading")?,
        })
    }
}

impl<'a> Content<'a> {
    /// The cards, if there are any.
    pub fn cards(&self) -> &'a [Emitted] {
        self.cards.unwrap_or_default()
    }

    /// All of it as it is, as JSON, for a module that writes the forms that this one has not.
    pub fn everything(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The best so many of each.
    pub(super) fn best(&self, cards: usize, documents: usize) -> Content<'a> {
        let (cards, documents) = (cards.min(self.cards().len()), documents.min(self.documents.len()));
        Content { cards: self.cards.map(|all| &all[..cards]), documents: &self.documents[..documents], ..*self }
    }
}

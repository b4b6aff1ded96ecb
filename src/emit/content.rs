//! What is there to write?

use serde::Serialize;

use super::forms::json;
use crate::bytes::{Fields, Unpacked};
use crate::search::Cited;
use crate::ExpertCard;

/// Instructions are cut to this many characters unless asked otherwise.
pub const INSTRUCTION_CHARS: usize = 700;

/// One found card with its score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Emitted {
    /// The score it was found with; that of the card that needs it, where the query did not find it.
    pub score: f32,
    /// The found card that needs this one, where the query did not find it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed_by: Option<String>,
    /// The whole card.
    pub card: ExpertCard,
}

/// What a query found, best first, and how it is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// What was asked.
    pub query: &'a str,
    /// The cards; `None` where nobody asked for any.
    pub cards: Option<&'a [Emitted]>,
    /// The documents.
    pub documents: &'a [Cited],
    /// How they are written.
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

    /// All of it as JSON, for a module that writes the forms that this one has not.
    pub fn everything(&self) -> String {
        json(&Content { style: Style { instruction_chars: usize::MAX, ..self.style }, ..*self })
    }

    /// Cards and documents together.
    pub(super) fn len(&self) -> usize {
        self.cards().len() + self.documents.len()
    }

    /// The `len` best: a card, a document, a card, and so on while there are both, so that neither takes the other's place.
    pub(super) fn best(&self, len: usize) -> Content<'a> {
        let cards = len.div_ceil(2).max(len.saturating_sub(self.documents.len())).min(self.cards().len());
        let documents = &self.documents[..(len - cards).min(self.documents.len())];
        Content { cards: self.cards.map(|all| &all[..cards]), documents, ..*self }
    }
}

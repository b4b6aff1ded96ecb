//! What did another module find? It told it as JSON, in the form of [`Provider::Json`](super::Provider::Json).

use super::budget::Budget;
use super::content::{Content, Emitted, Style};
use super::fit::fit;
use super::provider::Provider;
use crate::bytes::{Fields, Packed, Unpacked, from_packed};
use crate::search::Cited;
use crate::{Code, Error, Result};

/// What was found, read back.
#[derive(Debug, PartialEq)]
pub struct Given {
    query: String,
    cards: Option<Vec<Emitted>>,
    documents: Vec<Cited>,
}

from_packed!(Given { query } default { cards, documents });
from_packed!(Emitted { score, card } default { needed_by });
from_packed!(Cited { path, title, headings, url, start, end, score, text } default { number });

impl Given {
    /// Reads it.
    pub fn read(found: &str) -> Result<Given> {
        packed(found).and_then(Packed::to).map_err(|why| Error::new(Code::Internal, "unreadable findings").caused_by(why))
    }

    /// The block for a provider; `options` are JavaScript's, as JSON.
    pub fn written(&self, provider: &str, options: &str) -> Result<String> {
        let unusable = |why: String| Error::new(Code::InvalidArgument, "unusable options").caused_by(why);
        let mut options = packed(options).and_then(Fields::of).map_err(unusable)?;
        let style = Style::taken(&mut options).map_err(unusable)?;
        let budget = Budget::taken(&mut options).map_err(unusable)?;
        let provider: Provider = provider.parse()?;
        Ok(fit(&self.content(style), &budget, provider.writer())?.block)
    }

    fn content(&self, style: Style) -> Content<'_> {
        Content { query: &self.query, cards: self.cards.as_deref(), documents: &self.documents, style }
    }
}

fn packed(text: &str) -> Unpacked<Packed<'_>> {
    serde_json::from_str(text).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ExpertCard;
    use crate::emit::forms;

    fn card(text: &str) -> ExpertCard {
        ExpertCard {
            id: text.into(),
            title: text.into(),
            tags: vec![text.into()],
            metadata: [(text.to_owned(), serde_json::json!([1, -2.5, null, {"deep": text}]))].into(),
            instruction_text: text.into(),
            declared_invocation: Some(serde_json::json!({"name": text})),
            ..ExpertCard::default()
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(text in "[\\s\\S]{0,40}", score in -1.0f32..9.0, has_cards: bool) {
            let emitted = Emitted { score, needed_by: Some(text.clone()), card: card(text.trim()) };
            let document = Cited { path: text.clone(), headings: vec![text.clone()], score, end: 7, ..Cited::default() };
            let given = Given { query: text, cards: has_cards.then(|| vec![emitted]), documents: vec![document] };
            let style = Style { instruction_chars: usize::MAX, defer_loading: false };
            let read = Given::read(&forms::json(&given.content(style))).unwrap();
            let printable = crate::emit::cut::printable;
            let expected = given.cards.map(|mut cards| {
                cards.iter_mut().for_each(|c| c.card.instruction_text = printable(&c.card.instruction_text).trim().to_owned());
                cards
            });
            prop_assert_eq!((read.query, read.cards, read.documents), (given.query, expected, given.documents));
        }
    }
}

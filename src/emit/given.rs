//! What did another module find? It told it as JSON: [`Content::everything`].

use super::budget::Budget;
use super::content::{Content, Emitted, Style};
use super::fit::fit;
use super::names::{Names, name};
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
from_packed!(Emitted { score, card } default { needed_by, names });
from_packed!(Names {} default { folder, tool });
from_packed!(Cited { path, title, headings, url, start, end, score, text } default { number });

impl Given {
    /// Reads it; `ids` are those of all cards, a list as JSON.
    pub fn read(found: &str, ids: &str) -> Result<Given> {
        let unreadable = |why: String| Error::new(Code::Internal, "unreadable findings").caused_by(why);
        let mut given: Given = packed(found).and_then(|found| found.to()).map_err(unreadable)?;
        let ids: Vec<String> = packed(ids).and_then(|ids| ids.to()).map_err(unreadable)?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        given.cards.iter_mut().for_each(|cards| name(cards, &ids));
        Ok(given)
    }

    /// The block for a provider; `options` are JavaScript's, as JSON.
    #[cfg_attr(test, expect(dead_code, reason = "only JavaScript asks for it"))]
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

    fn card(text: &str, number: f64) -> ExpertCard {
        let number = serde_json::json!([number, -2.5, null, {"deep": text}]);
        ExpertCard {
            id: text.into(),
            title: text.into(),
            tags: vec![text.into()],
            metadata: [(text.to_owned(), number.clone())].into(),
            input_contract: [(text.to_owned(), number)].into(),
            instruction_text: text.into(),
            declared_invocation: Some(serde_json::json!({"name": text})),
            ..ExpertCard::default()
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(text in "[\\s\\S]{0,40}", score in -1.0f32..9.0, number: f64, has_cards: bool) {
            let emitted = Emitted { score, needed_by: Some(text.clone()), card: card(&text, number), ..Emitted::default() };
            let document = Cited { path: text.clone(), headings: vec![text.clone()], score, end: 7, ..Cited::default() };
            let mut given = Given { query: text.clone(), cards: has_cards.then(|| vec![emitted]), documents: vec![document] };
            let read = Given::read(&given.content(Style::default()).everything(), &serde_json::json!([text]).to_string());
            given.cards.iter_mut().for_each(|cards| name(cards, &[&text]));
            prop_assert_eq!(read.unwrap(), given);
        }
    }
}

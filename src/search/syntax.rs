//! What do quotes, a minus and `field:value` in a query ask for, where the caller lets them mean something?

use super::filter::FACETS;
use crate::sparse::Field;

/// A query taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// What to rank by: the query without its marks, without what it excludes and without filter values.
    pub text: String,
    /// What a card must fulfil to be ranked at all.
    pub conditions: Vec<Condition>,
}

/// Something that a card must say, or must not.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Whether the card must not.
    pub negated: bool,
    /// What it is.
    pub what: What,
}

/// What a card can say.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// All these words, in one field or anywhere.
    Words(Option<Field>, String),
    /// These words side by side.
    Phrase(String),
    /// A value of a filter field.
    Facet(&'static str, String),
}

impl Asked {
    /// A query in which marks mean something if `syntax` is on.
    pub fn of(text: &str, syntax: bool) -> Asked {
        if syntax { Asked::parsed(text) } else { Asked { text: text.to_owned(), conditions: Vec::new() } }
    }

    /// A query with `"words side by side"`, `-excluded` and `field:value`. What is not well-formed is plain text, since
    /// people are seen typing; a quote that does not end goes on to the end.
    ///
    /// ```
    /// use skillmesh::search::Asked;
    /// let asked = Asked::parsed("\"heat map\" plots -excel domain:viz");
    /// assert_eq!((asked.text.as_str(), asked.conditions.len()), ("heat map plots", 3));
    /// assert_eq!(Asked::parsed("std::vec a - b C++").text, "std::vec a - b C++");
    /// ```
    pub fn parsed(text: &str) -> Asked {
        let mut asked = Asked::default();
        let (mut rest, mut gap) = (text.trim_start(), "");
        while !rest.is_empty() {
            let (piece, tail) = Piece::first(rest);
            asked.add(piece, gap);
            rest = tail.trim_start();
            gap = &tail[..tail.len() - rest.len()];
        }
        asked
    }

    /// The space before it stays as it is, for a line break ends a sentence.
    fn add(&mut self, piece: Piece, gap: &str) {
        let what = piece.what();
        if !piece.negated && !matches!(what, Some(What::Facet(..))) {
            let gap = if gap.is_empty() { " " } else { gap };
            self.text += if self.text.is_empty() { "" } else { gap };
            self.text += piece.value;
        }
        self.conditions.extend(what.map(|what| Condition { negated: piece.negated, what }));
    }
}

/// What stands between two spaces, or between quotes.
struct Piece<'a> {
    negated: bool,
    field: Option<&'a str>,
    quoted: bool,
    value: &'a str,
}

impl<'a> Piece<'a> {
    /// The first piece of a text that begins with one, and the text after it.
    fn first(text: &'a str) -> (Piece<'a>, &'a str) {
        let said = |rest: &&str| rest.starts_with(|c: char| !c.is_whitespace());
        let after_minus = text.strip_prefix('-').filter(said);
        let start = after_minus.unwrap_or(text);
        let named = start.split_once(':').filter(|(name, rest)| is_field(name) && said(rest));
        let (field, start) = named.map_or((None, start), |(name, rest)| (Some(name), rest));
        let (quoted, value, tail) = match start.strip_prefix('"') {
            Some(inner) => inner.split_once('"').map_or((true, inner, ""), |(value, tail)| (true, value, tail)),
            None => {
                let (value, tail) = start.split_at(start.find(char::is_whitespace).unwrap_or(start.len()));
                (false, value, tail)
            }
        };
        (Piece { negated: after_minus.is_some(), field, quoted, value }, tail)
    }

    /// The condition it makes, if it is more than a plain word.
    fn what(&self) -> Option<What> {
        let value = self.value.to_owned();
        match self.field {
            Some(name) => Some(match FACETS.into_iter().find(|facet| *facet == name) {
                Some(facet) => What::Facet(facet, value),
                None => What::Words(Field::named(name), value),
            }),
            None if self.quoted => Some(What::Phrase(value)),
            None => self.negated.then_some(What::Words(None, value)),
        }
    }
}

fn is_field(name: &str) -> bool {
    FACETS.contains(&name) || Field::named(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whats(text: &str) -> Vec<(bool, What)> {
        Asked::parsed(text).conditions.into_iter().map(|condition| (condition.negated, condition.what)).collect()
    }

    #[test]
    fn each_mark_makes_its_condition() {
        assert_eq!(whats("\"a b\""), [(false, What::Phrase("a b".into()))]);
        assert_eq!(whats("-\"a b\" -c"), [(true, What::Phrase("a b".into())), (true, What::Words(None, "c".into()))]);
        assert_eq!(whats("tag:aws"), [(false, What::Facet("tag", "aws".into()))]);
        assert_eq!(whats("-title:\"x y\""), [(true, What::Words(Some(Field::Title), "x y".into()))]);
    }

    #[test]
    fn what_is_ranked_by_has_no_marks() {
        assert_eq!(Asked::parsed("title:lambda \"cold start\" tag:aws -java").text, "lambda cold start");
        assert_eq!(Asked::parsed("\"goes on").text, "goes on");
        assert_eq!(Asked::parsed("one line\n-x two  lines").text, "one line two  lines");
        assert_eq!(Asked::parsed("one line\ntwo lines").text, "one line\ntwo lines");
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "[-\":a-zé画 ]{0,30}|\\PC{0,30}") {
            prop_assert!(Asked::parsed(&text).text.len() <= text.len());
        }
    }
}

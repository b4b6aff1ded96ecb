//! Which lines of a text show best why it was found?

use std::collections::BTreeMap;

use serde::Serialize;

use super::index::Index;
use crate::chunk::split;
use crate::order;
use crate::sparse::QueryTerm;
use crate::text::escape;

/// About three lines on a page.
const SNIPPET_CHARS: usize = 240;

/// A word that weighs less beside the weightiest is not marked.
const LEAST_SHARE: f32 = 0.25;

/// A piece of a text with the words that matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The piece as plain text on one line.
    pub text: String,
    /// Where words of the query stand in `text`: start and end in UTF-16 code units, as JavaScript counts.
    pub ranges: Vec<[usize; 2]>,
    /// The piece as HTML: escaped, matches in `<mark>`.
    pub html: String,
}

impl Index {
    /// The piece of `texts` that holds most of what is looked for; where no word matches, the first.
    pub(super) fn best_snippet(&self, texts: &[String], terms: &[QueryTerm]) -> Snippet {
        let weights: Weights = order::map(terms.iter().map(|term| (term.term.as_str(), term.weight)));
        let mut best = (String::new(), Weights::new(), f32::NEG_INFINITY);
        for piece in texts.iter().flat_map(|text| split(text, SNIPPET_CHARS)) {
            let said = self.said(piece, &weights);
            let worth = said.values().sum();
            if worth > best.2 {
                best = (on_one_line(piece), said, worth);
            }
        }
        self.marked(best.0, &telling(best.1))
    }

    /// Those of the terms that a piece says.
    fn said<'a>(&self, piece: &str, weights: &Weights<'a>) -> Weights<'a> {
        let mut said = Weights::new();
        self.analyzer.each_term(piece, &mut |term| said.extend(weights.get_key_value(term)));
        said
    }

    fn marked(&self, text: String, weights: &Weights) -> Snippet {
        let places = self.analyzer.places(&text, &|term| weights.contains_key(term));
        let units = |end: usize| text[..end].encode_utf16().count();
        let ranges = places.iter().map(|place| [units(place.start), units(place.end)]).collect();
        let (mut html, mut done) = (String::new(), 0);
        for place in places {
            html += &escape(&text[done..place.start]);
            html += &format!("<mark>{}</mark>", escape(&text[place.clone()]));
            done = place.end;
        }
        html += &escape(&text[done..]);
        Snippet { text, ranges, html }
    }
}

/// Terms by their weight in the query.
type Weights<'a> = BTreeMap<&'a str, f32>;

/// Without the small words, which stand everywhere: marks on them hide the others.
fn telling(mut said: Weights) -> Weights {
    let most = said.values().copied().fold(0.0, f32::max);
    said.retain(|_, weight| *weight >= LEAST_SHARE * most);
    said
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

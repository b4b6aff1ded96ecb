//! Which questions are the same, letter for letter or in meaning?

use crate::feedback::Question;
use crate::text::{Analyzer, fold};

/// A question, and the conditions under which it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Everything else that an answer depends on, in writing.
    pub conditions: &'a str,
    /// The question.
    pub question: Question<'a>,
    /// Whether every letter counts, as where marks in the question mean something.
    pub literal: bool,
}

impl Asked<'_> {
    /// The question without what no answer depends on: case and accents where they change no term, the width of gaps.
    pub(super) fn spelling(&self) -> String {
        let text = self.question.text;
        if self.literal {
            return text.to_owned();
        }
        format!("{}\n{}", Analyzer::new().terms(text).join(" "), fold(&even(text)))
    }
}

/// Gaps as single spaces, or as single line breaks where they hold one: that ends a sentence.
fn even(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling(text: &str, literal: bool) -> String {
        Asked { conditions: "", question: Question { text, ..Question::default() }, literal }.spelling()
    }

    #[test]
    fn case_accents_and_gaps_do_not_matter() {
        assert_eq!(spelling("  Blur   FACES ", false), spelling("blur faces", false));
        assert_eq!(spelling("résumé", false), spelling("Resume", false));
    }

    #[test]
    fn what_changes_terms_sentences_or_marks_does() {
        for (one, other) in [("parseJSON", "parsejson"), ("a map. Mail it", "a map Mail it"), ("one\ntwo", "one two")] {
            assert_ne!(spelling(one, false), spelling(other, false));
        }
        assert_ne!(spelling("Tag:x", true), spelling("tag:x", true));
    }
}

//! Which questions are the same, letter for letter or in meaning?

use std::sync::Arc;

use crate::feedback::{Gist, Question};
use crate::text::{Analyzer, fold};

/// A question, and the conditions under which it is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Everything else that an answer depends on, in writing.
    pub(super) conditions: Arc<str>,
    /// The question without what no answer depends on.
    pub(super) spelling: String,
    pub(super) gist: Gist,
    /// Whether a question of the same meaning may answer.
    pub(super) is_plain: bool,
}

impl Asked {
    /// A question. Where it is `literal`, every letter counts, as where marks in it mean something; `parts` is of how many
    /// texts its vector is made: the vector of several sentences says too little of each.
    pub fn new(conditions: &str, question: &Question, literal: bool, parts: usize) -> Asked {
        let spelling = if literal { question.text.to_owned() } else { spelling(question.text) };
        Asked { conditions: conditions.into(), spelling, gist: question.gist(), is_plain: !literal && parts == 1 }
    }
}

/// Case and accents do not matter where they change no term, nor does the width of gaps.
fn spelling(text: &str) -> String {
    format!("{}\n{}", Analyzer::new().terms(text).join(" "), fold(&even(text)))
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
        Asked::new("", &Question { text, ..Question::default() }, literal, 1).spelling
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

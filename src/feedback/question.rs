//! Which questions are alike enough to learn from each other?

use std::collections::BTreeSet;

use crate::bytes::sha256;
use crate::dense::{Direction, Towards};
use crate::text::Analyzer;

/// What is longer is kept as its SHA-256, and without its vector: models read no more than about 256 tokens.
pub(super) const LONGEST: usize = 1_000;

/// Longer vectors are not kept.
pub(super) const MOST_DIMENSIONS: usize = 1_024;

/// From this cosine on, a question learns from another; see `docs/routing.md` for the measurement.
const NEAR_FROM: f32 = 0.7;

/// From this cosine on, it learns all there is.
const SAME_FROM: f32 = 0.9;

/// A question: its words, and what it means by a model where there is one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'a> {
    /// The question in the user's words.
    pub text: &'a str,
    /// Its vector.
    pub vector: Option<&'a [f32]>,
    /// The fingerprint of the model that the vector comes from.
    pub model: &'a str,
}

/// A question as it is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gist {
    /// Its distinct terms in order, parted by spaces; of many, their SHA-256.
    pub terms: String,
    /// Where its vector points.
    pub meaning: Option<Meaning>,
}

/// Where a vector points, and by which model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meaning {
    /// The model's fingerprint.
    pub model: String,
    /// The vector's direction.
    pub direction: Direction,
}

impl Question<'_> {
    /// What is remembered of it.
    pub fn gist(&self) -> Gist {
        let is_kept = |vector: &&[f32]| self.text.len() <= LONGEST && vector.len() <= MOST_DIMENSIONS;
        let direction = self.vector.filter(is_kept).and_then(Direction::of);
        let meaning = direction.map(|direction| Meaning { model: self.model.to_owned(), direction });
        Gist { terms: terms(self.text), meaning }
    }
}

impl Gist {
    /// The question, ready to be compared with many.
    pub fn comparer(&self) -> Comparer<'_> {
        Comparer { gist: self, towards: self.meaning.as_ref().map(|meaning| meaning.direction.towards()) }
    }

    /// Whether both have the same numbers and names with digits: no vector tells 41 from 42.
    pub fn has_numbers_of(&self, other: &Gist) -> bool {
        numbers(&self.terms).eq(numbers(&other.terms))
    }
}

fn numbers(terms: &str) -> impl Iterator<Item = &str> {
    terms.split(' ').filter(|term| term.bytes().any(|byte| byte.is_ascii_digit()))
}

/// A question that is compared with remembered ones.
#[derive(Clone, Debug)]
pub struct Comparer<'a> {
    gist: &'a Gist,
    towards: Option<Towards>,
}

impl Comparer<'_> {
    /// How much is learnt from the other: 1 with the same terms or nearly the same meaning, 0 of one that is far off.
    pub fn closeness(&self, other: &Gist) -> f32 {
        if self.gist.terms == other.terms {
            return 1.0;
        }
        self.cosine(other).map_or(0.0, |cosine| ((cosine - NEAR_FROM) / (SAME_FROM - NEAR_FROM)).clamp(0.0, 1.0))
    }

    /// The cosine of both vectors, where both have one by the same model.
    pub fn cosine(&self, other: &Gist) -> Option<f32> {
        let (own, their) = self.gist.meaning.as_ref().zip(other.meaning.as_ref())?;
        let towards = self.towards.as_ref().filter(|_| own.model == their.model)?;
        Some(towards.cosine(&their.direction))
    }
}

fn terms(text: &str) -> String {
    let mut distinct: BTreeSet<String> = BTreeSet::new();
    Analyzer::new().each_term(text, &mut |term| {
        distinct.insert(term.to_owned());
    });
    let terms = distinct.into_iter().collect::<Vec<_>>().join(" ");
    if terms.len() <= LONGEST { terms } else { sha256(terms.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closeness(one: Question, other: Question) -> f32 {
        one.gist().comparer().closeness(&other.gist())
    }

    fn meaning<'a>(text: &'a str, vector: &'a [f32], model: &'a str) -> Question<'a> {
        Question { text, vector: Some(vector), model }
    }

    fn words(text: &str) -> Question<'_> {
        Question { text, ..Question::default() }
    }

    #[test]
    fn the_same_words_are_the_same_question() {
        assert_eq!(closeness(words("Commit the code"), words("code: the commits!")), 1.0);
        assert_eq!(closeness(words("commit"), words("push")), 0.0);
    }

    #[test]
    fn meaning_counts_by_its_cosine_and_only_within_one_model() {
        let (east, northeast, north) = ([1.0, 0.0], [0.8, 0.6], [0.0, 1.0]);
        let ask = |vector, model| closeness(meaning("a", vector, model), meaning("b", &east, "m"));
        assert_eq!([ask(&east, "m"), ask(&north, "m"), ask(&east, "other")], [1.0, 0.0, 0.0]);
        assert!((ask(&northeast, "m") - 0.5).abs() < 0.05);
        assert_eq!(ask(&[1.0, 0.0, 0.0], "m"), 0.0, "another number of dimensions");
    }

    #[test]
    fn long_questions_that_begin_alike_are_not_the_same() {
        let page: String = (0..400).map(|n| format!("word{n} ")).collect();
        let (one, other) = (page.clone() + "draw it", page + "delete it");
        assert_eq!(closeness(meaning(&one, &[1.0], "m"), meaning(&other, &[1.0], "m")), 0.0);
        assert_eq!(closeness(words(&one), words(&one)), 1.0);
        assert!(words(&one).gist().terms.len() <= LONGEST);
    }

    #[test]
    fn numbers_tell_questions_apart() {
        let same = |one, other| words(one).gist().has_numbers_of(&words(other).gist());
        assert!(same("close issue 41", "issue 41, close it") && !same("close issue 41", "close issue 42"));
    }
}

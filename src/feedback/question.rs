//! Which questions are alike enough to learn from each other?

use crate::dense::{Direction, Towards};
use crate::text::Analyzer;

/// Two that share these many first words are the same: a pasted page must not be kept whole.
const TERMS: usize = 64;

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
#[derive(Clone, Debug, PartialEq)]
pub struct Gist {
    /// Its distinct terms in order, parted by spaces.
    pub terms: String,
    /// Where its vector points, and by which model.
    pub meaning: Option<(String, Direction)>,
}

impl Question<'_> {
    /// What is remembered of it.
    pub fn gist(&self) -> Gist {
        let direction = self.vector.and_then(Direction::of);
        Gist { terms: terms(self.text), meaning: direction.map(|direction| (self.model.to_owned(), direction)) }
    }

    /// The question, ready to be compared with many.
    pub fn comparer(&self) -> Comparer<'_> {
        Comparer { terms: terms(self.text), towards: self.vector.and_then(Towards::new), model: self.model }
    }
}

/// A question that is compared with remembered ones.
#[derive(Clone, Debug)]
pub struct Comparer<'a> {
    terms: String,
    towards: Option<Towards>,
    model: &'a str,
}

impl Comparer<'_> {
    /// How much is learnt from the other: 1 with the same terms or nearly the same meaning, 0 of one that is far off.
    pub fn closeness(&self, other: &Gist) -> f32 {
        if self.terms == other.terms {
            return 1.0;
        }
        self.cosine(other).map_or(0.0, |cosine| ((cosine - NEAR_FROM) / (SAME_FROM - NEAR_FROM)).clamp(0.0, 1.0))
    }

    /// The cosine of both vectors, where both have one by the same model.
    pub fn cosine(&self, other: &Gist) -> Option<f32> {
        let meaning = other.meaning.as_ref().filter(|(model, _)| model == self.model);
        let (towards, (_, direction)) = self.towards.as_ref().zip(meaning)?;
        Some(towards.cosine(direction))
    }
}

/// The distinct terms of a text's beginning, in order of the alphabet.
fn terms(text: &str) -> String {
    let mut terms: Vec<String> = Vec::new();
    Analyzer::new().each_term(text, &mut |term| {
        if terms.len() < TERMS && !terms.iter().any(|known| known == term) {
            terms.push(term.to_owned());
        }
    });
    terms.sort_unstable();
    terms.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closeness(one: Question, other: Question) -> f32 {
        one.comparer().closeness(&other.gist())
    }

    fn meaning<'a>(text: &'a str, vector: &'a [f32], model: &'a str) -> Question<'a> {
        Question { text, vector: Some(vector), model }
    }

    #[test]
    fn the_same_words_are_the_same_question() {
        let question = |text| Question { text, ..Question::default() };
        assert_eq!(closeness(question("Commit the code"), question("code: the commits!")), 1.0);
        assert_eq!(closeness(question("commit"), question("push")), 0.0);
    }

    #[test]
    fn meaning_counts_by_its_cosine_and_only_within_one_model() {
        let (east, northeast, north) = ([1.0, 0.0], [0.8, 0.6], [0.0, 1.0]);
        let ask = |vector, model| closeness(meaning("a", vector, model), meaning("b", &east, "m"));
        assert_eq!([ask(&east, "m"), ask(&north, "m"), ask(&east, "other")], [1.0, 0.0, 0.0]);
        assert!((ask(&northeast, "m") - 0.5).abs() < 0.05);
        assert_eq!(ask(&[1.0, 0.0, 0.0], "m"), 0.0, "another number of dimensions");
    }
}

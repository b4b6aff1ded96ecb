//! Which cards fulfil what the query demands of them?

use super::allowed::Allowed;
use super::filter::any_of;
use super::index::Index;
use super::segment::Segment;
use super::syntax::{Condition, What};
use crate::Result;
use crate::sparse::Field;
use crate::text::{says, sure_terms};

/// What the card or chunk of a number says, text by text.
pub type Texts<'a> = &'a dyn Fn(usize) -> Result<Vec<String>>;

impl Index {
    /// Those of the allowed cards that fulfil every condition.
    pub(super) fn fulfilling(&self, allowed: Allowed, conditions: &[Condition], texts: Texts) -> Result<Allowed> {
        conditions.iter().filter(|condition| self.speaks(condition)).try_fold(
            allowed,
            |allowed, Condition { negated, what }| {
                let marks = self.saying(what, texts)?;
                Ok(allowed.and(marks.into_iter().map(|mark| mark != *negated).collect()))
            },
        )
    }

    /// Whether a condition has a word to look for: a lone quote, as while typing, asks for nothing.
    fn speaks(&self, condition: &Condition) -> bool {
        match &condition.what {
            What::Words(_, words) | What::Phrase(words) => !self.analyzer.terms(words).is_empty(),
            What::Facet(..) => true,
        }
    }

    fn saying(&self, what: &What, texts: Texts) -> Result<Vec<bool>> {
        match what {
            What::Words(field, words) => Ok(self.holding(words, *field)),
            What::Phrase(phrase) => self.phrasing(phrase, texts),
            What::Facet(field, value) => Ok(self.having(field, value)),
        }
    }

    /// The cards that have this value in a filter field.
    fn having(&self, field: &str, value: &String) -> Vec<bool> {
        let marks = |segment: &Segment| any_of(&segment.facets, field, std::slice::from_ref(value), segment.len());
        self.segments().flat_map(|(_, segment)| marks(segment)).collect()
    }

    /// The cards that hold every term of `words`; all, where there is none.
    fn holding(&self, words: &str, field: Option<Field>) -> Vec<bool> {
        let terms = self.analyzer.terms(words);
        self.all(terms.chunks(1), field)
    }

    /// The cards that hold one term of each group.
    fn all<'a>(&self, groups: impl Iterator<Item = &'a [String]>, field: Option<Field>) -> Vec<bool> {
        groups.fold(vec![true; self.len()], |mut marks, group| {
            let mut holds = vec![false; self.len()];
            group.iter().flat_map(|term| self.holders(term, field)).for_each(|card| holds[card] = true);
            marks.iter_mut().zip(holds).for_each(|(mark, holds)| *mark &= holds);
            marks
        })
    }

    /// The cards that hold `term`, in one field or in any.
    fn holders(&self, term: &str, field: Option<Field>) -> impl Iterator<Item = usize> {
        self.segments().flat_map(move |(start, s)| s.sparse.holders(term, field).map(move |card| start + card))
    }

    /// Of the cards that may say it, those in which the words stand side by side.
    fn phrasing(&self, phrase: &str, texts: Texts) -> Result<Vec<bool>> {
        let terms = sure_terms(phrase, &self.analyzer);
        let mut marks = self.all(terms.iter().map(Vec::as_slice), None);
        for (number, mark) in marks.iter_mut().enumerate().filter(|(_, mark)| **mark) {
            *mark = texts(number)?.iter().any(|text| says(text, phrase));
        }
        Ok(marks)
    }
}

//! How are answers kept, found again and let go?

use std::sync::Arc;

use serde::Serialize;

use super::asked::Asked;
use crate::feedback::Comparer;
use crate::{Code, Error, Result};

/// The same words with vectors that are further apart than rounding explains are another question, as where a caller's
/// vectors hold what was said before.
const SAME_VECTOR_FROM: f32 = 0.98;

/// How much is kept, and what counts as the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Answers that are kept at most, up to 10,000: at 0 none is, at many a look-up compares with many.
    pub capacity: usize,
    /// From this cosine on, questions mean the same: at 0 nearly all do, above 1 none.
    pub same_from: f32,
}

impl Limits {
    const MOST: usize = 10_000;

    /// Refuses a capacity beyond 10,000 and a cosine that is none.
    pub fn check(&self) -> Result<()> {
        let unusable = |option: &str| Error::new(Code::InvalidArgument, "unusable cache").at(option);
        if self.capacity > Limits::MOST {
            return Err(unusable("cacheSize").expected("at most 10,000").got(self.capacity));
        }
        if self.same_from.is_nan() {
            return Err(unusable("sameFrom")
                .expected("a cosine, or more than 1 to go by words alone")
                .got(self.same_from));
        }
        Ok(())
    }
}

impl Default for Limits {
    /// See `docs/routing.md` for what the threshold was measured on.
    fn default() -> Self {
        Limits { capacity: 1_000, same_from: 0.92 }
    }
}

/// How an answer was found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cached {
    /// The same words.
    Exact,
    /// The same meaning.
    Semantic,
}

/// What was found again, and what was not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Answers found by their words.
    pub exact_hits: u64,
    /// Answers found by their meaning.
    pub semantic_hits: u64,
    /// Answers that had to be worked out.
    pub misses: u64,
    /// How often all were let go.
    pub clears: u64,
    /// Answers that are kept.
    pub entries: usize,
    /// Answers that can be kept.
    pub capacity: usize,
}

/// Answers, those that were used least recently let go first.
///
/// ```
/// use skillmesh::{cache::{Asked, Cache, Cached, Limits}, feedback::Question};
/// let asked = |text, conditions| Asked::new(conditions, &Question { text, ..Question::default() }, false, 1);
/// let mut cache = Cache::new(Limits::default());
/// cache.insert(asked("fix a bug", "filter: none"), 7);
/// assert_eq!(cache.find(&asked("Fix a  bug", "filter: none")), Some((Cached::Exact, 7)));
/// assert_eq!(cache.find(&asked("fix a bug", "filter: low risk")), None);
/// ```
#[derive(Clone, Debug)]
pub struct Cache<T> {
    limits: Limits,
    entries: Vec<Entry<T>>,
    /// Grows with every use, so that the least recent one is known without a clock.
    turn: u64,
    tally: Tally,
}

#[derive(Clone, Debug)]
struct Entry<T> {
    asked: Asked,
    answer: T,
    used: u64,
}

impl<T: Clone> Cache<T> {
    /// An empty cache.
    pub fn new(limits: Limits) -> Self {
        Cache { limits, entries: Vec::new(), turn: 0, tally: Tally::default() }
    }

    /// The answer to the same question under the same conditions: by its words, else by its meaning.
    pub fn find(&mut self, asked: &Asked) -> Option<(Cached, T)> {
        let exact = self.spelled(asked).map(|at| (Cached::Exact, at));
        let (how, at) = exact.or_else(|| self.meant(asked).map(|at| (Cached::Semantic, at)))?;
        let hits = if how == Cached::Exact { &mut self.tally.exact_hits } else { &mut self.tally.semantic_hits };
        *hits += 1;
        self.turn += 1;
        self.entries[at].used = self.turn;
        Some((how, self.entries[at].answer.clone()))
    }

    /// Counts an answer that had to be worked out.
    pub fn miss(&mut self) {
        self.tally.misses += 1;
    }

    /// Keeps an answer.
    pub fn insert(&mut self, asked: Asked, answer: T) {
        self.turn += 1;
        if let Some(at) = self.spelled(&asked) {
            self.entries.swap_remove(at);
        }
        let conditions = self.shared(&asked.conditions);
        self.entries.push(Entry { asked: Asked { conditions, ..asked }, answer, used: self.turn });
        if self.entries.len() > self.limits.capacity {
            self.let_one_go();
        }
    }

    /// Lets the answers go to questions that are like this one at all.
    pub fn forget_like(&mut self, question: &Comparer) {
        self.entries.retain(|entry| question.closeness(&entry.asked.gist) <= 0.0);
    }

    /// Lets every answer go; what was counted stays.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.tally.clears += 1;
    }

    /// What was found again so far, and what was not.
    pub fn tally(&self) -> Tally {
        Tally { entries: self.entries.len(), capacity: self.limits.capacity, ..self.tally }
    }

    /// The entry of the same words; vectors that are known to differ make it another question.
    fn spelled(&self, asked: &Asked) -> Option<usize> {
        let same =
            |entry: &Entry<T>| entry.asked.spelling == asked.spelling && entry.asked.conditions == asked.conditions;
        let mut same_words = self.entries.iter().enumerate().filter(|(_, entry)| same(entry)).peekable();
        same_words.peek()?;
        let comparer = asked.gist.comparer();
        let is_same = |entry: &Entry<T>| comparer.cosine(&entry.asked.gist).is_none_or(|c| c >= SAME_VECTOR_FROM);
        same_words.find(|(_, entry)| is_same(entry)).map(|(at, _)| at)
    }

    /// The entry of the nearest meaning, if it is near enough.
    fn meant(&self, asked: &Asked) -> Option<usize> {
        let comparer = asked.gist.comparer();
        let is_comparable = |entry: &Asked| {
            entry.is_plain && entry.conditions == asked.conditions && entry.gist.has_numbers_of(&asked.gist)
        };
        let plain = self.entries.iter().enumerate().filter(|(_, entry)| asked.is_plain && is_comparable(&entry.asked));
        let cosines = plain.filter_map(|(at, entry)| Some((at, comparer.cosine(&entry.asked.gist)?)));
        let near = cosines.filter(|(_, cosine)| *cosine >= self.limits.same_from);
        near.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(at, _)| at)
    }

    /// The conditions, held once however many entries have them.
    fn shared(&self, conditions: &Arc<str>) -> Arc<str> {
        let known = self.entries.iter().map(|entry| &entry.asked.conditions).find(|known| *known == conditions);
        known.unwrap_or(conditions).clone()
    }

    fn let_one_go(&mut self) {
        let oldest = (0..self.entries.len()).min_by_key(|at| self.entries[*at].used);
        self.entries.swap_remove(oldest.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Question;

    fn asked(text: &str, vector: Option<&[f32]>) -> Asked {
        Asked::new("c", &Question { text, vector, model: "m" }, false, 1)
    }

    #[test]
    fn what_was_used_least_recently_goes_first() {
        let mut cache = Cache::new(Limits { capacity: 2, ..Limits::default() });
        cache.insert(asked("one", None), 1);
        cache.insert(asked("two", None), 2);
        assert!(cache.find(&asked("one", None)).is_some());
        cache.insert(asked("three", None), 3);
        assert_eq!(["one", "two", "three"].map(|text| cache.find(&asked(text, None)).is_some()), [true, false, true]);
        let expected = Tally { exact_hits: 3, entries: 2, capacity: 2, ..Tally::default() };
        assert_eq!(cache.tally(), expected);
    }

    #[test]
    fn the_nearest_meaning_answers_if_it_is_near_enough() {
        let mut cache = Cache::new(Limits::default());
        cache.insert(asked("east", Some(&[1.0, 0.0])), 1);
        cache.insert(asked("north", Some(&[0.0, 1.0])), 2);
        assert_eq!(cache.find(&asked("nearly north", Some(&[0.2, 1.0]))), Some((Cached::Semantic, 2)));
        assert_eq!(cache.find(&asked("northeast", Some(&[1.0, 1.0]))), None);
        assert_eq!(cache.find(&asked("nearly north", None)), None, "without a vector only words count");
        let ask = |question, literal, parts| Asked::new("c", &question, literal, parts);
        let near = Question { text: "x", vector: Some(&[0.2, 1.0]), model: "m" };
        assert_eq!(cache.find(&ask(Question { model: "other", ..near }, false, 1)), None, "another model's vector");
        assert_eq!(cache.find(&ask(near, true, 1)), None, "what marks demand is in no vector");
        assert_eq!(cache.find(&ask(near, false, 2)), None, "nor are all of several sentences");
        assert_eq!(cache.find(&ask(Question { text: "x 42", ..near }, false, 1)), None, "nor is a number");
        assert_eq!(cache.find(&ask(near, false, 1)), Some((Cached::Semantic, 2)));
    }

    #[test]
    fn the_same_words_with_another_vector_are_another_question() {
        let mut cache = Cache::new(Limits::default());
        cache.insert(asked("east", Some(&[1.0, 0.0])), 1);
        assert_eq!(cache.find(&asked("east", Some(&[0.0, 1.0]))), None);
        assert_eq!(cache.find(&asked("east", Some(&[1.0, 0.0]))), Some((Cached::Exact, 1)));
        assert_eq!(cache.find(&asked("east", None)), Some((Cached::Exact, 1)));
    }

    #[test]
    fn no_room_keeps_nothing_and_like_questions_are_forgotten() {
        let mut cache = Cache::new(Limits { capacity: 0, ..Limits::default() });
        cache.insert(asked("one", None), 1);
        assert_eq!(cache.find(&asked("one", None)), None);
        let mut cache = Cache::new(Limits::default());
        cache.insert(asked("commit the code", None), 1);
        cache.insert(asked("draw a map", None), 2);
        cache.forget_like(&asked("the code: commit!", None).gist.comparer());
        assert_eq!(cache.tally().entries, 1);
        cache.clear();
        assert_eq!(cache.find(&asked("draw a map", None)), None);
    }
}

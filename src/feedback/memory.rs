//! What is remembered of outcomes, and what do they add?
//!
//! Outcomes are a set of which the newest are kept: of each question, then of all. The newest of a union are the same however
//! it came about, so that merging is commutative, associative and idempotent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::millis;
use super::question::{Gist, Question};
use crate::{Code, Error, Result, order};

/// What one success adds and one failure takes, as a share of the best score.
pub const STEP: f32 = 0.1;

/// No skill gains or loses more than this, whatever happened.
pub const MAX_SHARE: f32 = 0.3;

/// Outcomes that are remembered, and as many that have not happened yet by the clock at hand.
pub(super) const MOST: usize = 2_000;

/// Outcomes that are remembered of one question.
const MOST_OF_ONE: usize = 16;

/// Outcomes of a skill that count for one question: those that weigh most, so that new ones outweigh any number of old ones.
const COUNTED: usize = 5;

/// As long as a card's id may be.
const MAX_ID_CHARS: usize = 200;

const DAY: u64 = 86_400_000;

/// How a skill did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome<'a> {
    /// The skill's id.
    pub skill: &'a str,
    /// Whether it did well.
    pub success: bool,
    /// When, in milliseconds since 1970. Within a millisecond, equal outcomes of one question count once.
    pub now: f64,
}

/// Past outcomes, bounded in size, that lift what did well for questions like the one asked.
///
/// ```
/// use skillmesh::feedback::{Feedback, Outcome, Question};
/// let question = Question { text: "commit the code", ..Question::default() };
/// let mut feedback = Feedback::default();
/// for now in [1.0, 2.0] {
///     feedback.record(&question, &Outcome { skill: "git", success: true, now })?;
/// }
/// assert_eq!(feedback.shares(&question, 2.0, 30.0)?, [("git", 0.2)]);
/// let month = 30.0 * 86_400_000.0;
/// assert!((feedback.shares(&question, month, 30.0)?[0].1 - 0.1).abs() < 1e-6, "half of it after the half-life");
/// # Ok::<(), skillmesh::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feedback {
    /// Ascending and distinct.
    pub(super) outcomes: Vec<Remembered>,
}

/// One outcome; the oldest comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remembered {
    pub at: u64,
    pub question: Arc<Gist>,
    pub skill: String,
    pub success: bool,
}

impl Feedback {
    /// How many outcomes are remembered.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// Remembers how a skill did for a question.
    pub fn record(&mut self, question: &Question, outcome: &Outcome) -> Result<()> {
        let (at, question) = (millis(outcome.now)?, self.known(question.gist()));
        let (skill, success) = (outcome.skill.to_owned(), outcome.success);
        let new = Remembered { at, question: question.clone(), skill, success };
        new.check()?;
        if let Err(place) = self.outcomes.binary_search(&new) {
            self.outcomes.insert(place, new);
        }
        self.forget_beyond(MOST_OF_ONE, at, |known| known.question.terms == question.terms);
        self.forget_beyond(MOST, at, |_| true);
        self.outcomes.truncate(2 * MOST);
        Ok(())
    }

    /// What each skill has earned for a question like this, as a share of the best score from −0.3 to 0.3; by id, without
    /// those that earned nothing. `half_life_days` says when an outcome counts half; it must be above 0.
    pub fn shares(&self, question: &Question, now: f64, half_life_days: f32) -> Result<Vec<(&str, f32)>> {
        check_half_life(half_life_days)?;
        let (now, gist) = (millis(now)?, question.gist());
        let (asked, half_life) = (gist.comparer(), half_life_days * DAY as f32);
        let mut worths: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
        for known in self.outcomes.iter().filter(|known| !is_future(known.at, now)) {
            let closeness = asked.closeness(&known.question);
            if closeness > 0.0 {
                worths.entry(&known.skill).or_default().push(closeness * known.worth(now, half_life));
            }
        }
        let shares = worths.into_iter().map(|(skill, worths)| (skill, share(worths)));
        Ok(shares.filter(|(_, share)| *share != 0.0).collect())
    }

    /// What both remember, in whatever order and however often states are merged. What lies in the future of `now`, in
    /// milliseconds since 1970, is kept apart: a clock that was wrong must not displace what happened.
    pub fn merge(&mut self, other: &Feedback, now: f64) -> Result<()> {
        let now = millis(now)?;
        let mut all: Vec<Remembered> = [&self.outcomes[..], &other.outcomes].concat();
        order::sort_by(&mut all, Remembered::cmp);
        all.dedup();
        let future = all.split_off(all.partition_point(|known| !is_future(known.at, now)));
        self.outcomes = [newest(all), newest(future)].concat();
        Ok(())
    }

    /// The remembered questions of the same words.
    pub fn like(&self, question: &Gist) -> BTreeSet<&Gist> {
        let questions = self.outcomes.iter().map(|known| &*known.question);
        order::set(questions.filter(|known| known.terms == question.terms))
    }

    /// The same question, held once however many outcomes it has.
    fn known(&self, question: Gist) -> Arc<Gist> {
        let known = self.outcomes.iter().rev().map(|outcome| &outcome.question).find(|known| ***known == question);
        known.cloned().unwrap_or_else(|| Arc::new(question))
    }

    /// Forgets the oldest of some outcomes if they are more than `most`; those in the future of `now` do not count.
    fn forget_beyond(&mut self, most: usize, now: u64, some: impl Fn(&Remembered) -> bool) {
        let counts = |known: &Remembered| some(known) && !is_future(known.at, now);
        if self.outcomes.iter().filter(|known| counts(known)).count() > most {
            let oldest = self.outcomes.iter().position(counts);
            oldest.map(|oldest| self.outcomes.remove(oldest));
        }
    }
}

/// The newest of each question, then of all; ascending, as they come.
fn newest(outcomes: Vec<Remembered>) -> Vec<Remembered> {
    let mut of_one: BTreeMap<String, usize> = BTreeMap::new();
    let is_new = |outcome: &Remembered| {
        let count = of_one.entry(outcome.question.terms.clone()).or_default();
        *count += 1;
        *count <= MOST_OF_ONE
    };
    let mut newest: Vec<Remembered> = outcomes.into_iter().rev().filter(is_new).take(MOST).collect();
    newest.reverse();
    newest
}

impl Remembered {
    /// Refuses a question without words, and what is no id.
    pub fn check(&self) -> Result<()> {
        if self.question.terms.is_empty() {
            return Err(Error::new(Code::InvalidArgument, "the query has no word").at("query").expected("a question"));
        }
        let chars = self.skill.chars().count();
        if (1..=MAX_ID_CHARS).contains(&chars) {
            return Ok(());
        }
        Err(Error::new(Code::InvalidArgument, "unusable skill")
            .at("skill")
            .expected(format!("an id of 1 to {MAX_ID_CHARS} characters"))
            .got(format!("{chars} characters")))
    }

    /// 1 for a success and −1 for a failure, half as much after every half-life.
    fn worth(&self, now: u64, half_life: f32) -> f32 {
        let faded = libm::exp2f(-(now.saturating_sub(self.at) as f32) / half_life);
        if self.success { faded } else { -faded }
    }
}

/// What a skill's outcomes are worth together.
fn share(mut worths: Vec<f32>) -> f32 {
    order::sort_by(&mut worths, |a, b| b.abs().total_cmp(&a.abs()).then(b.total_cmp(a)));
    let sum: f32 = worths.iter().take(COUNTED).sum();
    (sum * STEP).clamp(-MAX_SHARE, MAX_SHARE)
}

fn is_future(at: u64, now: u64) -> bool {
    at > now.saturating_add(DAY)
}

/// Refuses a half-life that is not above 0.
pub fn check_half_life(days: f32) -> Result<()> {
    if days > 0.0 {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "unusable half-life").expected("days above 0").got(days))
}

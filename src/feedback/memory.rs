//! What is remembered of outcomes, and what do they add?

use super::millis;
use super::moments::Moments;
use super::question::{Comparer, Gist, Question};
use crate::{Code, Error, Result};

/// What one success adds and one failure takes, as a share of the best score.
pub const STEP: f32 = 0.1;

/// No skill gains or loses more than this, whatever happened.
pub const MAX_SHARE: f32 = 0.3;

/// Questions that are remembered; beyond, those go that nobody reported on for longest.
pub(super) const MAX_QUESTIONS: usize = 1_000;

/// Skills that are remembered of one question.
const MAX_SKILLS: usize = 16;

/// As long as a card's id may be.
const MAX_ID_CHARS: usize = 200;

const DAY: f32 = 86_400_000.0;

/// How a skill did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome<'a> {
    /// The skill's id.
    pub skill: &'a str,
    /// Whether it did well.
    pub success: bool,
    /// When, in milliseconds since 1970.
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
    /// Ascending by the question's terms, which are distinct.
    pub(super) questions: Vec<Remembered>,
}

/// One question, and how skills did for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    pub gist: Gist,
    /// Ascending by id, at least one.
    pub skills: Vec<(String, Moments)>,
}

impl Feedback {
    /// How many questions are remembered.
    pub fn len(&self) -> usize {
        self.questions.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    /// Remembers how a skill did for a question.
    pub fn record(&mut self, question: &Question, outcome: &Outcome) -> Result<()> {
        let (at, gist) = (millis(outcome.now)?, question.gist());
        check(&gist, outcome.skill)?;
        let own = self.place(&gist.terms);
        own.gist.meaning = gist.meaning.or(own.gist.meaning.take());
        own.skill(outcome.skill).add(at, outcome.success);
        own.trim();
        self.trim();
        Ok(())
    }

    /// What each skill has earned for a question like this, as a share of the best score from −0.3 to 0.3; by id, without
    /// those that earned nothing. `half_life_days` says when an outcome counts half; it must be above 0.
    pub fn shares(&self, question: &Question, now: f64, half_life_days: f32) -> Result<Vec<(&str, f32)>> {
        check_half_life(half_life_days)?;
        let (now, half_life) = (millis(now)?, half_life_days * DAY);
        let comparer = question.comparer();
        let mut shares: Vec<(&str, f32)> = Vec::new();
        for (skill, worth) in self.questions.iter().flat_map(|q| q.worth(&comparer, now, half_life)) {
            match shares.iter_mut().find(|(known, _)| *known == skill) {
                Some((_, sum)) => *sum += worth,
                None => shares.push((skill, worth)),
            }
        }
        shares.iter_mut().for_each(|(_, share)| *share = (*share * STEP).clamp(-MAX_SHARE, MAX_SHARE));
        shares.retain(|(_, share)| *share != 0.0);
        shares.sort_unstable_by_key(|(skill, _)| *skill);
        Ok(shares)
    }

    /// What both remember; it does not matter which is merged into which, or how often.
    pub fn merge(&mut self, other: &Feedback) {
        for theirs in &other.questions {
            let own = self.place(&theirs.gist.terms);
            // Of two vectors the greater one, so that merging commutes.
            own.gist.meaning = own.gist.meaning.take().max(theirs.gist.meaning.clone());
            theirs.skills.iter().for_each(|(skill, moments)| own.skill(skill).merge(moments));
            own.trim();
        }
        self.trim();
    }

    /// The question of these terms.
    fn place(&mut self, terms: &str) -> &mut Remembered {
        let found = self.questions.binary_search_by(|known| known.gist.terms.as_str().cmp(terms));
        let at = found.unwrap_or_else(|at| {
            let gist = Gist { terms: terms.to_owned(), meaning: None };
            self.questions.insert(at, Remembered { gist, skills: Vec::new() });
            at
        });
        &mut self.questions[at]
    }

    /// Forgets the questions that were reported on least lately; of equal ones those behind in the alphabet.
    fn trim(&mut self) {
        while self.questions.len() > MAX_QUESTIONS {
            let oldest = (0..self.questions.len()).min_by_key(|at| (self.questions[*at].latest(), usize::MAX - at));
            self.questions.remove(oldest.unwrap_or_default());
        }
    }
}

impl Remembered {
    fn skill(&mut self, id: &str) -> &mut Moments {
        let found = self.skills.binary_search_by(|(known, _)| known.as_str().cmp(id));
        let at = found.unwrap_or_else(|at| {
            self.skills.insert(at, (id.to_owned(), Moments::default()));
            at
        });
        &mut self.skills[at].1
    }

    fn trim(&mut self) {
        while self.skills.len() > MAX_SKILLS {
            let oldest = (0..self.skills.len()).min_by_key(|at| (self.skills[*at].1.latest(), usize::MAX - at));
            self.skills.remove(oldest.unwrap_or_default());
        }
    }

    /// Whether it is as [`record`](Feedback::record) would have left it.
    pub fn is_sound(&self) -> bool {
        let ascend = self.skills.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let bounded = (1..=MAX_SKILLS).contains(&self.skills.len());
        ascend && bounded && self.skills.iter().all(|(id, moments)| check(&self.gist, id).is_ok() && moments.is_sound())
    }

    fn latest(&self) -> u64 {
        self.skills.iter().map(|(_, moments)| moments.latest()).max().unwrap_or(0)
    }

    /// What each skill did for this question is worth for another one.
    fn worth<'a>(
        &'a self,
        asked: &Comparer,
        now: u64,
        half_life: f32,
    ) -> impl Iterator<Item = (&'a str, f32)> + use<'a> {
        let closeness = asked.closeness(&self.gist);
        let learnt = if closeness > 0.0 { &self.skills[..] } else { &[] };
        learnt.iter().map(move |(skill, moments)| (skill.as_str(), closeness * moments.balance(now, half_life)))
    }
}

fn check(gist: &Gist, skill: &str) -> Result<()> {
    if gist.terms.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "the query has no word").at("query").expected("a question"));
    }
    let chars = skill.chars().count();
    if (1..=MAX_ID_CHARS).contains(&chars) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "unusable skill")
        .at("skill")
        .expected(format!("an id of 1 to {MAX_ID_CHARS} characters"))
        .got(format!("{chars} characters")))
}

/// Refuses a half-life that is not above 0.
pub fn check_half_life(days: f32) -> Result<()> {
    if days > 0.0 {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "unusable half-life").expected("days above 0").got(days))
}

//! Does a skill work, and what should somebody do about it?

use serde::Serialize;

use super::evidence::{Evidence, JUDGED_ENOUGH};

/// A skill of which at least this share surely succeeds works.
const WORKS: f64 = 0.8;
/// One that surely succeeds less often than this fails.
const FAILS: f64 = 0.5;
/// More uses than this share with work after them say that it stops too early.
const OFTEN: f64 = 0.5;
/// A slow use that takes this many times as long as most is worth a look.
const SLOW: f64 = 10.0;
/// Chosen from behind this place on average, it is found worse than it is.
const BEHIND: f64 = 2.0;

/// What was counted of a skill.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Facts {
    pub skill: String,
    /// All uses, judged or not.
    pub uses: u64,
    pub projects: u64,
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Uses after which something else had to be done.
    pub followed_up: u64,
    pub durations: Option<Durations>,
    /// The mean place among the skills that were offered, from 1.
    pub selection_rank: Option<f64>,
    /// Kinds of errors, the most frequent first.
    pub errors: Vec<Counted>,
    /// What was done after it, the most frequent first.
    pub follow_ups: Vec<Counted>,
}

/// How often something was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    pub name: String,
    pub count: u64,
}

/// Quantiles of how long uses took, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Durations {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
}

/// What the facts come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    TooLittleData,
    Works,
    Mixed,
    Fails,
}

/// What is known of a skill, and what to do about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effectiveness {
    #[serde(flatten)]
    pub facts: Facts,
    pub verdict: Verdict,
    /// The share of successes among judged uses.
    pub success_rate: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// The share of uses after which something else had to be done.
    pub follow_up_rate: Option<f64>,
    /// Sentences for a person.
    pub recommendations: Vec<String>,
}

impl Effectiveness {
    /// Judges the facts.
    ///
    /// ```
    /// use skillmesh::usage::{Effectiveness, Evidence, Facts, Verdict};
    /// let facts = Facts { uses: 3, evidence: Evidence { successes: 3, failures: 0 }, ..Facts::default() };
    /// assert_eq!(Effectiveness::of(facts).verdict, Verdict::TooLittleData);
    /// ```
    pub fn of(facts: Facts) -> Effectiveness {
        let verdict = verdict(facts.evidence);
        Effectiveness {
            verdict,
            success_rate: facts.evidence.rate(),
            interval: facts.evidence.interval(),
            follow_up_rate: (facts.uses > 0).then(|| facts.followed_up as f64 / facts.uses as f64),
            recommendations: recommendations(&facts, verdict),
            facts,
        }
    }
}

fn verdict(evidence: Evidence) -> Verdict {
    match evidence.interval() {
        Some([low, _]) if evidence.judged() >= JUDGED_ENOUGH && low >= WORKS => Verdict::Works,
        Some([_, high]) if evidence.judged() >= JUDGED_ENOUGH && high < FAILS => Verdict::Fails,
        Some(_) if evidence.judged() >= JUDGED_ENOUGH => Verdict::Mixed,
        _ => Verdict::TooLittleData,
    }
}

fn recommendations(facts: &Facts, verdict: Verdict) -> Vec<String> {
    if verdict == Verdict::TooLittleData {
        let missing = JUDGED_ENOUGH.saturating_sub(facts.evidence.judged());
        return vec![format!("Wait: {missing} more judged uses are needed before this says anything.")];
    }
    let all = [outcome(facts, verdict), follow_up(facts), slow(facts), overlooked(facts)];
    let said: Vec<String> = all.into_iter().flatten().collect();
    if said.is_empty() { vec!["Keep it as it is.".to_owned()] } else { said }
}

fn outcome(facts: &Facts, verdict: Verdict) -> Option<String> {
    let failures = facts.evidence.failures;
    let error = facts
        .errors
        .first()
        .map(|error| format!(" Begin with `{}`, which was behind {} of {failures} failures.", error.name, error.count));
    let advice = match verdict {
        Verdict::Fails => "It fails more often than not: mend it, or take it out of the registry until then.",
        Verdict::Mixed if failures > 0 => "It does not work reliably: look at its failures.",
        _ => return None,
    };
    Some(advice.to_owned() + &error.unwrap_or_default())
}

fn follow_up(facts: &Facts) -> Option<String> {
    let often = facts.followed_up as f64 > OFTEN * facts.uses as f64;
    let most = facts.follow_ups.first().map(|action| format!(", most often `{}`", action.name)).unwrap_or_default();
    let Facts { followed_up, uses, .. } = facts;
    often.then(|| format!("Work was left after {followed_up} of {uses} uses{most}: let its instructions cover that."))
}

fn slow(facts: &Facts) -> Option<String> {
    let Durations { p50, p99, .. } = facts.durations?;
    (p50 > 0.0 && p99 > SLOW * p50)
        .then(|| format!("One use in a hundred takes {:.0} times as long as most: look at the slow ones.", p99 / p50))
}

fn overlooked(facts: &Facts) -> Option<String> {
    let rank = facts.selection_rank.filter(|rank| *rank > BEHIND)?;
    Some(format!(
        "It is chosen although it stands at place {rank:.1} on average: give its card examples of such questions."
    ))
}

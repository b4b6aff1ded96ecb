//! What is a route?

use serde::Serialize;

use super::found::Found;
use crate::cache::Cached;
use crate::search::Reason;

/// No second opinion makes a route surer than this.
const MOST_BOOSTED: f32 = 0.95;

/// What a second opinion takes of the doubt that is left, at most.
const DOUBT_TAKEN: f32 = 0.5;

/// The skills for a task, and how they were chosen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Routing {
    /// What is to be done.
    pub task: String,
    /// The ids of the skills that were chosen, best first.
    pub selected_skills: Vec<String>,
    /// The ids of skills that fit as well and were not chosen, best first.
    pub suggested_skills: Vec<String>,
    /// What is to be done, in the words of the caller's routing function.
    pub mission_brief: String,
    /// How sure it is, 0 to 1.
    pub confidence: f32,
    /// Why these, in a few words.
    pub reasoning: String,
    /// Who chose.
    pub answered_by: AnsweredBy,
    /// How it was found again, where it was.
    pub cached: Option<Cached>,
    /// Why retrieval found nothing, where it was asked and did not.
    pub reason: Option<Reason>,
}

/// Who chose a route's skills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AnsweredBy {
    /// The caller's routing function.
    Llm,
    /// The caller's routing function, weakly, so that retrieval made suggestions.
    Fallback,
    /// Retrieval alone.
    Retrieval,
}

/// What is longer is not kept for later: thousands of pasted pages would fill the memory.
const LONGEST_KEPT: usize = 16_384;

impl Routing {
    /// The route for another task of the same words or meaning. Of the same meaning only the skills hold: a brief is about
    /// its own task.
    pub(super) fn again(self, task: &str, how: Cached) -> Routing {
        let route = Routing { task: task.to_owned(), cached: Some(how), ..self.clone() };
        if how == Cached::Exact {
            return route;
        }
        let reasoning = format!("as for \u{201c}{}\u{201d}: {}", self.task, route.reasoning);
        Routing { mission_brief: String::new(), reasoning, ..route }
    }

    /// Whether it is short enough to be kept.
    pub(super) fn is_short(&self) -> bool {
        let Routing { task, mission_brief, reasoning, .. } = self;
        task.len() + mission_brief.len() + reasoning.len() <= LONGEST_KEPT
    }

    /// The confidence of a weak route after retrieval found a skill that fits: half of the doubt goes where it fits
    /// perfectly, nothing where it does not, and 0.95 is the most.
    ///
    /// ```
    /// use skillmesh::route::Routing;
    /// assert!((Routing::boosted(0.7, 0.92) - 0.838).abs() < 1e-6);
    /// assert_eq!([Routing::boosted(0.4, 0.0), Routing::boosted(0.93, 1.0), Routing::boosted(0.97, 1.0)], [0.4, 0.95, 0.97]);
    /// ```
    pub fn boosted(confidence: f32, fit: f32) -> f32 {
        let boosted = confidence + (1.0 - confidence) * DOUBT_TAKEN * fit;
        confidence.max(boosted.min(MOST_BOOSTED))
    }
}

/// `git (match 85 %), pdf (match 40 %)`.
pub fn listed(skills: &[Found]) -> String {
    let one = |skill: &Found| format!("{} (match {:.0} %)", skill.id, skill.fit * 100.0);
    skills.iter().map(one).collect::<Vec<_>>().join(", ")
}

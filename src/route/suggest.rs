//! Which one skill should do this task, if any?

use serde::Serialize;

use super::found::{Found, sure};
use crate::Result;
use crate::search::{Confidence, Mode, Reason, Request, SkillRetriever};

/// A recommendation, or none.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// What is to be done.
    pub task: String,
    /// Which legs answered.
    pub mode: Mode,
    /// How sure the answer is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why no skill is recommended, where none is.
    pub reason: Option<Reason>,
    /// The skill that fits best.
    pub best: Option<Found>,
    /// The next ones.
    pub alternatives: Vec<Found>,
}

/// The skill for a task and what else might do; none where the answer's confidence is low, or lower than the request
/// demands.
///
/// ```
/// use skillmesh::{ExpertCard, index::BuildPlan, route::suggest, search::{Request, SkillRetriever}};
/// let card = |id: &str, title: &str| ExpertCard { id: id.into(), title: title.into(), ..Default::default() };
/// let cards = vec![card("git", "Commit and push code"), card("pdf", "Fill forms")];
/// let mesh = SkillRetriever::open(BuildPlan::new(cards)?.compile(None, Default::default())?)?;
/// assert_eq!(suggest(&mesh, &Request::new("commit the code and push"))?.best.map(|skill| skill.id), Some("git".into()));
/// assert_eq!(suggest(&mesh, &Request::new("xyzzy"))?.best, None);
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub fn suggest(mesh: &SkillRetriever, request: &Request) -> Result<Suggestion> {
    let (ranked, skills) = sure(mesh, request)?;
    let (mode, confidence, reason) = (ranked.mode, ranked.confidence, ranked.reason);
    let mut skills = skills.into_iter();
    let best = skills.next();
    Ok(Suggestion { task: request.text.to_owned(), mode, confidence, reason, best, alternatives: skills.collect() })
}

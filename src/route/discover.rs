//! Which skills are there for this?

use serde::Serialize;

use super::found::{Found, found};
use crate::Result;
use crate::search::{Confidence, Mode, Reason, Request, SkillRetriever};

/// The skills that a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discovery {
    /// What was looked for.
    pub query: String,
    /// Which legs answered.
    pub mode: Mode,
    /// How sure the answer is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why there are no skills, where there are none.
    pub reason: Option<Reason>,
    /// Best first.
    pub skills: Vec<Found>,
}

/// The skills for a query, each with how well it fits.
///
/// ```
/// use skillmesh::{ExpertCard, index::BuildPlan, route::discover, search::{Request, SkillRetriever}};
/// let card = ExpertCard { id: "git".into(), title: "Git".into(), tags: vec!["commit".into()], ..Default::default() };
/// let mesh = SkillRetriever::open(BuildPlan::new(vec![card])?.compile(None, Default::default())?)?;
/// let discovery = discover(&mesh, &Request::new("commit"))?;
/// let git = &discovery.skills[0];
/// assert_eq!((git.id.as_str(), &git.keywords[..], git.installed), ("git", &["commit".to_owned()][..], true));
/// assert!(git.fit > 0.0 && git.fit <= 1.0);
/// assert!(discovery.markdown().contains("## ✅ Git (Match: "));
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub fn discover(mesh: &SkillRetriever, request: &Request) -> Result<Discovery> {
    let (ranked, skills) = found(mesh, request)?;
    let (mode, confidence, reason) = (ranked.mode, ranked.confidence, ranked.reason);
    Ok(Discovery { query: request.text.to_owned(), mode, confidence, reason, skills })
}

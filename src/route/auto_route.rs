//! What does a task need, and what of it has to be loaded first?

use serde::Serialize;

use super::found::{Found, relevant};
use crate::search::{Confidence, Mode, Reason, Request, SkillRetriever};
use crate::{Code, Error, Result, order};

/// What is known of the skills' state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preparation {
    /// Whether remote skills should be loaded too.
    pub auto_install: bool,
    /// The ids of the skills that are loaded; `None`: those that are installed.
    pub loaded: Option<Vec<String>>,
    /// Skills that fit less well, 0 to 1, are left out; `None`: at 0.5.
    pub min_match: Option<f32>,
}

/// Every skill that a task needs, by what has to be done with it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AutoRoute {
    /// What is to be done.
    pub task: String,
    /// Which legs answered.
    pub mode: Mode,
    /// How sure the answer is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why there are no skills, where there are none.
    pub reason: Option<Reason>,
    /// Ready.
    pub loaded: Vec<Found>,
    /// Ready since just now.
    pub arrived: Vec<Found>,
    /// At hand, but not loaded.
    pub unloaded: Vec<Found>,
    /// To be installed first.
    pub remote: Vec<Found>,
    /// The ids that should be loaded now: those at hand, and with `auto_install` the remote ones.
    pub to_load: Vec<String>,
}

/// All relevant skills for a task, parted by their state. Where the answer's confidence is low, there are none.
///
/// ```
/// use skillmesh::{ExpertCard, index::BuildPlan, route::{Preparation, auto_route}, search::{Request, SkillRetriever}};
/// let card = |id: &str, title: &str| ExpertCard { id: id.into(), title: title.into(), ..Default::default() };
/// let cards = vec![card("git", "Commit and push code"), card("pdf", "Fill forms")];
/// let mesh = SkillRetriever::open(BuildPlan::new(cards)?.compile(None, Default::default())?)?;
/// let nothing_loaded = Preparation { loaded: Some(Vec::new()), ..Preparation::default() };
/// let prepared = auto_route(&mesh, &Request::new("commit and push code"), &nothing_loaded)?;
/// assert_eq!((prepared.loaded.len(), &prepared.to_load[..]), (0, &["git".to_owned()][..]));
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub fn auto_route(mesh: &SkillRetriever, request: &Request, preparation: &Preparation) -> Result<AutoRoute> {
    check_match(preparation.min_match)?;
    let (ranked, skills) = relevant(mesh, request, preparation.min_match)?;
    let mut route = AutoRoute {
        task: request.text.to_owned(),
        mode: ranked.mode,
        confidence: ranked.confidence,
        reason: ranked.reason,
        loaded: Vec::new(),
        arrived: Vec::new(),
        unloaded: Vec::new(),
        remote: Vec::new(),
        to_load: Vec::new(),
    };
    skills.into_iter().for_each(|skill| route.add(skill, preparation));
    Ok(route)
}

fn check_match(least: Option<f32>) -> Result<()> {
    match least.filter(|least| !(0.0..=1.0).contains(least)) {
        None => Ok(()),
        Some(least) => Err(Error::new(Code::InvalidArgument, "unusable least match").expected("0 to 1").got(least)),
    }
}

impl AutoRoute {
    /// The same after the skills with these ids were loaded.
    pub fn after_loading(mut self, ids: &[String]) -> AutoRoute {
        let has_arrived = |skill: &mut Found| ids.contains(&skill.id);
        self.arrived.extend(self.unloaded.extract_if(.., has_arrived));
        self.arrived.extend(self.remote.extract_if(.., has_arrived));
        order::sort_by(&mut self.arrived, |a, b| b.fit.total_cmp(&a.fit));
        self.to_load.retain(|id| !ids.contains(id));
        self
    }

    /// Whether nothing fits.
    pub fn is_empty(&self) -> bool {
        [&self.loaded, &self.arrived, &self.unloaded, &self.remote].into_iter().all(Vec::is_empty)
    }

    fn add(&mut self, skill: Found, known: &Preparation) {
        let is_loaded = known.loaded.as_ref().map_or(skill.installed, |ids| ids.contains(&skill.id));
        let is_remote = skill.is_remote();
        if !is_loaded && (!is_remote || known.auto_install) {
            self.to_load.push(skill.id.clone());
        }
        let place = match (is_loaded, is_remote) {
            (true, _) => &mut self.loaded,
            (false, true) => &mut self.remote,
            (false, false) => &mut self.unloaded,
        };
        place.push(skill);
    }
}

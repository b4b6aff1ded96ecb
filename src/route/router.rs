//! How is a task routed? What was answered before, then the caller's routing function, then retrieval.

use super::found::{Found, relevant};
use super::routing::{AnsweredBy, Routing, listed};
use super::said::{Said, Weakness};
use super::task::{Task, question};
use crate::cache::{Cache, Limits, Tally};
use crate::feedback::{Feedback, Outcome, check_half_life};
use crate::search::{Allowed, RankedCards, Reason, Request, Scored, SkillRetriever};
use crate::{Code, Error, Result};

/// How a router remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// What the cache keeps.
    pub cache: Limits,
    /// After how many days an outcome counts half: near 0 nothing is learnt, at thousands nothing fades.
    pub half_life_days: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { cache: Limits::default(), half_life_days: 30.0 }
    }
}

const DAY: f64 = 86_400_000.0;

/// Routes tasks over a snapshot, remembering its answers and what came of them.
///
/// The caller's routing function runs between two steps: [`lookup`](Self::lookup), and where that has nothing,
/// [`finish`](Self::finish) with what the function said.
///
/// ```
/// use skillmesh::{ExpertCard, cache::Cached, index::BuildPlan, route::{Router, Task}, search::SkillRetriever};
/// let card = |id: &str, title: &str| ExpertCard { id: id.into(), title: title.into(), ..Default::default() };
/// let cards = vec![card("git", "Commit and push code"), card("pdf", "Fill forms")];
/// let mesh = SkillRetriever::open(BuildPlan::new(cards)?.compile(None, Default::default())?)?;
/// let mut router = Router::default();
/// let task = Task::new("commit and push code");
/// assert_eq!(router.lookup(&mesh, &task)?, None);
/// assert_eq!(router.finish(&mesh, &task, None)?.selected_skills, ["git"]);
/// assert_eq!(router.lookup(&mesh, &task)?.and_then(|route| route.cached), Some(Cached::Exact));
/// # Ok::<(), skillmesh::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Router {
    cache: Cache<Routing>,
    feedback: Feedback,
    half_life_days: f32,
}

impl Default for Router {
    fn default() -> Self {
        Router::remembering(Settings::default())
    }
}

impl Router {
    /// A router that remembers nothing yet. Refuses a half-life that is not above 0, and an unusable cache.
    pub fn new(settings: Settings) -> Result<Self> {
        check_half_life(settings.half_life_days)?;
        settings.cache.check().map(|()| Router::remembering(settings))
    }

    fn remembering(Settings { cache, half_life_days }: Settings) -> Self {
        Router { cache: Cache::new(cache), feedback: Feedback::default(), half_life_days }
    }

    /// The route that was found before, for the same task or one of the same meaning.
    pub fn lookup(&mut self, mesh: &SkillRetriever, task: &Task) -> Result<Option<Routing>> {
        mesh.check_vector(&task.request)?;
        let found = self.cache.find(&task.asked(mesh, self.age(task.now)));
        Ok(found.map(|(how, route)| route.again(task.request.text, how)))
    }

    /// The route after the caller's routing function said something, or where there is none; it is kept for later, unless
    /// there is a function and it said nothing.
    pub fn finish(&mut self, mesh: &SkillRetriever, task: &Task, said: Option<Said>) -> Result<Routing> {
        mesh.check_vector(&task.request)?;
        let boosts = self.boosts(mesh, task.request.text, task.request.vector, task.now)?;
        let request = Request { boosts: &boosts, ..task.request.clone() };
        let is_kept = task.is_kept && said.is_some() == task.has_llm;
        let route = match said {
            Some(said) => judged(mesh, &request, said, &task.generic)?,
            None => retrieved(mesh, &request)?,
        };
        self.cache.miss();
        if is_kept && route.is_short() {
            self.cache.insert(task.asked(mesh, self.age(task.now)), route.clone());
        }
        Ok(route)
    }

    /// In which sixteenth of a half-life it is: what was learnt fades by 4 % in each.
    fn age(&self, now: Option<f64>) -> Option<u64> {
        now.map(|now| (now / (f64::from(self.half_life_days) * DAY / 16.0)) as u64)
    }

    /// What the cards have earned for a question like this, for [`Request::boosts`]; nothing without a `now`.
    pub fn boosts(
        &self,
        mesh: &SkillRetriever,
        text: &str,
        vector: Option<&[f32]>,
        now: Option<f64>,
    ) -> Result<Vec<Scored>> {
        let Some(now) = now else { return Ok(Vec::new()) };
        let shares = self.feedback.shares(&question(mesh, text, vector), now, self.half_life_days)?;
        let share = |(id, score): (&str, f32)| Some(Scored { card: mesh.number(id)?, score });
        Ok(shares.into_iter().filter_map(share).collect())
    }

    /// Remembers how a skill did, and forgets the routes of questions that learn from it.
    pub fn record(
        &mut self,
        mesh: &SkillRetriever,
        text: &str,
        vector: Option<&[f32]>,
        outcome: &Outcome,
    ) -> Result<()> {
        if mesh.number(outcome.skill).is_none() {
            return Err(Error::new(Code::InvalidArgument, "no card has this id")
                .at("skill")
                .got(format!("`{}`", outcome.skill.escape_debug())));
        }
        mesh.check_vector(&Request { vector, ..Request::new(text) })?;
        let question = question(mesh, text, vector);
        self.feedback.record(&question, outcome)?;
        let gist = question.gist();
        self.cache.forget_like(&gist.comparer());
        self.feedback.like(&gist).into_iter().for_each(|known| self.cache.forget_like(&known.comparer()));
        Ok(())
    }

    /// What was learnt, as bytes.
    pub fn export_state(&self) -> Result<Vec<u8>> {
        self.feedback.to_bytes()
    }

    /// Adds what was learnt elsewhere; what is known already does not count twice. `now`, in milliseconds since 1970, tells
    /// what has happened from what has not.
    pub fn import_state(&mut self, bytes: &[u8], now: f64) -> Result<()> {
        let mut merged = self.feedback.clone();
        merged.merge(&Feedback::from_bytes(bytes)?, now)?;
        if merged != self.feedback {
            self.feedback = merged;
            self.cache.clear();
        }
        Ok(())
    }

    /// What the cache found and did not.
    pub fn tally(&self) -> Tally {
        self.cache.tally()
    }

    /// Forgets every route; what was learnt stays.
    pub fn clear(&mut self) {
        self.cache.clear();
    }
}

/// The route that retrieval finds, or none.
fn retrieved(mesh: &SkillRetriever, request: &Request) -> Result<Routing> {
    let (RankedCards { confidence, reason, .. }, skills) = relevant(mesh, request, None)?;
    let reasoning = match reason {
        Some(reason) => format!("no skill was chosen: {reason}"),
        None => format!("retrieval found {}", listed(&skills)),
    };
    Ok(Routing {
        task: request.text.to_owned(),
        selected_skills: ids(skills),
        suggested_skills: Vec::new(),
        mission_brief: String::new(),
        confidence: confidence.map_or(0.0, |confidence| confidence.value),
        reasoning,
        answered_by: AnsweredBy::Retrieval,
        cached: None,
        reason,
    })
}

/// The route that the caller's function chose, with what retrieval adds where it is weak.
fn judged(mesh: &SkillRetriever, request: &Request, said: Said, generic: &[String]) -> Result<Routing> {
    said.check()?;
    let said = valid(mesh, &mesh.allowed(request)?, said);
    let weakness = said.weakness(generic);
    let route = Routing {
        task: request.text.to_owned(),
        // A choice that names nothing there is is no choice.
        confidence: if said.selected_skills.is_empty() { 0.0 } else { said.confidence },
        selected_skills: said.selected_skills,
        suggested_skills: Vec::new(),
        mission_brief: said.mission_brief,
        reasoning: said.reasoning,
        answered_by: AnsweredBy::Llm,
        cached: None,
        reason: None,
    };
    match weakness {
        Some(weakness) => seconded(mesh, request, route, weakness),
        None => Ok(route),
    }
}

/// What was said without ids that are unknown, not allowed, or there twice.
fn valid(mesh: &SkillRetriever, allowed: &Allowed, said: Said) -> Said {
    let mut selected_skills: Vec<String> = Vec::new();
    for id in said.selected_skills {
        let is_valid = mesh.number(&id).is_some_and(|number| allowed.has(number));
        if is_valid && !selected_skills.contains(&id) {
            selected_skills.push(id);
        }
    }
    Said { selected_skills, ..said }
}

/// A weak route with what retrieval suggests, which may be what was chosen.
fn seconded(mesh: &SkillRetriever, request: &Request, route: Routing, weakness: Weakness) -> Result<Routing> {
    let (RankedCards { reason, .. }, skills) = relevant(mesh, request, None)?;
    let confidence = skills.first().map_or(route.confidence, |best| Routing::boosted(route.confidence, best.fit));
    let (agreed, new): (Vec<Found>, Vec<Found>) =
        skills.into_iter().partition(|skill| route.selected_skills.contains(&skill.id));
    let opinion = second_opinion(weakness, reason, &agreed, &new);
    let reasoning = [route.reasoning.as_str(), &opinion].into_iter().filter(|text| !text.is_empty());
    Ok(Routing {
        reasoning: reasoning.collect::<Vec<_>>().join(" "),
        suggested_skills: ids(new),
        confidence,
        answered_by: AnsweredBy::Fallback,
        reason,
        ..route
    })
}

fn second_opinion(weakness: Weakness, reason: Option<Reason>, agreed: &[Found], new: &[Found]) -> String {
    let found = match (reason, agreed, new) {
        (Some(reason), ..) => format!("found nothing: {reason}"),
        (None, agreed, []) => format!("agrees on {}", listed(agreed)),
        (None, [], new) => format!("found {}", listed(new)),
        (None, agreed, new) => format!("agrees on {}, and found {}", listed(agreed), listed(new)),
    };
    format!("[fallback: {weakness}; retrieval {found}]")
}

fn ids(skills: Vec<Found>) -> Vec<String> {
    skills.into_iter().map(|skill| skill.id).collect()
}

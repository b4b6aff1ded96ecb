//! `skillmesh discover | suggest | route`: which skills there are for a query, and which a task should get.

use serde::Serialize;

use super::args::{Learnt, Query, Route, Skills};
use super::mesh::Mesh;
use super::{Outcome, print, print_json};
use crate::Result;
use crate::host;
use crate::route::{self, PREPARED_SKILLS, Preparation, ROUTED_SKILLS, Router, SHOWN_SKILLS, Task};
use crate::search::{Reason, Request, Scored};

pub fn discover(args: &Skills) -> Result<Outcome> {
    let asked = Asked::open(&args.query, &args.learnt)?;
    let request = asked.request(SHOWN_SKILLS);
    let nearest = asked.mesh.nearest(&request)?;
    let found = route::discover(&asked.mesh.retriever, &Request { nearest: nearest.as_ref(), ..request })?;
    told(args.json, &found, &found.markdown(), found.reason)
}

pub fn suggest(args: &Skills) -> Result<Outcome> {
    let asked = Asked::open(&args.query, &args.learnt)?;
    let request = asked.request(SHOWN_SKILLS);
    let nearest = asked.mesh.nearest(&request)?;
    let found = route::suggest(&asked.mesh.retriever, &Request { nearest: nearest.as_ref(), ..request })?;
    told(args.json, &found, &found.markdown(), found.reason)
}

pub fn route(args: &Route) -> Result<Outcome> {
    let asked = Asked::open(&args.query, &args.learnt)?;
    if args.prepare { prepare(args, &asked) } else { choose(args, asked) }
}

fn prepare(args: &Route, asked: &Asked) -> Result<Outcome> {
    let loaded = (!args.loaded.is_empty()).then(|| args.loaded.clone());
    let known = Preparation { auto_install: args.auto_install, loaded, ..Preparation::default() };
    let request = asked.request(PREPARED_SKILLS);
    let nearest = asked.mesh.nearest(&request)?;
    let request = Request { nearest: nearest.as_ref(), ..request };
    let found = route::auto_route(&asked.mesh.retriever, &request, &known)?;
    told(args.json, &found, &found.markdown(), found.reason)
}

fn choose(args: &Route, mut asked: Asked) -> Result<Outcome> {
    let mut router = std::mem::take(&mut asked.router);
    let request = asked.request(ROUTED_SKILLS);
    let filter = request.filter.clone().and_installed(!args.any)?;
    let request = Request { filter, ..request };
    let nearest = asked.mesh.nearest(&request)?;
    let request = Request { nearest: nearest.as_ref(), ..request };
    let task = Task { request, now: Some(host::now()), ..Task::new(&args.query.query) };
    let found = router.finish(&asked.mesh.retriever, &task, None)?;
    told(args.json, &found, &found.markdown(), found.reason)
}

/// A query, and what was learnt for queries like it.
struct Asked<'a> {
    query: &'a Query,
    mesh: Mesh,
    router: Router,
    boosts: Vec<Scored>,
}

impl<'a> Asked<'a> {
    fn open(query: &'a Query, learnt: &Learnt) -> Result<Asked<'a>> {
        let (mesh, router) = (Mesh::open(query)?, host::learnt(learnt.learnt.as_deref())?);
        let vector = mesh.request(query).vector;
        let boosts = router.boosts(&mesh.retriever, &query.query, vector, Some(host::now()))?;
        Ok(Asked { query, mesh, router, boosts })
    }

    fn request(&self, top_k: usize) -> Request<'_> {
        let request = self.mesh.request(self.query);
        Request { top_k: self.query.top_k.unwrap_or(top_k), boosts: &self.boosts, ..request }
    }
}

fn told(as_json: bool, found: &impl Serialize, markdown: &str, reason: Option<Reason>) -> Result<Outcome> {
    if as_json {
        print_json(found)?;
    } else {
        print(markdown)?;
    }
    let Some(reason) = reason else { return Ok(Outcome::Done) };
    eprintln!("nothing found: {reason}");
    Ok(Outcome::NothingFound)
}

//! `skillmesh discover | suggest | route`: which skills there are for a query, and which a task should get.

use serde::Serialize;

use super::args::{Query, Route, Skills};
use super::mesh::Mesh;
use super::{Outcome, print, print_json};
use crate::Result;
use crate::route::{self, PREPARED_SKILLS, Preparation, ROUTED_SKILLS, Router, SHOWN_SKILLS, Task};
use crate::search::{Reason, Request};

pub fn discover(args: &Skills) -> Result<Outcome> {
    let mesh = Mesh::open(&args.query)?;
    let found = route::discover(&mesh.retriever, &request(&mesh, &args.query, SHOWN_SKILLS))?;
    told(args.json, &found, &found.markdown(), found.reason)
}

pub fn suggest(args: &Skills) -> Result<Outcome> {
    let mesh = Mesh::open(&args.query)?;
    let found = route::suggest(&mesh.retriever, &request(&mesh, &args.query, SHOWN_SKILLS))?;
    told(args.json, &found, &found.markdown(), found.reason)
}

pub fn route(args: &Route) -> Result<Outcome> {
    let mesh = Mesh::open(&args.query)?;
    if args.prepare { prepare(args, &mesh) } else { choose(args, &mesh) }
}

fn prepare(args: &Route, mesh: &Mesh) -> Result<Outcome> {
    let loaded = (!args.loaded.is_empty()).then(|| args.loaded.clone());
    let known = Preparation { auto_install: args.auto_install, loaded, ..Preparation::default() };
    let found = route::auto_route(&mesh.retriever, &request(mesh, &args.query, PREPARED_SKILLS), &known)?;
    told(args.json, &found, &found.markdown(), found.reason)
}

fn choose(args: &Route, mesh: &Mesh) -> Result<Outcome> {
    let request = request(mesh, &args.query, ROUTED_SKILLS);
    let filter = request.filter.and_installed(!args.any)?;
    let task = Task { request: Request { filter, ..request }, ..Task::new(&args.query.query) };
    let found = Router::default().finish(&mesh.retriever, &task, None)?;
    told(args.json, &found, &found.markdown(), found.reason)
}

fn request<'a>(mesh: &'a Mesh, query: &'a Query, top_k: usize) -> Request<'a> {
    Request { top_k: query.top_k.unwrap_or(top_k), ..mesh.request(query) }
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

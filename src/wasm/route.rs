//! The face of routing to JavaScript: what should do a task, and what came of it.

use wasm_bindgen::prelude::*;

use super::options::{Options, Read, packed};
use super::{Core, JsResult, json};
use crate::feedback::Outcome;
use crate::js_error::to_js;
use crate::route::{self, AutoRoute, Said};
use crate::search::{Request, Scored};
use crate::{Code, Error};

#[wasm_bindgen]
impl Core {
    /// How the router remembers from now on; what it remembered is gone.
    pub fn configure(&self, options: JsValue) -> Read<()> {
        self.router.replace(Options::read(options)?.router()?);
        Ok(())
    }

    /// The skills for a query as JSON, then as Markdown.
    pub fn discover(&self, query: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        let (options, boosts) = self.asked(query, options, vector.as_deref())?;
        let request = options.discovery(query, vector.as_deref())?;
        let found = route::discover(&self.mesh, &boosted(request, &boosts));
        json(found.map(|found| (found.markdown(), found)))
    }

    /// The skill for a task as JSON, then as Markdown.
    pub fn suggest(&self, task: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        let (options, boosts) = self.asked(task, options, vector.as_deref())?;
        let request = options.discovery(task, vector.as_deref())?;
        let found = route::suggest(&self.mesh, &boosted(request, &boosts));
        json(found.map(|found| (found.markdown(), found)))
    }

    /// All skills for a task by their state.
    #[wasm_bindgen(js_name = autoRoute)]
    pub fn auto_route(&self, task: &str, options: JsValue, vector: Option<Vec<f32>>) -> Read<Plan> {
        let (options, boosts) = self.asked(task, options, vector.as_deref())?;
        let (request, preparation) = options.preparation(task, vector.as_deref())?;
        let found = route::auto_route(&self.mesh, &boosted(request, &boosts), &preparation);
        found.map(|found| Plan { found }).map_err(to_js)
    }

    /// The route that was found before as JSON, then as Markdown; `null` where there is none.
    pub fn lookup(&self, task: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        let task = Options::read(options)?.task(task, vector.as_deref())?;
        let found = self.router.borrow_mut().lookup(&self.mesh, &task);
        json(found.map(|found| found.map(|route| (route.markdown(), route))))
    }

    /// The route after the caller's routing function said something, or nothing, as JSON, then as Markdown.
    pub fn finish(&self, task: &str, options: JsValue, vector: Option<Vec<f32>>, said: JsValue) -> JsResult {
        let task = Options::read(options)?.task(task, vector.as_deref())?;
        let said = opinion(said)?;
        let route = self.router.borrow_mut().finish(&self.mesh, &task, said);
        json(route.map(|route| (route.markdown(), route)))
    }

    /// Remembers how a skill did.
    #[wasm_bindgen(js_name = recordOutcome)]
    pub fn record_outcome(
        &self,
        query: &str,
        vector: Option<Vec<f32>>,
        skill: &str,
        success: bool,
        now: f64,
    ) -> Read<()> {
        let outcome = Outcome { skill, success, now };
        self.router.borrow_mut().record(&self.mesh, query, vector.as_deref(), &outcome).map_err(to_js)
    }

    /// What was learnt, as bytes.
    #[wasm_bindgen(js_name = exportState)]
    pub fn export_state(&self) -> Read<Vec<u8>> {
        self.router.borrow().export_state().map_err(to_js)
    }

    /// Adds what was learnt elsewhere by `now`.
    #[wasm_bindgen(js_name = importState)]
    pub fn import_state(&self, bytes: &[u8], now: f64) -> Read<()> {
        self.router.borrow_mut().import_state(bytes, now).map_err(to_js)
    }

    /// Hits and misses of the cache, as JSON.
    #[wasm_bindgen(js_name = cacheStats)]
    pub fn cache_stats(&self) -> JsResult {
        json(Ok(self.router.borrow().tally()))
    }

    /// Forgets every route; what was learnt stays.
    #[wasm_bindgen(js_name = clearCache)]
    pub fn clear_cache(&self) {
        self.router.borrow_mut().clear();
    }
}

/// All skills for a task by their state, while some of them are loaded.
#[wasm_bindgen]
pub struct Plan {
    found: AutoRoute,
}

#[wasm_bindgen]
impl Plan {
    /// The ids that should be loaded.
    #[wasm_bindgen(getter, js_name = toLoad)]
    pub fn to_load(&self) -> Vec<String> {
        self.found.to_load.clone()
    }

    /// The skills after those with these ids were loaded, as JSON, then as Markdown.
    pub fn told(&self, loaded: Vec<String>) -> JsResult {
        let route = self.found.clone().after_loading(&loaded);
        json(Ok((route.markdown(), route)))
    }
}

impl Core {
    /// The options, and what the cards have earned where `now` says that it counts.
    pub(super) fn asked(&self, text: &str, options: JsValue, vector: Option<&[f32]>) -> Read<(Options, Vec<Scored>)> {
        let mut options = Options::read(options)?;
        let now = options.now()?;
        Ok((options, self.router.borrow().boosts(&self.mesh, text, vector, now).map_err(to_js)?))
    }
}

pub(super) fn boosted<'a>(request: Request<'a>, boosts: &'a [Scored]) -> Request<'a> {
    Request { boosts, ..request }
}

/// What the caller's function said; nothing where it said `undefined` or `null`.
fn opinion(said: JsValue) -> Read<Option<Said>> {
    let said = packed(said).and_then(|packed| packed.to::<Option<Said>>());
    said.map_err(|why| {
        to_js(Error::new(Code::InvalidArgument, "unusable answer of the routing function").caused_by(why))
    })
}

//! What is routed, and on what does its route depend?

use crate::cache::Asked;
use crate::feedback::Question;
use crate::search::{Filter, Request, SkillRetriever, query_parts};

use super::ROUTED_SKILLS;

/// A task that asks for skills.
#[derive(Clone, Debug)]
pub struct Task<'a> {
    /// The task as retrieval reads it; `boosts` are made by the router.
    pub request: Request<'a>,
    /// Whether the request's vector is there or on its way, so that an answer by keywords alone will not do.
    pub is_semantic: bool,
    /// Whether the caller has a routing function of its own.
    pub has_llm: bool,
    /// The ids that fit everything: chosen alone, they are a weak route.
    pub generic: Vec<String>,
    /// What was learnt counts as of then, in milliseconds since 1970; `None`: it does not count.
    pub now: Option<f64>,
    /// Whether the route may be found again; not where the cache was cleared while the caller's function ran.
    pub is_kept: bool,
}

impl<'a> Task<'a> {
    /// A task for installed skills, by retrieval alone.
    pub fn new(text: &'a str) -> Self {
        let filter = Filter { installed: Some(true), ..Filter::default() };
        Task {
            request: Request { filter, top_k: ROUTED_SKILLS, ..Request::new(text) },
            is_semantic: false,
            has_llm: false,
            generic: Task::generic(),
            now: None,
            is_kept: true,
        }
    }

    /// The ids that fit everything unless the caller says otherwise.
    pub fn generic() -> Vec<String> {
        vec!["writer".to_owned(), "knowledge".to_owned()]
    }

    /// The question, and everything else that the route depends on. Taken apart field by field, so that a field that is
    /// added cannot be left out by mistake. `age` tells when what was learnt has faded noticeably.
    pub(super) fn asked(&self, mesh: &SkillRetriever, age: Option<u64>) -> Asked {
        let Task { request, is_semantic, has_llm, generic, now: _, is_kept: _ } = self;
        let Request {
            text,
            vector,
            boosts: _,
            nearest: _,
            syntax,
            top_k,
            mode,
            filter,
            min_confidence,
            fusion,
            usage_weight,
        } = request;
        let asked = (syntax, top_k, mode, filter, min_confidence, fusion, usage_weight);
        let conditions = format!("{} {asked:?} {:?}", mesh.stamp(), (is_semantic, has_llm, generic, age));
        let parts = query_parts(text, *syntax).len();
        Asked::new(&conditions, &question(mesh, text, *vector), *syntax, parts)
    }
}

/// A question to one snapshot; of its vectors, that of the whole text stands for what it means.
pub fn question<'a>(mesh: &'a SkillRetriever, text: &'a str, vector: Option<&'a [f32]>) -> Question<'a> {
    let Some(model) = &mesh.header().model else { return Question { text, ..Question::default() } };
    let whole = vector.and_then(|vector| vector.get(..model.dimensions as usize));
    Question { text, vector: whole, model: &model.fingerprint }
}

//! Which snapshot and model answer the query?

use std::path::Path;
use std::sync::Arc;

use super::args::Query;
use super::{backend, build, progress};
use crate::Result;
use crate::embed::Embedder;
use crate::host;
use crate::search::{Index, Mode, Nearest, Request, RetrievalBackend, SkillRetriever};

/// Cards unless asked otherwise.
const TOP_K: usize = 3;

/// An opened snapshot with the query's vector, ready to be asked.
pub struct Mesh {
    pub retriever: SkillRetriever,
    /// The model of its vectors, where one is wanted and found.
    pub model: Option<Embedder>,
    vector: Option<Vec<f32>>,
    pub backend: Arc<dyn RetrievalBackend>,
}

impl Mesh {
    /// Opens the snapshot, or builds it in memory, and embeds the query where a mode wants it.
    pub fn open(query: &Query) -> Result<Mesh> {
        let wanted = Wanted::for_mode(query.mode.into(), query.model.as_deref());
        let (place, (retriever, model)) = match (&query.snapshot, &query.registry) {
            (Some(snapshot), _) => (snapshot, from_snapshot(snapshot, wanted)?),
            (None, Some(registry)) => (registry, from_registry(registry, wanted)?),
            (None, None) => unreachable!("clap requires one of the two"),
        };
        let backend = backend::open(&query.backend, place, |line| eprintln!("{line}"))?;
        let embed = |model| host::embed_query(model, &query.query, query.syntax);
        let vector = model.as_ref().map(embed).transpose()?;
        Ok(Mesh { retriever, model, vector, backend })
    }

    /// What the user asked for.
    pub fn request<'a>(&'a self, query: &'a Query) -> Request<'a> {
        Request {
            vector: self.vector.as_deref(),
            top_k: query.top_k.unwrap_or(TOP_K),
            mode: query.mode.into(),
            syntax: query.syntax,
            min_confidence: query.min_confidence,
            filter: query.filter(),
            usage_weight: query.usage_weight,
            ..Request::new(&query.query)
        }
    }

    /// What the backend has for a request, which is then to carry it.
    pub fn nearest(&self, request: &Request) -> Result<Option<Nearest>> {
        self.backend.nearest(&self.retriever, request)
    }
}

/// Which model is wanted, if any, and whether it is said where there is none.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub dense: bool,
    pub named: Option<&'a Path>,
    pub say: bool,
}

impl<'a> Wanted<'a> {
    /// For a query: keywords alone need none, and modes that insist on meaning say themselves what they lack.
    pub fn for_mode(mode: Mode, named: Option<&'a Path>) -> Wanted<'a> {
        Wanted { dense: mode != Mode::Sparse, named, say: mode == Mode::Auto }
    }

    /// The model of an index's vectors, if it has some.
    pub fn of(self, index: &Index) -> Result<Option<Embedder>> {
        let Some(vectors) = index.header().model.as_ref().filter(|_| self.dense) else {
            return self.named.filter(|_| self.dense).map_or(Ok(None), unused);
        };
        let found = host::find_model_of(vectors, self.named)?;
        found.iter().try_for_each(|model| index.check_model(model.fingerprint()))?;
        Ok(self.said(found, &format!("{}, which the vectors are from, was not found", vectors.name)))
    }

    /// The model for texts that have no vectors yet.
    fn to_build(self) -> Result<Option<Embedder>> {
        let path = if self.dense { host::find_model(self.named) } else { return Ok(None) };
        Ok(self.said(path.map(|path| host::open_model(&path)).transpose()?, "no model found"))
    }

    fn said(self, found: Option<Embedder>, missing: &str) -> Option<Embedder> {
        if found.is_none() && self.say {
            eprintln!("note: {missing}, answering by keywords; pass --model FILE for semantic search");
        }
        found
    }
}

/// A model that has nothing to do is looked at all the same: whoever mistyped it is told.
fn unused(named: &Path) -> Result<Option<Embedder>> {
    host::open_model(&host::named_model(named))?;
    eprintln!("note: the snapshot has no vectors, so the model has nothing to do");
    Ok(None)
}

/// A snapshot of skills, and the model of its vectors.
pub fn from_snapshot(path: &Path, wanted: Wanted) -> Result<(SkillRetriever, Option<Embedder>)> {
    let retriever = host::open_skills(path)?;
    let model = wanted.of(&retriever)?;
    Ok((retriever, model))
}

/// A snapshot that is built in memory, and the model of its vectors.
pub fn from_registry(path: &Path, wanted: Wanted) -> Result<(SkillRetriever, Option<Embedder>)> {
    let model = wanted.to_build()?;
    let cards = build::cards(&[path.to_owned()])?;
    let bar = progress::bar();
    let snapshot = host::build(cards, model.as_ref(), &|done, all| progress::advance(&bar, done, all))?;
    bar.finish_and_clear();
    Ok((SkillRetriever::open(snapshot)?, model))
}

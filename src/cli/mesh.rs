//! Which snapshot and model answer the query?

use std::path::Path;
use std::sync::Arc;

use super::args::Query;
use super::{backend, build, progress};
use crate::Result;
use crate::embed::Embedder;
use crate::host;
use crate::search::{Mode, Nearest, Request, RetrievalBackend, SkillRetriever};

/// Cards unless asked otherwise.
const TOP_K: usize = 3;

/// An opened snapshot with the query's vector, ready to be asked.
pub struct Mesh {
    pub retriever: SkillRetriever,
    vector: Option<Vec<f32>>,
    pub backend: Arc<dyn RetrievalBackend>,
}

impl Mesh {
    /// Opens the snapshot, or builds it in memory, and embeds the query where a mode wants it.
    pub fn open(query: &Query) -> Result<Mesh> {
        let model = model(query.mode.into(), query.model.as_deref())?;
        Mesh::with(query, model.as_ref())
    }

    /// The same with a model that is open already.
    pub fn with(query: &Query, model: Option<&Embedder>) -> Result<Mesh> {
        let (place, retriever) = match (&query.snapshot, &query.registry) {
            (Some(snapshot), _) => (snapshot, host::open_skills(snapshot)?),
            (None, Some(registry)) => (registry, from_registry(registry, model)?),
            (None, None) => unreachable!("clap requires one of the two"),
        };
        let backend = backend::open(&query.backend, place, |line| eprintln!("{line}"))?;
        let model = model.filter(|_| retriever.header().model.is_some());
        if let Some(model) = model {
            retriever.check_model(model.fingerprint())?;
        }
        let vector = model.map(|model| host::embed_query(model, &query.query, query.syntax)).transpose()?;
        Ok(Mesh { retriever, vector, backend })
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

/// The model, unless only keywords are wanted; that there is none is said once.
pub fn model(mode: Mode, file: Option<&Path>) -> Result<Option<Embedder>> {
    if mode == Mode::Sparse {
        return Ok(None);
    }
    let found = host::find_model(file);
    if found.is_none() && mode == Mode::Auto {
        eprintln!("note: no model found, answering by keywords; pass --model FILE for semantic search");
    }
    found.map(|path| host::open_model(&path)).transpose()
}

/// Builds a snapshot in memory.
pub fn from_registry(path: &Path, model: Option<&Embedder>) -> Result<SkillRetriever> {
    let cards = build::cards(&[path.to_owned()])?;
    let bar = progress::bar();
    let snapshot = host::build(cards, model, &|done, all| progress::advance(&bar, done, all))?;
    bar.finish_and_clear();
    SkillRetriever::open(snapshot)
}

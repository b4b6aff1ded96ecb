//! What does it take to ask a snapshot? It opened and verified, the query's vectors, and what was learnt.

use std::path::Path;

use super::clock::now;
use super::files::read;
use super::shards::open_all;
use super::state::update;
use crate::embed::Embedder;
use crate::feedback::Outcome;
use crate::route::Router;
use crate::search::{DocumentRetriever, Shards, SkillRetriever, query_parts};
use crate::snapshot::{Kind, Snapshot};
use crate::{Error, Result};

/// Opens and verifies a snapshot of skills, with all its shards where it is a root.
pub fn open_skills(path: &Path) -> Result<SkillRetriever> {
    opened(path, SkillRetriever::open, SkillRetriever::verify, Shards::skills)
}

/// Opens and verifies a snapshot of documents, with all its shards where it is a root.
pub fn open_documents(path: &Path) -> Result<DocumentRetriever> {
    opened(path, DocumentRetriever::open, DocumentRetriever::verify, Shards::documents)
}

fn opened<T>(
    path: &Path,
    open: fn(Vec<u8>) -> Result<T>,
    verify: fn(&T) -> Result<()>,
    of_shards: fn(&Shards, &[usize]) -> Result<T>,
) -> Result<T> {
    let at = |error: Error| error.at(path.display().to_string());
    let bytes = read(path)?;
    let opened = match Snapshot::kind(&bytes).map_err(at)? {
        Kind::CardShards | Kind::DocumentShards => {
            let corpus = open_all(bytes, path)?;
            of_shards(&corpus, &(0..corpus.shards().len()).collect::<Vec<_>>())
        }
        Kind::Cards | Kind::Documents => open(bytes),
    };
    opened.and_then(|opened| verify(&opened).map(|()| opened)).map_err(at)
}

/// The vectors of a query's parts, one after the other.
pub fn embed_query(model: &Embedder, query: &str, syntax: bool) -> Result<Vec<f32>> {
    let vectors = query_parts(query, syntax).iter().map(|part| model.embed(part)).collect::<Result<Vec<_>>>()?;
    Ok(vectors.concat())
}

/// A router with what was learnt in this file; one that knows nothing where there is none.
pub fn learnt(file: Option<&Path>) -> Result<Router> {
    let state = file.filter(|path| path.exists()).map(read).transpose()?;
    with_state(state.as_deref())
}

/// Remembers in this file how a skill did for a query.
pub fn record(
    file: &Path,
    skills: &SkillRetriever,
    query: &str,
    vector: Option<&[f32]>,
    outcome: &Outcome,
) -> Result<()> {
    update(file, |known| {
        let mut router = with_state(known)?;
        router.record(skills, query, vector, outcome)?;
        router.export_state()
    })
}

fn with_state(state: Option<&[u8]>) -> Result<Router> {
    let mut router = Router::default();
    state.map_or(Ok(()), |state| router.import_state(state, now()))?;
    Ok(router)
}

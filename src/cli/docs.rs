//! Which documents answer the query, and what may the asker see?

use std::path::Path;

use super::mesh::Wanted;
use crate::Result;
use crate::embed::Embedder;
use crate::emit::{AskedDocuments, Documents};
use crate::host;
use crate::search::DocumentRetriever;

/// An open snapshot of documents with the query's vectors.
pub struct Docs {
    pub retriever: DocumentRetriever,
    pub vector: Option<Vec<f32>>,
}

impl Docs {
    /// Opens and verifies the snapshot, and embeds the query, by the model that is `opened` already if it fits, where there is a model and the snapshot has vectors.
    pub fn open(path: &Path, wanted: Wanted, opened: Option<Embedder>, query: &str, syntax: bool) -> Result<Docs> {
        let at = |error: crate::Error| error.at(path.display().to_string());
        let retriever = host::open_documents(path)?;
        let embed = |model: Embedder| host::embed_query(&model, query, syntax);
        let opened = opened.filter(|model| retriever.check_model(model.fingerprint()).is_ok());
        let model = opened.map_or_else(|| wanted.of(&retriever), |model| Ok(Some(model)));
        let vector = model.and_then(|model| model.map(embed).transpose()).map_err(at)?;
        Ok(Docs { retriever, vector })
    }

    /// The documents for a context block.
    pub fn documents<'a>(&'a self, asked: &'a AskedDocuments) -> Documents<'a> {
        Documents { docs: &self.retriever, vector: self.vector.as_deref(), asked }
    }
}

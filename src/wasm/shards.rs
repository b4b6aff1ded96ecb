//! The face of shards to JavaScript: which of them a query needs, and what answers from them.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::documents::DocumentCore;
use super::options::{Options, Read};
use super::{Core, JsResult, json};
use crate::js_error::to_js;
use crate::route::Router;
use crate::search::Shards;
use crate::snapshot::{Kind, Snapshot};

/// The root of a corpus, and those of its shards that were read.
#[wasm_bindgen]
pub struct Corpus {
    shards: Shards,
    router: Rc<RefCell<Router>>,
}

/// Whether these bytes are a root.
#[wasm_bindgen(js_name = isRoot)]
pub fn is_root(snapshot: &[u8]) -> bool {
    Snapshot::kind(snapshot).is_ok_and(|kind| matches!(kind, Kind::CardShards | Kind::DocumentShards))
}

#[wasm_bindgen]
impl Corpus {
    /// Opens a root's bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(root: Vec<u8>) -> Read<Corpus> {
        Shards::open(root).map(|shards| Corpus { shards, router: Rc::default() }).map_err(to_js)
    }

    /// Whether it is of documents.
    #[wasm_bindgen(getter, js_name = ofDocuments)]
    pub fn of_documents(&self) -> bool {
        self.shards.header().kind == Kind::DocumentShards
    }

    /// The shards by number, as JSON.
    pub fn files(&self) -> JsResult {
        json(Ok(self.shards.shards()))
    }

    /// The numbers of the `most` shards in which the best answers are likely to be. What the options say beyond the query is
    /// not looked at.
    pub fn choose(&self, query: &str, options: JsValue, vector: Option<Vec<f32>>, most: usize) -> Read<Vec<usize>> {
        let mut options = Options::read(options)?;
        if self.of_documents() {
            return Ok(self.shards.choose_documents(&options.search(query, vector.as_deref())?, most));
        }
        Ok(self.shards.choose(&options.request(query, vector.as_deref())?, most))
    }

    /// Takes a shard's bytes.
    pub fn add(&mut self, number: usize, shard: Vec<u8>) -> Read<()> {
        self.shards.add(number, shard).map_err(to_js)
    }

    /// Forgets a shard's bytes, once nothing answers from them any more.
    pub fn drop(&mut self, number: usize) {
        self.shards.drop(number);
    }

    /// What answers from these shards of cards.
    pub fn skills(&self, numbers: Vec<usize>) -> Read<Core> {
        let mesh = self.shards.skills(&numbers).map_err(to_js)?;
        Ok(Core { mesh: Rc::new(mesh), router: self.router.clone() })
    }

    /// What answers from these shards of documents.
    pub fn documents(&self, numbers: Vec<usize>) -> Read<DocumentCore> {
        self.shards.documents(&numbers).map(DocumentCore).map_err(to_js)
    }

    /// What the root holds, as JSON.
    pub fn stats(&self) -> JsResult {
        json(Ok(self.shards.stats()))
    }

    /// Refuses a model that is not the shards'.
    #[wasm_bindgen(js_name = checkModel)]
    pub fn check_model(&self, fingerprint: &str) -> Read<()> {
        self.shards.check_model(fingerprint).map_err(to_js)
    }

    /// Compares every checksum of the root.
    pub fn verify(&self) -> Read<()> {
        self.shards.verify().map_err(to_js)
    }
}

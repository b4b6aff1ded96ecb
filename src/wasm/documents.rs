//! The face of documents to JavaScript.

use wasm_bindgen::prelude::*;

use super::options::Options;
use super::{JsResult, json, written};
use crate::emit::{Content, Emission};
use crate::js_error::to_js;
use crate::search::{DocumentRequest, DocumentRetriever};

/// An open snapshot of documents.
#[wasm_bindgen]
pub struct DocumentCore(pub(super) DocumentRetriever);

#[wasm_bindgen]
impl DocumentCore {
    /// Opens a snapshot's bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(snapshot: Vec<u8>) -> Result<DocumentCore, JsValue> {
        DocumentRetriever::open(snapshot).map(DocumentCore).map_err(to_js)
    }

    /// What answers after another snapshot took this one's place.
    pub fn replaced(&self, snapshot: Vec<u8>) -> Result<DocumentCore, JsValue> {
        DocumentCore::new(snapshot)
    }

    /// The best pages with their sections, as JSON.
    pub fn search(&self, query: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        json(self.0.search(&request(options, query, vector.as_deref())?))
    }

    /// A block of the best chunks for `provider`.
    pub fn emit(&self, provider: &str, query: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        let mut options = Options::read(options)?;
        let emission = Emission { budget: options.budget()?, ..Emission::new(provider.parse().map_err(to_js)?) };
        let request = options.search(query, vector.as_deref())?;
        options.end()?;
        self.emitted(&request, &emission).map_err(to_js)
    }

    /// What the snapshot holds, as JSON.
    pub fn stats(&self) -> JsResult {
        json(Ok(self.0.stats()))
    }

    /// Refuses a model that is not the snapshot's.
    #[wasm_bindgen(js_name = checkModel)]
    pub fn check_model(&self, fingerprint: &str) -> Result<(), JsValue> {
        self.0.check_model(fingerprint).map_err(to_js)
    }

    /// Compares every checksum and decodes every chunk.
    pub fn verify(&self) -> Result<(), JsValue> {
        self.0.verify().map_err(to_js)
    }
}

impl DocumentCore {
    fn emitted(&self, request: &DocumentRequest, emission: &Emission) -> crate::Result<String> {
        emission.provider.check(true, &emission.style)?;
        let documents = self.0.cite(request)?;
        let content = Content { query: request.query.text, cards: None, documents: &documents, style: emission.style };
        written(&content, emission)
    }
}

fn request<'a>(options: JsValue, query: &'a str, vector: Option<&'a [f32]>) -> Result<DocumentRequest<'a>, JsValue> {
    let mut options = Options::read(options)?;
    let request = options.search(query, vector)?;
    options.end().map(|()| request)
}

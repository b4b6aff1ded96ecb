//! The retriever's face to JavaScript: convert, call, convert.

mod options;

use wasm_bindgen::prelude::*;

use crate::js_error::to_js;
use crate::search::SkillRetriever;
use crate::{Error, Result, emit};
use options::{EmitOptions, RetrieveOptions, read};

/// An open snapshot.
#[wasm_bindgen]
pub struct Core(SkillRetriever);

#[wasm_bindgen]
impl Core {
    /// Opens a snapshot's bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(snapshot: Vec<u8>) -> std::result::Result<Core, JsValue> {
        SkillRetriever::open(snapshot).map(Core).map_err(to_js)
    }

    /// The answer as JSON.
    pub fn retrieve(&self, query: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        let options: RetrieveOptions = read(options)?;
        json(self.0.retrieve(&options.request(query, vector.as_deref())))
    }

    /// A context block for `provider`.
    pub fn emit(&self, provider: &str, query: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        let options: EmitOptions = read(options)?;
        let request = options.retrieve.request(query, vector.as_deref());
        let provider = provider.parse().map_err(to_js)?;
        emit::emit(&self.0, provider, &request, options.instruction_chars).map_err(to_js)
    }

    /// All cards without instructions, as JSON.
    pub fn cards(&self) -> JsResult {
        json((0..self.0.len()).map(|number| self.0.head(number)).collect::<Result<Vec<_>>>())
    }

    /// What the snapshot holds, as JSON.
    pub fn stats(&self) -> JsResult {
        json(Ok(self.0.stats()))
    }

    /// Refuses a model that is not the snapshot's.
    #[wasm_bindgen(js_name = checkModel)]
    pub fn check_model(&self, fingerprint: &str) -> std::result::Result<(), JsValue> {
        self.0.check_model(fingerprint).map_err(to_js)
    }

    /// Compares every checksum and decodes every card.
    pub fn verify(&self) -> std::result::Result<(), JsValue> {
        self.0.verify().map_err(to_js)
    }
}

type JsResult = std::result::Result<String, JsValue>;

/// JSON text: one crossing and one `JSON.parse` cost less than a call for each property.
fn json<T: serde::Serialize>(value: Result<T>) -> JsResult {
    let text = value.and_then(|value| {
        serde_json::to_string(&value).map_err(|e| Error::new(crate::Code::Internal, "unprintable answer").caused_by(e))
    });
    text.map_err(to_js)
}

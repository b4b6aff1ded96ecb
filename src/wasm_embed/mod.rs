//! The embedder's face to JavaScript: convert, call, convert.

use wasm_bindgen::prelude::*;

use crate::embed::Embedder as Model;
use crate::js_error::to_js;

/// An open model pack.
#[wasm_bindgen]
pub struct Embedder(Model);

#[wasm_bindgen]
impl Embedder {
    /// Opens a pack's bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(pack: Vec<u8>) -> Result<Embedder, JsValue> {
        Model::open(pack).map(Embedder).map_err(to_js)
    }

    /// The unit vector of a text, as a `Float32Array`.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, JsValue> {
        self.0.embed(text).map_err(to_js)
    }

    /// Compares checksum and fingerprint with the contents.
    pub fn verify(&self) -> Result<(), JsValue> {
        self.0.verify().map_err(to_js)
    }

    #[wasm_bindgen(getter)]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_owned()
    }

    #[wasm_bindgen(getter)]
    pub fn dimensions(&self) -> usize {
        self.0.dimensions()
    }

    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.0.name().to_owned()
    }

    #[wasm_bindgen(getter, js_name = maxTokens)]
    pub fn max_tokens(&self) -> usize {
        self.0.max_tokens()
    }
}

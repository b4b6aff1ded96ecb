//! The builder's face to JavaScript: convert, call, convert.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::index::BuildPlan;
use crate::js_error::to_js;
use crate::load::{self, Source};
use crate::snapshot::ModelInfo;

/// What files of registries and skills became.
#[wasm_bindgen]
pub struct Built {
    snapshot: Vec<u8>,
    findings: String,
}

#[wasm_bindgen]
impl Built {
    /// The snapshot's bytes; they are handed over once.
    #[wasm_bindgen(js_name = takeSnapshot)]
    pub fn take_snapshot(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.snapshot)
    }

    /// What was found on the way, as JSON.
    #[wasm_bindgen(getter)]
    pub fn findings(&self) -> String {
        self.findings.clone()
    }
}

/// A snapshot of the cards in these files, to be embedded by the model with this name and fingerprint, if any.
#[wasm_bindgen]
pub fn build(
    paths: Vec<String>,
    contents: Vec<Uint8Array>,
    name: Option<String>,
    fingerprint: Option<String>,
    dimensions: Option<u32>,
) -> Result<Built, JsValue> {
    let file = |(path, content): (String, Uint8Array)| Source { path, bytes: content.to_vec() };
    let loaded = load::files(paths.into_iter().zip(contents).map(file).collect());
    let model = name.zip(fingerprint).zip(dimensions);
    let model = model.map(|((name, fingerprint), dimensions)| ModelInfo { name, fingerprint, dimensions });
    let snapshot = BuildPlan::new(loaded.cards).and_then(|plan| plan.compile_unembedded(model)).map_err(to_js)?;
    Ok(Built { snapshot, findings: serde_json::to_string(&loaded.findings).unwrap_or_default() })
}

//! Which options does JavaScript pass?

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::emit::INSTRUCTION_CHARS;
use crate::js_error::to_js;
use crate::search::{Filter, Fusion, MinConfidence, Mode, Request};
use crate::{Code, Error};

/// The options of `retrieve`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RetrieveOptions {
    top_k: TopK,
    mode: Mode,
    filter: Filter,
    fusion: Option<Fusion>,
    syntax: bool,
    min_confidence: Option<MinConfidence>,
}

/// How many hits, as JavaScript counts.
#[derive(Deserialize)]
struct TopK(f64);

impl Default for TopK {
    fn default() -> Self {
        TopK(3.0)
    }
}

impl TopK {
    /// A fraction or negative number of hits becomes 0, which the retriever refuses.
    fn count(&self) -> usize {
        if self.0.fract() == 0.0 || self.0.is_infinite() { self.0 as usize } else { 0 }
    }
}

impl RetrieveOptions {
    /// The request for these options.
    pub fn request<'a>(&self, text: &'a str, vector: Option<&'a [f32]>) -> Request<'a> {
        let RetrieveOptions { mode, fusion, syntax, min_confidence, .. } = *self;
        let (top_k, filter) = (self.top_k.count(), self.filter.clone());
        Request { text, vector, top_k, mode, filter, fusion, syntax, min_confidence }
    }
}

/// The options of `emit`: those of `retrieve` and one more.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EmitOptions {
    #[serde(flatten)]
    pub retrieve: RetrieveOptions,
    pub instruction_chars: usize,
}

impl Default for EmitOptions {
    fn default() -> Self {
        EmitOptions { retrieve: RetrieveOptions::default(), instruction_chars: INSTRUCTION_CHARS }
    }
}

/// Reads an options object; `undefined` and `null` mean the defaults.
pub fn read<T: Default + DeserializeOwned>(options: JsValue) -> Result<T, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(T::default());
    }
    serde_wasm_bindgen::from_value(options).map_err(|e| {
        to_js(
            Error::new(Code::InvalidArgument, "unusable options")
                .caused_by(Error::new(Code::InvalidArgument, e.to_string())),
        )
    })
}

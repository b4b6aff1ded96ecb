//! Which options does JavaScript pass?

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::emit::INSTRUCTION_CHARS;
use crate::js_error::to_js;
use crate::search::{Filter, Fusion, Mode, Request};
use crate::{Code, Error};

/// The options of `retrieve`.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RetrieveOptions {
    top_k: f64,
    mode: Mode,
    filter: Filter,
    fusion: Option<Fusion>,
    syntax: bool,
}

impl Default for RetrieveOptions {
    fn default() -> Self {
        RetrieveOptions { top_k: 3.0, mode: Mode::Auto, filter: Filter::default(), fusion: None, syntax: false }
    }
}

impl RetrieveOptions {
    /// The request; a fraction or negative number of hits becomes 0, which the retriever refuses.
    pub fn request<'a>(&self, text: &'a str, vector: Option<&'a [f32]>) -> Request<'a> {
        let top_k = if self.top_k.fract() == 0.0 || self.top_k.is_infinite() { self.top_k as usize } else { 0 };
        let RetrieveOptions { mode, fusion, syntax, .. } = *self;
        Request { text, vector, top_k, mode, filter: self.filter.clone(), fusion, syntax }
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

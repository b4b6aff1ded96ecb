//! How does an error cross into JavaScript? As an `Error` with the stable `code`.

use js_sys::{Error as JsError, Reflect};
use wasm_bindgen::JsValue;

/// A JavaScript `Error` with message and `code`.
pub(crate) fn to_js(error: crate::Error) -> JsValue {
    let js = JsError::new(&error.to_string());
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&js, &"code".into(), &error.code().as_str().into());
    js.into()
}

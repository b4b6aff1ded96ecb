//! What touches the machine? Files, folders, threads and the environment; nothing below this layer does.
#![allow(clippy::disallowed_methods, reason = "this is the edge where files and environment are read")]

mod atomic;
mod embedding;
mod files;
mod model;

pub use atomic::write;
pub use embedding::{build, embed_cards};
pub use files::{load_paths, read};
pub use model::{find_model, open_model, read_model_files};

//! What touches the machine? Files, folders, threads and the environment; nothing below this layer does.
#![allow(clippy::disallowed_methods, reason = "this is the edge where files and environment are read")]

mod atomic;
mod clock;
#[cfg(feature = "documents")]
mod documents;
#[cfg(feature = "builder")]
mod embedding;
mod files;
#[cfg(feature = "builder")]
mod model;
mod places;
#[cfg(feature = "cli")]
mod roles;
#[cfg(feature = "sync")]
mod state;
#[cfg(feature = "sync")]
mod sync;
#[cfg(feature = "sync")]
mod watch;

pub use atomic::write;
pub use clock::now;
#[cfg(feature = "documents")]
pub use documents::{Library, load_documents};
#[cfg(feature = "builder")]
pub use embedding::{Built, build, build_documents, embed_cards, rebuild};
pub use files::{load_paths, load_with_roles, read, source};
#[cfg(feature = "builder")]
pub use model::{find_model, open_model, read_model_files};
#[cfg(feature = "cli")]
pub use roles::{Target, library};
#[cfg(feature = "sync")]
pub use state::update;
#[cfg(feature = "sync")]
pub use sync::{FileChanges, IndexStats, Report, State, Sync, Trust, stats};
#[cfg(feature = "sync")]
pub use watch::watch;

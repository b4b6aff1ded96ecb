//! What touches the machine? Files, folders, threads and the environment; nothing below this layer does.
#![allow(clippy::disallowed_methods, reason = "this is the edge where files and environment are read")]

mod atomic;
mod clock;
#[cfg(feature = "metrics")]
mod data;
#[cfg(feature = "documents")]
mod documents;
#[cfg(feature = "builder")]
mod embedding;
mod files;
#[cfg(feature = "cli")]
mod kept_documents;
mod listener;
mod lock;
#[cfg(feature = "builder")]
mod model;
#[cfg(feature = "cli")]
mod new_document;
#[cfg(feature = "sync")]
mod opened;
mod places;
#[cfg(feature = "cli")]
mod publication;
#[cfg(feature = "cli")]
mod roles;
#[cfg(feature = "sync")]
mod shards;
#[cfg(feature = "cli")]
mod site;
#[cfg(feature = "cli")]
mod skill_folder;
#[cfg(feature = "sync")]
mod state;
#[cfg(feature = "sync")]
mod sync;
#[cfg(feature = "sync")]
mod watch;

pub use atomic::{rewrite_snapshot, write, write_snapshot};
pub use clock::now;
#[cfg(feature = "metrics")]
pub use clock::now_micros;
#[cfg(feature = "metrics")]
pub use data::{keep_files_private, metrics_file};
#[cfg(feature = "documents")]
pub use documents::{Library, load_documents};
#[cfg(feature = "builder")]
pub use embedding::{build, build_documents, embed_cards};
pub use files::{load_paths, load_with_roles, read, source};
#[cfg(feature = "cli")]
pub use kept_documents::{Added, FindModel, KeptDocuments};
pub use listener::{Listener, Step};
#[cfg(feature = "metrics")]
pub use lock::Lock;
#[cfg(feature = "builder")]
pub use model::{find_model, find_model_of, named_model, open_model, read_model_files};
#[cfg(feature = "cli")]
pub use new_document::NewDocument;
#[cfg(feature = "sync")]
pub use opened::{embed_query, learnt, open_documents, open_skills, record};
#[cfg(feature = "cli")]
pub use publication::{Publication, Published};
#[cfg(feature = "cli")]
pub use roles::{Target, library};
#[cfg(feature = "sync")]
pub use shards::write_shards;
#[cfg(feature = "cli")]
pub use site::{Site, Written};
#[cfg(feature = "sync")]
pub use state::update;
#[cfg(feature = "sync")]
pub use sync::{FileChanges, IndexStats, KeptSnapshot, Report, State, Trust, stats};
#[cfg(feature = "sync")]
pub use watch::{Pace, Stop, Watch};

//! What does a site offer to agents that look for skills? Per skill one artifact, and an index that names them all.
//!
//! Agent Skills Discovery by well-known URIs, version 0.2.0: `docs/publish.md`.

mod archive;
mod artifact;
mod base_url;
mod file;
mod index;

pub use archive::{Member, check_path, is_reserved, tar_gz};
pub use artifact::{Artifact, Kind, is_artifact_path};
pub use base_url::BaseUrl;
pub use file::{Fitted, fit};
pub use index::{INDEX, index};

//! How does what can be found become a snapshot? Sorted, analysed, compiled; vectors are computed by whoever has a model.

mod cards;
mod changes;
mod delta;
mod document_edits;
mod documents;
mod edits;
mod known;
mod sections;
mod shards;
mod stored;

pub use cards::{BuildPlan, CardVectors};
pub use changes::Changes;
pub use delta::{apply, diff};
pub use document_edits::DocumentEdits;
pub use documents::DocumentPlan;
pub use edits::Edits;
pub use known::KnownRows;
pub use sections::{Embedded, EmbeddedRows};
pub use shards::{Sharded, sharded};
pub use stored::StoredCards;

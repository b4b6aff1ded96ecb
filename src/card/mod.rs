//! What is found? A card: an expert, a tool, a skill or a role. Or a piece of a document.

mod access;
mod document;
mod expert;
mod invocation;
mod rag;
mod source;

pub use access::Access;
pub use document::{Chunk, Document};
pub use expert::ExpertCard;
pub(crate) use invocation::{NAME_LIMIT, function_name};
pub use rag::RagContext;
pub use source::Source;

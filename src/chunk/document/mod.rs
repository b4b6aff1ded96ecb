//! How does a document fall into chunks that are found and read on their own?
//!
//! A text becomes sections (one a heading, or one a page), a section becomes units that are not to be torn apart, and
//! units are packed into chunks. Whatever the text, the chunks' own bytes follow one another from its first to its last.

mod anchor;
mod markdown;
mod pack;
mod plain;
mod section;
mod slug;
mod tokens;
mod units;

pub use markdown::{Anchors, markdown};
pub use plain::{pages, plain};

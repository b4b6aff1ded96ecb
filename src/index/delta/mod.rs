//! How does a small file turn one snapshot into the next? It holds the cards and rows that are new; the rest is compiled anew.
//!
//! A card more or less moves every later number and offset, so that bytes of postings, dictionaries and tables differ all
//! over the file although little is new. Cards that are equal and passages that are equal cost nothing here.

mod apply;
mod diff;
mod format;
mod known;

pub use apply::apply;
pub use diff::diff;

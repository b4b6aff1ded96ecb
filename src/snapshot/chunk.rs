//! What does a snapshot say of a chunk, besides its text?

use serde::Serialize;

use crate::bytes::from_packed;

/// A chunk without its text; chunks are in order of document and place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChunkHead {
    /// The headings above it, the outermost first, its own last.
    pub headings: Vec<String>,
    /// What leads to its heading within the page, without `#`.
    pub anchor: String,
    /// Where its own text begins in the document's text, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// How many bytes of its text repeat the end of the chunk before.
    pub overlap: u32,
}

from_packed!(ChunkHead { headings, anchor, start, end, overlap });

//! What does a document consist of before it is cut? Sections under headings, and the blocks in them.

use std::ops::Range;

/// What stands under one heading.
pub struct Section {
    /// The headings above it, the outermost first, its own last.
    pub headings: Vec<String>,
    /// What leads to it within the page.
    pub anchor: String,
    /// Its blocks, each beginning where the one before ends.
    pub blocks: Vec<Block>,
}

/// A paragraph, a list's item, a table.
pub struct Block {
    pub kind: Kind,
    pub span: Range<usize>,
}

/// How a block may be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Between sentences.
    Prose,
    /// Between lines, and only if it is far too long: code and tables.
    Whole,
}

/// The blocks that begin at these places; the first reaches back to `from`, the last to `end`.
pub fn blocks(from: usize, end: usize, starts: &[(usize, Kind)]) -> Vec<Block> {
    let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([end]);
    let mut start = from;
    let span = |end| std::mem::replace(&mut start, end)..end;
    starts.iter().zip(ends.map(span)).map(|((_, kind), span)| Block { kind: *kind, span }).collect()
}

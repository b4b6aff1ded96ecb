//! Which pieces of a block are not to be torn apart?

use std::ops::Range;

use super::section::{Block, Kind};
use super::tokens::{quarters, tokens};
use crate::chunk::sentences;

/// A chunk holds about this many tokens, so that title and chunk fit the 256 that MiniLM reads.
pub const BUDGET: usize = 200;

/// Code and tables stay in one piece up to this many: half a table says less than a model's cut leaves of it.
const WHOLE: usize = BUDGET * 3 / 2;

/// A piece of one block.
pub struct Unit {
    pub kind: Kind,
    pub span: Range<usize>,
    pub tokens: usize,
}

/// The block as one unit if it fits, else its sentences or lines, and what is still too long cut between words.
pub fn units(text: &str, block: &Block) -> Vec<Unit> {
    let limit = if block.kind == Kind::Whole { WHOLE } else { BUDGET };
    let said = &text[block.span.clone()];
    let pieces = match block.kind {
        _ if tokens(said) <= limit => parts(said, []),
        Kind::Prose => parts(said, sentences::ends(said)),
        Kind::Whole => parts(said, said.match_indices('\n').map(|(at, _)| at + 1)),
    };
    let pieces = pieces.into_iter().flat_map(|piece| fitting(said, piece, limit));
    let unit = |piece: Range<usize>| Unit {
        kind: block.kind,
        tokens: tokens(&said[piece.clone()]),
        span: block.span.start + piece.start..block.span.start + piece.end,
    };
    pieces.map(unit).collect()
}

/// The text parted at these places.
fn parts(text: &str, places: impl IntoIterator<Item = usize>) -> Vec<Range<usize>> {
    let mut start = 0;
    let ends = places.into_iter().chain([text.len()]);
    ends.map(|end| std::mem::replace(&mut start, end)..end).filter(|part| !part.is_empty()).collect()
}

/// The piece in pieces of at most `limit` tokens.
fn fitting(text: &str, piece: Range<usize>, limit: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = piece.start;
    while start < piece.end {
        let end = start + first_fitting(&text[start..piece.end], limit);
        pieces.push(start..end);
        start = end;
    }
    pieces
}

/// Where the first `limit` tokens end: behind the last white space of their second half, else wherever that is.
fn first_fitting(text: &str, limit: usize) -> usize {
    let mut weight = 0;
    let over = text.char_indices().find(|(_, c)| {
        weight += quarters(*c);
        weight > limit * 4
    });
    let Some((end, _)) = over else { return text.len() };
    let space = text[..end].char_indices().rev().find(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    space.filter(|at| *at > end / 2).unwrap_or(end)
}

//! Which elements does a page have? As browsers read it, but not at any price.

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{ParseOpts, parse_document};
use scraper::{Html, HtmlTreeSink};

/// Browsers stop at about as many levels.
pub const DEEPEST: usize = 512;

/// A page of the largest size that is read has no more elements, comments and texts, unless they were meant to.
pub const MOST: usize = 2_000_000;

/// The parser looks through all open elements for many a tag, so that deep nesting costs its square: after each piece of
/// this size it is checked.
const PIECE: usize = 1 << 12;

/// The tree of a page, or what is too much of it.
pub fn parse(text: &str) -> Result<Html, String> {
    let mut parser = parse_document(HtmlTreeSink::new(Html::new_document()), ParseOpts::default());
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(rest.floor_char_boundary(PIECE));
        parser.process(StrTendril::from(piece));
        excess(&parser.tokenizer.sink.sink.0.borrow())?;
        rest = tail;
    }
    Ok(parser.finish())
}

/// Reports a tree that has grown too deep at its latest node, or too large.
fn excess(html: &Html) -> Result<(), String> {
    let mut nodes = html.tree.nodes();
    let depth = nodes.next_back().map_or(0, |latest| latest.ancestors().count());
    match nodes.len() {
        _ if depth > DEEPEST => Err(format!("{depth} levels")),
        count if count > MOST => Err(format!("{count} elements")),
        _ => Ok(()),
    }
}

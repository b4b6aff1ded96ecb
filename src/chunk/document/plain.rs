//! How does a text without marks fall into chunks? Between its paragraphs, and never across its pages.

use std::ops::Range;

use super::pack::chunks;
use super::section::{Block, Kind, Section, blocks};
use crate::card::Chunk;

/// The chunks of a text that has no structure but its empty lines.
///
/// ```
/// use skillmesh::chunk::plain;
/// let chunks = plain("# no heading here\n\nJust text.");
/// assert_eq!((chunks.len(), chunks[0].headings.len(), chunks[0].own()), (1, 0, "# no heading here\n\nJust text."));
/// ```
pub fn plain(text: &str) -> Vec<Chunk> {
    chunks(text, &[Section { headings: Vec::new(), anchor: String::new(), blocks: paragraphs(text, 0..text.len()) }])
}

/// The chunks of a text in pages; each is found under the heading `Page 1` and the anchor `page=1`, which viewers of PDF know.
///
/// ```
/// use skillmesh::chunk::pages;
/// let chunks = pages(&["First.\n".into(), String::new(), "Third.".into()]);
/// assert_eq!((chunks[1].headings.join("/"), chunks[1].anchor.as_str()), ("Page 3".to_owned(), "page=3"));
/// assert_eq!(chunks[1].span, 7..13);
/// ```
pub fn pages(pages: &[String]) -> Vec<Chunk> {
    let text = pages.concat();
    let mut end = 0;
    let sections = (1..).zip(pages).map(|(number, page)| {
        let start = end;
        end += page.len();
        let blocks = paragraphs(&text, start..end);
        Section { headings: vec![format!("Page {number}")], anchor: format!("page={number}"), blocks }
    });
    chunks(&text, &sections.collect::<Vec<_>>())
}

/// The paragraphs of a part of the text.
fn paragraphs(text: &str, part: Range<usize>) -> Vec<Block> {
    let breaks = text[part.clone()].match_indices("\n\n").map(|(at, mark)| part.start + at + mark.len());
    let starts = [part.start].into_iter().chain(breaks).filter(|start| *start < part.end);
    let starts: Vec<_> = starts.map(|start| (start, Kind::Prose)).collect();
    blocks(part.start, part.end, &starts)
}

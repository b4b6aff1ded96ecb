//! Which sections and blocks does a Markdown text have?

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::anchor::encoded;
use super::pack::chunks;
use super::section::{Kind, Section, blocks};
use super::slug::Slugs;
use crate::card::Chunk;

/// Headings and ids are kept to about this many bytes, since every chunk below repeats them.
const HEADING_BYTES: usize = 300;

/// Where a heading is found that has no id of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchors {
    /// Under the slug that GitHub and most site generators make of its text.
    Slugs,
    /// Nowhere: the page was rendered already, so the heading above that has an id is the nearest place.
    Given,
}

/// The chunks of a Markdown text, each with the headings above it.
///
/// ```
/// use skillmesh::chunk::{Anchors, markdown};
/// let text = "# Maps\n\n## Draw one {#drawing}\n\nCall `draw`.\n\n## Fold it\n\nTwice.\n";
/// let chunks = markdown(text, Anchors::Slugs);
/// assert_eq!(chunks.iter().map(|chunk| chunk.own()).collect::<String>(), text);
/// assert_eq!((chunks[0].headings.join(" > "), chunks[0].anchor.as_str()), ("Maps > Draw one".to_owned(), "drawing"));
/// assert_eq!((chunks[1].headings.join(" > "), chunks[1].anchor.as_str()), ("Maps > Fold it".to_owned(), "fold-it"));
/// ```
pub fn markdown(text: &str, anchors: Anchors) -> Vec<Chunk> {
    let mut outline = Outline::new(text, anchors);
    for (event, span) in Parser::new_ext(text, options()).into_offset_iter() {
        outline.see(event, span);
    }
    chunks(text, &outline.sections())
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// A heading while it is read, and the path to it afterwards.
#[derive(Clone, Default)]
struct Heading {
    level: usize,
    title: String,
    anchor: Option<String>,
}

/// Where a section begins, and what it is called.
struct Start {
    at: usize,
    headings: Vec<String>,
    anchor: String,
}

/// What is known of the text as far as it has been read.
struct Outline<'a> {
    text: &'a str,
    anchors: Anchors,
    slugs: Slugs,
    /// The headings above the place, outermost first.
    path: Vec<Heading>,
    open: Option<Heading>,
    starts: Vec<Start>,
    /// Where blocks begin, at the start of a line each.
    blocks: BTreeMap<usize, Kind>,
    /// A start of a line and a place at or behind it: lines are looked for from there.
    line: Range<usize>,
}

impl<'a> Outline<'a> {
    fn new(text: &'a str, anchors: Anchors) -> Self {
        let top = Start { at: 0, headings: Vec::new(), anchor: String::new() };
        Outline {
            text,
            anchors,
            slugs: Slugs::default(),
            path: Vec::new(),
            open: None,
            starts: vec![top],
            blocks: BTreeMap::new(),
            line: 0..0,
        }
    }

    fn see(&mut self, event: Event, span: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                let anchor = id.map(|id| encoded(&id)).filter(|id| id.len() <= HEADING_BYTES);
                self.open = Some(Heading { level: level as usize, title: String::new(), anchor });
            }
            Event::End(TagEnd::Heading(_)) => self.close(span.start),
            Event::Text(said) | Event::Code(said) => self.say(&said),
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            Event::Start(Tag::CodeBlock(_) | Tag::Table(_)) => self.block(span.start, Kind::Whole),
            Event::End(TagEnd::CodeBlock | TagEnd::Table) => self.end_block(span.end),
            Event::Start(tag) if is_block(&tag) => self.block(span.start, Kind::Prose),
            _ => {}
        }
    }

    /// More of the open heading.
    fn say(&mut self, said: &str) {
        let Some(heading) = self.open.as_mut() else { return };
        let room = HEADING_BYTES.saturating_sub(heading.title.len());
        heading.title.extend(said.char_indices().take_while(|(at, _)| *at < room).map(|(_, c)| c));
    }

    /// The open heading is read: a section begins with its line.
    fn close(&mut self, at: usize) {
        let Some(mut heading) = self.open.take() else { return };
        heading.title = heading.title.trim().to_owned();
        match (&heading.anchor, self.anchors) {
            (Some(anchor), _) => self.slugs.reserve(anchor),
            (None, Anchors::Slugs) => heading.anchor = Some(self.slugs.of(&heading.title)),
            (None, Anchors::Given) => {}
        }
        let above = self.path.iter().take_while(|above| above.level < heading.level).count();
        self.path.truncate(above);
        self.path.push(heading);
        let at = self.line_of(at).max(self.starts.last().map_or(0, |start| start.at));
        let headings = self.path.iter().map(|heading| heading.title.clone()).collect();
        let anchor = self.path.iter().rev().find_map(|heading| heading.anchor.clone()).unwrap_or_default();
        self.starts.push(Start { at, headings, anchor });
    }

    fn block(&mut self, at: usize, kind: Kind) {
        let line = self.line_of(at);
        self.blocks.insert(line, kind);
    }

    /// What follows code or a table is prose until something else is said of it.
    fn end_block(&mut self, end: usize) {
        let at_start = self.text[..end].ends_with('\n');
        let next = if at_start { Some(end) } else { self.text[end..].find('\n').map(|at| end + at + 1) };
        self.blocks.extend(next.map(|at| (at, Kind::Prose)));
    }

    /// The start of the line of this place. Places come in order, so each byte is looked at once, however long the line.
    fn line_of(&mut self, at: usize) -> usize {
        if at < self.line.end {
            return self.line.start.min(at);
        }
        let start = self.text[self.line.end..at].rfind('\n').map_or(self.line.start, |found| self.line.end + found + 1);
        self.line = start..at;
        start
    }

    /// The sections; a heading without text of its own belongs to the section that follows.
    fn sections(self) -> Vec<Section> {
        let mut sections = Vec::new();
        let mut from = 0;
        let length = self.text.len();
        let ends: Vec<usize> = self.starts.iter().skip(1).map(|start| start.at).chain([length]).collect();
        for (start, end) in self.starts.into_iter().zip(ends) {
            let mut inside: Vec<_> = self.blocks.range(start.at..end).map(|(at, kind)| (*at, *kind)).collect();
            if inside.is_empty() && end < length || from == end {
                continue;
            }
            inside.extend(inside.is_empty().then_some((from, Kind::Prose)));
            let blocks = blocks(from, end, &inside);
            sections.push(Section { headings: start.headings, anchor: start.anchor, blocks });
            from = end;
        }
        sections
    }
}

/// The places at which prose may be parted.
fn is_block(tag: &Tag) -> bool {
    use Tag::{BlockQuote, FootnoteDefinition, HtmlBlock, Item, List, Paragraph};
    matches!(tag, Paragraph | BlockQuote(_) | HtmlBlock | List(_) | Item | FootnoteDefinition(_))
}

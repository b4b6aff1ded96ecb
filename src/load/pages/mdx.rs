//! What does an MDX page say besides its code? Everything but imports, exports, tags and comments.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// A tag or expression that is longer was not closed.
const LONGEST: usize = 1 << 16;

/// The Markdown between the code; fenced, indented and inline code is text, and stays.
pub fn prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut end = 0;
    for span in verbatim(text) {
        if span.start >= end {
            prose.push_str(&without_code(&text[end..span.start]));
            prose.push_str(&text[span.clone()]);
            end = span.end;
        }
    }
    prose + &without_code(&text[end..])
}

/// Where the Markdown quotes code.
fn verbatim(text: &str) -> Vec<Range<usize>> {
    let quotes = |event: &Event| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    events.filter(|(event, _)| quotes(event)).map(|(_, span)| span).collect()
}

fn without_code(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut at = 0;
    // Where a search for a tag's end was given up: no other begins before, or long texts would cost their square.
    let mut given_up = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if (prose.is_empty() || prose.ends_with("\n\n")) && is_module(rest) {
            paragraph(rest)
        } else if at >= given_up && is_code(rest) {
            balanced(rest).unwrap_or_else(|| {
                given_up = at + LONGEST;
                0
            })
        } else {
            0
        };
        if length == 0 {
            prose.push(c);
        }
        at += length.max(if length == 0 { c.len_utf8() } else { 0 });
    }
    prose
}

/// Whether this paragraph imports or exports.
fn is_module(text: &str) -> bool {
    ["import ", "import{", "export "].iter().any(|word| text.starts_with(word))
}

/// The length of what goes on to the next empty line.
fn paragraph(text: &str) -> usize {
    text.find("\n\n").unwrap_or(text.len())
}

/// Whether a tag or an expression begins here; a `<` or `{` may be just text, and `{#id}` is a heading's anchor.
fn is_code(text: &str) -> bool {
    let next = text.chars().nth(1);
    match text.as_bytes()[0] {
        b'<' => next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '>')),
        b'{' => next.is_some_and(|c| c != '#'),
        _ => false,
    }
}

/// The length up to and with the mark that closes the first one, outside quotes and inner braces.
fn balanced(text: &str) -> Option<usize> {
    let close = if text.starts_with('<') { b'>' } else { b'}' };
    let mut braces = 0usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'`') => quote = Some(byte),
            (None, b'\'') if close == b'>' || braces > 1 => quote = Some(byte),
            (None, b'{') => braces += 1,
            (None, b'}') => braces = braces.saturating_sub(1),
            _ => {}
        }
        if quote.is_none() && braces == 0 && byte == close && at > 0 {
            return Some(at + 1);
        }
    }
    None
}

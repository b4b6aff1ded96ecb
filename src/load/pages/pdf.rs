//! What do the pages of a PDF say?

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::content::{Content, Operation};
use lopdf::{Document, Encoding, LoadOptions, Object, ObjectId};

use super::{Page, not_empty};
use crate::chunk;
use crate::load::{Finding, Source};

/// A single stream of a file may unpack to this many bytes, and all pages together to [`UNPACKED`].
const STREAM: usize = 64 << 20;

/// A few kilobytes can unpack to gigabytes; a long book's pages have less than this.
const UNPACKED: usize = 512 << 20;

/// A gap of this many thousandths of the font's size is a space.
const SPACE: f32 = 180.0;

pub fn read(source: &Source) -> Result<Page, Finding> {
    // The parser is meant to answer whatever it is given, but one file must not end the work on all others.
    let read = catch_unwind(AssertUnwindSafe(|| pages(&source.bytes)));
    let pages = read
        .unwrap_or(Err(lopdf::Error::Unimplemented("the parser gave up")))
        .map_err(|error| broken(source, &error))?;
    // Its first heading is `Page 1`, which names nothing: the file's name does.
    let page = Page { title: Some(String::new()), chunks: chunk::pages(&pages), ..Page::default() };
    not_empty(&source.path, page, "its pages are probably pictures; run text recognition over it first")
}

fn broken(source: &Source, error: &lopdf::Error) -> Finding {
    let message =
        format!("expected a PDF that can be read, got one that cannot: {error}; save it anew without a password");
    Finding::error(&source.path, "pdf-broken", message)
}

/// The text of each page; what is not empty ends in an empty line.
fn pages(bytes: &[u8]) -> lopdf::Result<Vec<String>> {
    let document = Document::load_mem_with_options(bytes, LoadOptions::with_max_decompressed_size(STREAM))?;
    let mut left = UNPACKED;
    document.page_iter().map(|page| text(&document, page, &mut left)).collect()
}

/// What a page shows, in the order in which it is drawn.
fn text(document: &Document, page: ObjectId, left: &mut usize) -> lopdf::Result<String> {
    let content = document.get_page_content_with_limit(page, STREAM.min(*left))?;
    *left -= content.len();
    let fonts = document.get_page_fonts(page).unwrap_or_default();
    let fonts = fonts.into_iter().filter_map(|(name, font)| {
        let encoding = font.get_font_encoding_with_limit(document, STREAM).ok()?;
        Some((name, encoding))
    });
    let fonts: Vec<(Vec<u8>, Encoding)> = fonts.collect();
    let mut shown = Shown { fonts: &fonts, font: None, text: String::new() };
    Content::decode(&content)?.operations.iter().for_each(|operation| shown.see(operation));
    Ok(paragraphs(&shown.text))
}

/// Lines without white space at their ends, and an empty line behind.
fn paragraphs(shown: &str) -> String {
    let lines: Vec<&str> = shown.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n\n" }
}

/// A page's text as far as it has been drawn.
struct Shown<'a> {
    fonts: &'a [(Vec<u8>, Encoding<'a>)],
    font: Option<&'a Encoding<'a>>,
    text: String,
}

impl<'a> Shown<'a> {
    fn see(&mut self, operation: &Operation) {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "Tf" => self.font = operands.first().and_then(|name| self.font(name)),
            "Tj" | "TJ" => operands.iter().for_each(|operand| self.show(operand)),
            "'" | "\"" => {
                self.text.push('\n');
                operands.last().into_iter().for_each(|operand| self.show(operand));
            }
            "Td" | "TD" => self.text.push(if moves_down(operands) { '\n' } else { ' ' }),
            "T*" | "Tm" | "ET" => self.text.push('\n'),
            _ => {}
        }
    }

    fn font(&self, name: &Object) -> Option<&'a Encoding<'a>> {
        let name = name.as_name().ok()?;
        self.fonts.iter().find(|(known, _)| known == name).map(|(_, encoding)| encoding)
    }

    /// A text, or an array of texts and gaps.
    fn show(&mut self, operand: &Object) {
        match operand {
            Object::String(bytes, _) => {
                let said = self.font.and_then(|font| Document::decode_text(font, bytes).ok());
                self.text.push_str(&said.unwrap_or_default());
            }
            Object::Array(parts) => parts.iter().for_each(|part| self.show(part)),
            gap if gap.as_float().is_ok_and(|gap| gap < -SPACE) => self.text.push(' '),
            _ => {}
        }
    }
}

/// Whether the text moves to another line.
fn moves_down(operands: &[Object]) -> bool {
    operands.get(1).and_then(|down| down.as_float().ok()).is_none_or(|down| down != 0.0)
}

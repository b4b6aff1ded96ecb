//! What does a page of a site say to its reader?

mod anchor;
mod code;
mod dom;
mod readable;
mod table;
mod write;

use super::{Page, not_empty, restricted};
use crate::chunk::{self, Anchors};
use crate::load::{Finding, Source, text};

pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Result<Page, Finding> {
    let text = text::page(source, findings);
    restricted::none_in_text(&source.path, &text)?;
    let html = dom::parse(&text).map_err(|got| nested(&source.path, &got))?;
    let said = write::markdown(readable::roots(&html));
    let title = readable::title(&html);
    let page = Page { title, chunks: chunk::markdown(said.trim(), Anchors::Given), ..Page::default() };
    not_empty(&source.path, page, "check that the page has text without scripts, and that it is not marked as hidden")
}

fn nested(path: &str, got: &str) -> Finding {
    let message = format!(
        "expected at most {} levels of elements and {} of them, got {got}; close the tags, or take the file out of the folder",
        dom::DEEPEST,
        dom::MOST
    );
    Finding::error(path, "nested-too-deeply", message)
}

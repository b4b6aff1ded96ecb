//! What does a plain text say? All of it.

use super::{Page, not_empty, restricted};
use crate::chunk;
use crate::load::text;
use crate::load::{Finding, Source};

pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Result<Page, Finding> {
    let text = text::page(source, findings);
    restricted::none_in_text(&source.path, &text)?;
    let page = Page { chunks: chunk::plain(text.trim()), ..Page::default() };
    not_empty(&source.path, page, "write some, or take the file out of the folder")
}

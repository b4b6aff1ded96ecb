//! What does a Markdown page say, and what does its front matter say of it?

use super::{Page, front, mdx, not_empty, toml, unsaid};
use crate::chunk::{self, Anchors};
use crate::load::{Finding, Source, frontmatter, text};

pub fn read(source: &Source, findings: &mut Vec<Finding>) -> Result<Page, Finding> {
    page(source, findings, &|body| body.trim().to_owned())
}

/// The same without the code between its paragraphs.
pub fn read_mdx(source: &Source, findings: &mut Vec<Finding>) -> Result<Page, Finding> {
    page(source, findings, &|body| mdx::prose(body).trim().to_owned())
}

fn page(source: &Source, findings: &mut Vec<Finding>, said: &dyn Fn(&str) -> String) -> Result<Page, Finding> {
    let text = text::page(source, findings);
    let front = match toml::front(&source.path, &text) {
        Some(front) => front?,
        None => frontmatter::optional(&source.path, &text, findings),
    };
    let chunks = chunk::markdown(unsaid::removed(&said(front.body)).trim(), Anchors::Slugs);
    let page = Page { chunks, ..front::labelled(&source.path, front, findings)? };
    not_empty(&source.path, page, "write some below the front matter, or take the file out of the folder")
}

//! Which document is in a file? One file a kind; what they have in common is here.

mod front;
mod html;
mod kind;
mod labels;
mod markdown;
mod mdx;
mod pdf;
mod plain;
mod restricted;
mod toml;
mod unsaid;
mod url;

pub use kind::Kind;
pub use labels::Labels;

use super::finding::{Finding, Source};
use crate::card::{Chunk, Document};

/// Larger files are refused: a page of that size is data, not something to read.
pub const LARGEST: u64 = 20 << 20;

/// What one file says, before it has a place.
#[derive(Default)]
struct Page {
    title: Option<String>,
    url: Option<String>,
    skills: Option<Vec<String>>,
    tags: Option<Vec<String>>,
    chunks: Vec<Chunk>,
}

/// The document in a file that lies at `path` below the folder that was named; none where nothing can be read.
///
/// ```
/// use skillmesh::load::{Labels, Source, page};
/// let bytes = b"---\nskills: [hr, \"legal, EU\"]\n---\n# Leave\n\nThirty days.\n".to_vec();
/// let labels = Labels { base_url: "https://example.org".into(), tags: vec!["rules".into()], ..Labels::default() };
/// let (document, findings) = page(&Source { path: "docs/leave.md".into(), bytes }, "leave.md", &labels);
/// let document = document.unwrap();
/// assert_eq!((document.title.as_str(), document.url.as_str()), ("Leave", "https://example.org/leave.md"));
/// assert_eq!((document.skills.join("|"), document.tags.join("|")), ("hr|legal, EU".to_owned(), "rules".to_owned()));
/// assert!(findings.is_empty());
/// ```
pub fn page(source: &Source, path: &str, labels: &Labels) -> (Option<Document>, Vec<Finding>) {
    let mut findings = Vec::new();
    let read = checked(source, path).and_then(|kind| kind.read(source, &mut findings));
    match read {
        Ok(page) => (Some(document(page, path, labels)), findings),
        Err(finding) => {
            findings.push(finding);
            (None, findings)
        }
    }
}

/// The kind of a file that can be read at all.
fn checked(source: &Source, path: &str) -> Result<Kind, Finding> {
    let kind = Kind::of(path).ok_or_else(|| unknown(source))?;
    if source.bytes.len() as u64 > LARGEST {
        return Err(too_large(&source.path, source.bytes.len() as u64));
    }
    if kind.is_text() && source.bytes.contains(&0) {
        let message = "expected text in UTF-8, got NUL bytes; save it as UTF-8, or take it out of the folder";
        return Err(Finding::error(&source.path, "binary", message));
    }
    Ok(kind)
}

fn unknown(source: &Source) -> Finding {
    let message = format!("expected {}, got another kind of file; convert it first", Kind::EXTENSIONS.join(", "));
    Finding::error(&source.path, "unknown-kind", message)
}

/// A file of this many bytes is refused, best before it is read.
pub fn too_large(path: &str, bytes: u64) -> Finding {
    let message = format!("expected at most {LARGEST} bytes, got {bytes}; split it, or take it out of the folder");
    Finding::error(path, "too-large", message)
}

/// What the page says of itself counts before what holds for all.
fn document(page: Page, path: &str, labels: &Labels) -> Document {
    let heading = page.chunks.iter().find_map(|chunk| chunk.headings.first());
    let title = page.title.or_else(|| heading.cloned()).filter(|title| !title.is_empty());
    let url = page.url.unwrap_or_else(|| url::of_path(path));
    Document {
        path: path.to_owned(),
        title: title.unwrap_or_else(|| file_name(path)),
        url: url::joined(&labels.base_url, &url),
        collection: labels.collection.clone(),
        skills: page.skills.unwrap_or_else(|| labels.skills.clone()),
        tags: page.tags.unwrap_or_else(|| labels.tags.clone()),
        chunks: page.chunks,
    }
}

/// The file's name without its extension, or its folder's where a file stands for its folder.
fn file_name(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let folder = folder.rsplit('/').next().filter(|folder| name == "index" && !folder.is_empty());
    folder.unwrap_or(name).to_owned()
}

/// A page must say something; `help` tells what else may hold its text.
fn not_empty(path: &str, page: Page, help: &str) -> Result<Page, Finding> {
    if page.chunks.iter().all(|chunk| chunk.own().trim().is_empty()) {
        return Err(Finding::warning(path, "nothing-to-read", format!("expected text, got none; {help}")));
    }
    Ok(page)
}

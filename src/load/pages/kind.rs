//! What kind of document is in a file? Its extension says.

use super::{Page, html, markdown, pdf, plain};
use crate::load::{Finding, Source};

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// CommonMark with tables and footnotes.
    Markdown,
    /// Markdown with components.
    Mdx,
    /// A page as a site serves it.
    Html,
    /// Paragraphs and nothing else.
    Plain,
    /// Pages of print.
    Pdf,
}

impl Kind {
    /// The extensions of all kinds.
    pub const EXTENSIONS: [&'static str; 8] = [".md", ".markdown", ".mdx", ".html", ".htm", ".txt", ".text", ".pdf"];

    /// The kind of the file at this path.
    ///
    /// ```
    /// use skillmesh::load::Kind;
    /// assert_eq!((Kind::of("guide/A.HTML"), Kind::of("logo.svg")), (Some(Kind::Html), None));
    /// assert!(Kind::EXTENSIONS.iter().all(|extension| Kind::of(extension).is_some()));
    /// ```
    pub fn of(path: &str) -> Option<Kind> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Kind::Markdown),
            "mdx" => Some(Kind::Mdx),
            "html" | "htm" => Some(Kind::Html),
            "txt" | "text" => Some(Kind::Plain),
            "pdf" => Some(Kind::Pdf),
            _ => None,
        }
    }

    /// Whether its bytes are text.
    pub fn is_text(self) -> bool {
        self != Kind::Pdf
    }

    pub(super) fn read(self, source: &Source, findings: &mut Vec<Finding>) -> Result<Page, Finding> {
        match self {
            Kind::Markdown => markdown::read(source, findings),
            Kind::Mdx => markdown::read_mdx(source, findings),
            Kind::Html => html::read(source, findings),
            Kind::Plain => plain::read(source, findings),
            Kind::Pdf => pdf::read(source),
        }
    }
}

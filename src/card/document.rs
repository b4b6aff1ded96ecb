//! What is a document? A text that belongs to skills, in the pieces that are found.

use std::ops::Range;

use serde::Serialize;

use crate::bytes::{Fields, FromPacked, Packed, Unpacked};

use super::Access;

/// One document in its chunks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Document {
    /// Where it lies below the folder that was named, with forward slashes; unique within a snapshot.
    pub path: String,
    /// The name a person reads.
    pub title: String,
    /// Where it is read, without an anchor.
    pub url: String,
    /// The set of documents that it belongs to.
    pub collection: String,
    /// Who may read it: the skills of these names, or everybody where there are none.
    pub skills: Vec<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// Its pieces, in order.
    #[serde(skip)]
    pub chunks: Vec<Chunk>,
}

impl<'a> FromPacked<'a> for Document {
    /// The document without its chunks.
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let mut fields = Fields::of(value)?;
        Ok(Document {
            path: fields.needed("path")?,
            title: fields.or_default("title")?,
            url: fields.or_default("url")?,
            collection: fields.or_default("collection")?,
            skills: fields.needed("skills")?,
            tags: fields.or_default("tags")?,
            chunks: Vec::new(),
        })
    }
}

/// A piece of a document that is found and read on its own.
///
/// The spans of a document's chunks follow one another from its first byte to its last, so their own texts make the
/// document again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chunk {
    /// The headings above it, the outermost first, its own last.
    pub headings: Vec<String>,
    /// What leads to its heading within the page, without `#`; empty at a page's top.
    pub anchor: String,
    /// Its own bytes within the document's text.
    pub span: Range<usize>,
    /// How many bytes of `text`, at its start, repeat the end of the chunk before.
    pub overlap: usize,
    /// What it says, in Markdown.
    pub text: String,
}

impl Document {
    /// The document as a snapshot for one skill alone holds it: without the names of the others that may read it.
    ///
    /// ```
    /// use skillmesh::card::Document;
    /// let document = Document { skills: vec!["hr".into(), "legal".into()], ..Document::default() };
    /// assert_eq!(document.clone().seen_by("hr").unwrap().skills, ["hr"]);
    /// assert_eq!(document.seen_by("code"), None);
    /// assert_eq!(Document::default().seen_by("code"), Some(Document::default()), "it is everybody's, and stays so");
    /// ```
    pub fn seen_by(mut self, skill: &str) -> Option<Document> {
        let permitted = Access::of(&[skill]).permits(&self.skills, &[]);
        self.skills.retain(|name| name == skill);
        permitted.then_some(self)
    }
}

impl Chunk {
    /// What it says beyond the chunk before.
    pub fn own(&self) -> &str {
        &self.text[self.overlap..]
    }
}

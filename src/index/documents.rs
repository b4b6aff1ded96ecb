//! How do documents become a snapshot? Chunk by chunk, in order of path and place.

use sha2::{Digest, Sha256};

use super::sections::{Embedded, EmbeddedRows, Sections, packed, records, rows};
use crate::bytes::{hex, put_u32};
use crate::card::{Chunk, Document};
use crate::search::{EVERYBODY, access_key, facet_key};
use crate::snapshot::{ChunkHead, Kind, Ranking, Section};
use crate::sparse::Field;
use crate::text::plain;
use crate::{Code, Error, Result};

/// Documents in the order of the snapshot: by path, so that ties break by position.
///
/// ```
/// use skillmesh::card::{Access, Chunk, Document};
/// use skillmesh::index::DocumentPlan;
/// use skillmesh::search::{DocumentRequest, DocumentRetriever, Request};
/// let chunk = Chunk { span: 0..17, text: "Salaries rise.\n\n".into(), ..Default::default() };
/// let skills = vec!["hr_assistant".to_owned()];
/// let document = Document { path: "pay.md".into(), skills, chunks: vec![chunk], ..Default::default() };
/// let docs = DocumentRetriever::open(DocumentPlan::new(vec![document])?.compile(None, Default::default())?)?;
/// let pages = |access| docs.search(&DocumentRequest { access, ..DocumentRequest::new("salaries") }).map(|a| a.pages.len());
/// assert_eq!((pages(Access::of(&["hr_assistant"]))?, pages(Access::of(&["code_assistant"]))?), (1, 0));
/// # Ok::<(), skillmesh::Error>(())
/// ```
#[derive(Debug)]
pub struct DocumentPlan {
    documents: Vec<Document>,
}

impl DocumentPlan {
    /// Sorts the documents; paths must be distinct.
    pub fn new(mut documents: Vec<Document>) -> Result<Self> {
        documents.sort_by(|a, b| a.path.cmp(&b.path));
        if let Some(pair) = documents.windows(2).find(|pair| pair[0].path == pair[1].path) {
            return Err(Error::new(Code::Registry, "two documents have the same path")
                .got(format!("`{}` twice", pair[0].path))
                .help("name their common folder, so that each has a path of its own"));
        }
        Ok(DocumentPlan { documents })
    }

    /// The text to embed of each chunk: under which headings it stands, and what it says.
    pub fn passages(&self) -> Vec<Vec<String>> {
        self.chunks().map(|(_, document, chunk)| vec![passage(document, chunk)]).collect()
    }

    /// The snapshot's bytes; `vectors` has one entry a chunk, with the model they come from.
    pub fn compile(self, vectors: Option<Embedded>, ranking: Ranking) -> Result<Vec<u8>> {
        let rows = vectors.map(|vectors| rows(vectors, &|chunk| self.name(chunk))).transpose()?;
        self.compile_rows(rows, ranking)
    }

    /// The same with rows, which may be those of an older snapshot.
    pub fn compile_rows(self, rows: Option<EmbeddedRows>, ranking: Ranking) -> Result<Vec<u8>> {
        let documents = self.documents.iter().map(packed).collect::<Result<Vec<_>>>()?;
        let heads = self.chunks().map(|(_, _, chunk)| head(chunk)).collect::<Result<Vec<_>>>()?;
        let mut owners = Vec::new();
        self.chunks().for_each(|(number, ..)| put_u32(&mut owners, number as u32));
        let sections = Sections {
            kind: Kind::Documents,
            entries: heads.len(),
            inputs: self.inputs(&documents, &heads),
            sections: vec![
                (Section::Documents, records(documents.iter())),
                (Section::Chunks, records(heads.iter())),
                (Section::Texts, records(self.chunks().map(|(_, _, chunk)| &chunk.text))),
                (Section::Owners, owners),
            ],
        };
        sections
            .sparse(self.chunks().map(|(_, document, chunk)| texts(document, chunk)))?
            .facets(self.chunks().map(|(_, document, _)| keys(document)))?
            .finish(rows, ranking, &|chunk| self.name(chunk))
    }

    /// The path of a chunk's document.
    fn name(&self, chunk: usize) -> String {
        self.chunks().nth(chunk).map_or(String::new(), |(_, document, _)| document.path.clone())
    }

    /// Every chunk with its document and the document's number.
    fn chunks(&self) -> impl Iterator<Item = (usize, &Document, &Chunk)> {
        let documents = self.documents.iter().enumerate();
        documents.flat_map(|(number, document)| document.chunks.iter().map(move |chunk| (number, document, chunk)))
    }

    fn inputs(&self, documents: &[Vec<u8>], heads: &[Vec<u8>]) -> String {
        let mut hash = Sha256::new();
        documents.iter().chain(heads).for_each(|record| hash.update(record));
        self.chunks().for_each(|(_, _, chunk)| hash.update(chunk.text.as_bytes()));
        hex(&hash.finalize())
    }
}

fn head(chunk: &Chunk) -> Result<Vec<u8>> {
    packed(&ChunkHead {
        headings: chunk.headings.clone(),
        anchor: chunk.anchor.clone(),
        start: chunk.span.start as u32,
        end: chunk.span.end as u32,
        overlap: chunk.overlap as u32,
    })
}

/// A chunk's own heading is its title; what stands above it names it less closely.
fn texts(document: &Document, chunk: &Chunk) -> Vec<(Field, String)> {
    let (own, above) = chunk.headings.split_last().map_or(("", &[][..]), |(own, above)| (own.as_str(), above));
    let title = if own.is_empty() { &document.title } else { own };
    let mut texts = vec![(Field::Title, title.to_owned()), (Field::Body, plain(chunk.own()))];
    let named = above.iter().chain([&document.title]).filter(|name| name.as_str() != title);
    texts.extend(named.map(|name| (Field::Aliases, name.clone())));
    texts.extend(document.tags.iter().map(|tag| (Field::Tags, tag.clone())));
    texts
}

/// The text to embed of a chunk.
pub(super) fn passage(document: &Document, chunk: &Chunk) -> String {
    let title = Some(&document.title).filter(|title| !chunk.headings.contains(title) && !title.is_empty());
    let text = plain(&chunk.text);
    let said = |name: &&String| !text.starts_with(name.as_str());
    let names = title.into_iter().chain(&chunk.headings).filter(said).map(String::as_str);
    names.chain([text.trim()]).collect::<Vec<_>>().join(". ")
}

/// Under which filter values a document's chunks are found, and who may see them.
fn keys(document: &Document) -> impl Iterator<Item = String> {
    let collection = Some(&document.collection).filter(|name| !name.is_empty());
    let collection = collection.map(|name| facet_key("collection", name));
    let tags = document.tags.iter().flat_map(|tag| [facet_key("tag", tag), access_key("tag", tag)]);
    let everybody = document.skills.is_empty().then(|| EVERYBODY.to_owned());
    let skills = document.skills.iter().map(|skill| access_key("skill", skill));
    tags.chain(collection).chain(everybody).chain(skills)
}

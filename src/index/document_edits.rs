//! Documents come into an open snapshot; what is the snapshot then?

use std::collections::{BTreeMap, BTreeSet};

use super::DocumentPlan;
use super::documents::passage;
use super::edits::check_builder;
use super::sections::{EmbeddedRows, check_numbers};
use crate::card::{Chunk, Document};
use crate::dense::Row;
use crate::search::DocumentRetriever;
use crate::snapshot::{ModelInfo, Ranking};
use crate::{Code, Error, Result};

/// A snapshot's documents and those that come. All that is not touched stays as it is: readers, labels, addresses, texts
/// and vectors.
///
/// ```
/// use skillmesh::{card::{Chunk, Document}, index::{DocumentEdits, DocumentPlan}, search::DocumentRetriever};
/// let document = |path: &str| Document {
///     path: path.into(),
///     chunks: vec![Chunk { span: 0..4, text: "Text".into(), ..Default::default() }],
///     ..Default::default()
/// };
/// let build = |paths: &[&str]| DocumentPlan::new(paths.iter().map(|path| document(path)).collect())?.compile(None, Default::default());
/// let mut edits = DocumentEdits::of(&DocumentRetriever::open(build(&["a.md", "c.md"])?)?)?;
/// edits.put(document("b.md"));
/// assert_eq!(edits.compile()?, build(&["a.md", "b.md", "c.md"])?);
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub struct DocumentEdits {
    model: Option<ModelInfo>,
    ranking: Ranking,
    /// By path, which is the snapshot's order.
    held: BTreeMap<String, Held>,
    /// The rows of passages, by their texts.
    rows: BTreeMap<String, Row>,
}

/// A document, and where it was in the snapshot already, the rows of each of its chunks.
struct Held {
    document: Document,
    rows: Option<Vec<Vec<Row>>>,
}

impl DocumentEdits {
    /// No edits yet. Damage, and what another version wrote, is refused.
    pub fn of(old: &DocumentRetriever) -> Result<DocumentEdits> {
        check_builder(old.header())?;
        old.verify()?;
        let mut left = old.entry_rows().unwrap_or_else(|| vec![Vec::new(); old.len()]).into_iter();
        let header = old.header();
        let (model, ranking) = (header.model.clone(), header.ranking.clone());
        let mut edits = DocumentEdits { model, ranking, held: BTreeMap::new(), rows: BTreeMap::new() };
        for document in old.whole()? {
            let rows: Vec<Vec<Row>> = left.by_ref().take(document.chunks.len()).collect();
            edits.know(&document, &rows);
            edits.held.insert(document.path.clone(), Held { document, rows: Some(rows) });
        }
        Ok(edits)
    }

    /// The model of the vectors; `None` where there are none.
    pub fn model(&self) -> Option<&ModelInfo> {
        self.model.as_ref()
    }

    /// Every document, by path.
    pub fn documents(&self) -> impl Iterator<Item = &Document> + Clone {
        self.held.values().map(|held| &held.document)
    }

    /// The document of this path.
    pub fn document(&self, path: &str) -> Option<&Document> {
        self.held.get(path).map(|held| &held.document)
    }

    /// Puts a document in, in place of one of the same path.
    pub fn put(&mut self, document: Document) {
        self.held.insert(document.path.clone(), Held { document, rows: None });
    }

    /// The passages without a vector, each once; none where the snapshot has no vectors at all.
    pub fn unembedded(&self) -> BTreeSet<String> {
        let came = self.held.values().filter(|held| self.model.is_some() && held.rows.is_none());
        let passages = came.flat_map(|Held { document, .. }| document.chunks.iter().map(|c| passage(document, c)));
        passages.filter(|passage| !self.rows.contains_key(passage)).collect()
    }

    /// Remembers the vector of a passage.
    pub fn learn(&mut self, passage: String, vector: &[f32]) -> Result<()> {
        let Some(model) = &self.model else { return Ok(()) };
        check_numbers(model, vector)?;
        self.rows.insert(passage, Row::of(vector));
        Ok(())
    }

    /// The snapshot's bytes, as a build of these documents makes them.
    pub fn compile(mut self) -> Result<Vec<u8>> {
        let (ranking, rows) = (std::mem::take(&mut self.ranking), self.all_rows()?);
        let documents = self.held.into_values().map(|held| held.document).collect();
        DocumentPlan::new(documents)?.compile_rows(rows, ranking)
    }

    /// A chunk's own row is one that its text tells; rows that a caller brought need not be.
    fn know(&mut self, document: &Document, rows: &[Vec<Row>]) {
        for (chunk, rows) in document.chunks.iter().zip(rows) {
            if let [row] = rows.as_slice() {
                self.rows.insert(passage(document, chunk), row.clone());
            }
        }
    }

    fn all_rows(&self) -> Result<Option<EmbeddedRows>> {
        let Some(model) = self.model.clone() else { return Ok(None) };
        let mut all = Vec::new();
        for Held { document, rows } in self.held.values() {
            match rows {
                Some(rows) => all.extend(rows.iter().cloned()),
                None => all.extend(document.chunks.iter().map(|c| self.row(document, c)).collect::<Result<Vec<_>>>()?),
            }
        }
        Ok(Some((model, all)))
    }

    fn row(&self, document: &Document, chunk: &Chunk) -> Result<Vec<Row>> {
        let known = self.rows.get(&passage(document, chunk)).cloned();
        known
            .map(|row| vec![row])
            .ok_or_else(|| Error::new(Code::Internal, "a passage has no vector").at(document.path.clone()))
    }
}

//! What goes into the sections that every kind of snapshot has?

use std::collections::BTreeMap;

use super::CardVectors;
use crate::bytes::{RecordWriter, put_varint};
use crate::dense::{DenseWriter, Row};
use crate::snapshot::{Header, Kind, ModelInfo, Ranking, Section, write};
use crate::sparse::{DictionaryWriter, Field, SparseWriter};
use crate::{Code, Error, Result};

/// The model and, entry by entry, the vectors of the passages.
pub type Embedded = (ModelInfo, Vec<CardVectors>);

/// The same as rows, new or from an older snapshot.
pub type EmbeddedRows = (ModelInfo, Vec<Vec<Row>>);

/// A snapshot on its way: what can be found, entry by entry, and the sections so far.
pub struct Sections {
    pub kind: Kind,
    pub entries: usize,
    /// SHA-256 of everything that went in, hex.
    pub inputs: String,
    pub sections: Vec<(Section, Vec<u8>)>,
}

impl Sections {
    /// Adds the postings of each entry's texts.
    pub fn sparse(self, texts: impl Iterator<Item = Vec<(Field, String)>>) -> Result<Self> {
        let mut writer = SparseWriter::default();
        texts.for_each(|texts| writer.push(texts.iter().map(|(field, text)| (*field, text.as_str()))));
        self.postings(writer)
    }

    /// Adds what a writer was given.
    pub fn postings(mut self, writer: SparseWriter) -> Result<Self> {
        let sparse = writer.finish()?;
        let all =
            [(Section::Terms, sparse.terms), (Section::Postings, sparse.postings), (Section::Lengths, sparse.lengths)];
        self.sections.extend(all);
        Ok(self)
    }

    /// Adds the dictionary of each entry's keys and its lists; a list is a count, then distances between entries, as
    /// varints.
    pub fn facets<K: Iterator<Item = String>>(mut self, keys: impl Iterator<Item = K>) -> Result<Self> {
        let mut lists: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (number, keys) in keys.enumerate() {
            keys.for_each(|key| note(lists.entry(key).or_default(), number as u32));
        }
        let mut dictionary = DictionaryWriter::default();
        for (key, entries) in &lists {
            dictionary.push(key, &list(entries))?;
        }
        let (facets, lists) = dictionary.finish();
        self.sections.extend([(Section::Facets, facets), (Section::FacetLists, lists)]);
        Ok(self)
    }

    /// The snapshot's bytes, with rows where there are some; `name` tells which entry has a wrong one.
    pub fn finish(
        mut self,
        embedded: Option<EmbeddedRows>,
        ranking: Ranking,
        name: &dyn Fn(usize) -> String,
    ) -> Result<Vec<u8>> {
        let model = match embedded {
            Some((model, rows)) => {
                self.sections.extend(dense(&model, &rows, name)?);
                Some(model)
            }
            None => None,
        };
        write(&Header::new(self.kind, self.entries as u32, self.inputs, model, ranking), &self.sections)
    }
}

/// One record after the other.
pub fn records<R: AsRef<[u8]>>(records: impl Iterator<Item = R>) -> Vec<u8> {
    let mut writer = RecordWriter::default();
    records.for_each(|record| writer.push(record.as_ref()));
    writer.finish()
}

/// A value as a MessagePack map.
pub fn packed(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    rmp_serde::to_vec_named(value).map_err(|e| Error::new(Code::Internal, "a record cannot be written").caused_by(e))
}

/// The rows of the entries' vectors; `name` tells which entry has a wrong one.
pub fn rows(embedded: Embedded, name: &dyn Fn(usize) -> String) -> Result<EmbeddedRows> {
    let (model, entries) = embedded;
    let row = |vector: &Vec<f32>| check_numbers(&model, vector).map(|()| Row::of(vector));
    let rows = |(entry, vectors): (usize, CardVectors)| {
        vectors.iter().map(row).collect::<Result<Vec<_>>>().map_err(|error| error.at(name(entry)))
    };
    let rows = entries.into_iter().enumerate().map(rows).collect::<Result<_>>()?;
    Ok((model, rows))
}

fn dense(model: &ModelInfo, entries: &[Vec<Row>], name: &dyn Fn(usize) -> String) -> Result<[(Section, Vec<u8>); 3]> {
    let mut writer = DenseWriter::default();
    for (entry, rows) in entries.iter().enumerate() {
        for row in rows {
            check_length(model, row.values.len()).map_err(|error| error.at(name(entry)))?;
            writer.push_row(entry as u32, row);
        }
    }
    let dense = writer.finish();
    Ok([(Section::Vectors, dense.vectors), (Section::Scales, dense.scales), (Section::Rows, dense.rows)])
}

/// Refuses a vector that is not one of the model.
pub fn check_numbers(model: &ModelInfo, vector: &[f32]) -> Result<()> {
    check_length(model, vector.len())?;
    if vector.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    Err(misfit(model).got("a number that is not finite"))
}

fn check_length(model: &ModelInfo, length: usize) -> Result<()> {
    if length == model.dimensions as usize {
        return Ok(());
    }
    Err(misfit(model).got(format!("{length} numbers")))
}

fn misfit(model: &ModelInfo) -> Error {
    Error::new(Code::InvalidArgument, "a vector does not fit the model")
        .expected(format!("{} finite numbers", model.dimensions))
}

/// Adds an entry to a list, once.
pub fn note(entries: &mut Vec<u32>, entry: u32) {
    if entries.last() != Some(&entry) {
        entries.push(entry);
    }
}

/// A list of ascending entries: how many, then distances.
pub fn list(entries: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, entries.len() as u32);
    let mut before = 0;
    for entry in entries {
        put_varint(&mut out, entry - before);
        before = *entry;
    }
    out
}

//! Which bytes are a pack, and what do they hold?
//!
//! Everything that running the model relies on is checked here, so that a cut or made-up file is refused and
//! never panics later; only a byte flipped inside the numbers is left to `verify`.

use super::document::Document;
use super::tensor::Tensor;
use super::verify::fingerprint_at;
use super::{ARCHITECTURE, Config, FORMAT, MAGIC, Matrix, PREFIX, Pooling, corrupt};
use crate::embed::tokenizer::Tokenizer;
use crate::{Code, Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An opened pack: its facts, its tokenizer, and its tensors where they lie.
pub(crate) struct Pack {
    pub bytes: Arc<Vec<u8>>,
    pub name: String,
    pub fingerprint: String,
    pub config: Config,
    pub pooling: Pooling,
    pub normalize: bool,
    pub tokenizer: Tokenizer,
    tensors: BTreeMap<String, Tensor>,
}

/// The two fields that say whether the rest can be understood.
#[derive(Deserialize)]
struct Head<'a> {
    magic: &'a str,
    format: u32,
}

impl Pack {
    /// Reads and checks a pack; weights stay where they are.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        check_head(&bytes)?;
        let bytes = Arc::new(bytes);
        let document = parse(&bytes)?;
        check_document(&document)?;
        check_layout(&document, &bytes)?;
        let tensors = document.tensors.iter().map(|entry| Ok((entry.name.to_owned(), Tensor::read(entry, &bytes)?)));
        Ok(Pack {
            name: document.name.to_owned(),
            fingerprint: document.fingerprint.to_owned(),
            pooling: document.pooling,
            normalize: document.normalize,
            tokenizer: Tokenizer::new(&document.tokenizer, document.max_tokens, document.config.vocab_size)?,
            tensors: tensors.collect::<Result<_>>()?,
            config: document.config,
            bytes: bytes.clone(),
        })
    }

    /// The tensor of integers of this name and shape.
    pub fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Matrix> {
        match self.tensors.get(name) {
            Some(Tensor::Matrix(m)) if (m.rows(), m.columns()) == (rows, columns) => Ok(m.clone()),
            found => Err(mismatch(name, format!("integers [{rows}, {columns}]"), found)),
        }
    }

    /// The f32 tensor of this name and length.
    pub fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>> {
        match self.tensors.get(name) {
            Some(Tensor::F32(values)) if values.len() == length => Ok(values.clone()),
            found => Err(mismatch(name, format!("f32 [{length}]"), found)),
        }
    }
}

fn check_head(bytes: &[u8]) -> Result<()> {
    let head: Head = rmp_serde::from_slice(bytes).map_err(|e| not_a_pack(bytes).caused_by(e))?;
    if head.magic != MAGIC {
        return Err(not_a_pack(bytes).expected(MAGIC).got(head.magic));
    }
    if head.format != FORMAT {
        return Err(Error::new(Code::ModelVersion, "unreadable model pack version")
            .expected(FORMAT)
            .got(head.format)
            .help("import the model again with `skillmesh model import`"));
    }
    match bytes.starts_with(PREFIX) {
        true => Ok(()),
        false => Err(corrupt("the header is not written as the format prescribes")),
    }
}

/// A file that starts like a pack was one once.
fn not_a_pack(bytes: &[u8]) -> Error {
    let start = bytes.len().min(PREFIX.len());
    match start > 0 && bytes[..start] == PREFIX[..start] {
        true => corrupt("the model pack is cut or damaged"),
        false => Error::new(Code::ModelFormat, "not a model pack").help("make one with `skillmesh model import`"),
    }
}

fn parse(bytes: &[u8]) -> Result<Document<'_>> {
    let document: Document =
        rmp_serde::from_slice(bytes).map_err(|e| corrupt("the model pack is cut or damaged").caused_by(e))?;
    // The format puts tensors last and their data last in them: bytes after it belong to nothing.
    let end = document.tensors.last().map_or(0, |t| t.data.as_ptr() as usize + t.data.len() - bytes.as_ptr() as usize);
    match end == bytes.len() {
        true => Ok(document),
        false => Err(corrupt("the file does not end with its last tensor").expected(bytes.len()).got(end)),
    }
}

fn check_document(document: &Document) -> Result<()> {
    if document.architecture != ARCHITECTURE {
        return Err(Error::new(Code::ModelFormat, "unsupported architecture")
            .expected(ARCHITECTURE)
            .got(document.architecture));
    }
    if !is_sha256(document.fingerprint) {
        return Err(corrupt("the fingerprint is not 64 lower-case hexadecimal digits"));
    }
    check_max_tokens(document)?;
    document.config.check()
}

/// `verify` finds the fingerprint by counting, so it must stand where counting leads.
fn check_layout(document: &Document, bytes: &[u8]) -> Result<()> {
    let start = fingerprint_at(document.name);
    match bytes.get(start..start + 64) == Some(document.fingerprint.as_bytes()) {
        true => Ok(()),
        false => Err(corrupt("the fingerprint is not where the format prescribes")),
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn check_max_tokens(document: &Document) -> Result<()> {
    match (3..=document.config.max_positions).contains(&document.max_tokens) {
        true => Ok(()),
        false => Err(corrupt("max_tokens is out of range")
            .expected(format!("3 to max_positions ({})", document.config.max_positions))
            .got(document.max_tokens)),
    }
}

fn mismatch(name: &str, expected: String, found: Option<&Tensor>) -> Error {
    let got = match found {
        None => "none".to_owned(),
        Some(Tensor::Matrix(m)) => format!("integers [{}, {}]", m.rows(), m.columns()),
        Some(Tensor::F32(values)) => format!("f32 [{}]", values.len()),
    };
    corrupt("missing or unfit tensor").at(name).expected(expected).got(got)
}

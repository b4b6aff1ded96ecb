//! How does a published model become a pack?
//!
//! Reads what sentence-transformers publishes: BERT weights, `tokenizer.json`, `config.json`, and the pooling's
//! configuration. Bytes come in and bytes go out.

mod facts;
mod files;
mod tensors;
mod vocabulary;
mod weights;

pub use files::ModelFiles;

use super::Embedder;
use super::pack::{ARCHITECTURE, Document, FORMAT, MAGIC, NO_CHECKSUM, NO_FINGERPRINT, write};
use crate::{Code, Error, Result};
use facts::Facts;
use vocabulary::OwnedVocabulary;
use weights::Weights;

/// The pack of a model under `name`, or the one in its configuration; the same files give the same bytes.
///
/// Fails with `model-format` where a file is missing, or the model is not a BERT encoder with WordPiece.
pub fn import(files: &ModelFiles, name: Option<&str>) -> Result<Vec<u8>> {
    let facts = Facts::read(files)?;
    let vocabulary = OwnedVocabulary::read(files)?;
    let weights = Weights::read(files.weights()?)?;
    let tensors = tensors::all(&weights, &facts.config)?;
    let pack = write(&Document {
        magic: MAGIC,
        format: FORMAT,
        checksum: NO_CHECKSUM,
        name: name.unwrap_or(&facts.name),
        fingerprint: NO_FINGERPRINT,
        architecture: ARCHITECTURE,
        config: facts.config.clone(),
        pooling: facts.pooling,
        normalize: facts.normalize,
        max_tokens: facts.max_tokens,
        tokenizer: vocabulary.view(),
        tensors: tensors.iter().map(tensors::NamedTensor::entry).collect(),
    })?;
    Embedder::open(pack.clone())?.verify()?;
    Ok(pack)
}

fn unsupported(message: impl Into<String>) -> Error {
    Error::new(Code::ModelFormat, message)
        .help("models that can be imported are BERT encoders with WordPiece, as sentence-transformers publishes them")
}

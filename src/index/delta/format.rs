//! What is in a delta, and is it one that this library can read?

use std::borrow::Cow;

use serde::Serialize;
use serde_bytes::Bytes;

use crate::bytes::{Packed, from_packed, sha256};
use crate::snapshot::{BUILDER, Header, ModelInfo, Ranking, Snapshot};
use crate::{Code, Error, Result};

/// The value of the first key of every delta.
pub const MAGIC: &str = "skillmesh-delta";

/// The format this library writes, and the only one it reads.
pub const FORMAT: u32 = 1;

/// What tells one snapshot from every other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// SHA-256 of the cards, hex.
    pub inputs: String,
    /// The model's fingerprint; empty without a model.
    pub model: String,
    /// SHA-256 of the file, hex.
    pub file: String,
}

from_packed!(Stamp { inputs, model, file });

#[derive(Serialize)]
pub struct Written<'a> {
    pub magic: &'static str,
    pub format: u32,
    pub builder: &'a str,
    pub base: Stamp,
    pub result: Stamp,
    pub model: &'a Option<ModelInfo>,
    pub ranking: &'a Ranking,
    pub removed: &'a [String],
    pub heads: &'a Bytes,
    pub texts: &'a Bytes,
    pub vectors: &'a Bytes,
    pub scales: &'a Bytes,
}

/// Read before all else: what another version says of a ranking need not be what this one can read.
struct Identity {
    magic: String,
    format: u32,
    builder: String,
}

from_packed!(Identity {} default { magic, format, builder });

pub struct Delta<'a> {
    pub base: Stamp,
    pub result: Stamp,
    pub model: Option<ModelInfo>,
    pub ranking: Ranking,
    pub removed: Vec<String>,
    pub heads: Cow<'a, [u8]>,
    pub texts: Cow<'a, [u8]>,
    pub vectors: Cow<'a, [u8]>,
    pub scales: Cow<'a, [u8]>,
}

from_packed!(Delta<'a> { base, result, ranking, removed, heads, texts, vectors, scales } default { model });

impl Stamp {
    /// The stamp of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Stamp {
        let Header { inputs, model, .. } = snapshot.header();
        let model = model.as_ref().map_or(String::new(), |model| model.fingerprint.clone());
        Stamp { inputs: inputs.clone(), model, file: sha256(snapshot.bytes()) }
    }
}

/// Reads a delta of this format and builder.
pub fn read(bytes: &[u8]) -> Result<Delta<'_>> {
    let other =
        || Error::new(Code::SnapshotFormat, "this is not a delta").expected("a file written by `skillmesh diff`");
    // Any other file may be large, and would become many values before it is known that it is none of ours.
    if !begins_as_delta(bytes) {
        return Err(other().got("another file"));
    }
    let file = Packed::read(bytes).map_err(|error| damaged().caused_by(error))?;
    let identity: Identity = file.clone().to().map_err(|error| other().caused_by(error))?;
    if identity.magic != MAGIC {
        return Err(other().got(format!("magic `{}`", identity.magic.escape_debug())));
    }
    if identity.format != FORMAT {
        return Err(version("the delta has another format version", FORMAT, identity.format));
    }
    if identity.builder != BUILDER {
        return Err(version("the delta was made by another version", BUILDER, &identity.builder));
    }
    let delta: Delta = file.to().map_err(|error| damaged().caused_by(error))?;
    if delta.scales.as_ptr_range().end != bytes.as_ptr_range().end {
        return Err(damaged().got("more bytes after its end"));
    }
    Ok(delta)
}

/// A small map whose first entry is the magic.
fn begins_as_delta(bytes: &[u8]) -> bool {
    let entry = [&[0xa0 | 5], b"magic".as_slice(), &[0xa0 | MAGIC.len() as u8], MAGIC.as_bytes()].concat();
    bytes.first().is_some_and(|first| first & 0xf0 == 0x80) && bytes[1..].starts_with(&entry)
}

fn version(message: &str, expected: impl std::fmt::Display, got: impl std::fmt::Display) -> Error {
    let help = "fetch the whole snapshot, or use the skillmesh version that made the delta";
    Error::new(Code::SnapshotVersion, message).expected(expected).got(got).help(help)
}

/// The delta contradicts itself, or its outcome what it says of it.
pub fn damaged() -> Error {
    Error::new(Code::SnapshotCorrupt, "the delta is damaged").help("fetch it again, or fetch the whole snapshot")
}

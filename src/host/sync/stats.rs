//! What does a kept snapshot hold, and is it up to date?

use std::path::Path;

use serde::Serialize;

use super::old::Old;
use crate::host::places::places;
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// Whether a snapshot is what its files say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// No file changed, came or went.
    Current,
    /// One did, or is broken.
    Stale,
    /// Nothing is remembered of how it was made.
    Unknown,
}

/// What a kept snapshot holds.
#[derive(Clone, Debug, Serialize)]
pub struct IndexStats {
    /// How many cards.
    pub cards: usize,
    /// How many files they were read from.
    pub files: usize,
    /// How many of those are broken.
    pub broken: usize,
    /// The model of its vectors.
    pub model: Option<ModelInfo>,
    /// Whether it is up to date.
    pub state: State,
}

/// What a kept snapshot holds, and whether it is up to date with the files it was made from.
pub fn stats(snapshot: &Path) -> Result<IndexStats> {
    let old = Old::open(snapshot)?;
    let (Some(header), None) = (old.header(), &old.finding) else { return Err(unusable(snapshot, &old)) };
    let files = old.sidecar().map(|sidecar| &sidecar.files);
    Ok(IndexStats {
        cards: header.cards as usize,
        files: files.map_or(0, |files| files.len()),
        broken: files.map_or(0, |files| files.values().filter(|file| file.broken).count()),
        model: header.model.clone(),
        state: state(&old),
    })
}

fn state(old: &Old) -> State {
    let Some(sidecar) = old.sidecar() else { return State::Unknown };
    let current = places(sidecar.paths()).is_ok_and(|found| sidecar.is_current(&found));
    if current { State::Current } else { State::Stale }
}

fn unusable(snapshot: &Path, old: &Old) -> Error {
    let why = old.finding.as_ref().map_or("no such file".to_owned(), |finding| finding.message.clone());
    Error::new(Code::Io, "there is no snapshot to tell of")
        .at(snapshot.display().to_string())
        .got(why)
        .help("write one with `skillmesh sync`")
}

//! What does a kept snapshot hold, and is it up to date?

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::old::Old;
use super::roots::{Roots, reached_from};
use super::sidecar::Sidecar;
use crate::host::atomic::real;
use crate::host::model::find_model_again;
use crate::host::places::places;
use crate::load::Finding;
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// Whether a snapshot is what its files say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// No file changed, came or went.
    Current,
    /// None did since one was found broken, whose last good cards stand in.
    Broken,
    /// A file changed, came or went, or the model did.
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
    /// What the last sync said of the files.
    pub findings: Vec<Finding>,
    /// What tells this snapshot from others.
    #[serde(skip)]
    pub stamp: String,
}

/// A sync writes the snapshot and what is remembered of it within this time.
const BETWEEN: Duration = Duration::from_millis(100);

/// What a kept snapshot holds, and whether it is up to date with the files it was made from.
pub fn stats(snapshot: &Path) -> Result<IndexStats> {
    let path = real(snapshot);
    let mut old = Old::open(&path)?;
    if old.sidecar().is_none() && super::sidecar::path(&path).exists() {
        std::thread::sleep(BETWEEN);
        old = Old::open(&path)?;
    }
    let (Some(opened), None) = (old.snapshot(), &old.finding) else { return Err(unusable(snapshot, &old)) };
    let header = opened.header();
    let sidecar = old.sidecar();
    let files = sidecar.map(|sidecar| &sidecar.files);
    Ok(IndexStats {
        cards: header.cards as usize,
        files: files.map_or(0, |files| files.len()),
        broken: files.map_or(0, |files| files.values().filter(|file| file.broken).count()),
        model: header.model.clone(),
        state: sidecar.map_or(State::Unknown, |sidecar| state(&path, sidecar, header.model.as_ref())),
        findings: sidecar.map(|sidecar| sidecar.findings.clone()).unwrap_or_default(),
        stamp: opened.stamp(),
    })
}

fn state(snapshot: &Path, sidecar: &Sidecar, vectors: Option<&ModelInfo>) -> State {
    let settings = &sidecar.settings;
    let paths: Vec<PathBuf> = settings.paths.iter().map(|path| reached_from(snapshot, path)).collect();
    let named = settings.model.as_ref().map(|model| reached_from(snapshot, model));
    let found = || find_model_again(named.as_deref(), vectors, |path| sidecar.has_model(path));
    let model = settings.dense.then(found).flatten();
    let is_current = |found| sidecar.is_current(&found, &Roots::new(&paths), model.as_deref()).is_some();
    match places(&paths).is_ok_and(is_current) {
        true if sidecar.files.values().any(|file| file.broken) => State::Broken,
        true => State::Current,
        false => State::Stale,
    }
}

fn unusable(snapshot: &Path, old: &Old) -> Error {
    let why = old.finding.as_ref().map_or("no such file".to_owned(), |finding| finding.message.clone());
    Error::new(Code::Io, "there is no snapshot to tell of")
        .at(snapshot.display().to_string())
        .got(why)
        .help("write one with `skillmesh sync`")
}

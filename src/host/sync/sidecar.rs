//! What is remembered beside a snapshot? Which files were read, how they looked, and which cards they gave.
//!
//! One line with a checksum, then JSON, so that a person can see why a snapshot is stale. The snapshot holds none of it:
//! the same files must give the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::lock::beside;
use super::signature::{Signature, now};
use crate::bytes::hex;
use crate::host::files::{read, shown};
use crate::host::places::Places;
use crate::snapshot::BUILDER;
use crate::{Code, Error, Result};

/// The first line up to the checksum of the rest.
const MARK: &str = "skillmesh-sync 1 ";

/// What is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// The program that wrote it: another may read files otherwise.
    builder: String,
    /// SHA-256 of the snapshot, hex.
    snapshot: String,
    settings: Settings,
    model: Option<Tracked>,
    /// The files that were found, in order.
    places: Vec<String>,
    /// Every file that was read, by its absolute path.
    pub files: BTreeMap<String, Tracked>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// As they were typed: names of folders may become parts of ids.
    typed: Vec<String>,
    /// Where they lie.
    pub paths: Vec<PathBuf>,
    dense: bool,
    pub model: Option<PathBuf>,
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracked {
    /// How it looked just before; absent where a change might not show.
    pub signature: Option<Signature>,
    /// SHA-256 of its bytes, hex; empty if it could not be read.
    pub hash: String,
    /// The ids of its cards.
    pub cards: Vec<String>,
    /// Whether there was an error in it.
    pub broken: bool,
}

impl Settings {
    /// Of these paths, for what `dense` and `model` say.
    pub fn new(paths: &[PathBuf], dense: bool, model: Option<&Path>) -> Settings {
        Settings {
            typed: paths.iter().map(|path| shown(path)).collect(),
            paths: paths.iter().map(|path| absolute(path)).collect(),
            dense,
            model: model.map(absolute),
        }
    }

    /// How the model's file is.
    pub fn tracked_model(&self) -> Option<Tracked> {
        let tracked = |path: &Path| {
            let tracked = Tracked::of(path, now());
            Tracked { hash: read(path).map(|bytes| sha256(&bytes)).unwrap_or_default(), ..tracked }
        };
        self.model.as_deref().map(tracked)
    }
}

impl Tracked {
    /// A file at this path, before it is read.
    pub fn of(path: &Path, now: i64) -> Tracked {
        let signature = Signature::of(path).and_then(|signature| signature.settled(now));
        Tracked { signature, ..Tracked::default() }
    }

    /// Whether the file holds what it held.
    fn is_current(&self, path: &Path) -> bool {
        let looks = self.signature.is_some() && self.signature == Signature::of(path);
        looks || read(path).is_ok_and(|bytes| sha256(&bytes) == self.hash)
    }
}

impl Sidecar {
    /// What there is to remember of a snapshot.
    pub fn new(
        settings: Settings,
        model: Option<Tracked>,
        places: Vec<String>,
        files: BTreeMap<String, Tracked>,
        snapshot: &[u8],
    ) -> Self {
        Sidecar { builder: BUILDER.into(), snapshot: sha256(snapshot), settings, model, places, files }
    }

    /// What stands beside a snapshot with these bytes; `None` if that is missing, damaged, or of another snapshot.
    pub fn open(snapshot: &Path, bytes: &[u8]) -> Option<Sidecar> {
        let text = String::from_utf8(read(&path(snapshot)).ok()?).ok()?;
        let (checksum, json) = text.strip_prefix(MARK)?.split_once('\n')?;
        let sidecar: Sidecar = serde_json::from_str(json).ok().filter(|_| checksum == sum(json))?;
        (sidecar.builder == BUILDER && sidecar.snapshot == sha256(bytes)).then_some(sidecar)
    }

    /// The file.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_string(self)
            .map_err(|error| Error::new(Code::Internal, "what is remembered cannot be written").caused_by(error))?;
        Ok(format!("{MARK}{}\n{json}", sum(&json)).into_bytes())
    }

    /// Whether the same was asked for.
    pub fn has(&self, settings: &Settings) -> bool {
        self.settings == *settings
    }

    /// Where the files are looked for.
    pub fn paths(&self) -> &[PathBuf] {
        &self.settings.paths
    }

    /// Whether the files and the model are those that were read, and none of them was broken.
    pub fn is_current(&self, found: &Places) -> bool {
        let model = self.settings.model.iter().zip(&self.model).all(|(path, model)| model.is_current(path));
        let current = |(path, file): (&String, &Tracked)| !file.broken && file.is_current(Path::new(path));
        model && self.places == names(found) && self.files.iter().all(current)
    }
}

/// Where it is remembered.
pub fn path(snapshot: &Path) -> PathBuf {
    beside(snapshot, ".sync")
}

/// The names under which files that were found are remembered.
pub fn names(found: &Places) -> Vec<String> {
    found.places.iter().map(|place| name(&place.path)).collect()
}

/// The name under which a file is remembered.
pub fn name(path: &Path) -> String {
    shown(&absolute(path))
}

/// SHA-256, hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn sum(text: &str) -> String {
    hex(&crc32fast::hash(text.as_bytes()).to_be_bytes())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

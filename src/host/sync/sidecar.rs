//! What is remembered beside a snapshot? Which files were read, how they looked, and which cards they gave.
//!
//! One line with a checksum, then JSON, so that a person can see why a snapshot is stale. The snapshot holds none of it:
//! the same files must give the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::roots::{Roots, seen_from};
use super::signature::Signature;
use crate::bytes::{hex, sha256};
use crate::host::files::{read, shown, source};
use crate::host::lock::beside;
use crate::host::places::Places;
use crate::load::Finding;
use crate::snapshot::BUILDER;
use crate::{Code, Error, Result};

/// The first line up to the checksum of the rest.
const MARK: &str = "skillmesh-sync 2 ";

/// What is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// The program that wrote it: another may read files otherwise.
    pub builder: String,
    /// SHA-256 of the snapshot, hex.
    pub snapshot: String,
    /// What was asked for.
    pub settings: Settings,
    /// The model's file.
    pub model: Option<Tracked>,
    /// The names of the files that were found, in order.
    pub places: Vec<String>,
    /// How many passages the cards have.
    pub passages: usize,
    /// What was said of the files.
    pub findings: Vec<Finding>,
    /// Every file that was read or missed, by its name.
    pub files: BTreeMap<String, Tracked>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// As they were typed: names of folders may become parts of ids.
    typed: Vec<String>,
    /// Where they lie, seen from the snapshot's folder.
    pub paths: Vec<PathBuf>,
    pub dense: bool,
    /// The model that was named, seen from there.
    pub model: Option<PathBuf>,
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracked {
    /// How it looked just before; absent where a change might not show.
    pub signature: Option<Signature>,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of its bytes, hex; empty if it could not be read.
    pub hash: String,
    /// Where a link leads that it is, or lies behind.
    pub link: Option<String>,
    /// The ids of its cards; of a broken file those that it gave when it was last whole.
    pub cards: Vec<String>,
    /// Whether there was an error in it.
    pub broken: bool,
    /// What tells half a skill from a whole one, if it was so when it was last whole.
    pub marks: Vec<String>,
}

/// Whether a file is as it was, and whether that took reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Same {
    Looks,
    Reads,
    No,
}

impl Settings {
    /// Of these paths, for what `dense` and `model` say.
    pub fn new(snapshot: &Path, paths: &[PathBuf], dense: bool, model: Option<&Path>) -> Settings {
        Settings {
            typed: paths.iter().map(|path| shown(path)).collect(),
            paths: paths.iter().map(|path| seen_from(snapshot, path)).collect(),
            dense,
            model: model.map(|model| seen_from(snapshot, model)),
        }
    }

    /// The number among `later` paths of the path with this number, if it is there: one alone may have moved.
    fn number(&self, number: usize, later: &Settings) -> Option<usize> {
        if self.paths.len() == 1 && later.paths.len() == 1 {
            return Some(number);
        }
        later.paths.iter().position(|path| Some(path) == self.paths.get(number))
    }
}

impl Tracked {
    /// A file at this path, before it is read.
    pub fn of(path: &Path, link: Option<String>, now: SystemTime) -> Tracked {
        let looks = Signature::of(path);
        let size = looks.as_ref().map_or(0, |looks| looks.size);
        Tracked { size, link, signature: looks.filter(|looks| looks.is_settled(now)), ..Tracked::default() }
    }

    /// Whether the file holds what it held. No more is read than was: it may be another file by now, or a device.
    pub fn same(&self, path: &Path, link: Option<String>) -> Same {
        let looks = Signature::of(path);
        if self.link != link {
            return Same::No;
        }
        if self.signature.is_some() && self.signature == looks {
            return Same::Looks;
        }
        match looks.filter(|looks| looks.size == self.size).map(|_| hash(path)) {
            Some(hash) if hash == self.hash => Same::Reads,
            None if self.hash.is_empty() && self.size == 0 && !path.is_file() => Same::Looks,
            _ => Same::No,
        }
    }
}

fn hash(path: &Path) -> String {
    source(path).map(|source| sha256(&source.bytes)).unwrap_or_default()
}

impl Sidecar {
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

    /// The files by the names that they have among these paths; those of other paths have names that no file has.
    pub fn files_among(&self, settings: &Settings) -> BTreeMap<String, Tracked> {
        let renamed = |name: &String| {
            let (number, way) = name.split_once('/')?;
            Some(format!("{}/{way}", self.settings.number(number.parse().ok()?, settings)?))
        };
        let named = |(name, file): (&String, &Tracked)| (renamed(name).unwrap_or(format!("-{name}")), file.clone());
        self.files.iter().map(named).collect()
    }

    /// Whether the vectors are by the model in this file.
    pub fn has_model(&self, path: &Path) -> bool {
        self.model.as_ref().is_some_and(|model| model.same(path, None) != Same::No)
    }

    /// How many files had to be read to see that all of them, and the model, are as they were; `None` where they are not.
    pub fn is_current(&self, found: &Places, roots: &Roots, model: Option<&Path>) -> Option<usize> {
        let same_model = model.map_or(self.model.is_none(), |path| self.has_model(path));
        if !same_model || self.places != names(found, roots) {
            return None;
        }
        let same = |(name, file): (&String, &Tracked)| {
            let path = roots.path(name)?;
            Some(file.same(&path, roots.link(&path))).filter(|same| *same != Same::No)
        };
        let same: Vec<Same> = self.files.iter().map(same).collect::<Option<_>>()?;
        Some(same.into_iter().filter(|same| *same == Same::Reads).count())
    }
}

/// Where it is remembered.
pub fn path(snapshot: &Path) -> PathBuf {
    beside(snapshot, ".sync")
}

/// The names under which files that were found are remembered.
pub fn names(found: &Places, roots: &Roots) -> Vec<String> {
    found.places.iter().map(|place| roots.name(&place.path)).collect()
}

fn sum(text: &str) -> String {
    hex(&crc32fast::hash(text.as_bytes()).to_be_bytes())
}

//! What did a sync find and do?

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::roots::Roots;
use super::sidecar::{Sidecar, Tracked};
use crate::index::Changes;
use crate::load::{Finding, Severity};

/// What a sync found and did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Files, instruction files included.
    pub files: FileChanges,
    /// Cards by their ids.
    pub cards: Changes,
    /// How many cards there are now.
    pub total: usize,
    /// How many passages they have; 0 without vectors.
    pub passages: usize,
    /// How many of them went through the model; the others kept their vectors.
    pub embedded: usize,
    /// Whether another snapshot was written.
    pub written: bool,
    /// Every remark.
    pub findings: Vec<Finding>,
    /// The folders of all files.
    #[serde(skip)]
    pub folders: BTreeSet<PathBuf>,
}

/// How the files stand to those that were read before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileChanges {
    /// How many there are now.
    pub scanned: usize,
    /// How many were known before.
    pub tracked: usize,
    /// How many were read, since they looked otherwise or something else changed.
    pub read: usize,
    /// Of new ones.
    pub added: usize,
    /// Of those that hold something else.
    pub changed: usize,
    /// Of those that are gone.
    pub removed: usize,
    /// Of those that hold what one that is gone held; they are neither added nor removed.
    pub renamed: usize,
}

impl Report {
    /// What is remembered, and how the files stand to those before.
    pub fn of(before: &BTreeMap<String, Tracked>, sidecar: &Sidecar, roots: &Roots) -> Report {
        let folder = |name: &String| roots.path(name)?.parent().map(Path::to_owned);
        Report {
            files: FileChanges::between(before, &sidecar.files),
            passages: sidecar.passages,
            findings: sidecar.findings.clone(),
            folders: sidecar.files.keys().filter_map(folder).collect(),
            ..Report::default()
        }
    }

    /// Whether a file has an error.
    pub fn is_broken(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

impl FileChanges {
    /// From what was remembered to what was read.
    fn between(before: &BTreeMap<String, Tracked>, after: &BTreeMap<String, Tracked>) -> FileChanges {
        let gone: Vec<&Tracked> = without(before, after).collect();
        let come: Vec<&Tracked> = without(after, before).collect();
        let renamed = renamed(&gone, &come);
        let holds_another = |(path, file): &(&String, &Tracked)| before.get(*path).is_some_and(|b| b.hash != file.hash);
        FileChanges {
            scanned: after.len(),
            tracked: before.len(),
            read: 0,
            added: come.len() - renamed,
            changed: after.iter().filter(holds_another).count(),
            removed: gone.len() - renamed,
            renamed,
        }
    }
}

/// The files that only the first has.
fn without<'a>(
    files: &'a BTreeMap<String, Tracked>,
    others: &'a BTreeMap<String, Tracked>,
) -> impl Iterator<Item = &'a Tracked> {
    files.iter().filter(|(path, _)| !others.contains_key(*path)).map(|(_, file)| file)
}

/// How many files went to another path: each that came takes the place of one that is gone and held the same.
fn renamed(gone: &[&Tracked], come: &[&Tracked]) -> usize {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    // Two that could not be read have nothing in common.
    gone.iter().filter(|file| !file.hash.is_empty()).for_each(|file| *left.entry(&file.hash).or_default() += 1);
    let takes = |file: &&&Tracked| {
        let count = left.get_mut(file.hash.as_str()).filter(|count| **count > 0);
        count.map(|count| *count -= 1).is_some()
    };
    come.iter().filter(takes).count()
}

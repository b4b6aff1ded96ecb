//! Which files under these paths hold cards?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::files::{shown, unreadable};
use crate::load::{Finding, REGISTRIES, Role, SKILL, nothing_found};
use crate::{Code, Error, Result};

/// A file that holds cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it lies.
    pub path: PathBuf,
    /// As what it is read.
    pub role: Role,
    /// The folder from where it is named: a snapshot must not tell where it was built.
    pub root: PathBuf,
}

/// Every file to be read, in order, and what was found on the way.
#[derive(Debug, Default)]
pub struct Places {
    /// The files, each once.
    pub places: Vec<Place>,
    /// Folders without cards, folders that cannot be read, links that are not followed.
    pub findings: Vec<Finding>,
    /// Files found already: paths may overlap.
    seen: BTreeSet<PathBuf>,
}

/// The files under the paths, in order of paths; only a path that is not there, or holds no cards by its name, is an `Err`.
pub fn places(paths: &[PathBuf]) -> Result<Places> {
    let mut found = Places::default();
    for path in paths {
        found.visit(path)?;
    }
    Ok(found)
}

/// The registry of a folder.
pub fn registry_in(folder: &Path) -> Option<PathBuf> {
    REGISTRIES.iter().map(|name| folder.join(name)).find(|file| file.is_file())
}

impl Places {
    fn visit(&mut self, path: &Path) -> Result<()> {
        if std::fs::metadata(path).map_err(|error| unreadable(path, error))?.is_dir() {
            self.folder(path);
            return Ok(());
        }
        let role = Role::of(&shown(path)).ok_or_else(|| neither(path))?;
        self.add(path, role, path.parent().unwrap_or(Path::new("")));
        Ok(())
    }

    /// The folder's registry, and every skill below.
    fn folder(&mut self, folder: &Path) {
        let registry = registry_in(folder);
        let mut empty = registry.is_none();
        registry.iter().for_each(|file| self.add(file, Role::Registry, folder));
        for entry in walk(folder) {
            match entry {
                Ok(entry) if is_skill(&entry) => {
                    empty = false;
                    self.add(entry.path(), Role::Skill, folder);
                }
                Ok(entry) => self.findings.extend(passed_over(&entry)),
                Err(error) => self.findings.push(Finding::error(&shown(folder), "unreadable", error.to_string())),
            }
        }
        self.findings.extend(empty.then(|| nothing_in(folder)));
    }

    fn add(&mut self, path: &Path, role: Role, root: &Path) {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.seen.insert(real) {
            self.places.push(Place { path: path.to_owned(), role, root: root.to_owned() });
        }
    }
}

/// Everything below in order of paths, hidden folders such as `.claude` included; what ignore files in the folder, below and
/// above it name is passed over, and links are not followed.
fn walk(folder: &Path) -> ignore::Walk {
    walker(folder).hidden(false).filter_entry(|entry| entry.file_name() != ".git").build()
}

/// Walks below a folder, in an order that is the same on every machine and by rules that lie beside the files.
pub(super) fn walker(folder: &Path) -> WalkBuilder {
    let mut walker = WalkBuilder::new(folder);
    // The user's own settings would make the same folder give other cards elsewhere.
    walker.git_global(false).git_exclude(false).sort_by_file_path(Ord::cmp);
    walker
}

fn is_skill(entry: &DirEntry) -> bool {
    entry.file_name() == SKILL && entry.file_type().is_some_and(|kind| kind.is_file())
}

/// A link to a skill is not followed, which its author should know.
fn passed_over(entry: &DirEntry) -> Option<Finding> {
    let path = entry.path();
    let skill = entry.depth() > 0
        && entry.path_is_symlink()
        && (entry.file_name() == SKILL && path.is_file() || path.join(SKILL).is_file());
    let message = "a link to a skill, which is not followed; copy the skill here, or name where the link leads to";
    skill.then(|| Finding::warning(&shown(path), "link-skipped", message))
}

fn nothing_in(folder: &Path) -> Finding {
    Finding::error(&shown(folder), "empty-registry", nothing_found())
}

fn neither(path: &Path) -> Error {
    Error::new(Code::InvalidArgument, "neither registry nor skill")
        .at(shown(path))
        .expected("a file that ends in .json, .jsonl, .yaml, .yml or .md, or a folder")
        .got("another file")
        .help("name the registry, the skill or their folder")
}

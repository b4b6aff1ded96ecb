//! Where do roles come from, and how do they get into a registry on disk?

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::files::{load_paths, load_with_roles, shown};
use super::places::registry_in;
use super::{read, write};
use crate::load::{self, Loaded, Severity, Source, instruction_path};
use crate::roles::Installation;
use crate::{Code, Error, ExpertCard, Result};

/// The experts and roles that ship with the program.
const EXPERTS: &[u8] = include_bytes!("../../examples/registry/tools.enriched.json");
const ROLES: &[u8] = include_bytes!("../../examples/registry/roles.json");
static INSTRUCTIONS: Dir = include_dir!("$CARGO_MANIFEST_DIR/examples/registry/instructions");

/// What a new registry says.
const EMPTY: &str = "{\n  \"tools\": []\n}\n";

/// Experts and roles of a registry, or of the library that ships with the program.
pub fn library(from: Option<&Path>) -> Result<Vec<ExpertCard>> {
    let loaded = match from {
        Some(path) => load_with_roles(&[folder_of(path)])?,
        None => shipped(),
    };
    usable(loaded)
}

/// A folder's registry is named by itself or by the folder; either way its catalogue belongs to it.
fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().map(Path::to_owned).unwrap_or_default();
    if registry_in(&folder).is_some_and(|file| file == path) { folder } else { path.to_owned() }
}

fn shipped() -> Loaded {
    let registry = |name: &str, bytes: &[u8]| {
        let loaded = load::registry(&Source { path: name.into(), bytes: bytes.to_vec() }, &shipped_instruction);
        (name.to_owned(), loaded)
    };
    load::merge(vec![registry("tools.enriched.json", EXPERTS), registry("roles.json", ROLES)], Vec::new())
}

fn shipped_instruction(parts: &[&str]) -> Result<Source> {
    let file = parts.last().and_then(|name| INSTRUCTIONS.get_file(name));
    let file = file.ok_or_else(|| Error::new(Code::Internal, "no such file ships").at(parts.join("/")))?;
    Ok(Source { path: parts.join("/"), bytes: file.contents().to_vec() })
}

/// The cards, unless something among them is an error.
fn usable(loaded: Loaded) -> Result<Vec<ExpertCard>> {
    match loaded.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => {
            Err(Error::new(Code::Registry, finding.to_string()).help("`skillmesh validate` lists all findings"))
        }
        None => Ok(loaded.cards),
    }
}

/// A registry that a role is installed into.
pub struct Target {
    /// The registry's file, which may not be there yet.
    pub file: PathBuf,
    /// What it says.
    pub text: String,
    /// The cards that it holds.
    pub cards: Vec<ExpertCard>,
}

impl Target {
    /// The registry of this file or folder; a new one where there is none.
    pub fn open(into: &Path) -> Result<Target> {
        let folder = into.is_dir() || (!into.exists() && into.extension().is_none());
        let file = if folder { registry_in(into).unwrap_or(into.join("tools.enriched.json")) } else { into.into() };
        if file.extension().is_none_or(|extension| extension != "json") {
            return Err(not_json(&file));
        }
        if !file.exists() {
            return Ok(Target { file, text: EMPTY.into(), cards: Vec::new() });
        }
        let text = String::from_utf8(read(&file)?).map_err(|error| not_utf8(&file, error))?;
        let loaded = load_paths(std::slice::from_ref(&file))?;
        let empty = loaded.findings.iter().any(|finding| finding.code == "empty-registry");
        let cards = if empty { Vec::new() } else { usable(loaded)? };
        // A link is written through, not replaced.
        let file = file.canonicalize().unwrap_or(file);
        Ok(Target { file, text, cards })
    }

    /// Whether everything could be written; nothing is.
    pub fn check(&self, plan: &Installation) -> Result<()> {
        let files = plan.files.iter().map(|(file, text)| Ok((self.place(file)?, text)));
        files.collect::<Result<Vec<_>>>()?.into_iter().try_for_each(|(file, text)| check_free(&file, text))
    }

    /// Writes the instruction files, then the registry: cut short, it can be run again.
    pub fn apply(&self, plan: &Installation) -> Result<()> {
        self.check(plan)?;
        make_folder(self.folder())?;
        for (file, text) in &plan.files {
            let file = self.place(file)?;
            make_folder(file.parent().unwrap_or(self.folder()))?;
            write(&file, text.as_bytes())?;
        }
        plan.registry.iter().try_for_each(|text| write(&self.file, text.as_bytes()))
    }

    fn folder(&self) -> &Path {
        self.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Where an instruction file goes: truly below the registry's folder, links followed.
    fn place(&self, file: &str) -> Result<PathBuf> {
        let path = instruction_path(file)?.iter().fold(self.folder().to_owned(), |path, part| path.join(part));
        let there = path.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("."));
        let real = |path: &Path| path.canonicalize().map_err(|error| unwritable(path, error));
        if !self.folder().exists() || real(there)?.starts_with(real(self.folder())?) {
            return Ok(path);
        }
        Err(Error::new(Code::PathEscape, "the folder is a link out of the registry's folder")
            .at(shown(there))
            .help("make it a folder of its own"))
    }
}

/// Nothing of the user's is overwritten.
fn check_free(file: &Path, text: &str) -> Result<()> {
    if !file.exists() || read(file)? == text.as_bytes() {
        return Ok(());
    }
    Err(Error::new(Code::Registry, "another instruction file stands where the role's belongs")
        .at(shown(file))
        .help("rename it, or install into another registry; nothing was changed"))
}

pub(super) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))
}

fn not_utf8(file: &Path, error: std::string::FromUtf8Error) -> Error {
    Error::new(Code::Registry, "the registry is not UTF-8").at(shown(file)).caused_by(error).help("save it as UTF-8")
}

fn not_json(file: &Path) -> Error {
    Error::new(Code::InvalidArgument, "a role is installed into a JSON registry")
        .at(shown(file))
        .expected("a folder, or a file that ends in .json")
        .got("another file")
        .help("keep the roles' cards in a JSON registry; `skillmesh build` reads several registries into one snapshot")
}

fn unwritable(folder: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Io, "the folder cannot be made").at(shown(folder)).caused_by(error).help("check the path")
}

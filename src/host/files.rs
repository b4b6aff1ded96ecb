//! How are registries and skills read from disk?

use std::path::{Path, PathBuf};

use super::places::{Place, Places, places, registry_in};
use crate::load::{self, Finding, Loaded, Role, Source, merge_files};
use crate::{Code, Error, Result};

/// A catalogue of roles beside a registry: checked with it, searched only where a role was installed.
const ROLES: &str = "roles.json";

/// Larger registries, skills and instruction files are refused.
const LARGEST: u64 = 64 << 20;

/// How files are read.
pub trait Files {
    /// The file of this name, which a link may lead to.
    fn read(&self, path: &Path, real: &Path) -> Result<Source> {
        let _ = path;
        source(real)
    }

    /// A file that is named, and not read since it is missing or lies elsewhere.
    fn miss(&self, path: &Path) {
        let _ = path;
    }
}

/// Files as they are.
struct Disk;

impl Files for Disk {}

/// Every card under the paths, in order of paths, with what was found on the way.
///
/// A path is a registry (`.json`, `.yaml`, `.yml`), a corpus (`.jsonl`), a skill (`.md`), or a folder. Only a path that is not
/// there, or is none of these, is an `Err`; whatever is wrong below it is a finding.
pub fn load_paths(paths: &[PathBuf]) -> Result<Loaded> {
    Ok(load_places(places(paths)?, &Disk))
}

/// Every card of these files, and what was found on the way to them and in them.
pub(super) fn load_places(found: Places, files: &dyn Files) -> Loaded {
    let read = read_places(&found.places, files);
    let mut loaded =
        merge_files(found.places.iter().zip(read).map(|(place, read)| (place.role, shown(&place.path), read)));
    loaded.findings.splice(0..0, found.findings);
    loaded
}

/// What each file holds.
pub fn read_places(places: &[Place], files: &dyn Files) -> Vec<Loaded> {
    places.iter().map(|place| load_place(place, files)).collect()
}

/// The cards of one file; that it cannot be read is a finding.
fn load_place(place: &Place, files: &dyn Files) -> Loaded {
    let folder = place.path.parent().unwrap_or(Path::new(""));
    let source = match files.read(&place.path, &place.path) {
        Ok(source) => source,
        Err(error) => return unread(&place.path, &error),
    };
    match place.role {
        Role::Registry => load::registry(&source, &|parts| instruction(folder, parts, files)),
        Role::Corpus => load::corpus(&source),
        Role::Skill => {
            let file = shown(place.path.strip_prefix(&place.root).unwrap_or(&place.path));
            load::one_skill(&source, &folder_name(&place.path), &file)
        }
    }
}

fn unread(path: &Path, error: &Error) -> Loaded {
    let finding = Finding::error(&shown(path), "unreadable", error.to_string());
    Loaded { findings: vec![finding], ..Loaded::default() }
}

/// The cards of [`load_paths`], and those of the catalogues of roles beside the folders' registries.
///
/// A role that a registry holds already is the registry's: its catalogue's card gives way.
pub fn load_with_roles(paths: &[PathBuf]) -> Result<Loaded> {
    let mut loaded = load_paths(paths)?;
    let catalogue = |path: &PathBuf| registry_in(path).map(|_| path.join(ROLES)).filter(|file| file.is_file());
    for file in paths.iter().filter_map(catalogue).filter(|file| !paths.contains(file)) {
        let roles = load_paths(&[file])?;
        loaded.findings.extend(roles.findings);
        for (card, origin) in roles.cards.into_iter().zip(roles.origins) {
            if !loaded.cards.iter().any(|known| known.id == card.id) {
                loaded.keep(card, &origin);
            }
        }
    }
    Ok(loaded)
}

/// The name of the folder that holds the file, also where the path does not say it.
fn folder_name(file: &Path) -> String {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let named = folder.file_name().map(ToOwned::to_owned);
    let name = named.or_else(|| folder.canonicalize().ok()?.file_name().map(ToOwned::to_owned));
    name.unwrap_or_default().to_string_lossy().into_owned()
}

/// An instruction file, if it truly lies in the registry's folder.
fn instruction(folder: &Path, parts: &[&str], files: &dyn Files) -> Result<Source> {
    let file = parts.iter().fold(folder.to_owned(), |path, part| path.join(part));
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let missing = |error| {
        files.miss(&file);
        unreadable(&file, error)
    };
    let (root, real) = (root.canonicalize().map_err(missing)?, file.canonicalize().map_err(missing)?);
    if !real.starts_with(&root) {
        files.miss(&file);
        return Err(Error::new(Code::PathEscape, "the instruction file is a link out of the registry's folder")
            .at(shown(&file))
            .help("copy the file into the folder"));
    }
    // What was checked is what is read, even if the link changes meanwhile.
    Ok(Source { path: shown(&file), ..files.read(&file, &real)? })
}

/// A file of text; another kind, or too large a one, is refused before it is read.
pub fn source(path: &Path) -> Result<Source> {
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    let refuse = |message: &str| Error::new(Code::Io, message).at(shown(path));
    if !about.is_file() {
        return Err(refuse("expected a file, got a folder or a device").help("name a file"));
    }
    if about.len() > LARGEST {
        return Err(refuse("the file is too large")
            .expected(format!("at most {LARGEST} bytes"))
            .got(about.len())
            .help("split it, or take it out of the folder"));
    }
    Ok(Source { path: shown(path), bytes: read(path)? })
}

/// A file's bytes.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| unreadable(path, error))
}

pub(super) fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Io, "the file cannot be read").at(shown(path)).caused_by(error).help("check the path")
}

/// The path as findings show it: with forward slashes on every system.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

//! Which registries and skills lie under these paths?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use crate::load::{self, Finding, Loaded, Source};
use crate::{Code, Error, ExpertCard, Result};

/// A folder is a registry when it holds one of these; of twins the first is read.
const REGISTRIES: [&str; 6] =
    ["tools.enriched.json", "experts.yaml", "experts.json", "registry.json", "registry.yaml", "registry.yml"];

/// A catalogue of roles beside a registry: checked with it, searched only where a role was installed.
const ROLES: &str = "roles.json";

/// What a skill's file is called.
const SKILL: &str = "SKILL.md";

/// Larger registries, skills and instruction files are refused.
const LARGEST: u64 = 64 << 20;

/// Every card under the paths, in order of paths, with what was found on the way.
///
/// A path is a registry (`.json`, `.yaml`, `.yml`), a corpus (`.jsonl`), a skill (`.md`), or a folder. Only a path that is not
/// there, or is none of these, is an `Err`; whatever is wrong below it is a finding.
pub fn load_paths(paths: &[PathBuf]) -> Result<Loaded> {
    let mut gathered = Gathered::default();
    for path in paths {
        gathered.visit(path)?;
    }
    let mut loaded = load::merge(gathered.registries, gathered.skills);
    loaded.findings.splice(0..0, gathered.findings);
    Ok(loaded)
}

/// The registry of a folder.
pub fn registry_in(folder: &Path) -> Option<PathBuf> {
    REGISTRIES.iter().map(|name| folder.join(name)).find(|file| file.is_file())
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

#[derive(Default)]
struct Gathered {
    registries: Vec<(String, Loaded)>,
    skills: Vec<(String, ExpertCard, Vec<Finding>)>,
    findings: Vec<Finding>,
    /// Files read already: paths may overlap.
    seen: BTreeSet<PathBuf>,
}

impl Gathered {
    fn visit(&mut self, path: &Path) -> Result<()> {
        if std::fs::metadata(path).map_err(|error| unreadable(path, error))?.is_dir() {
            self.folder(path);
            return Ok(());
        }
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "md" => self.skill(path.parent().unwrap_or(Path::new("")), path),
            "json" | "yaml" | "yml" => self.registry(path),
            "jsonl" => self.corpus(path),
            _ => return Err(neither(path)),
        }
        Ok(())
    }

    /// The folder's registry, and every skill below.
    fn folder(&mut self, folder: &Path) {
        let registry = registry_in(folder);
        let mut empty = registry.is_none();
        registry.iter().for_each(|file| self.registry(file));
        for entry in walk(folder) {
            match entry {
                Ok(entry) if is_skill(&entry) => {
                    empty = false;
                    self.skill(folder, entry.path());
                }
                Ok(entry) => self.findings.extend(passed_over(&entry)),
                Err(error) => self.findings.push(Finding::error(&shown(folder), "unreadable", error.to_string())),
            }
        }
        self.findings.extend(empty.then(|| nothing_in(folder)));
    }

    fn registry(&mut self, path: &Path) {
        let folder = path.parent().unwrap_or(Path::new(""));
        if let Some(source) = self.read_once(path) {
            let loaded = load::registry(&source, &|parts| instruction(folder, parts));
            self.registries.push((source.path, loaded));
        }
    }

    fn corpus(&mut self, path: &Path) {
        if let Some(source) = self.read_once(path) {
            let loaded = load::corpus(&source);
            self.registries.push((source.path, loaded));
        }
    }

    /// A skill below `root`, from where its file is named: a snapshot must not tell where it was built.
    fn skill(&mut self, root: &Path, path: &Path) {
        if let Some(source) = self.read_once(path) {
            let (mut card, findings) = load::skill(&source, &folder_name(path));
            card.instruction_file = shown(path.strip_prefix(root).unwrap_or(path));
            self.skills.push((source.path, card, findings));
        }
    }

    /// The file unless it was read before; that it cannot be read is a finding.
    fn read_once(&mut self, path: &Path) -> Option<Source> {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if !self.seen.insert(real) {
            return None;
        }
        let finding = |error: Error| Finding::error(&shown(path), "unreadable", error.to_string());
        source(path).map_err(|error| self.findings.push(finding(error))).ok()
    }
}

/// Everything below in order of paths, hidden folders such as `.claude` included; what the folder's own ignore files
/// name is passed over, and links are not followed.
fn walk(folder: &Path) -> ignore::Walk {
    walker(folder).hidden(false).filter_entry(|entry| entry.file_name() != ".git").build()
}

/// Walks below a folder, in an order and by rules that are the same on every machine.
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
    let looked_for = REGISTRIES.join(", ");
    let message = format!(
        "expected a registry ({looked_for}) here or {SKILL} in any folder below, got neither; name another path"
    );
    Finding::error(&shown(folder), "empty-registry", message)
}

fn neither(path: &Path) -> Error {
    Error::new(Code::InvalidArgument, "neither registry nor skill")
        .at(shown(path))
        .expected("a file that ends in .json, .jsonl, .yaml, .yml or .md, or a folder")
        .got("another file")
        .help("name the registry, the skill or their folder")
}

/// The name of the folder that holds the file, also where the path does not say it.
fn folder_name(file: &Path) -> String {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let named = folder.file_name().map(ToOwned::to_owned);
    let name = named.or_else(|| folder.canonicalize().ok()?.file_name().map(ToOwned::to_owned));
    name.unwrap_or_default().to_string_lossy().into_owned()
}

/// An instruction file, if it truly lies in the registry's folder.
fn instruction(folder: &Path, parts: &[&str]) -> Result<Source> {
    let file = parts.iter().fold(folder.to_owned(), |path, part| path.join(part));
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let missing = |error| unreadable(&file, error);
    let (root, real) = (root.canonicalize().map_err(missing)?, file.canonicalize().map_err(missing)?);
    if !real.starts_with(&root) {
        return Err(Error::new(Code::PathEscape, "the instruction file is a link out of the registry's folder")
            .at(shown(&file))
            .help("copy the file into the folder"));
    }
    // What was checked is what is read, even if the link changes meanwhile.
    Ok(Source { path: shown(&file), ..source(&real)? })
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

//! Which registries and skills lie under these paths?

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::load::{self, Finding, Loaded, Source};
use crate::{Code, Error, ExpertCard, Result};

/// A folder is a registry when it holds one of these; of twins the first is read.
const REGISTRIES: [&str; 6] =
    ["tools.enriched.json", "experts.yaml", "experts.json", "registry.json", "registry.yaml", "registry.yml"];

/// Read beside a registry when it is there.
const ROLES: &str = "roles.json";

/// Larger registries and skills are refused.
const LARGEST: u64 = 64 << 20;

type Skill = (String, ExpertCard, Vec<Finding>);

/// Every card under the paths, in order of paths, with what was found on the way.
pub fn load_paths(paths: &[PathBuf]) -> Result<Loaded> {
    let (mut registries, mut skills) = (Vec::new(), Vec::new());
    let mut findings = Vec::new();
    for path in paths {
        let before = (registries.len(), skills.len());
        visit(path, &mut registries, &mut skills, &mut findings)?;
        if before == (registries.len(), skills.len()) && findings.is_empty() {
            findings.push(nothing_in(path));
        }
    }
    let mut loaded = load::merge(registries, skills);
    loaded.findings.splice(0..0, findings);
    Ok(loaded)
}

fn visit(
    path: &Path,
    registries: &mut Vec<(String, Loaded)>,
    skills: &mut Vec<Skill>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    if !path.is_dir() {
        match path.file_name() {
            Some(name) if name == OsStr::new("SKILL.md") => skills.push(read_skill(path)?),
            _ => registries.push(read_registry(path)?),
        }
        return Ok(());
    }
    let registry = REGISTRIES.iter().map(|name| path.join(name)).find(|file| file.is_file());
    let roles = registry.is_some().then(|| path.join(ROLES)).filter(|file| file.is_file());
    for file in registry.into_iter().chain(roles) {
        registries.push(read_registry(&file)?);
    }
    for file in skill_files(path) {
        match file.and_then(|file| read_skill(&file)) {
            Ok(skill) => skills.push(skill),
            Err(error) => findings.push(Finding::error(&shown(path), "unreadable", error.to_string())),
        }
    }
    Ok(())
}

fn nothing_in(path: &Path) -> Finding {
    let looked_for = REGISTRIES.join(", ");
    let message = format!("no cards here; looked for {looked_for} and for SKILL.md in every folder; name another path");
    Finding::error(&shown(path), "empty-registry", message)
}

/// Every SKILL.md below, in order of paths, hidden folders such as `.claude` included; what git ignores is passed over
/// and links are not followed.
fn skill_files(folder: &Path) -> impl Iterator<Item = Result<PathBuf>> {
    let walk = WalkBuilder::new(folder)
        .hidden(false)
        .sort_by_file_path(Ord::cmp)
        .filter_entry(|e| e.file_name() != ".git")
        .build();
    walk.filter_map(|entry| match entry {
        Ok(entry) if entry.file_name() == "SKILL.md" && entry.file_type().is_some_and(|t| t.is_file()) => {
            Some(Ok(entry.into_path()))
        }
        Ok(_) => None,
        Err(error) => Some(Err(Error::new(Code::Io, "a folder cannot be read").caused_by(error))),
    })
}

fn read_skill(path: &Path) -> Result<Skill> {
    let source = source(path)?;
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    let (card, findings) = load::skill(&source, &folder);
    Ok((source.path, card, findings))
}

fn read_registry(path: &Path) -> Result<(String, Loaded)> {
    let source = source(path)?;
    let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    let loaded = load::registry(&source, &|parts| instruction(&folder, parts));
    Ok((source.path, loaded))
}

/// An instruction file, if it truly lies in the registry's folder.
fn instruction(folder: &Path, parts: &[&str]) -> Result<String> {
    let file = parts.iter().fold(folder.to_owned(), |path, part| path.join(part));
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let missing = |error| unreadable(&file, error);
    let (root, real) = (root.canonicalize().map_err(missing)?, file.canonicalize().map_err(missing)?);
    if !real.starts_with(&root) {
        return Err(Error::new(Code::PathEscape, "the instruction file is a link out of the registry's folder")
            .at(shown(&file))
            .help("copy the file into the folder"));
    }
    Ok(String::from_utf8_lossy(&read(&file)?).replace("\r\n", "\n").replace('\0', ""))
}

/// A file of text; too large a one is refused before it is read.
fn source(path: &Path) -> Result<Source> {
    let size = std::fs::metadata(path).map_err(|error| unreadable(path, error))?.len();
    if size > LARGEST {
        return Err(Error::new(Code::Io, "the file is too large")
            .at(shown(path))
            .expected(format!("at most {LARGEST} bytes"))
            .got(size)
            .help("split it, or take it out of the folder"));
    }
    Ok(Source { path: shown(path), bytes: read(path)? })
}

/// A file's bytes.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| unreadable(path, error))
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Io, "the file cannot be read").at(shown(path)).caused_by(error).help("check the path")
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

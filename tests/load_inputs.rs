//! What comes of each input file? Cards and findings, as reviewed in `tests/inputs/snapshots`.
#![cfg(feature = "load")]
#![allow(clippy::disallowed_methods, reason = "the test reads fixtures")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use skillmesh::load::{Loaded, Source, registry, skill};
use skillmesh::{Code, Error, Result};

const INPUTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inputs");

fn inputs(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(INPUTS).join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// The file under its name alone, so that snapshots do not depend on the checkout's place.
fn source(path: &Path) -> Source {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    Source { path: name, bytes: std::fs::read(path).unwrap() }
}

fn instruction(parts: &[&str]) -> Result<Source> {
    let path = Path::new(INPUTS).join("registry").join(parts.join("/"));
    let missing = |_| Error::new(Code::Io, "the file cannot be read").at(parts.join("/")).help("check the path");
    Ok(Source { path: parts.join("/"), bytes: std::fs::read(path).map_err(missing)? })
}

fn check(path: &Path, loaded: &Loaded) {
    let mut text = String::new();
    for finding in &loaded.findings {
        writeln!(text, "{}: {finding}", finding.severity).unwrap();
    }
    for card in &loaded.cards {
        writeln!(text, "{}", serde_json::to_string_pretty(card).unwrap()).unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("inputs/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    settings.bind(|| insta::assert_snapshot!(name.as_str(), text));
}

#[test]
fn registries() {
    for path in inputs("registry") {
        let loaded = registry(&source(&path), &instruction);
        let refused = path.file_name().unwrap().to_string_lossy().starts_with("err_");
        assert_eq!(refused, loaded.cards.is_empty(), "{}", path.display());
        check(&path, &loaded);
    }
}

#[test]
fn skills() {
    for path in inputs("skills") {
        let folder = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (card, findings) = skill(&source(&path), &folder);
        let mut loaded = Loaded { findings, ..Loaded::default() };
        loaded.keep(card, &path.to_string_lossy());
        check(&path, &loaded);
    }
}

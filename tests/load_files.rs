//! Which files of a folder are read, and what is said of those that are not?
#![cfg(feature = "files")]
#![allow(clippy::disallowed_methods, reason = "the test writes folders to read")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use skillmesh::Code;
use skillmesh::host::{load_paths, load_with_roles, write};
use skillmesh::load::{Loaded, Severity};
use tempfile::TempDir;

const SKILL: &str = "---\nname: git\ndescription: d\n---\nBody.\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

fn load(paths: &[&Path]) -> Loaded {
    load_paths(&paths.iter().map(|path| path.to_path_buf()).collect::<Vec<_>>()).unwrap()
}

fn ids(loaded: &Loaded) -> Vec<&str> {
    loaded.cards.iter().map(|card| card.id.as_str()).collect()
}

fn codes(loaded: &Loaded) -> Vec<&str> {
    loaded.findings.iter().map(|finding| &*finding.code).collect()
}

#[test]
fn a_folder_gives_one_of_its_twins_and_its_skills() {
    let folder = folder(&[
        ("tools.enriched.json", r#"[{"id":"json","title":"J"}]"#),
        ("experts.yaml", "- id: yaml\n  title: Y\n"),
        ("roles.json", r#"{"roles":[{"id":"role","title":"R"}]}"#),
        ("b/git/SKILL.md", SKILL),
        (".claude/skills/git/SKILL.md", SKILL),
        (".git/git/SKILL.md", SKILL),
        ("notes/README.md", "not a skill"),
    ]);
    let loaded = load(&[folder.path()]);
    assert_eq!(ids(&loaded), ["json", "git", "b/git"]);
    assert_eq!(codes(&loaded), ["duplicate-id"]);
    assert_eq!(loaded.cards[1].instruction_file, ".claude/skills/git/SKILL.md", "no trace of where it was built");
}

#[test]
fn a_catalogue_of_roles_is_read_only_when_it_is_asked_for() {
    let folder =
        folder(&[("experts.json", r#"[{"id":"a","title":"A"}]"#), ("roles.json", r#"[{"id":"role.b","title":"B"}]"#)]);
    assert_eq!(ids(&load(&[folder.path()])), ["a"]);
    let all = || load_with_roles(&[folder.path().to_owned()]).unwrap();
    assert_eq!(ids(&all()), ["a", "role.b"]);
    std::fs::write(folder.path().join("experts.json"), r#"[{"id":"role.b","title":"Mine"}]"#).unwrap();
    let installed = all();
    assert_eq!((installed.cards.len(), installed.cards[0].title.as_str(), codes(&installed)), (1, "Mine", vec![]));
}

#[test]
fn a_file_named_twice_is_read_once() {
    let folder = folder(&[("experts.yaml", "- id: yaml\n  title: Y\n"), ("git/SKILL.md", SKILL)]);
    let root = folder.path();
    let loaded = load(&[root, &root.join("git"), &root.join("git/SKILL.md"), &root.join("experts.yaml")]);
    assert_eq!((ids(&loaded), codes(&loaded)), (vec!["yaml", "git"], vec![]));
}

#[test]
fn each_empty_folder_is_named() {
    let (empty, other) = (folder(&[("x.txt", "")]), folder(&[]));
    let loaded = load(&[empty.path(), other.path()]);
    assert_eq!(codes(&loaded), ["empty-registry", "empty-registry"]);
    assert!(loaded.findings[1].message.contains("experts.yaml"), "{}", loaded.findings[1]);
}

#[test]
fn what_is_no_registry_or_not_there_is_an_error() {
    let folder = folder(&[("x.txt", "tools: []")]);
    let error = |name: &str| load_paths(&[folder.path().join(name)]).unwrap_err();
    assert_eq!(error("x.txt").code(), Code::InvalidArgument);
    assert_eq!(error("gone.json").code(), Code::Io);
    assert!(error("x.txt").to_string().ends_with("x.txt: neither registry nor skill: expected a file that ends in .json, .jsonl, .yaml, .yml or .md, or a folder, got another file; name the registry, the skill or their folder"));
}

#[test]
fn a_skill_that_is_named_directly_knows_its_folder() {
    let folder = folder(&[("git/SKILL.md", SKILL)]);
    for path in ["git/SKILL.md", "git/../git/SKILL.md", "git/.", "git"] {
        let loaded = load(&[&folder.path().join(path)]);
        assert_eq!((ids(&loaded), codes(&loaded)), (vec!["git"], vec![]), "{path}");
        assert_eq!(loaded.cards[0].instruction_file, "SKILL.md");
    }
}

#[test]
fn an_ignored_folder_is_passed_over() {
    let folder = folder(&[(".ignore", "old\n"), ("old/git/SKILL.md", SKILL), ("new/git/SKILL.md", SKILL)]);
    assert_eq!(load(&[folder.path()]).cards[0].instruction_file, "new/git/SKILL.md");
}

#[test]
fn instruction_files_are_cleaned_and_their_dirt_is_theirs() {
    let folder = folder(&[
        ("experts.yaml", "- id: a\n  title: A\n  instruction_file: ./more/a.md\n"),
        ("more/a.md", "\u{feff}one\r\ntwo"),
    ]);
    let loaded = load(&[folder.path()]);
    assert_eq!(loaded.cards[0].instruction_text, "one\ntwo");
    assert_eq!(codes(&loaded), ["byte-order-mark", "crlf"]);
    assert!(loaded.findings.iter().all(|finding| finding.path.ends_with("more/a.md")));
}

#[test]
#[cfg(unix)]
fn links_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("git/SKILL.md", SKILL), ("x.md", "secret")]);
    let registry = r#"[{"id":"a","title":"A","instruction_file":"x.md"},{"id":"b","title":"B","instruction_file":"y/x.md"},
        {"id":"c","title":"C","instruction_file":"inner.md"}]"#;
    let folder = folder(&[("registry.json", registry), ("here.md", "fine")]);
    symlink(outside.path().join("x.md"), folder.path().join("x.md")).unwrap();
    symlink(outside.path(), folder.path().join("y")).unwrap();
    symlink("here.md", folder.path().join("inner.md")).unwrap();
    symlink(outside.path().join("git"), folder.path().join("git")).unwrap();
    let loaded = load(&[folder.path()]);
    assert_eq!(codes(&loaded), ["link-skipped", "path-escape", "path-escape"]);
    assert_eq!((ids(&loaded), loaded.cards[0].instruction_text.as_str()), (vec!["c"], "fine"));
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_not_opened() {
    let folder = folder(&[("r.json", r#"[{"id":"a","title":"A","instruction_file":"d"}]"#), ("d/x", "")]);
    assert_eq!(codes(&load(&[&folder.path().join("r.json")])), ["instruction-missing"]);
}

#[test]
fn writing_replaces_the_file_and_leaves_nothing_beside_it() {
    let folder = folder(&[("out.bin", "old")]);
    let file = folder.path().join("out.bin");
    write(&file, b"new").unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"new");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let error = write(&folder.path().join("gone/out.bin"), b"new").unwrap_err();
    assert_eq!(error.code(), Code::Io);
    assert!(error.place().unwrap().ends_with("out.bin"), "{error}");
}

/// The real collection, where it stands beside the checkout or where `SKILLMESH_SHARED` says.
fn collection() -> Option<PathBuf> {
    let beside = std::env::var_os("SKILLMESH_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    Some(beside.join("skills")).filter(|folder| folder.is_dir())
}

#[test]
fn each_file_of_a_real_collection_is_a_card_or_an_error_and_the_same_twice() {
    let Some(folder) = collection() else { return eprintln!("skipped: no collection beside the checkout") };
    let (loaded, again) = (load(&[&folder]), load(&[&folder]));
    let errors = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    assert_eq!(loaded.cards.len() + errors, 1212);
    assert!(loaded.findings.iter().all(|finding| finding.line.is_some() || finding.code == "duplicate-id"));
    assert!(loaded.cards.iter().all(|card| !card.description.is_empty() && !card.instruction_file.starts_with('/')));
    assert_eq!((&loaded.cards, &loaded.findings), (&again.cards, &again.findings));
    let mut counts = BTreeMap::new();
    loaded.findings.iter().for_each(|finding| *counts.entry(&*finding.code).or_insert(0) += 1);
    eprintln!("{counts:#?}");
}

//! Does a kept snapshot survive kill -9, a full disk, and a watcher beside another?
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "the test writes folders to follow")]

use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use skillmesh::host;
use skillmesh::index::{StoredCards, apply, diff};
use skillmesh::snapshot::Snapshot;

const BINARY: &str = env!("CARGO_BIN_EXE_skillmesh");

fn skills(folder: &Path, count: usize, text: &str) {
    for number in 0..count {
        let file = folder.join(format!("s{number}/SKILL.md"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        // Renamed into its place, as an editor does: no other program sees half of it.
        let skill = format!("---\nname: s{number}\ndescription: {text} {number}\n---\n{}\n", text.repeat(200));
        std::fs::write(file.with_extension("new"), skill).unwrap();
        std::fs::rename(file.with_extension("new"), file).unwrap();
    }
}

fn command(name: &str, sources: &Path, snapshot: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.arg(name).arg(sources).arg("--snapshot").arg(snapshot).args(["--no-dense", "--json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// A snapshot that is whole.
fn opened(path: &Path) -> Snapshot {
    let snapshot = Snapshot::open(std::fs::read(path).unwrap()).unwrap();
    snapshot.verify().unwrap();
    snapshot
}

fn built(sources: &Path) -> Vec<u8> {
    host::build(host::load_paths(&[sources.to_owned()]).unwrap().cards, None, &|_, _| ()).unwrap()
}

#[test]
fn killed_at_any_moment_it_leaves_the_old_or_the_new() {
    let folder = tempfile::tempdir().unwrap();
    let (sources, snapshot) = (folder.path().join("sources"), folder.path().join("kept.msgpack"));
    let words = ["first", "second"];
    let whole = words.map(|word| {
        skills(&sources, 60, word);
        built(&sources)
    });
    let began = Instant::now();
    assert!(command("sync", &sources, &snapshot).status().unwrap().success());
    let usual = began.elapsed();
    for round in 0..50u32 {
        skills(&sources, 60, words[round as usize % 2]);
        let mut child = command("sync", &sources, &snapshot).spawn().unwrap();
        std::thread::sleep(usual * round / 40);
        child.kill().unwrap();
        child.wait().unwrap();
        opened(&snapshot);
        let bytes = std::fs::read(&snapshot).unwrap();
        assert!(whole.contains(&bytes), "neither the old one nor the new one after round {round}");
    }
    assert!(command("sync", &sources, &snapshot).status().unwrap().success());
    assert!(std::fs::read(&snapshot).unwrap() == built(&sources));
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert!(left <= 4, "sources, snapshot, what is remembered and the lock; nothing piles up");
}

/// A small disk, gone when it is dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this user may not mount one.
    fn new() -> Option<SmallDisk> {
        let disk = SmallDisk(tempfile::tempdir().unwrap());
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(disk.0.path()).output();
        mount.is_ok_and(|output| output.status.success()).then_some(disk)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(self.0.path()).output());
    }
}

#[test]
fn a_full_disk_leaves_the_old_snapshot() {
    let Some(disk) = SmallDisk::new() else { return eprintln!("skipped: no tmpfs may be mounted here") };
    let folder = tempfile::tempdir().unwrap();
    let (sources, snapshot) = (folder.path().join("sources"), disk.0.path().join("kept.msgpack"));
    skills(&sources, 4, "small");
    assert!(command("sync", &sources, &snapshot).status().unwrap().success());
    let before = std::fs::read(&snapshot).unwrap();
    skills(&sources, 400, "large");
    let output = command("sync", &sources, &snapshot).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("has room"));
    assert!(std::fs::read(&snapshot).unwrap() == before);
    let names = std::fs::read_dir(disk.0.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().ends_with(".new")), "half a file is taken away");
}

/// A watch, ended when it is dropped.
struct Watch {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watch {
    fn of(sources: &Path, snapshot: &Path) -> Watch {
        let mut child = command("watch", sources, snapshot).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Watch { child, lines }
    }

    /// What it prints next.
    fn next(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }

    /// How it ends when it is told to.
    fn ended(mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}

#[test]
fn a_watch_follows_keeps_what_was_good_and_ends_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    // The snapshot lies among the sources: a watch must not wake itself.
    let (sources, snapshot) = (folder.path().to_owned(), folder.path().join("kept.msgpack"));
    skills(&sources, 3, "first");
    let mut watch = Watch::of(&sources, &snapshot);
    assert_eq!(watch.next()["total"], 3);
    skills(&sources, 4, "first");
    assert_eq!(watch.next()["cards"]["added"], serde_json::json!(["s3"]));
    let good = std::fs::read(&snapshot).unwrap();
    std::fs::write(sources.join("experts.yaml"), "{").unwrap();
    assert_eq!(watch.next()["findings"][0]["code"], "yaml");
    assert!(std::fs::read(&snapshot).unwrap() == good);
    std::fs::write(sources.join("experts.yaml"), "- id: a\n  title: A\n").unwrap();
    assert_eq!(watch.next()["cards"]["added"], serde_json::json!(["a"]));
    assert!(std::fs::read(&snapshot).unwrap() == built(&sources));
    assert_eq!(watch.ended("-TERM"), Some(0));
}

#[test]
fn two_watches_of_one_snapshot_agree() {
    let folder = tempfile::tempdir().unwrap();
    let (sources, snapshot) = (folder.path().join("sources"), folder.path().join("kept.msgpack"));
    skills(&sources, 3, "first");
    let (mut one, mut other) = (Watch::of(&sources, &snapshot), Watch::of(&sources, &snapshot));
    one.next();
    other.next();
    for round in 0..5 {
        skills(&sources, 20, &format!("round {round}"));
        let until = Instant::now() + Duration::from_secs(30);
        while std::fs::read(&snapshot).unwrap() != built(&sources) {
            assert!(Instant::now() < until, "round {round} is not followed");
            opened(&snapshot);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    assert_eq!((one.ended("-INT"), other.ended("-INT")), (Some(0), Some(0)));
}

#[test]
fn a_delta_is_small_and_leads_to_the_very_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    skills(&path("sources"), 200, "first");
    host::write(&path("old"), &built(&path("sources"))).unwrap();
    skills(&path("sources"), 1, "changed");
    host::write(&path("new"), &built(&path("sources"))).unwrap();
    let run = |args: &[&str], files: [&str; 3]| {
        let [a, b, out] = files.map(&path);
        Command::new(BINARY).args(args).args([&a, &b]).arg("--out").arg(out).output().unwrap()
    };
    assert!(run(&["diff"], ["old", "new", "delta"]).status.success());
    assert!(run(&["apply"], ["old", "delta", "got"]).status.success());
    assert!(std::fs::read(path("got")).unwrap() == std::fs::read(path("new")).unwrap());
    assert!(std::fs::metadata(path("delta")).unwrap().len() < 4096);
    let refused = run(&["apply"], ["new", "delta", "got"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("another snapshot: expected cards ") && said.contains(", got cards "), "{said}");
}

#[test]
fn a_damaged_delta_gives_an_error_and_never_other_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = ["first", "second"].map(|text| {
        skills(folder.path(), 3, text);
        Snapshot::open(built(folder.path())).unwrap()
    });
    let [old, new] = &snapshots;
    let delta = diff(old, new).unwrap();
    for at in 0..delta.len() {
        let mut damaged = delta.clone();
        damaged[at] ^= 1 << (at % 8);
        // What is not needed, such as how long a number is written, may differ.
        assert!(apply(old, &damaged).map_or(true, |bytes| bytes == new.bytes()), "byte {at}");
        assert!(apply(old, &delta[..at]).is_err());
    }
    assert_eq!(StoredCards::of(new).unwrap().len(), 3);
}

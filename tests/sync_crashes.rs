//! Does a kept snapshot survive kill -9, a full disk, and a watcher beside another?
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "the test writes folders to follow")]

mod ending;

use std::io::{BufRead, BufReader, Lines};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

use sha2::Digest;
use skillmesh::host::{self, KeptSnapshot, Pace, Report, State, Trust, Watch};
use skillmesh::index::{BuildPlan, StoredCards, apply, diff};
use skillmesh::snapshot::{ModelInfo, Snapshot};
use skillmesh::{Code, ExpertCard};

use ending::EndsAt;

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

#[test]
fn a_sync_with_nothing_to_write_takes_away_what_a_crash_left() {
    let folder = tempfile::tempdir().unwrap();
    let (sources, snapshot) = (folder.path().join("sources"), folder.path().join("kept.msgpack"));
    skills(&sources, 2, "first");
    assert!(command("sync", &sources, &snapshot).status().unwrap().success());
    let left = ["kept.msgpack.new", "kept.msgpack.sync.new"].map(|name| folder.path().join(name));
    left.iter().for_each(|new| std::fs::write(new, "half").unwrap());
    assert!(command("sync", &sources, &snapshot).status().unwrap().success());
    assert!(!left.iter().any(|new| new.exists()));
}

/// A registry that is broken, beside skills that change: what could be lost, and what must go on.
struct Fragile {
    folder: tempfile::TempDir,
}

impl Fragile {
    /// Synced while all was well, then broken and changed.
    fn new() -> Fragile {
        let fragile = Fragile { folder: tempfile::tempdir().unwrap() };
        skills(&fragile.sources(), 4, "first");
        fragile.registry("- id: a\n  title: A\n- id: b\n  title: B\n");
        assert!(fragile.sync().success());
        fragile.registry("{");
        skills(&fragile.sources(), 5, "second");
        fragile
    }

    fn sources(&self) -> PathBuf {
        self.folder.path().join("sources")
    }

    fn snapshot(&self) -> PathBuf {
        self.folder.path().join("kept.msgpack")
    }

    fn registry(&self, text: &str) {
        std::fs::write(self.sources().join("experts.yaml"), text).unwrap();
    }

    fn sync(&self) -> ExitStatus {
        command("sync", &self.sources(), &self.snapshot()).status().unwrap()
    }

    /// No card of the broken registry is lost, now or after another try, and all is well when it is mended.
    fn check(&self, before: &[u8], case: &str) {
        let has_all = |when: &str| {
            let cards = opened(&self.snapshot());
            let cards = StoredCards::of(&cards).unwrap();
            assert!(cards.find("a").is_some() && cards.find("b").is_some(), "{case}: a card is lost {when}");
            cards.len()
        };
        let bytes = std::fs::read(self.snapshot()).unwrap();
        assert!(has_all("at once") == 7 || bytes == before, "{case}: neither the old one nor the new one");
        self.sync();
        has_all("by the next sync");
        self.registry("- id: a\n  title: A\n- id: b\n  title: B\n");
        assert!(self.sync().success(), "{case}");
        assert!(std::fs::read(self.snapshot()).unwrap() == built(&self.sources()), "{case}");
        let left = std::fs::read_dir(self.folder.path()).unwrap().count();
        assert!(left <= 4, "{case}: sources, snapshot, what is remembered and the lock; nothing piles up");
    }
}

#[test]
#[ignore = "a program for the test below"]
fn a_sync_that_ends_early() {
    let Some(listener) = EndsAt::told() else { return };
    let path = |name| PathBuf::from(std::env::var_os(name).unwrap());
    let kept = KeptSnapshot { paths: vec![path("SOURCES")], snapshot: path("SNAPSHOT"), model: None, dense: false };
    kept.sync(Trust::Metadata, SystemTime::now(), &listener).unwrap();
}

#[test]
fn ended_at_any_step_it_loses_nothing() {
    for step in 0.. {
        let fragile = Fragile::new();
        let before = std::fs::read(fragile.snapshot()).unwrap();
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "a_sync_that_ends_early", "--ignored"]).env("STEP", step.to_string());
        program.env("SOURCES", fragile.sources()).env("SNAPSHOT", fragile.snapshot()).stdout(Stdio::null());
        let status = program.status().unwrap();
        fragile.check(&before, &format!("step {step}"));
        if status.success() {
            assert_eq!(step, 10, "five steps of the snapshot, and five of what is remembered");
            break;
        }
        assert_eq!(status.code(), Some(9));
    }
}

/// A sync that may write no file of more than so many half kilobytes; it dies at the first byte too many, or hears of it as
/// of a full disk.
fn with_room(fragile: &Fragile, room: usize, dies: bool) -> Output {
    let script = format!("{}ulimit -f {room}; exec \"$@\"", if dies { "" } else { "trap '' XFSZ; " });
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, "sh", BINARY, "sync"]).arg(fragile.sources());
    shell.arg("--snapshot").arg(fragile.snapshot()).args(["--no-dense", "--json"]).output().unwrap()
}

#[test]
fn out_of_room_anywhere_it_loses_nothing() {
    let largest = |fragile: &Fragile| {
        let size = |name: &str| std::fs::metadata(fragile.folder.path().join(name)).unwrap().len() as usize;
        size("kept.msgpack").max(size("kept.msgpack.sync")).div_ceil(512)
    };
    let all = largest(&Fragile::new());
    for room in (0..all).step_by(all / 12 + 1).chain([all / 2]) {
        for dies in [true, false] {
            let fragile = Fragile::new();
            let before = std::fs::read(fragile.snapshot()).unwrap();
            let output = with_room(&fragile, room, dies);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), if dies { None } else { Some(2) }, "{room}: {said}");
            assert!(dies || said.contains("has room"), "{room}: {said}");
            let new = ["kept.msgpack.new", "kept.msgpack.sync.new"].map(|name| fragile.folder.path().join(name));
            assert!(dies || !new.iter().any(|new| new.exists()), "half a file is taken away");
            fragile.check(&before, &format!("room {room}"));
        }
    }
}

#[test]
fn no_room_for_what_is_remembered_is_said_and_the_snapshot_written() {
    let folder = tempfile::tempdir().unwrap();
    let fragile = Fragile { folder };
    // Long names make what is remembered larger than the snapshot.
    let deep = fragile.sources().join("d".repeat(200)).join("e".repeat(200));
    (0..20).for_each(|number| {
        let file = deep.join(format!("s{number}/SKILL.md"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, format!("---\nname: s{number}\ndescription: d\n---\n")).unwrap();
    });
    assert!(fragile.sync().success());
    let room = std::fs::metadata(fragile.snapshot()).unwrap().len() as usize / 512 + 2;
    std::fs::write(deep.join("s0/SKILL.md"), "---\nname: s0\ndescription: another\n---\n").unwrap();
    let output = with_room(&fragile, room, false);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("not-remembered"), "{said}");
    assert!(std::fs::read(fragile.snapshot()).unwrap() == built(&fragile.sources()));
}

#[test]
fn without_a_model_vectors_are_never_lost() {
    let fragile = Fragile::new();
    fragile.registry("- id: a\n  title: A\n");
    let run = |args: &[&str], has_model: bool| {
        let mut command = Command::new(BINARY);
        command.arg("sync").arg(fragile.sources()).arg("--snapshot").arg(fragile.snapshot()).args(args);
        let nowhere = fragile.folder.path();
        if !has_model {
            command.env_remove("SKILLMESH_MODEL").env("HOME", nowhere).env("XDG_CACHE_HOME", nowhere);
        }
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&[], true).0, Some(0));
    let dense = std::fs::read(fragile.snapshot()).unwrap();
    assert!(opened(&fragile.snapshot()).header().model.is_some());
    let (code, said) = run(&[], false);
    assert_eq!(code, Some(0));
    assert!(said.contains("no-model: no model was found: the vectors that are there stay"), "{said}");
    let mut damaged = dense.clone();
    damaged[dense.len() / 2] ^= 1;
    std::fs::write(fragile.snapshot(), &damaged).unwrap();
    let (code, said) = run(&[], false);
    assert_eq!(code, Some(2));
    assert!(said.contains("may have vectors") && said.contains("--no-dense"), "{said}");
    assert!(std::fs::read(fragile.snapshot()).unwrap() == damaged);
    assert_eq!(run(&[], true).0, Some(0));
    assert!(std::fs::read(fragile.snapshot()).unwrap() == dense);
    skills(&fragile.sources(), 6, "third");
    let (code, said) = run(&[], false);
    assert!(code == Some(2) && said.contains("new texts need the model"), "{said}");
    assert_eq!(run(&["--no-dense"], false).0, Some(0));
}

#[test]
fn what_is_remembered_does_not_tell_where_it_was_built() {
    let folder = tempfile::tempdir().unwrap();
    skills(&folder.path().join("skills"), 2, "first");
    std::fs::create_dir(folder.path().join("public")).unwrap();
    let sync = |snapshot: &str| {
        let args = ["sync", "skills", "--snapshot", snapshot];
        assert!(Command::new(BINARY).args(args).current_dir(folder.path()).output().unwrap().status.success());
        let text = std::fs::read_to_string(folder.path().join(format!("{snapshot}.sync"))).unwrap();
        let name = folder.path().file_name().unwrap().to_str().unwrap();
        assert!(text.contains("0/s1/SKILL.md") && !text.contains(name) && !text.contains("minilm"), "{text}");
    };
    sync("kept.msgpack");
    sync("public/kept.msgpack");
    let stats = host::stats(&folder.path().join("public/kept.msgpack")).unwrap();
    assert_eq!(stats.state, State::Current, "from whatever folder it is asked");
}

/// A file that somebody made to have another one read, or a device.
#[test]
fn what_is_remembered_names_no_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let (sources, snapshot) = (folder.path().join("sources"), folder.path().join("kept.msgpack"));
    skills(&sources, 1, "first");
    assert!(command("sync", &sources, &snapshot).status().unwrap().success());
    let file = folder.path().join("kept.msgpack.sync");
    let text = std::fs::read_to_string(&file).unwrap();
    let json = text.split_once('\n').unwrap().1.replace("0/s0/SKILL.md", "0//dev/zero");
    let sum = crc32fast::hash(json.as_bytes());
    std::fs::write(&file, format!("skillmesh-sync 2 {sum:08x}\n{json}")).unwrap();
    assert_eq!(host::stats(&snapshot).unwrap().state, State::Stale);
}

/// A watch, ended when it is dropped.
struct Watching {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    fn of(sources: &Path, snapshot: &Path) -> Watching {
        let mut child = command("watch", sources, snapshot).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Watching { child, lines }
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

impl Drop for Watching {
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
    let mut watch = Watching::of(&sources, &snapshot);
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
    let (mut one, mut other) = (Watching::of(&sources, &snapshot), Watching::of(&sources, &snapshot));
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

/// Watches while `act` is under way, which hears of every sync.
fn watching(kept: &KeptSnapshot, poll: Duration, act: impl FnOnce(&Receiver<skillmesh::Result<Report>>)) {
    let pace = Pace { quiet: Duration::from_millis(50), poll, ..Pace::default() };
    let watch = Watch::new(kept, pace).unwrap();
    let (stop, (sender, receiver)) = (watch.stop(), channel());
    std::thread::scope(|threads| {
        threads.spawn(move || watch.run(&(), &mut |synced| drop(sender.send(synced))).unwrap());
        let ended = std::panic::catch_unwind(AssertUnwindSafe(|| act(&receiver)));
        stop.ask();
        ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// Long enough to follow any change, short enough to tell it from a poll.
const SOON: Duration = Duration::from_secs(20);
const NEVER: Duration = Duration::from_secs(3600);

/// Waits for a sync after which this is so.
fn until(syncs: &Receiver<skillmesh::Result<Report>>, what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + SOON;
    while !is_so() {
        let left = until.saturating_duration_since(Instant::now());
        assert!(syncs.recv_timeout(left).is_ok(), "{what} is not followed");
    }
}

fn kept(paths: &[&Path], snapshot: PathBuf) -> KeptSnapshot {
    KeptSnapshot { paths: paths.iter().map(|path| path.to_path_buf()).collect(), snapshot, model: None, dense: false }
}

fn is_built(snapshot: &Path, sources: &Path) -> bool {
    std::fs::read(snapshot).is_ok_and(|bytes| bytes == built(sources))
}

#[test]
fn a_watch_follows_a_folder_that_is_replaced_or_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (sources, snapshot) = (path("sources"), path("kept.msgpack"));
    skills(&sources, 2, "first");
    skills(&path("new"), 3, "second");
    watching(&kept(&[&sources], snapshot.clone()), NEVER, |syncs| {
        until(syncs, "the start", || is_built(&snapshot, &sources));
        std::fs::rename(&sources, path("old")).unwrap();
        std::fs::rename(path("new"), &sources).unwrap();
        until(syncs, "another folder in its place", || is_built(&snapshot, &sources));
        skills(&sources, 4, "third");
        until(syncs, "a change in the new folder", || is_built(&snapshot, &sources));
        std::fs::remove_dir_all(&sources).unwrap();
        assert!((0..).find_map(|_| syncs.recv_timeout(SOON).unwrap().err()).is_some(), "it is gone");
        skills(&sources, 2, "fourth");
        until(syncs, "the folder that came back", || is_built(&snapshot, &sources));
        skills(&sources, 3, "fifth");
        until(syncs, "a change in the folder that came back", || is_built(&snapshot, &sources));
    });
}

#[test]
fn a_watch_follows_a_link_to_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (current, snapshot) = (path("current"), path("kept.msgpack"));
    skills(&path("v1"), 2, "first");
    skills(&path("v2"), 2, "second");
    std::os::unix::fs::symlink("v1", &current).unwrap();
    watching(&kept(&[&current], snapshot.clone()), NEVER, |syncs| {
        until(syncs, "the start", || is_built(&snapshot, &current));
        std::os::unix::fs::symlink("v2", path("next")).unwrap();
        std::fs::rename(path("next"), &current).unwrap();
        until(syncs, "where the link leads", || is_built(&snapshot, &current));
        skills(&path("v2"), 3, "third");
        until(syncs, "a change behind the link", || is_built(&snapshot, &current));
    });
}

#[test]
fn a_watch_looks_now_and_then_though_nothing_told_it_to() {
    let folder = tempfile::tempdir().unwrap();
    let (sources, snapshot) = (folder.path().join("sources"), folder.path().join("kept.msgpack"));
    skills(&sources, 2, "first");
    watching(&kept(&[&sources], snapshot.clone()), Duration::from_millis(300), |syncs| {
        until(syncs, "the start", || is_built(&snapshot, &sources));
        std::fs::remove_file(&snapshot).unwrap();
        until(syncs, "the loss of the snapshot", || is_built(&snapshot, &sources));
    });
}

#[test]
fn watches_of_two_snapshots_in_one_folder_leave_each_other_alone() {
    let folder = tempfile::tempdir().unwrap();
    skills(folder.path(), 2, "first");
    let [one, other] = ["one.msgpack", "other.msgpack"].map(|name| kept(&[folder.path()], folder.path().join(name)));
    watching(&one, NEVER, |of_one| {
        watching(&other, NEVER, |of_other| {
            of_one.recv().unwrap().unwrap();
            of_other.recv().unwrap().unwrap();
            std::thread::sleep(Duration::from_secs(1));
            // The snapshot that came first may be a change to the other watch, once.
            assert!(of_one.try_iter().count() + of_other.try_iter().count() <= 3);
            std::thread::sleep(Duration::from_secs(2));
            assert_eq!(of_one.try_iter().count() + of_other.try_iter().count(), 0);
        });
    });
}

#[test]
fn a_watch_of_a_file_follows_what_it_names_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let registry = "- id: a\n  title: A\n  instruction_file: texts/a.md\n";
    ["texts", "modules/deep"].iter().for_each(|name| std::fs::create_dir_all(path(name)).unwrap());
    std::fs::write(path("texts/a.md"), "one").unwrap();
    std::fs::write(path("experts.yaml"), registry).unwrap();
    watching(&kept(&[&path("experts.yaml")], path("kept.msgpack")), NEVER, |syncs| {
        until(syncs, "the start", || is_built(&path("kept.msgpack"), &path("experts.yaml")));
        std::thread::sleep(Duration::from_millis(500));
        syncs.try_iter().for_each(drop);
        std::fs::write(path("modules/deep/x.js"), "").unwrap();
        assert!(syncs.recv_timeout(Duration::from_secs(1)).is_err(), "nobody is woken by what lies elsewhere");
        std::fs::write(path("texts/a.md"), "two").unwrap();
        until(syncs, "its instruction file", || is_built(&path("kept.msgpack"), &path("experts.yaml")));
        std::fs::write(path("experts.yaml"), registry.replace("title: A", "title: B")).unwrap();
        until(syncs, "the file itself", || is_built(&path("kept.msgpack"), &path("experts.yaml")));
    });
}

#[test]
fn a_watch_of_nothing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let error = Watch::new(&kept(&[&folder.path().join("sauces")], folder.path().join("k")), Pace::default()).err();
    assert!(error.unwrap().to_string().contains("sauces: the file cannot be read"));
}

#[test]
fn a_watch_says_nothing_where_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (sources, snapshot) = (folder.path().join("sources"), folder.path().join("kept.msgpack"));
    skills(&sources, 1, "first");
    std::fs::create_dir(sources.join("bare")).unwrap();
    std::fs::write(sources.join("bare/SKILL.md"), "no front matter").unwrap();
    let mut watch = Watching::of(&sources, &snapshot);
    assert_eq!(watch.next()["findings"][0]["code"], "frontmatter-missing");
    std::fs::write(sources.join("unrelated.txt"), "").unwrap();
    std::thread::sleep(Duration::from_secs(1));
    skills(&sources, 2, "first");
    assert_eq!(watch.next()["cards"]["added"], serde_json::json!(["s1"]), "the next line is of the next change");
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
    let hash = skillmesh::bytes::hex(&sha2::Sha256::digest(std::fs::read(path("new")).unwrap()));
    assert!(run(&["apply", "--expect", &hash], ["old", "delta", "got"]).status.success());
    let refused = run(&["apply", "--expect", "00"], ["old", "delta", "got"]);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("leads to another snapshot: expected SHA-256 00"));
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

/// A snapshot of these cards with a vector of two numbers for each passage.
fn with_vectors(titles: &[&str]) -> Snapshot {
    let card = |title: &&str| ExpertCard { id: title.to_lowercase(), title: title.to_string(), ..Default::default() };
    let plan = BuildPlan::new(titles.iter().map(card).collect()).unwrap();
    let model = ModelInfo { name: "m".into(), fingerprint: "f".into(), dimensions: 2 };
    let vectors = plan.passages().iter().map(|texts| vec![vec![1.0, 0.5]; texts.len()]).collect();
    Snapshot::open(plan.compile(Some((model, vectors)), Default::default()).unwrap()).unwrap()
}

#[test]
fn a_hostile_delta_is_refused_for_what_it_holds() {
    let (old, new) = (with_vectors(&["Maps"]), with_vectors(&["Maps", "Charts", "Plots"]));
    let delta = diff(&old, &new).unwrap();
    assert!(apply(&old, &delta).unwrap() == new.bytes());
    let end = delta.len();
    for scale in [f32::NAN, f32::INFINITY, 0.0, -1.0] {
        let mut hostile = delta.clone();
        hostile[end - 4..].copy_from_slice(&scale.to_le_bytes());
        let refused = apply(&old, &hostile).unwrap_err().to_string();
        assert!(refused.contains("2 rows of 2 numbers, each with a finite scale above 0"), "{scale}: {refused}");
    }
    let refused = apply(&old, &[&delta[..], &[0xc0; 1000]].concat()).unwrap_err();
    assert!(refused.to_string().contains("more bytes after its end"), "{refused}");
    // A vector more than there are passages.
    let scales = [&[0xc4, 8], &delta[end - 8..]].concat();
    let longer = [&delta[..end - 10], &[0xc4, 12], &delta[end - 8..], &1f32.to_le_bytes()].concat();
    assert_eq!(delta[end - 10..], scales);
    assert!(apply(&old, &longer).unwrap_err().to_string().contains("2 rows of 2 numbers"));
}

#[test]
fn a_delta_of_another_version_is_told_from_a_damaged_one() {
    let (old, new) = (with_vectors(&["Maps"]), with_vectors(&["Maps", "Charts"]));
    let mut delta = diff(&old, &new).unwrap();
    let mut change = |from: &str, to: &str| {
        let at = delta.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        delta[at..at + to.len()].copy_from_slice(to.as_bytes());
    };
    change("dense_weight", "dense_weighs");
    change(skillmesh::snapshot::BUILDER, "skillmesh 9");
    assert_eq!(apply(&old, &delta).unwrap_err().code(), Code::SnapshotVersion);
    for other in [&[0xdd, 0, 0, 0xff, 0xff][..], b"", b"\x81\xa5magic", old.bytes()] {
        assert_eq!(apply(&old, other).unwrap_err().code(), Code::SnapshotFormat);
    }
}

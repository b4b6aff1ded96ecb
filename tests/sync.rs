//! Does a kept snapshot follow its files, whatever happens in between?
#![cfg(feature = "sync")]
#![allow(clippy::disallowed_methods, reason = "the test writes folders to follow")]

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use skillmesh::host::{self, KeptSnapshot, Report, State, Trust};
use skillmesh::index::BuildPlan;
use skillmesh::load::Severity;
use skillmesh::snapshot::{Ranking, Snapshot};
use skillmesh::{Code, Result};
use tempfile::TempDir;

/// A folder of sources with a snapshot beside it.
struct Kept {
    folder: TempDir,
}

impl Kept {
    fn new(files: &[(&str, &str)]) -> Kept {
        let kept = Kept { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(name, text)| kept.put(name, text));
        kept
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("sources").join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn snapshot(&self) -> PathBuf {
        self.folder.path().join("kept.msgpack")
    }

    fn sidecar(&self) -> PathBuf {
        self.folder.path().join("kept.msgpack.sync")
    }

    /// Of these paths below the folder, without vectors.
    fn of(&self, paths: &[&str]) -> KeptSnapshot {
        let paths = paths.iter().map(|path| self.folder.path().join(path)).collect();
        KeptSnapshot { paths, snapshot: self.snapshot(), model: None, dense: false }
    }

    fn with(&self, trust: Trust) -> Result<Report> {
        self.of(&["sources"]).sync(trust, SystemTime::now(), &())
    }

    fn sync(&self) -> Report {
        self.with(Trust::Metadata).unwrap()
    }

    /// A sync so late that any change since would show in the files' times.
    fn sync_later(&self) -> Report {
        self.of(&["sources"]).sync(Trust::Metadata, SystemTime::now() + Duration::from_secs(3600), &()).unwrap()
    }

    /// The ids of the cards.
    fn ids(&self) -> Vec<String> {
        let stored = Snapshot::open(self.bytes()).unwrap();
        let stored = skillmesh::index::StoredCards::of(&stored).unwrap();
        stored.cards().map(|card| card.unwrap().id).collect()
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.snapshot()).unwrap()
    }

    /// What `skillmesh build` makes of the sources.
    fn built(&self) -> Vec<u8> {
        host::build(host::load_paths(&[self.path("")]).unwrap().cards, None, &|_, _| ()).unwrap()
    }

    /// Syncs, and compares with a build.
    fn followed(&self) -> Report {
        let report = self.sync();
        assert!(self.bytes() == self.built(), "a sync and a build differ");
        report
    }
}

fn skill(name: &str, text: &str) -> String {
    format!("---\nname: {name}\ndescription: {text}\n---\n# {name}\n\n{text}\n")
}

fn registry(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("- id: {id}\n  title: All of {id}\n")).collect()
}

fn diff(report: &Report) -> [usize; 3] {
    [&report.cards.added, &report.cards.changed, &report.cards.removed].map(Vec::len)
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| &*finding.code).collect()
}

fn three() -> Kept {
    Kept::new(&[
        ("experts.yaml", &registry(&["a", "b"])),
        ("x/git/SKILL.md", &skill("git", "commits")),
        ("y/git/SKILL.md", &skill("git", "merges")),
    ])
}

#[test]
fn what_came_changed_and_went_is_told_apart() {
    let kept = three();
    assert_eq!(diff(&kept.followed()), [4, 0, 0]);
    kept.put("y/git/SKILL.md", &skill("git", "rebases"));
    assert_eq!(diff(&kept.followed()), [0, 1, 0]);
    kept.put("z/svn/SKILL.md", &skill("svn", "checks out"));
    kept.put("experts.yaml", &registry(&["b"]));
    let report = kept.followed();
    assert_eq!(diff(&report), [1, 0, 1]);
    assert_eq!((report.files.scanned, report.files.tracked, report.files.added, report.files.changed), (4, 3, 1, 1));
    std::fs::remove_file(kept.path("x/git/SKILL.md")).unwrap();
    assert_eq!(kept.followed().cards.removed, ["y/git"], "the other one takes the shorter name");
}

#[test]
fn nothing_is_written_where_nothing_changed() {
    let kept = three();
    kept.put("a/SKILL.md", "no front matter");
    let first = kept.sync();
    let written = |path: PathBuf| std::fs::metadata(path).unwrap().modified().unwrap();
    let before = (written(kept.snapshot()), written(kept.sidecar()));
    for trust in [Trust::Metadata, Trust::Content, Trust::Metadata] {
        let report = kept.with(trust).unwrap();
        assert_eq!((report.written, diff(&report), report.total), (false, [0, 0, 0], 5));
        assert_eq!(report.findings, first.findings, "what is said does not depend on what is read");
    }
    assert_eq!((written(kept.snapshot()), written(kept.sidecar())), before);
}

#[test]
fn what_is_remembered_may_be_lost_broken_or_stale() {
    let kept = three();
    kept.sync();
    let remembered = std::fs::read(kept.sidecar()).unwrap();
    let state = || host::stats(&kept.snapshot()).unwrap().state;
    assert_eq!(state(), State::Current);
    for at in (0..remembered.len()).step_by(41) {
        let mut damaged = remembered.clone();
        damaged[at] ^= 1;
        for bytes in [&damaged, &remembered[..at]] {
            std::fs::write(kept.sidecar(), bytes).unwrap();
            let believed = kept.with(Trust::Metadata).unwrap().files.tracked > 0;
            assert!(!believed, "byte {at}");
        }
    }
    kept.put("y/git/SKILL.md", &skill("git", "rebases"));
    kept.followed();
    std::fs::write(kept.sidecar(), &remembered).unwrap();
    assert_eq!((state(), kept.followed().files.tracked), (State::Unknown, 0), "it is of another snapshot");
    std::fs::remove_file(kept.sidecar()).unwrap();
    assert_eq!(diff(&kept.followed()), [0, 0, 0]);
    std::fs::remove_file(kept.snapshot()).unwrap();
    assert_eq!(diff(&kept.followed()), [4, 0, 0]);
}

#[test]
fn a_damaged_snapshot_is_built_anew_and_another_file_is_left_alone() {
    let kept = three();
    kept.sync();
    let mut bytes = kept.bytes();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(kept.snapshot(), bytes).unwrap();
    assert!(codes(&kept.followed()).contains(&"snapshot-replaced"));
    std::fs::write(kept.snapshot(), "somebody's notes").unwrap();
    assert_eq!(kept.with(Trust::Metadata).unwrap_err().code(), Code::SnapshotFormat);
    assert_eq!(kept.bytes(), b"somebody's notes");
}

#[test]
fn a_rename_is_one() {
    let kept = three();
    kept.sync();
    std::fs::rename(kept.path("y"), kept.path("w")).unwrap();
    let report = kept.followed();
    assert_eq!((report.files.renamed, report.files.added, report.files.removed), (1, 0, 0));
}

#[test]
fn a_broken_file_keeps_its_last_good_cards_until_it_recovers_or_goes() {
    let kept = three();
    kept.sync();
    kept.put("experts.yaml", "- id: a\n  title: [\n");
    kept.put("y/git/SKILL.md", &skill("git", "rebases"));
    let report = kept.sync();
    assert_eq!((diff(&report), report.total), ([0, 1, 0], 4), "what is not broken goes on");
    assert_eq!(codes(&report)[..2], ["yaml", "last-good-kept"]);
    assert!(kept.sync().is_broken(), "it is said again");
    assert_eq!(host::stats(&kept.snapshot()).unwrap().broken, 1);
    kept.put("experts.yaml", &registry(&["a", "b", "c"]));
    assert_eq!(diff(&kept.followed()), [1, 0, 0]);
    kept.put("experts.yaml", "{");
    kept.sync();
    std::fs::remove_file(kept.path("experts.yaml")).unwrap();
    assert_eq!(diff(&kept.followed()), [0, 0, 3]);
}

#[test]
fn names_that_a_broken_registry_took_stay_taken() {
    let kept = Kept::new(&[("experts.yaml", &registry(&["git"])), ("x/git/SKILL.md", &skill("git", "commits"))]);
    kept.sync();
    let before = kept.bytes();
    kept.put("experts.yaml", "{");
    assert!(kept.sync().is_broken());
    assert!(kept.bytes() == before, "no card was lost or renamed");
}

#[test]
fn a_moved_project_and_another_spelling_have_the_same_files() {
    let kept = three();
    kept.sync();
    let before = kept.bytes();
    kept.put("experts.yaml", "{");
    let other = kept.of(&["sources/../sources"]).sync(Trust::Metadata, SystemTime::now(), &()).unwrap();
    assert_eq!((diff(&other), other.is_broken()), ([0, 0, 0], true));
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("moved");
    std::fs::rename(kept.folder.path(), &moved).unwrap();
    let (paths, snapshot) = (vec![moved.join("sources")], moved.join("kept.msgpack"));
    let moved = KeptSnapshot { paths, snapshot: snapshot.clone(), model: None, dense: false };
    let report = moved.sync(Trust::Metadata, SystemTime::now(), &()).unwrap();
    assert_eq!((diff(&report), report.files.renamed), ([0, 0, 0], 0));
    assert!(std::fs::read(snapshot).unwrap() == before);
}

#[test]
fn files_are_told_apart_whatever_the_order_of_their_paths() {
    let kept = three();
    kept.put("more/experts.yaml", &registry(&["c"]));
    let sync = |paths: &[&str]| kept.of(paths).sync(Trust::Metadata, SystemTime::now(), &()).unwrap();
    sync(&["sources", "sources/more"]);
    kept.put("more/experts.yaml", "{");
    assert_eq!(diff(&sync(&["sources/more", "sources"])), [0, 0, 0]);
    assert_eq!(diff(&sync(&["sources/more"])), [0, 0, 4], "paths that are not named any more are gone");
}

#[test]
fn a_broken_file_that_may_hold_what_is_gone_stops_the_sync() {
    let refused = |kept: &Kept| {
        let before = kept.bytes();
        let error = kept.with(Trust::Metadata).unwrap_err().to_string();
        assert!(error.contains("experts.yaml is gone, and its cards may be in here"), "{error}");
        assert!(kept.bytes() == before);
    };
    let kept = three();
    kept.sync();
    // A generator is half through writing what takes the place of a good registry.
    kept.put("tools.enriched.json", "[{");
    refused(&kept);
    std::fs::remove_file(kept.path("tools.enriched.json")).unwrap();
    assert_eq!(diff(&kept.followed()), [0, 0, 0]);
    std::fs::rename(kept.path("experts.yaml"), kept.path("registry.yaml")).unwrap();
    kept.put("registry.yaml", "{");
    refused(&kept);
    kept.put("registry.yaml", &registry(&["a", "b"]));
    assert_eq!(diff(&kept.followed()), [0, 0, 0]);
}

/// Two registries, named one by one.
fn two(one: &[&str], other: &[&str]) -> Kept {
    Kept::new(&[("one.yaml", &registry(one)), ("two.yaml", &registry(other))])
}

const TWO: [&str; 2] = ["sources/one.yaml", "sources/two.yaml"];

#[test]
fn a_registry_whose_id_is_taken_is_as_broken_as_any() {
    let kept = two(&["x"], &["y", "z"]);
    let sync = || kept.of(&TWO).sync(Trust::Metadata, SystemTime::now(), &()).unwrap();
    sync();
    let before = kept.bytes();
    kept.put("two.yaml", &registry(&["x", "z"]));
    let report = sync();
    assert_eq!((diff(&report), codes(&report)), ([0, 0, 0], vec!["duplicate-id", "last-good-kept"]));
    assert!(kept.bytes() == before && sync().is_broken());
    kept.put("two.yaml", &registry(&["v", "z"]));
    assert_eq!((diff(&sync()), kept.ids()), ([1, 0, 1], vec!["v".to_owned(), "x".into(), "z".into()]));
}

#[test]
fn nobody_takes_the_cards_of_a_broken_file() {
    let kept = two(&["x"], &["a", "b"]);
    let sync = || kept.of(&TWO).sync(Trust::Metadata, SystemTime::now(), &()).unwrap();
    sync();
    let before = kept.bytes();
    kept.put("two.yaml", "{");
    assert_eq!(diff(&sync()), [0, 0, 0]);
    kept.put("one.yaml", "- id: x\n  title: X\n- id: a\n  title: Another\n");
    assert_eq!(diff(&sync()), [0, 0, 0], "it would take the place of the broken file's");
    kept.put("one.yaml", &registry(&["x"]));
    assert_eq!(diff(&sync()), [0, 0, 0]);
    assert!(kept.bytes() == before);
}

#[test]
fn half_a_skill_does_not_take_the_place_of_a_whole_one() {
    let whole = skill("pdf", "fills forms");
    let conflict = "---\nname: pdf\n<<<<<<< HEAD\ndescription: a\n=======\ndescription: b\n>>>>>>> it\n---\nText\n";
    for half in ["", "---\nname", "---\nname: pdf\ndescri", "---\nname: pdf\n", conflict] {
        let kept = Kept::new(&[("pdf/SKILL.md", &whole), ("git/SKILL.md", &skill("git", "commits"))]);
        kept.sync();
        kept.put("pdf/SKILL.md", half);
        for trust in [Trust::Metadata, Trust::Metadata, Trust::Content] {
            let report = kept.with(trust).unwrap();
            assert_eq!((diff(&report), report.is_broken()), ([0, 0, 0], true), "{half:?}");
            assert!(codes(&report).contains(&"half-written") && codes(&report).contains(&"last-good-kept"));
        }
        kept.put("pdf/SKILL.md", &skill("pdf", "fills forms and signs"));
        assert_eq!(diff(&kept.followed()), [0, 1, 0]);
        kept.put("pdf/SKILL.md", half);
        kept.with(Trust::Nothing).unwrap();
        assert!(kept.bytes() == kept.built(), "it was meant so");
        assert!(!kept.sync().is_broken());
    }
}

#[test]
fn a_skill_that_was_never_whole_is_followed_as_it_is() {
    let kept = Kept::new(&[("a/SKILL.md", "no front matter"), ("b/SKILL.md", "")]);
    assert!(!kept.followed().is_broken());
    kept.put("a/SKILL.md", "another text without");
    assert_eq!((diff(&kept.followed()), kept.sync().is_broken()), ([0, 1, 0], false));
    let meant = "<<<<<<< this is how a conflict looks\n>>>>>>> and ends\n";
    kept.put("c/SKILL.md", &skill("c", "conflicts"));
    kept.followed();
    kept.put("c/SKILL.md", &(skill("c", "conflicts") + meant));
    assert!(!kept.followed().is_broken());
}

#[test]
fn what_cannot_be_known_stops_the_sync() {
    let kept = three();
    kept.sync();
    let before = kept.bytes();
    kept.put("experts.yaml", "{");
    std::fs::remove_file(kept.sidecar()).unwrap();
    let refused = |trust| kept.with(trust).unwrap_err().to_string();
    let said = refused(Trust::Metadata);
    assert!(said.contains("experts.yaml") && said.contains("mend it first: which cards it gave"), "{said}");
    assert!(refused(Trust::Nothing).contains("from scratch nothing stands in for it"));
    std::fs::remove_file(kept.snapshot()).unwrap();
    assert!(refused(Trust::Metadata).contains("there are no last good cards"));
    std::fs::write(kept.snapshot(), &before).unwrap();
    std::fs::remove_dir_all(kept.path("")).unwrap();
    assert!(kept.with(Trust::Metadata).is_err());
    std::fs::create_dir(kept.path("")).unwrap();
    assert!(kept.with(Trust::Content).unwrap_err().to_string().contains("empty-registry"));
    assert!(kept.bytes() == before);
}

#[test]
fn a_file_that_looks_the_same_is_not_read_and_one_that_does_not_is() {
    let kept = three();
    kept.sync_later();
    assert_eq!(kept.sync_later().files.read, 0);
    let file = kept.path("x/git/SKILL.md");
    let time = std::fs::metadata(&file).unwrap().modified().unwrap();
    let set_time = |time| std::fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    kept.put("x/git/SKILL.md", &skill("git", "reverts"));
    set_time(time);
    assert_eq!(diff(&kept.sync_later()), [0, 1, 0], "of the same size and time, but changed later");
    set_time(time - Duration::from_secs(3600));
    let report = kept.sync_later();
    assert_eq!((report.files.read, report.written, diff(&report)), (1, false, [0, 0, 0]), "touched, and not changed");
    assert!(kept.bytes() == kept.built());
}

#[test]
fn a_file_that_may_change_without_a_trace_is_read_again() {
    let kept = three();
    kept.sync();
    assert_eq!(kept.sync().files.read, 3, "they are younger than a clock may tell");
}

#[test]
fn instruction_files_are_followed() {
    let kept = Kept::new(&[("experts.json", r#"[{"id":"a","title":"A","instruction_file":"a.md"}]"#), ("a.md", "one")]);
    assert_eq!(kept.followed().files.scanned, 2);
    kept.put("a.md", "two");
    assert_eq!(diff(&kept.followed()), [0, 1, 0]);
    std::fs::remove_file(kept.path("a.md")).unwrap();
    assert_eq!((codes(&kept.sync())[0], kept.sync().total), ("instruction-missing", 1));
}

#[test]
fn an_instruction_file_that_comes_back_is_seen() {
    let kept = Kept::new(&[("experts.json", r#"[{"id":"a","title":"A","instruction_file":"a.md"}]"#), ("a.md", "one")]);
    kept.sync_later();
    std::fs::remove_file(kept.path("a.md")).unwrap();
    assert!(kept.sync_later().is_broken());
    assert_eq!(kept.sync_later().files.read, 0, "nothing changed since");
    assert_eq!(host::stats(&kept.snapshot()).unwrap().state, State::Broken);
    kept.put("a.md", "two");
    let report = kept.sync_later();
    assert_eq!((diff(&report), report.is_broken()), ([0, 1, 0], false));
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    fn relink(to: &str, link: &std::path::Path) {
        drop(std::fs::remove_file(link));
        symlink(to, link).unwrap();
    }

    #[test]
    fn where_an_instruction_file_leads_is_followed() {
        let registry = r#"[{"id":"a","title":"A","instruction_file":"a.md"}]"#;
        let kept = Kept::new(&[("experts.json", registry), ("one.md", "one"), ("two.md", "two")]);
        relink("one.md", &kept.path("a.md"));
        kept.sync_later();
        assert_eq!(kept.sync_later().files.read, 0);
        relink("two.md", &kept.path("a.md"));
        assert_eq!(diff(&kept.sync_later()), [0, 1, 0]);
        assert!(kept.bytes() == kept.built());
        std::fs::write(kept.folder.path().join("out.md"), "two").unwrap();
        relink("../out.md", &kept.path("a.md"));
        let report = kept.sync_later();
        assert_eq!((codes(&report), diff(&report)), (vec!["path-escape", "last-good-kept"], [0, 0, 0]));
        relink("one.md", &kept.path("a.md"));
        assert_eq!(diff(&kept.sync_later()), [0, 1, 0]);
    }

    #[test]
    fn a_snapshot_behind_a_link_is_written_where_it_lies() {
        let kept = three();
        let real = kept.folder.path().join("real.msgpack");
        kept.sync();
        std::fs::rename(kept.snapshot(), &real).unwrap();
        std::fs::remove_file(kept.sidecar()).unwrap();
        relink("real.msgpack", &kept.snapshot());
        kept.put("y/git/SKILL.md", &skill("git", "rebases"));
        kept.followed();
        assert!(kept.snapshot().is_symlink() && std::fs::read(&real).unwrap() == kept.bytes());
        assert!(kept.folder.path().join("real.msgpack.sync").exists() && !kept.sidecar().exists());
        host::write(&kept.snapshot(), &kept.bytes()).unwrap();
        assert!(kept.snapshot().is_symlink());
    }

    #[test]
    fn what_is_no_file_any_more_is_not_read() {
        let kept =
            Kept::new(&[("experts.json", r#"[{"id":"a","title":"A","instruction_file":"a.md"}]"#), ("a.md", "")]);
        kept.sync();
        std::fs::remove_file(kept.path("a.md")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(kept.path("a.md")).status().unwrap().success());
        assert_eq!(host::stats(&kept.snapshot()).unwrap().state, State::Stale, "nobody waits for a writer");
        assert!(kept.sync().is_broken());
    }

    #[test]
    fn names_that_are_no_text_are_names() {
        use std::os::unix::ffi::OsStrExt;
        let kept = three();
        for byte in [0xfe, 0xff] {
            let folder = kept.path("").join(std::ffi::OsStr::from_bytes(&[b'a', byte]));
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("SKILL.md"), skill(&format!("s{byte}"), "text")).unwrap();
        }
        assert_eq!(kept.sync_later().files.scanned, 5);
        assert_eq!(kept.sync_later().files.read, 0);
        assert_eq!(host::stats(&kept.snapshot()).unwrap().state, State::Current);
    }

    #[test]
    fn what_is_remembered_is_as_private_as_the_snapshot() {
        use std::os::unix::fs::PermissionsExt;
        let kept = three();
        kept.sync();
        let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        std::fs::set_permissions(kept.snapshot(), PermissionsExt::from_mode(0o640)).unwrap();
        std::fs::remove_file(kept.sidecar()).unwrap();
        kept.put("y/git/SKILL.md", &skill("git", "rebases"));
        kept.sync();
        assert_eq!((mode(kept.snapshot()), mode(kept.sidecar())), (0o640, 0o640));
    }
}

#[test]
fn a_snapshot_is_up_to_date_though_that_is_not_remembered() {
    let kept = three();
    std::fs::create_dir(kept.sidecar()).unwrap();
    let report = kept.sync();
    assert_eq!((report.written, codes(&report).last()), (true, Some(&"not-remembered")));
    assert!(kept.bytes() == kept.built());
}

#[test]
fn stats_tell_whether_it_is_stale() {
    let kept = three();
    kept.sync();
    let state = || host::stats(&kept.snapshot()).unwrap().state;
    assert_eq!(state(), State::Current);
    kept.put("z/svn/SKILL.md", &skill("svn", "checks out"));
    assert_eq!(state(), State::Stale);
    kept.sync();
    assert_eq!(state(), State::Current);
    host::write(&kept.snapshot(), &kept.built()).unwrap();
    assert_eq!(state(), State::Current, "the same bytes are the same snapshot");
    std::fs::remove_file(kept.sidecar()).unwrap();
    assert_eq!(state(), State::Unknown);
    std::fs::remove_file(kept.snapshot()).unwrap();
    assert_eq!(host::stats(&kept.snapshot()).unwrap_err().code(), Code::Io);
}

#[test]
fn tuned_settings_stay_until_the_index_is_cleared() {
    let kept = three();
    kept.sync();
    let tuned = Ranking { dense_weight: 0.5, ..Ranking::default() };
    let retuned = Snapshot::open(kept.bytes()).unwrap().with_ranking(tuned.clone()).unwrap();
    host::write(&kept.snapshot(), &retuned).unwrap();
    kept.put("y/git/SKILL.md", &skill("git", "rebases"));
    kept.sync();
    assert_eq!(Snapshot::open(kept.bytes()).unwrap().header().ranking, tuned);
    kept.with(Trust::Nothing).unwrap();
    assert!(kept.bytes() == kept.built());
}

#[test]
fn settings_of_another_version_stay_and_it_is_said() {
    let kept = three();
    kept.sync();
    let tuned = Ranking { dense_weight: 0.5, ..Ranking::default() };
    let mut bytes = Snapshot::open(kept.bytes()).unwrap().with_ranking(tuned.clone()).unwrap();
    let builder = skillmesh::snapshot::BUILDER.as_bytes();
    let at = bytes.windows(builder.len()).position(|window| window == builder).unwrap();
    bytes[at + builder.len() - 1] ^= 1;
    let covered = bytes.len() - 4;
    let checksum = crc32fast::hash(&bytes[..covered]).to_be_bytes();
    bytes[covered..].copy_from_slice(&checksum);
    std::fs::write(kept.snapshot(), bytes).unwrap();
    let report = kept.sync();
    assert_eq!(codes(&report), ["duplicate-id", "ranking-kept"]);
    assert_eq!(Snapshot::open(kept.bytes()).unwrap().header().ranking, tuned);
    assert_eq!(codes(&kept.sync()), ["duplicate-id"], "it is said once");
}

mod company {
    use super::*;
    use skillmesh::host::{Listener, Step};
    use std::path::Path;
    use std::sync::Mutex;

    /// Does something at the first step of a sync, with nobody waiting for its end.
    struct Meanwhile<'a>(Mutex<Option<Box<dyn FnOnce() + Send + 'a>>>);

    impl Listener for Meanwhile<'_> {
        fn waiting(&self, _: &Path) -> bool {
            false
        }

        fn step(&self, _: &Path, _: Step) {
            self.0.lock().unwrap().take().into_iter().for_each(|act| act());
        }
    }

    #[test]
    fn a_tuning_meanwhile_is_not_lost_and_loses_nothing() {
        let kept = three();
        kept.sync();
        kept.put("y/git/SKILL.md", &skill("git", "rebases"));
        let tuned = Ranking { dense_weight: 0.25, ..Ranking::default() };
        std::thread::scope(|threads| {
            let retune = || {
                let change = |bytes| Snapshot::open(bytes)?.with_ranking(tuned.clone());
                host::rewrite_snapshot(&kept.snapshot(), &(), &change).unwrap();
            };
            let act = Box::new(|| drop(threads.spawn(retune)));
            kept.of(&["sources"]).sync(Trust::Metadata, SystemTime::now(), &Meanwhile(Mutex::new(Some(act)))).unwrap();
        });
        let ranking = Snapshot::open(kept.bytes()).unwrap().header().ranking.clone();
        assert_eq!((ranking, diff(&kept.with(Trust::Content).unwrap())), (tuned, [0, 0, 0]));
    }

    #[test]
    fn whoever_does_not_wait_is_told_why_not() {
        let kept = three();
        kept.sync();
        let before = kept.bytes();
        let lock = std::fs::File::options().write(true).open(kept.folder.path().join("kept.msgpack.lock")).unwrap();
        lock.lock().unwrap();
        let impatient = Meanwhile(Mutex::new(None));
        let refused = [
            kept.of(&["sources"]).sync(Trust::Content, SystemTime::now(), &impatient).map(drop),
            host::write_snapshot(&kept.snapshot(), b"", &impatient),
        ];
        let said = refused.map(|refused| refused.unwrap_err().to_string());
        assert!(said.iter().all(|said| said.contains("another program is writing the file")), "{said:?}");
        assert!(kept.bytes() == before);
    }

    #[test]
    fn a_path_that_is_not_there_leaves_no_lock() {
        let kept = three();
        assert!(kept.of(&["sauces"]).sync(Trust::Metadata, SystemTime::now(), &()).is_err());
        assert_eq!(std::fs::read_dir(kept.folder.path()).unwrap().count(), 1);
        host::write_snapshot(&kept.snapshot(), &kept.built(), &()).unwrap();
        assert_eq!(std::fs::read_dir(kept.folder.path()).unwrap().count(), 2, "what no sync keeps has none either");
    }
}

#[test]
fn two_at_once_tear_nothing() {
    let kept = three();
    kept.sync();
    std::thread::scope(|threads| {
        for writer in 0..3 {
            let kept = &kept;
            threads.spawn(move || {
                for round in 0..10 {
                    kept.put(&format!("t{writer}/SKILL.md"), &skill(&format!("t{writer}"), &format!("round {round}")));
                    // Another thread may be half through writing its file, which is then read as it is.
                    kept.sync();
                    Snapshot::open(kept.bytes()).unwrap().verify().unwrap();
                }
            });
        }
    });
    kept.followed();
}

mod follows {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Put(usize, usize),
        Remove(usize),
        Swap(usize, usize),
        Forget,
        Reconcile,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            5 => (0..6usize, 0..4usize).prop_map(|(file, text)| Step::Put(file, text)),
            2 => (0..6usize).prop_map(Step::Remove),
            2 => (0..6usize, 0..6usize).prop_map(|(a, b)| Step::Swap(a, b)),
            1 => Just(Step::Forget),
            1 => Just(Step::Reconcile),
        ]
    }

    fn take(kept: &Kept, step: &Step) {
        let name = |file: &usize| format!("s{file}/SKILL.md");
        match step {
            // Two files may have the same name, and so contend for it.
            Step::Put(file, text) => kept.put(&name(file), &skill(&format!("n{}", file / 2), &format!("text {text}"))),
            Step::Remove(file) => drop(std::fs::remove_file(kept.path(&name(file)))),
            Step::Swap(a, b) => drop(std::fs::rename(kept.path(&name(a)), kept.path(&name(b)))),
            Step::Forget => drop(std::fs::remove_file(kept.sidecar())),
            Step::Reconcile => drop(kept.with(Trust::Content)),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_sync_writes_what_a_build_writes(steps in prop::collection::vec(step(), 1..12)) {
            let kept = Kept::new(&[("experts.yaml", &registry(&["n0", "b"]))]);
            for step in &steps {
                take(&kept, step);
                kept.followed();
            }
        }
    }
}

#[test]
fn findings_that_are_no_errors_break_nothing() {
    let kept = Kept::new(&[("a/SKILL.md", "no front matter")]);
    let report = kept.followed();
    assert!(!report.findings.is_empty() && report.findings.iter().all(|f| f.severity == Severity::Warning));
    let plan = BuildPlan::new(host::load_paths(&[kept.path("")]).unwrap().cards).unwrap();
    assert_eq!(plan.cards().len(), report.total);
}

mod with_vectors {
    use super::*;
    use skillmesh::embed::Embedder;

    fn model() -> Embedder {
        let path = host::find_model(None).expect("the model is installed by ./build.sh test");
        host::open_model(&path).unwrap()
    }

    fn dense(kept: &Kept) -> KeptSnapshot {
        KeptSnapshot { dense: true, ..kept.of(&["sources"]) }
    }

    /// Syncs, compares with a build, and says how many passages were embedded.
    fn followed(kept: &Kept) -> (usize, usize) {
        let report = dense(kept).sync(Trust::Metadata, SystemTime::now(), &()).unwrap();
        let cards = host::load_paths(&[kept.path("")]).unwrap().cards;
        assert!(kept.bytes() == host::build(cards, Some(&model()), &|_, _| ()).unwrap(), "a sync and a build differ");
        (report.embedded, report.passages)
    }

    #[test]
    fn what_is_unchanged_keeps_its_vectors_byte_for_byte() {
        let kept = three();
        assert_eq!(followed(&kept), (4, 4));
        assert_eq!(followed(&kept), (0, 4));
        kept.put("y/git/SKILL.md", &skill("git", "rebases"));
        assert_eq!(followed(&kept), (1, 4));
        std::fs::rename(kept.path("x"), kept.path("z")).unwrap();
        assert_eq!(followed(&kept), (0, 4), "a renamed file is not embedded again");
        std::fs::remove_file(kept.sidecar()).unwrap();
        kept.put("w/svn/SKILL.md", &skill("svn", "checks out"));
        assert_eq!(followed(&kept), (1, 5), "nor is anything where nothing is remembered");
        let delta = |old: &[u8], new: &[u8]| {
            let [old, new] = [old, new].map(|bytes| Snapshot::open(bytes.to_vec()).unwrap());
            let delta = skillmesh::index::diff(&old, &new).unwrap();
            assert!(skillmesh::index::apply(&old, &delta).unwrap() == new.bytes());
            delta.len()
        };
        let before = kept.bytes();
        kept.put("w/svn/SKILL.md", &skill("svn", "updates"));
        followed(&kept);
        assert!(delta(&before, &kept.bytes()) < 3000);
        kept.sync();
        assert!(Snapshot::open(kept.bytes()).unwrap().header().model.is_none(), "vectors go where none are wanted");
        delta(&before, &kept.bytes());
        delta(&kept.bytes(), &before);
    }

    /// Puts another file in the place of the snapshot while passages are embedded, as a program does that heeds no lock.
    struct Replaces(PathBuf);

    impl host::Listener for Replaces {
        fn embedded(&self, _: usize, _: usize) {
            host::write(&self.0, b"another one").unwrap();
        }
    }

    #[test]
    fn what_another_program_wrote_meanwhile_is_not_overwritten() {
        let kept = three();
        let refused = dense(&kept).sync(Trust::Metadata, SystemTime::now(), &Replaces(kept.snapshot())).unwrap_err();
        assert!(refused.to_string().contains("another program replaced the snapshot"), "{refused}");
        assert_eq!(kept.bytes(), b"another one");
    }

    /// Wants nothing more once the first passage is embedded.
    #[derive(Default)]
    struct GoesAway(std::sync::atomic::AtomicBool);

    impl host::Listener for GoesAway {
        fn is_wanted(&self) -> bool {
            !self.0.load(std::sync::atomic::Ordering::SeqCst)
        }

        fn embedded(&self, _: usize, _: usize) {
            self.0.store(true, std::sync::atomic::Ordering::SeqCst);
        }
    }

    #[test]
    fn what_nobody_wants_any_more_is_broken_off_and_leaves_the_snapshot_as_it_was() {
        let kept = three();
        followed(&kept);
        let before = kept.bytes();
        kept.put("w/svn/SKILL.md", &skill("svn", "checks out"));
        let refused = dense(&kept).sync(Trust::Metadata, SystemTime::now(), &GoesAway::default()).unwrap_err();
        assert!(refused.to_string().contains("the sync was cancelled"), "{refused}");
        assert!(kept.bytes() == before);
        assert_eq!(followed(&kept), (1, 5));
    }
}

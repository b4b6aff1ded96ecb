//! Does a kept snapshot follow its files, whatever happens in between?
#![cfg(feature = "sync")]
#![allow(clippy::disallowed_methods, reason = "the test writes folders to follow")]

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use skillmesh::host::{self, Report, State, Sync, Trust};
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

    fn with(&self, trust: Trust) -> Result<Report> {
        let paths = vec![self.path("")];
        Sync { paths, snapshot: self.snapshot(), model: None, dense: false }.run(trust, &|_, _| ())
    }

    fn sync(&self) -> Report {
        self.with(Trust::Looks).unwrap()
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
    report.findings.iter().map(|finding| finding.code).collect()
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
    kept.sync();
    let written = |path: PathBuf| std::fs::metadata(path).unwrap().modified().unwrap();
    let before = (written(kept.snapshot()), written(kept.sidecar()));
    for trust in [Trust::Looks, Trust::Looks] {
        let report = kept.with(trust).unwrap();
        assert_eq!((report.written, diff(&report), report.total), (false, [0, 0, 0], 4));
    }
    assert_eq!((written(kept.snapshot()), written(kept.sidecar())), before);
}

#[test]
fn what_is_remembered_may_be_lost_broken_or_stale() {
    let kept = three();
    kept.sync();
    let remembered = std::fs::read(kept.sidecar()).unwrap();
    kept.put("y/git/SKILL.md", &skill("git", "rebases"));
    for at in (0..remembered.len()).step_by(97) {
        let mut damaged = remembered.clone();
        damaged[at] ^= 1;
        std::fs::write(kept.sidecar(), damaged).unwrap();
        kept.followed();
        std::fs::write(kept.sidecar(), &remembered[..at]).unwrap();
        kept.followed();
    }
    std::fs::write(kept.sidecar(), &remembered).unwrap();
    kept.followed();
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
    assert_eq!(kept.with(Trust::Looks).unwrap_err().code(), Code::SnapshotFormat);
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
fn what_cannot_be_known_stops_the_sync() {
    let kept = three();
    kept.sync();
    let before = kept.bytes();
    kept.put("experts.yaml", "{");
    std::fs::remove_file(kept.sidecar()).unwrap();
    let refused = kept.with(Trust::Looks).unwrap_err().to_string();
    assert!(refused.contains("experts.yaml") && refused.contains("mend it first"), "{refused}");
    std::fs::remove_dir_all(kept.path("")).unwrap();
    assert!(kept.with(Trust::Looks).is_err());
    std::fs::create_dir(kept.path("")).unwrap();
    assert!(kept.with(Trust::Vectors).unwrap_err().to_string().contains("empty-registry"));
    assert!(kept.bytes() == before);
}

#[test]
fn a_change_of_the_same_size_and_time_is_seen() {
    let kept = three();
    kept.sync();
    let file = kept.path("x/git/SKILL.md");
    let time = std::fs::metadata(&file).unwrap().modified().unwrap();
    kept.put("x/git/SKILL.md", &skill("git", "reverts"));
    std::fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    assert_eq!(diff(&kept.followed()), [0, 1, 0]);
}

#[test]
fn an_old_file_is_not_read_again_and_a_touched_one_is_not_indexed_again() {
    let kept = three();
    kept.sync();
    let file = std::fs::File::options().write(true).open(kept.path("x/git/SKILL.md")).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
    let report = kept.sync();
    assert_eq!((report.written, diff(&report)), (false, [0, 0, 0]));
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
            Step::Reconcile => drop(kept.with(Trust::Vectors)),
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

    fn dense(kept: &Kept) -> Sync {
        Sync { paths: vec![kept.path("")], snapshot: kept.snapshot(), model: None, dense: true }
    }

    /// Syncs, compares with a build, and says how many passages were embedded.
    fn followed(kept: &Kept) -> (usize, usize) {
        let report = dense(kept).run(Trust::Looks, &|_, _| ()).unwrap();
        let cards = host::load_paths(&[kept.path("")]).unwrap().cards;
        assert!(kept.bytes() == host::build(cards, Some(&model()), &|_, _| ()).unwrap(), "a sync and a build differ");
        (report.embedded, report.passages)
    }

    #[test]
    fn what_is_unchanged_keeps_its_vectors_byte_for_byte() {
        let kept = three();
        assert_eq!(followed(&kept), (4, 4));
        assert_eq!(followed(&kept), (0, 0), "nothing is even read");
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
}

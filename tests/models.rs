//! Which model pack is taken where several are kept?
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test lays packs and snapshots on the disk")]

use std::path::{Path, PathBuf};
use std::process::Command;

use skillmesh::host;

const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/skillmesh-mini.msgpack");
const OWN_NAME: &str = "skillmesh-mini";
const MINILM_NAME: &str = "all-MiniLM-L6-v2";

/// A folder with a registry, where the packs that are kept lie in `kept`.
struct Place(tempfile::TempDir);

impl Place {
    fn new(kept: &[(&str, PathBuf)]) -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        std::fs::create_dir(place.at("kept")).unwrap();
        std::fs::write(
            place.at("experts.yaml"),
            "experts:\n- id: a\n  title: Translate a text\n- id: b\n  title: Sum of numbers\n",
        )
        .unwrap();
        kept.iter().for_each(|(name, pack)| place.keep(name, pack));
        place
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn keep(&self, name: &str, pack: &Path) {
        std::fs::copy(pack, self.at(&format!("kept/{name}.msgpack"))).unwrap();
    }

    /// Exit code, standard output and standard error of the program.
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skillmesh"));
        command.args(args).current_dir(self.0.path()).env_remove("SKILLMESH_MODEL");
        command.env("SKILLMESH_MODELS", self.at("kept")).env("XDG_CACHE_HOME", self.at("nowhere"));
        command
    }

    /// The name of the model of a snapshot's vectors.
    fn model(&self, snapshot: &str) -> Option<String> {
        let snapshot = host::open_skills(&self.at(snapshot)).unwrap();
        snapshot.header().model.as_ref().map(|model| model.name.clone())
    }
}

fn minilm() -> PathBuf {
    host::find_model(Some("minilm".as_ref())).filter(|path| path.is_file()).expect("installed by ./build.sh test")
}

fn both() -> Place {
    Place::new(&[(OWN_NAME, OWN.into()), ("minilm", minilm())])
}

#[test]
fn what_is_built_has_the_programs_own_model_unless_another_is_named() {
    let place = both();
    assert_eq!(place.run(&["build", "experts.yaml", "--out", "own.msgpack"]).0, 0);
    assert_eq!(place.run(&["build", "experts.yaml", "--out", "named.msgpack", "--model", "minilm"]).0, 0);
    assert_eq!(place.model("own.msgpack").as_deref(), Some(OWN_NAME));
    assert_eq!(place.model("named.msgpack").as_deref(), Some(MINILM_NAME));
}

#[test]
fn a_program_without_its_own_model_takes_the_one_that_was_fetched() {
    let place = Place::new(&[("minilm", minilm())]);
    assert_eq!(place.run(&["build", "experts.yaml", "--out", "fetched.msgpack"]).0, 0);
    assert_eq!(place.model("fetched.msgpack").as_deref(), Some(MINILM_NAME));
}

#[test]
fn a_query_takes_the_kept_model_that_the_vectors_are_from() {
    let place = both();
    for model in ["skillmesh-mini", "minilm"] {
        assert_eq!(place.run(&["build", "experts.yaml", "--out", "s.msgpack", "--model", model]).0, 0);
        let (code, answer, said) = place.run(&[
            "retrieve",
            "--query",
            "words in French",
            "--snapshot",
            "s.msgpack",
            "--mode",
            "dense",
            "--json",
        ]);
        assert_eq!(code, 0, "{said}");
        assert!(answer.contains("\"id\": \"a\""), "{answer}");
        std::fs::write(place.at("q.jsonl"), "{\"id\":\"1\",\"text\":\"words in French\",\"expert\":\"a\"}\n").unwrap();
        let (code, told, said) = place.run(&["eval", "--corpus", "s.msgpack", "--queries", "q.jsonl"]);
        assert!(code == 0 && told.contains("hybrid"), "{told}{said}");
    }
    let (code, _, said) =
        place.run(&["retrieve", "--query", "words", "--snapshot", "s.msgpack", "--model", "skillmesh-mini"]);
    assert!(code == 2 && said.contains("come from another model"), "{said}");
}

#[test]
fn vectors_whose_model_is_nowhere_are_left_to_keywords_and_never_given_up() {
    let place = both();
    assert_eq!(place.run(&["sync", "experts.yaml", "--snapshot", "kept.msgpack", "--model", "minilm"]).0, 0);
    std::fs::remove_file(place.at("kept/minilm.msgpack")).unwrap();
    std::fs::remove_file(place.at("kept.msgpack.sync")).unwrap();
    let (code, _, said) = place.run(&["retrieve", "--snapshot", "kept.msgpack", "--query", "numbers"]);
    assert!(code == 0 && said.contains("all-MiniLM-L6-v2, which the vectors are from, was not found"), "{said}");
    let (code, _, said) = place.run(&["retrieve", "--snapshot", "kept.msgpack", "--query", "x", "--mode", "dense"]);
    assert!(code == 2 && said.contains("needs the query's vector"), "{said}");
    let (code, _, said) = place.run(&["sync", "experts.yaml", "--snapshot", "kept.msgpack"]);
    assert!(code == 0 && said.contains("the vectors that are there stay"), "{said}");
    assert_eq!(place.model("kept.msgpack").as_deref(), Some(MINILM_NAME));
    place.keep("minilm", &minilm());
    std::fs::remove_file(place.at("kept.msgpack.sync")).ok();
    assert_eq!(place.run(&["sync", "experts.yaml", "--snapshot", "kept.msgpack"]).0, 0);
    assert_eq!(place.model("kept.msgpack").as_deref(), Some(MINILM_NAME), "without what was remembered");
}

#[test]
fn the_environment_offers_a_model_and_demands_none() {
    let place = both();
    assert_eq!(place.run(&["build", "experts.yaml", "--out", "s.msgpack", "--model", "minilm"]).0, 0);
    let mut command = place.command(&["retrieve", "--snapshot", "s.msgpack", "--query", "numbers", "--json"]);
    let output = command.env("SKILLMESH_MODEL", OWN).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"mode\": \"hybrid\""));
}

#[test]
fn a_kept_snapshot_stays_with_its_model() {
    let place = both();
    let sync = |args: &[&str]| {
        let (code, _, said) = place.run(&[&["sync", "experts.yaml", "--snapshot", "kept.msgpack"], args].concat());
        assert_eq!(code, 0, "{said}");
    };
    sync(&["--model", "minilm"]);
    let stats = host::stats(&place.at("kept.msgpack")).unwrap();
    assert_eq!((stats.state, stats.model.unwrap().name.as_str()), (host::State::Current, MINILM_NAME));
    std::fs::write(place.at("experts.yaml"), "experts:\n- id: a\n  title: Translate a book\n").unwrap();
    sync(&[]);
    assert_eq!(place.model("kept.msgpack").as_deref(), Some(MINILM_NAME));
}

#[test]
fn a_name_that_no_pack_has_is_told_with_the_folders() {
    let place = Place::new(&[(OWN_NAME, OWN.into())]);
    let (code, _, said) = place.run(&["build", "experts.yaml", "--out", "s.msgpack", "--model", "maxilm"]);
    assert_eq!(code, 2);
    assert!(
        said.contains("no model pack of this name") && said.contains("maxilm.msgpack in ") && said.contains("kept"),
        "{said}"
    );
    std::fs::copy(OWN, place.at("maxilm")).unwrap();
    assert_eq!(
        place.run(&["build", "experts.yaml", "--out", "s.msgpack", "--model", "maxilm"]).0,
        0,
        "a file comes first"
    );
}

#[test]
fn without_any_model_keywords_answer_and_that_is_said() {
    let place = Place::new(&[]);
    let (code, _, said) = place.run(&["build", "experts.yaml", "--out", "s.msgpack"]);
    assert!(code == 0 && said.contains("no model found"), "{said}");
    assert_eq!(place.model("s.msgpack"), None);
}

//! What does the terminal program say of backends?

use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};

use crate::gate::{Gate, Then};
use crate::server::{Server, free_port};

const REGISTRY: &str = r#"{"tools": [
    {"id": "cv.opencv", "title": "OpenCV image processing", "description": "Finds contours and edges in photos."},
    {"id": "viz.plots", "title": "Plots", "description": "Draws heatmaps with matplotlib and seaborn."},
    {"id": "ml.sklearn", "title": "Scikit-learn", "description": "Trains and cross-validates models of tables."},
    {"id": "dl.pytorch", "title": "PyTorch", "description": "Trains neural networks on graphics cards."}
]}"#;
const QUERIES: &str = "{\"id\": \"1\", \"text\": \"contours in a photo\", \"expert\": \"cv.opencv\"}
{\"id\": \"2\", \"text\": \"a heatmap\", \"expert\": \"viz.plots\"}
{\"id\": \"3\", \"text\": \"train on a graphics card\", \"expert\": \"dl.pytorch\"}
";

/// The program with an environment of its own.
fn skillmesh(args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("skillmesh").unwrap();
    command.args(args).env_remove("SKILLMESH_CHROMA_URL").env_remove("SKILLMESH_CHROMA_TOKEN");
    command
}

/// A snapshot of four experts.
fn built(folder: &Path, options: &[&str]) -> String {
    let [registry, file] = ["experts.json", "my experts.msgpack"].map(|name| folder.join(name).display().to_string());
    std::fs::write(&registry, REGISTRY).unwrap();
    skillmesh(&[&["build", &registry, "--out", &file], options].concat()).assert().success();
    file
}

#[test]
fn the_program_indexes_asks_and_measures() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(&folder.path().join("chroma")) else { return };
    let (gate, file) = (Gate::open(server.port), built(folder.path(), &[]));
    let url = gate.url();
    let index = ["index", "--snapshot", &file, "--chroma-url", &url];
    skillmesh(&index)
        .assert()
        .success()
        .stdout(contains("0 changed, 0 removed, 0 unchanged").and(contains("my-experts-")));
    let again = skillmesh(&[&index[..], &["--json"]].concat()).assert().success();
    let told: serde_json::Value = serde_json::from_slice(&again.get_output().stdout).unwrap();
    assert!(told["added"] == 0 && told["unchanged"] == told["rows"] && told["rows"] == 4, "{told}");

    let query = ["--snapshot", &file, "--query", "opencv contour detection", "--top-k", "1"];
    for (command, options) in [
        ("retrieve", &["--backend", "chroma"][..]),
        ("emit", &["--backend", "chroma", "--provider", "codex"]),
        ("discover", &["--backend", "chroma"]),
        ("suggest", &["--backend", "chroma"]),
        ("route", &["--backend", "chroma"]),
        ("retrieve", &["--backend", "auto"]),
        ("retrieve", &[]),
    ] {
        gate.asked();
        let mut program = skillmesh(&[&[command], &query[..], options].concat());
        let shown = program.env("SKILLMESH_CHROMA_URL", &url).assert().success();
        shown.stdout(contains("OpenCV").or(contains("cv.opencv"))).stderr(contains("note:").not());
        assert!(gate.said().contains(&"POST get".to_owned()), "{command} {options:?}");
    }
    let memory = skillmesh(&[&["retrieve", "--backend", "memory"], &query[..]].concat())
        .env("SKILLMESH_CHROMA_URL", &url)
        .assert();
    memory.success().stdout(contains("OpenCV"));
    assert!(gate.said().is_empty());

    let queries = folder.path().join("queries.jsonl").display().to_string();
    std::fs::write(&queries, QUERIES).unwrap();
    let eval = ["eval", "--corpus", &file, "--queries", &queries, "--mode", "hybrid", "--json"];
    let figure = |backend: &[&str]| {
        let shown = skillmesh(&[&eval[..], backend].concat()).assert().success();
        let told: serde_json::Value = serde_json::from_slice(&shown.get_output().stdout).unwrap();
        assert_eq!(told["backend"], backend[1]);
        told["reports"][0]["metrics"]["ndcg@10"]["mean"].as_f64().unwrap()
    };
    let difference = figure(&["--backend", "chroma", "--chroma-url", &url]) - figure(&["--backend", "memory"]);
    assert!(difference.abs() < 0.001, "{difference}");

    skillmesh(&[&index[..], &["--clear"]].concat()).assert().success().stdout(contains("0 unchanged"));
}

#[test]
fn a_named_server_that_does_not_answer_is_an_error_or_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = built(folder.path(), &[]);
    let url = format!("http://127.0.0.1:{}", free_port());
    let query = ["retrieve", "--snapshot", &file, "--query", "opencv contour detection", "--top-k", "1"];
    let with = |options: &[&str]| skillmesh(&[&query[..], options].concat()).assert();
    with(&["--backend", "chroma", "--chroma-url", &url])
        .code(2)
        .stderr(contains("cannot be reached").and(contains(&url)));
    let fallen = with(&["--chroma-url", &url]).success().stdout(contains("OpenCV"));
    fallen.stderr(contains("note: Chroma is not used, the snapshot's own vectors answer"));
    with(&[]).success().stderr(contains("Chroma").not());
    with(&["--backend", "chroma"]).code(2).stderr(contains("--chroma-url").and(contains("SKILLMESH_CHROMA_URL")));
    with(&["--backend", "chroma", "--chroma-url", &url, "--mode", "sparse"]).success();
    skillmesh(&["index", "--snapshot", &file]).assert().code(2).stderr(contains("no Chroma server is named"));
    let keywords = built(folder.path(), &["--no-dense"]);
    let index = ["index", "--snapshot", &keywords, "--chroma-url", &url];
    skillmesh(&index).assert().code(2).stderr(contains("no vectors to index"));
    skillmesh(&[&index[..], &["--clear"]].concat()).assert().code(2).stderr(contains("no vectors to index"));
    for option in [["--collection", "skills"], ["--chroma-ca", "no.pem"], ["--chroma-timeout", "3"]] {
        with(&option).code(2).stderr(contains("no Chroma server is named"));
    }
}

#[test]
fn an_evaluation_is_of_one_backend() {
    let folder = tempfile::tempdir().unwrap();
    let file = built(folder.path(), &[]);
    let queries = folder.path().join("queries.jsonl").display().to_string();
    std::fs::write(&queries, QUERIES).unwrap();
    let busy = Gate::new(1, |_, _| Then::Say("400 Bad Request", ""));
    let eval = ["eval", "--corpus", &file, "--queries", &queries, "--json", "--chroma-url", &busy.url()];
    let shown = skillmesh(&eval).assert().success().stderr(contains("note: Chroma is not used"));
    let told: serde_json::Value = serde_json::from_slice(&shown.get_output().stdout).unwrap();
    assert_eq!((told["backend"].as_str(), busy.said().len()), (Some("memory"), 1));
}

#[test]
fn no_password_is_taken_from_or_shown_on_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = built(folder.path(), &[]);
    let query = ["retrieve", "--snapshot", &file, "--query", "opencv contour detection"];
    for backend in ["auto", "chroma"] {
        let options = ["--backend", backend, "--chroma-url", "http://me:hunter2@127.0.0.1:1"];
        let shown = skillmesh(&[&query[..], &options].concat()).assert().code(2);
        shown.stderr(contains("SKILLMESH_CHROMA_TOKEN").and(contains("hunter2").not()));
    }
    let gate = Gate::new(1, |_, _| Then::Say("403 Forbidden", ""));
    let options = ["--backend", "chroma", "--chroma-url", &gate.url()];
    let mut program = skillmesh(&[&query[..], &options].concat());
    let shown = program.env("SKILLMESH_CHROMA_TOKEN", "hunter2").assert().code(2);
    shown.stderr(contains("does not let us in").and(contains("hunter2").not())).stdout(is_empty());
    assert!(gate.asked().iter().all(|asked| asked.head.contains("Bearer hunter2")));
}

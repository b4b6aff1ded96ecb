//! Does the terminal program say and exit as it promises?
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test writes fixtures")]

use assert_cmd::Command;
use predicates::str::contains;

const REGISTRY: &str = "examples/registry";

fn skillmesh(args: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("skillmesh").unwrap().args(args).assert()
}

#[test]
fn the_acceptance_queries_come_first() {
    for (query, id) in [
        ("build matplotlib seaborn heatmap", "viz.matplotlib-seaborn"),
        ("sklearn pipeline cross validation leakage safe", "ml.sklearn-modeling"),
        ("sklearn pipeline cross validation metrics", "ml.sklearn-modeling"),
        ("pytorch training loop cuda mixed precision checkpoint", "dl.pytorch-training"),
        ("opencv contour detection", "cv.opencv-image-processing"),
    ] {
        let args = ["retrieve", "--registry", REGISTRY, "--mode", "sparse", "--query", query, "--top-k", "1", "--json"];
        skillmesh(&args).success().stdout(contains(format!("\"id\": \"{id}\"")));
    }
}

#[test]
fn nothing_found_exits_with_1() {
    let args = ["retrieve", "--registry", REGISTRY, "--mode", "sparse", "--query", "zzzzqqqq"];
    skillmesh(&args).code(1).stderr(contains("nothing found"));
}

#[test]
fn bad_input_exits_with_2_and_says_what_to_do() {
    let query = ["--query", "x"];
    let with = |args: &[&'static str]| skillmesh(&[args, &query[..]].concat()).code(2);
    with(&["retrieve", "--registry", "no/such/folder"])
        .stderr(contains("no/such/folder").and(contains("check the path")));
    with(&["retrieve", "--snapshot", "Cargo.toml"]).stderr(contains("not a skillmesh snapshot"));
    with(&["retrieve", "--registry", REGISTRY, "--mode", "sparse", "--top-k", "0"]).stderr(contains("1 or more"));
    with(&["retrieve", "--registry", REGISTRY, "--model", "Cargo.toml"]).stderr(contains("skillmesh model import"));
    with(&["retrieve"]).stderr(contains("--snapshot"));
}

use predicates::prelude::PredicateBooleanExt;

#[test]
fn build_inspect_and_emit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r.msgpack");
    let file = file.to_str().unwrap();
    skillmesh(&["build", REGISTRY, "--no-dense", "--out", file]).success().stdout(contains("cards"));
    let first = std::fs::read(file).unwrap();
    skillmesh(&["build", REGISTRY, "--no-dense", "--out", file]).success();
    assert!(first == std::fs::read(file).unwrap(), "two builds differ");
    skillmesh(&["inspect", file]).success().stdout(contains("none, keywords only"));
    let emit = ["emit", "--snapshot", file, "--mode", "sparse", "--query", "opencv contours", "--top-k", "1"];
    skillmesh(&[&emit[..], &["--provider", "codex"]].concat()).success().stdout(contains("## 1. OpenCV"));
    skillmesh(&[&emit[..], &["--provider", "claude"]].concat()).success().stdout(contains("<retrieved_cards>"));
    skillmesh(&["retrieve", "--snapshot", file, "--query", "x", "--mode", "hybrid"])
        .code(2)
        .stderr(contains("no vectors"));
}

#[test]
fn validate_is_clean_on_the_example_and_strict_on_others() {
    skillmesh(&["validate", "--strict", REGISTRY]).success().stdout(contains("0 errors, 0 warnings"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r.json");
    std::fs::write(&file, r#"[{"id":"a","title":"A","tags":"x"}]"#).unwrap();
    let file = file.to_str().unwrap();
    skillmesh(&["validate", file]).success().stdout(contains("list-expected"));
    skillmesh(&["validate", "--strict", "--json", file]).code(2).stdout(contains("\"pointer\": \"/0/tags\""));
}

#[test]
#[cfg(unix)]
fn a_link_out_of_the_registry_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("x.md")).unwrap();
    let file = folder.path().join("r.json");
    std::fs::write(&file, r#"[{"id":"a","title":"A","instruction_file":"x.md"}]"#).unwrap();
    skillmesh(&["validate", file.to_str().unwrap()]).code(2).stdout(contains("path-escape"));
}

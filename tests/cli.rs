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

#[test]
fn a_role_is_installed_once_with_its_experts_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("mine");
    let registry = into.join("tools.enriched.json");
    let args = ["roles", "install", "data-analyst", "--into", into.to_str().unwrap()];
    skillmesh(&[&args[..], &["--dry-run"]].concat()).success().stdout(contains("Would add"));
    assert!(!into.exists(), "a dry run writes nothing");

    skillmesh(&args).success().stdout(contains("+ role.data-analyst\n+ data.sql-queries\n"));
    let first = std::fs::read_to_string(&registry).unwrap();
    assert!(into.join("instructions/sql-queries.md").is_file());
    skillmesh(&["validate", "--strict", into.to_str().unwrap()]).success();

    skillmesh(&args).success().stdout(contains("Added 0 cards"));
    assert_eq!(std::fs::read_to_string(&registry).unwrap(), first, "installing again changes nothing");

    skillmesh(&["roles", "install", "quant-analyst", "--into", registry.to_str().unwrap()]).success();
    skillmesh(&["validate", "--strict", into.to_str().unwrap()]).success();
    let both = std::fs::read_to_string(&registry).unwrap();
    assert!(both.starts_with(first.trim_end_matches("\n  ]\n}\n")), "what stood there stays as it was");
}

#[test]
fn a_role_does_not_overwrite_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path();
    std::fs::create_dir(into.join("instructions")).unwrap();
    std::fs::write(into.join("instructions/sql-queries.md"), "mine").unwrap();
    let install = |role: &str, into: &str| skillmesh(&["roles", "install", role, "--into", into]).code(2);
    install("data-analyst", into.to_str().unwrap())
        .stderr(contains("another instruction file").and(contains("rename")));
    assert_eq!(std::fs::read_dir(into).unwrap().count(), 1, "no registry, no further file");
    assert_eq!(std::fs::read_dir(into.join("instructions")).unwrap().count(), 1);
    install("data-analyst", &format!("{}/./", into.display())).stderr(contains("another instruction file"));
    let dry = ["roles", "install", "data-analyst", "--dry-run", "--into", into.to_str().unwrap()];
    skillmesh(&dry).code(2).stderr(contains("another instruction file"));
    install("data-anlyst", into.to_str().unwrap()).stderr(contains("did you mean `data-analyst`?"));
    install("data-analyst", into.join("r.yaml").to_str().unwrap()).stderr(contains("ends in .json"));
    std::fs::write(into.join("r.json"), "{\"cards\": []}").unwrap();
    install("data-analyst", into.join("r.json").to_str().unwrap()).stderr(contains("no list"));
}

#[test]
fn roles_are_listed_and_shown() {
    skillmesh(&["roles", "list"]).success().stdout(contains("role.technical-writer"));
    skillmesh(&["roles", "show", "role.data-analyst"]).success().stdout(contains("- data.sql-queries  "));
    let file = format!("{REGISTRY}/tools.enriched.json");
    skillmesh(&["roles", "list", "--from", &file]).success().stdout(contains("role.technical-writer"));
    skillmesh(&["roles", "list", "--from", "tests"]).code(2).stderr(contains("empty-registry"));
}

#[test]
fn an_evaluation_is_printed_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let corpus = "{\"id\": \"a\", \"title\": \"draw maps\"}\n{\"id\": \"b\", \"title\": \"fit models\"}\n";
    std::fs::write(path("c.jsonl"), corpus).unwrap();
    std::fs::write(path("q.jsonl"), "{\"id\": \"1\", \"text\": \"maps\"}\n{\"id\": \"2\", \"text\": \"models\"}\n")
        .unwrap();
    std::fs::write(path("r.tsv"), "1\ta\t1\n2\tb\t1\n").unwrap();
    let (corpus, queries, qrels) = (path("c.jsonl"), path("q.jsonl"), path("r.tsv"));
    let eval = ["eval", "--corpus", &corpus, "--queries", &queries, "--qrels", &qrels, "--mode", "sparse"];
    skillmesh(&eval).success().stdout(contains("2 of 2 queries judged").and(contains("1.000 [1.000, 1.000]")));
    let json = skillmesh(&[&eval[..], &["--json"]].concat()).success();
    std::fs::write(path("before.json"), &json.get_output().stdout).unwrap();
    let (before, lines) = (path("before.json"), path("lines.jsonl"));
    let compared = skillmesh(&[&eval[..], &["--compare", &before, "--per-query", &lines]].concat()).success();
    compared.stdout(contains("sparse ndcg@10: +0.0000, p = 1.0000"));
    assert_eq!(std::fs::read_to_string(&lines).unwrap().lines().count(), 2);
    skillmesh(&[&eval[..], &["--compare", &corpus]].concat()).code(2).stderr(contains("eval --json"));
}

/// Writes two cards' labelled queries beside a snapshot of them.
fn labelled() -> (tempfile::TempDir, impl Fn(&str) -> String) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_owned();
    let path = move |name: &str| root.join(name).to_str().unwrap().to_owned();
    let line = |i: usize, text: &str, expert: &str| {
        format!("{{\"id\":\"q{i}\",\"text\":\"{text}\",\"expert\":\"{expert}\"}}\n")
    };
    let answered = (0..20).map(|i| line(i, "seaborn heatmap", "viz.matplotlib-seaborn"));
    let missed = (20..30).map(|i| line(i, "opencv contours", "viz.matplotlib-seaborn"));
    std::fs::write(path("q.jsonl"), answered.chain(missed).collect::<String>()).unwrap();
    skillmesh(&["build", REGISTRY, "--no-dense", "--out", &path("r.msgpack")]).success();
    (folder, path)
}

#[test]
fn tune_writes_a_snapshot_that_knows_how_sure_it_is() {
    let (_folder, path) = labelled();
    let (snapshot, queries, tuned) = (path("r.msgpack"), path("q.jsonl"), path("tuned.msgpack"));
    let tune = ["tune", "--snapshot", &snapshot, "--queries", &queries, "--out", &tuned, "--model", "no-such-model"];
    skillmesh(&tune).code(2);
    let tune = ["tune", "--snapshot", &snapshot, "--queries", &queries, "--out", &tuned];
    let told = skillmesh(&tune).success().stdout(contains("on held-out queries").and(contains("weights      dense")));
    told.stderr(contains("only keywords are tuned"));
    let calibration = |file: &str| {
        let output = skillmesh(&["inspect", file, "--json"]).success().get_output().stdout.clone();
        serde_json::from_slice::<serde_json::Value>(&output).unwrap()["ranking"]["confidence"]["sparse"].clone()
    };
    assert_ne!(calibration(&tuned), calibration(&snapshot));
    std::fs::write(path("none.jsonl"), "{\"id\":\"q\",\"text\":\"x\"}\n").unwrap();
    skillmesh(&["tune", "--snapshot", &snapshot, "--queries", &path("none.jsonl")])
        .code(2)
        .stderr(contains("no query has a relevant card"));
}

#[test]
fn answers_from_elsewhere_are_judged_and_compared() {
    let (_folder, path) = labelled();
    let (snapshot, queries) = (path("r.msgpack"), path("q.jsonl"));
    let own = ["eval", "--corpus", &snapshot, "--queries", &queries, "--mode", "sparse", "--json"];
    std::fs::write(path("own.json"), skillmesh(&own).success().get_output().stdout.clone()).unwrap();
    let answers = (0..30).map(|i| format!("{{\"id\":\"q{i}\",\"ids\":[\"viz.matplotlib-seaborn\"]}}\n"));
    std::fs::write(path("answers.jsonl"), answers.collect::<String>()).unwrap();
    let (answers, own) = (path("answers.jsonl"), path("own.json"));
    let elsewhere = ["eval", "--answers", &answers, "--queries", &queries];
    let judged = skillmesh(&[&elsewhere[..], &["--compare", &own]].concat()).success();
    judged.stdout(contains("answers  ").and(contains("answers − sparse hit@1: +0.3333")));
    skillmesh(&[&elsewhere[..], &["--syntax"]].concat()).code(2).stderr(contains("cannot be used with"));
}

#[test]
fn skills_are_discovered_suggested_and_routed() {
    let from = ["--registry", REGISTRY, "--mode", "sparse", "--query"];
    let ask = |command: &str, query: &str, more: &[&str]| skillmesh(&[&[command], &from[..], &[query], more].concat());
    ask("discover", "opencv contour detection", &["--top-k", "1"])
        .success()
        .stdout(contains("## ✅ OpenCV").and(contains("- **ID**: `cv.opencv-image-processing`")));
    ask("suggest", "opencv contour detection", &["--json"]).success().stdout(contains("\"match\": "));
    ask("route", "opencv contour detection", &[])
        .success()
        .stdout(contains("- **Skills**: `cv.opencv-image-processing`"));
    ask("route", "opencv contour detection", &["--prepare", "--loaded", "web.flask"])
        .success()
        .stdout(contains("### 📦 Not loaded: "));
    for command in ["discover", "suggest", "route"] {
        ask(command, "zzzzqqqq", &[]).code(1).stdout(contains("No skill fits: ")).stderr(contains("nothing found"));
    }
    ask("route", "x", &["--prepare", "--any"]).code(2);
    ask("route", "x", &["--source", "locall"]).code(2).stderr(contains("remote"));
    ask("route", "x", &["--auto-install"]).code(2).stderr(contains("--prepare"));
    ask("route", "x", &["--any", "--installed-only"]).code(2);
}

#[test]
fn an_empty_name_is_nobodys() {
    let ingest = ["ingest", "docs", "--no-dense", "--out", "unwritten.msgpack"];
    for option in ["--skills", "--audience"] {
        skillmesh(&[&ingest[..], &[option, ""]].concat()).code(2).stderr(contains("a value is required"));
    }
}

#[test]
fn outcomes_are_remembered_and_count() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (snapshot, learnt) = (at("registry.msgpack"), at("learnt.msgpack"));
    skillmesh(&["build", REGISTRY, "--no-dense", "--out", &snapshot]).success();
    let query = "secure my web app with login";
    let outcome = |skill: &str, did: &[&str]| {
        let told = ["outcome", "--snapshot", &snapshot, "--learnt", &learnt, "--query", query, "--skill", skill];
        skillmesh(&[&told[..], did].concat())
    };
    let first = |more: &[&str]| {
        let ask = ["discover", "--snapshot", &snapshot, "--mode", "sparse", "--query", query, "--json"];
        let out = skillmesh(&[&ask[..], more].concat()).success().get_output().stdout.clone();
        let found: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let ids = |at: usize| found["skills"][at]["id"].as_str().unwrap().to_owned();
        (ids(0), ids(1))
    };
    let (best, second) = first(&[]);
    outcome(&best, &["--failure"]).success().stdout(contains("Remembered in "));
    (0..3).for_each(|_| drop(outcome(&best, &["--failure"]).success()));
    (0..3).for_each(|_| drop(outcome(&second, &["--success"]).success()));
    assert_eq!(first(&["--learnt", &learnt]).0, second);
    assert_eq!(first(&[]).0, best, "nothing is learnt where no file is named");
    outcome("no.such-skill", &["--success"]).code(2).stderr(contains("no card has this id"));
    outcome(&best, &[]).code(2);
    std::fs::write(&learnt, "torn").unwrap();
    outcome(&best, &["--success"]).code(2).stderr(contains("not a state"));
    assert_eq!(std::fs::read(&learnt).unwrap(), b"torn");
}

/// The names of the files in a folder.
fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn shards_are_written_asked_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, root) = (folder.path().join("whole.msgpack"), folder.path().join("it.msgpack"));
    let (whole, file, shards) = (whole.to_str().unwrap(), root.to_str().unwrap(), folder.path().join("it.shards"));
    skillmesh(&["build", REGISTRY, "--no-dense", "--out", whole]).success();
    let build = |count: &str| {
        skillmesh(&["build", REGISTRY, "--no-dense", "--shards", count, "--out", file])
            .success()
            .stdout(contains(format!("in {count} shards of")));
    };
    build("6");
    let (first, bytes) = (names(&shards), std::fs::read(&root).unwrap());
    build("6");
    assert!(names(&shards) == first && first.len() == 6 && bytes == std::fs::read(&root).unwrap());
    let asked = |snapshot: &str| {
        let args =
            ["retrieve", "--snapshot", snapshot, "--mode", "sparse", "--query", "sklearn pipeline metrics", "--json"];
        let said = String::from_utf8(skillmesh(&args).success().get_output().stdout.clone()).unwrap();
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        said["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(asked(whole), asked(file));
    skillmesh(&["inspect", file]).success().stdout(contains("in 6 shards"));
    std::fs::write(shards.join("mine.txt"), "kept").unwrap();
    build("2");
    assert_eq!(names(&shards).len(), 3, "two shards, and what somebody else put there");
    assert!(shards.join("mine.txt").exists());
    let shard = shards.join(names(&shards).into_iter().find(|name| name.ends_with(".msgpack")).unwrap());
    std::fs::write(&shard, "other").unwrap();
    let args = ["retrieve", "--snapshot", file, "--mode", "sparse", "--query", "x"];
    skillmesh(&args).code(2).stderr(contains(shard.to_str().unwrap()).and(contains("written together")));
    std::fs::remove_file(&shard).unwrap();
    skillmesh(&args).code(2).stderr(contains(shard.to_str().unwrap()));
    build("2");
    assert_eq!(asked(whole), asked(file), "a build puts back what is damaged");
    skillmesh(&["build", REGISTRY, "--shards", "0", "--out", file]).code(2).stderr(contains("--shards"));
    skillmesh(&["tune", "--snapshot", file, "--queries", "examples/registry/queries.jsonl"])
        .code(2)
        .stderr(contains("shards"));
}

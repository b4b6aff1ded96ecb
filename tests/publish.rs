//! Does a published site hold what the Agent Skills Discovery RFC says, and nothing of anybody else's?
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test writes skills and reads sites")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use skillmesh::load::{Severity, Source, skill};
use tempfile::TempDir;

const SKILL: &str = "---\nname: git\ndescription: Commits\n---\nBody.\n";

/// Unpacks an archive by another implementation: prints each file's path, kind, mode, owner, time and content.
const UNPACK: &str = r#"
import json, sys, tarfile
def told(tar, one):
    return {"path": one.name, "isFile": one.isfile(), "mode": one.mode, "time": one.mtime,
            "owner": [one.uid, one.gid, one.uname, one.gname], "text": tar.extractfile(one).read().decode()}
with tarfile.open(sys.argv[1], "r:gz") as tar:
    print(json.dumps([told(tar, one) for one in tar.getmembers()]))
"#;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| put(folder.path(), name, text));
    folder
}

fn put(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

fn named(name: &str) -> String {
    SKILL.replace("git", name)
}

fn ran(paths: &[&Path], site: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skillmesh"));
    command.arg("publish").args(paths).arg("--out").arg(site).args(options).output().unwrap()
}

/// What is told of a publication that succeeds, and its remarks.
fn published(skills: &Path, site: &Path) -> (Value, String) {
    let output = ran(&[skills], site, &["--json"]);
    let remarks = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{remarks}");
    (serde_json::from_slice(&output.stdout).unwrap(), remarks)
}

/// What is said of a publication that is refused.
fn refused(skills: &Path, site: &Path) -> String {
    let output = ran(&[skills], site, &["--json"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
    String::from_utf8(output.stderr).unwrap()
}

fn place(site: &Path) -> std::path::PathBuf {
    site.join(".well-known/agent-skills")
}

fn index(site: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(place(site).join("index.json")).unwrap()).unwrap()
}

/// The entries of an index by their names, each with an artifact that has its digest and a skill that any reader takes.
fn entries(site: &Path) -> BTreeMap<String, Value> {
    let index = index(site);
    assert_eq!(index["$schema"], "https://schemas.agentskills.io/discovery/0.2.0/schema.json");
    assert_eq!(index.as_object().unwrap().len(), 2);
    let skills = index["skills"].as_array().unwrap();
    let names: Vec<&str> = skills.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
    skills.iter().for_each(|entry| check(site, entry));
    names.iter().map(|name| name.to_string()).zip(skills.iter().cloned()).collect()
}

fn check(site: &Path, entry: &Value) {
    let text = |key: &str| entry[key].as_str().unwrap();
    let name = text("name");
    let is_valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(name.len() <= 64 && name.chars().all(is_valid) && !name.split('-').any(str::is_empty), "{name}");
    assert!((1..=1024).contains(&text("description").chars().count()), "{name}");
    assert_eq!(entry.as_object().unwrap().len(), 5);
    let file = place(site).join(text("url"));
    let bytes = std::fs::read(&file).unwrap();
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text("digest"), format!("sha256:{digest}"));
    let own = match text("type") {
        "skill-md" => bytes,
        "archive" => unpacked(&file)["SKILL.md"]["text"].as_str().unwrap().into(),
        other => panic!("{other}"),
    };
    let (card, findings) = skill(&Source { path: "SKILL.md".into(), bytes: own }, name);
    assert_eq!((card.id.as_str(), card.description.as_str()), (name, text("description")));
    assert!(findings.iter().all(|finding| finding.severity == Severity::Warning), "{findings:?}");
}

fn unpacked(archive: &Path) -> BTreeMap<String, Value> {
    let output = Command::new("python3").args(["-c", UNPACK]).arg(archive).output().expect("python3 unpacks archives");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    files.into_iter().map(|file| (file["path"].as_str().unwrap().to_owned(), file)).collect()
}

/// Every file of a folder.
fn all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name().into_string().unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(all(&entry.path()).into_iter().map(|(path, bytes)| (format!("{name}/{path}"), bytes))),
            false => drop(files.insert(name, std::fs::read(entry.path()).unwrap())),
        }
    }
    files
}

#[test]
fn files_cards_and_folders_become_artifacts() {
    let skills = folder(&[
        ("experts.yaml", "- id: viz.heatmap\n  title: Heatmaps\n  description: Draws\n  instruction_file: viz.md\n"),
        ("viz.md", "Draw."),
        ("git/SKILL.md", SKILL),
        ("pdf/SKILL.md", &named("pdf")),
        ("pdf/scripts/fill.sh", "#!/bin/sh\n"),
        ("pdf/references/FORMS.md", "Forms."),
    ]);
    executable(&skills.path().join("pdf/scripts/fill.sh"));
    let site = tempfile::tempdir().unwrap();
    let (told, remarks) = published(skills.path(), site.path());
    assert_eq!(remarks, "");
    let entries = entries(site.path());
    let digest = |name: &str| entries[name]["digest"].clone();
    let expected = json!([
        {"name": "git", "type": "skill-md", "description": "Commits", "url": "git/SKILL.md", "digest": digest("git")},
        {"name": "pdf", "type": "archive", "description": "Commits", "url": "pdf.tar.gz", "digest": digest("pdf")},
        {"name": "viz-heatmap", "type": "skill-md", "description": "Draws", "url": "viz-heatmap/SKILL.md", "digest": digest("viz-heatmap")},
    ]);
    assert_eq!(index(site.path())["skills"], expected);
    assert_eq!(std::fs::read_to_string(place(site.path()).join("git/SKILL.md")).unwrap(), SKILL, "as it is");
    assert_eq!((&told["skills"][1]["files"], &told["skills"][1]["rewritten"]), (&json!(3), &json!(false)));
    let files = unpacked(&place(site.path()).join("pdf.tar.gz"));
    let modes: Vec<(&str, &Value)> = files.iter().map(|(path, file)| (path.as_str(), &file["mode"])).collect();
    let (file, script) = (json!(0o644), json!(0o755));
    assert_eq!(modes, [("SKILL.md", &file), ("references/FORMS.md", &file), ("scripts/fill.sh", &script)]);
    for file in files.values() {
        assert_eq!((&file["time"], &file["owner"]), (&json!(315_532_800), &json!([0, 0, "", ""])));
    }
}

#[cfg(unix)]
fn executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o700)).unwrap();
}

#[cfg(not(unix))]
fn executable(_: &Path) {}

#[test]
fn an_archive_has_the_same_bytes_wherever_it_is_made() {
    let long = format!("references/{}/{}.md", "a".repeat(90), "b".repeat(90));
    let skills = folder(&[("pdf/SKILL.md", &named("pdf")), (&format!("pdf/{long}"), &"Forms. ".repeat(5000))]);
    let site = tempfile::tempdir().unwrap();
    published(skills.path(), site.path());
    assert!(unpacked(&place(site.path()).join("pdf.tar.gz")).contains_key(&long));
    let digest = "sha256:1a7e26798d9d283023f4fcd90488e68cbb2dbde2e6ad2a648b71a433e3a8cab9";
    assert_eq!(
        entries(site.path())["pdf"]["digest"],
        digest,
        "another compressor makes every reader fetch everything again"
    );
}

#[test]
fn a_site_follows_its_skills_and_keeps_what_is_not_theirs() {
    let skills = folder(&[
        ("git/SKILL.md", SKILL),
        ("pdf/SKILL.md", &named("pdf")),
        ("pdf/a.md", "A"),
        ("map/SKILL.md", &named("map")),
    ]);
    let site = folder(&[
        ("index.html", "home"),
        (".well-known/security.txt", "me"),
        (".well-known/agent-skills/map/NOTES.md", "mine"),
    ]);
    published(skills.path(), site.path());
    let first = all(site.path());
    let (told, _) = published(skills.path(), site.path());
    assert_eq!((&told["written"], &told["removed"], &told["unchanged"]), (&json!([]), &json!([]), &json!(4)));
    assert_eq!(all(site.path()), first, "twice the same");

    std::fs::remove_dir_all(skills.path().join("map")).unwrap();
    std::fs::remove_file(skills.path().join("pdf/a.md")).unwrap();
    let (told, _) = published(skills.path(), site.path());
    assert_eq!(told["written"], json!(["pdf/SKILL.md", "index.json"]), "the index is the last");
    assert_eq!(told["removed"], json!(["map/SKILL.md", "pdf.tar.gz"]));
    assert_eq!(entries(site.path()).keys().collect::<Vec<_>>(), ["git", "pdf"]);
    let left = all(site.path());
    let names: Vec<&str> = left.keys().map(String::as_str).filter(|name| !name.ends_with(".lock")).collect();
    let place = |name: &str| format!(".well-known/agent-skills/{name}");
    let ours = [".skillmesh-published", "git/SKILL.md", "index.json", "map/NOTES.md", "pdf/SKILL.md"].map(place);
    let mut expected: Vec<&str> =
        ours.iter().map(String::as_str).chain([".well-known/security.txt", "index.html"]).collect();
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn what_a_crash_left_goes_and_what_nobody_published_stays() {
    let skills = folder(&[("git/SKILL.md", SKILL)]);
    let site = tempfile::tempdir().unwrap();
    published(skills.path(), site.path());
    let place = place(site.path());
    let kept = place.join(".skillmesh-published");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "git/SKILL.md\nindex.json\n");
    put(&place, "left/SKILL.md", "written before the index was");
    put(&place, "theirs.tar.gz", "somebody's");
    put(site.path(), "SKILL.md", "outside");
    std::fs::write(
        &kept,
        "git/SKILL.md\nindex.json\nleft/SKILL.md\n../../SKILL.md\n/SKILL.md\ntheirs.tar.gz/\ngone/SKILL.md\n",
    )
    .unwrap();
    let (told, _) = published(skills.path(), site.path());
    assert_eq!(told["removed"], json!(["left/SKILL.md"]));
    assert!(
        !place.join("left").exists() && place.join("theirs.tar.gz").exists() && site.path().join("SKILL.md").exists()
    );
}

#[test]
fn a_file_of_others_is_not_overwritten() {
    let skills = folder(&[("git/SKILL.md", SKILL), ("map/SKILL.md", &named("map"))]);
    for (name, text) in [("index.json", "{}"), ("map/SKILL.md", "mine")] {
        let site = folder(&[(&format!(".well-known/agent-skills/{name}"), text)]);
        let said = refused(skills.path(), site.path());
        assert!(
            said.contains(&format!("{name}: another file stands")) && said.contains("nothing was changed"),
            "{said}"
        );
        let left: Vec<String> = all(site.path()).into_keys().filter(|path| !path.ends_with(".lock")).collect();
        assert_eq!(left, [format!(".well-known/agent-skills/{name}")]);
    }
}

#[test]
#[cfg(unix)]
fn nothing_is_written_through_a_link() {
    let skills = folder(&[("git/SKILL.md", SKILL)]);
    let (site, elsewhere) = (tempfile::tempdir().unwrap(), folder(&[("SKILL.md", SKILL), ("index.json", "{}")]));
    std::fs::create_dir_all(place(site.path())).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), place(site.path()).join("git")).unwrap();
    assert!(refused(skills.path(), site.path()).contains("agent-skills/git: a link or a folder stands"));
    std::fs::remove_file(place(site.path()).join("git")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("index.json"), place(site.path()).join("index.json")).unwrap();
    assert!(refused(skills.path(), site.path()).contains("index.json: a link or a folder stands"));
    assert_eq!(all(elsewhere.path())["index.json"], b"{}");
}

#[test]
fn hostile_names_and_descriptions_fit_and_are_told() {
    let long = "x".repeat(100_000);
    let skills = folder(&[
        ("a/SKILL.md", "---\nname: ../../x\ndescription: d\n---\n"),
        ("b/SKILL.md", "---\nname: git\ndescription: d\n---\n"),
        (
            "c/git/SKILL.md",
            "---\nname: git\ndescription: e\nallowed-tools: Read\nmetadata:\n  a: {b: [1, {c: d}, []]}\n---\nBody.\n",
        ),
        ("d/SKILL.md", &format!("---\nname: long\ndescription: {long}\n---\n")),
        ("e/SKILL.md", "---\nname: steers\ndescription: \"a\\e[31m \\u2028 b\"\n---\n"),
        ("f/SKILL.md", &format!("---\nname: {}\ndescription: d\n---\n", "y".repeat(100))),
        ("g/SKILL.md", "---\nname: 日本\ndescription: 日本語\n---\n"),
        ("h/SKILL.md", "no front matter"),
        ("i/SKILL.md", "---\nname: bytes\ndescription: d\n---\n\u{0}"),
        ("j/SKILL.md", "\n---\nname: late\ndescription: d\n---\n"),
        ("k/SKILL.md", "---\nname: dots\ndescription: d\n...\n"),
        ("l/SKILL.md", "---\nname: said\nname: said\ndescription: d\n---\n"),
    ]);
    put(skills.path(), "m/SKILL.md", b"---\nname: latin\ndescription: caf\xe9\n---\n");
    let site = tempfile::tempdir().unwrap();
    let (told, remarks) = published(skills.path(), site.path());
    let entries = entries(site.path());
    let names: Vec<&str> = entries.keys().map(String::as_str).collect();
    let y = "y".repeat(64);
    let expected = ["bytes", "c-git", "dots", "git", "h", "late", "latin", "long", "said", "skill", "steers", "x", &y];
    assert_eq!(names, expected);
    let rewritten = |entry: &Value| entry["rewritten"] == true;
    let as_they_are: Vec<&Value> =
        told["skills"].as_array().unwrap().iter().filter(|entry| !rewritten(entry)).collect();
    assert_eq!(as_they_are.iter().map(|entry| entry["name"].as_str().unwrap()).collect::<Vec<_>>(), ["git"]);
    assert!(remarks.contains("its description has 100000 characters, more than 1024, and was cut"), "{remarks}");
    assert!(remarks.contains("published as `c-git` with its front matter written anew, since its name is \"git\""));
    assert_eq!(entries["steers"]["description"], "a[31m b");
    let kept = std::fs::read_to_string(place(site.path()).join("c-git/SKILL.md")).unwrap();
    assert!(
        kept.contains("\nallowed-tools: \"Read\"\nmetadata:\n  a:\n    b:\n") && kept.ends_with("\n---\n\nBody.\n"),
        "{kept}"
    );
}

#[test]
fn what_is_hidden_ignored_or_another_skill_is_not_packed() {
    let skills = folder(&[
        ("pdf/SKILL.md", &named("pdf")),
        ("pdf/.env", "secret"),
        ("pdf/.git/config", "secret"),
        ("pdf/a.md", "A"),
        ("pdf/.ignore", "cache\n"),
        ("pdf/cache/b.md", "B"),
        ("pdf/more/map/SKILL.md", &named("map")),
        ("pdf/more/map/c.md", "C"),
        ("pdf/more/d.md", "D"),
    ]);
    let site = tempfile::tempdir().unwrap();
    let (told, remarks) = published(skills.path(), site.path());
    let paths = |name: &str| unpacked(&place(site.path()).join(name)).into_keys().collect::<Vec<_>>();
    assert_eq!(paths("pdf.tar.gz"), ["SKILL.md", "a.md", "more/d.md"]);
    assert_eq!(paths("map.tar.gz"), ["SKILL.md", "c.md"]);
    let left_out: Vec<&str> = told["left_out"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert_eq!(
        left_out.iter().map(|path| path.rsplit('/').next().unwrap()).collect::<Vec<_>>(),
        [".env", ".git", ".ignore"]
    );
    assert!(remarks.contains("pdf/more/map: nested-skill: "), "{remarks}");
}

#[test]
fn a_file_that_is_named_itself_has_no_folder() {
    let skills = folder(&[("git.md", SKILL), ("other.md", "x"), ("pdf/SKILL.md", &named("pdf")), ("pdf/a.md", "A")]);
    let site = tempfile::tempdir().unwrap();
    let output = ran(&[&skills.path().join("git.md"), &skills.path().join("pdf/SKILL.md")], site.path(), &[]);
    assert!(output.status.success(), "{output:?}");
    let entries = entries(site.path());
    assert_eq!((&entries["git"]["type"], &entries["pdf"]["type"]), (&json!("skill-md"), &json!("archive")));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Published 2 skills (1 archive) in "));
}

#[test]
fn a_site_within_the_folder_is_not_published_again() {
    let skills = folder(&[("SKILL.md", &named("pdf")), ("a.md", "A"), ("git/SKILL.md", SKILL)]);
    let site = skills.path().join("public");
    published(skills.path(), &site);
    let first = all(&site);
    let (told, _) = published(skills.path(), &site);
    assert_eq!((&told["written"], told["skills"].as_array().unwrap().len()), (&json!([]), 2));
    assert_eq!(all(&site), first);
    assert_eq!(unpacked(&place(&site).join("pdf.tar.gz")).into_keys().collect::<Vec<_>>(), ["SKILL.md", "a.md"]);
}

#[test]
#[cfg(unix)]
fn links_out_are_refused_and_links_within_are_files() {
    use std::os::unix::fs::symlink;
    let skills =
        folder(&[("pdf/SKILL.md", &named("pdf")), ("pdf/a.md", "A"), ("pdf/b/c.md", "C"), ("git/SKILL.md", SKILL)]);
    let (site, pdf) = (tempfile::tempdir().unwrap(), skills.path().join("pdf"));
    symlink("a.md", pdf.join("b/inside.md")).unwrap();
    symlink("../a.md", pdf.join("z.md")).unwrap();
    symlink("../git/SKILL.md", pdf.join("y.md")).unwrap();
    let said = refused(skills.path(), site.path());
    for (name, code) in [("b/inside.md", "unreadable"), ("z.md", "unreadable"), ("y.md", "path-escape")] {
        assert!(said.contains(&format!("pdf/{name}: {code}: ")), "{said}");
    }
    assert!(!site.path().join(".well-known").exists(), "nothing is changed");
    ["b/inside.md", "z.md", "y.md"].iter().for_each(|name| std::fs::remove_file(pdf.join(name)).unwrap());
    symlink("../a.md", pdf.join("b/inside.md")).unwrap();
    symlink("b", pdf.join("folder")).unwrap();
    assert!(refused(skills.path(), site.path()).contains("pdf/folder: unreadable: a link to a folder"));
    std::fs::remove_file(pdf.join("folder")).unwrap();
    published(skills.path(), site.path());
    let files = unpacked(&place(site.path()).join("pdf.tar.gz"));
    assert_eq!((&files["b/inside.md"]["text"], &files["b/inside.md"]["isFile"]), (&json!("A"), &json!(true)));
}

#[test]
#[cfg(unix)]
fn what_cannot_be_published_changes_nothing() {
    let skills = folder(&[("git/SKILL.md", SKILL), ("pdf/SKILL.md", &named("pdf"))]);
    let site = tempfile::tempdir().unwrap();
    published(skills.path(), site.path());
    let before = all(site.path());
    let pdf = skills.path().join("pdf");
    let sparse = |name: &str, bytes: u64| std::fs::File::create(pdf.join(name)).unwrap().set_len(bytes).unwrap();
    let refuses = |name: &str, why: &str| {
        let said = refused(skills.path(), site.path());
        assert!(said.contains(why) && said.contains("what was published before stays as it was"), "{said}");
        assert_eq!(all(site.path()), before);
        std::fs::remove_file(pdf.join(name)).unwrap();
    };
    put(&pdf, "a\\..\\b", "x");
    refuses("a\\..\\b", "unpublishable: a file of a skill has a name that means something else");
    put(&pdf, "a\u{1b}[31m", "x");
    refuses("a\u{1b}[31m", "unpublishable: ");
    sparse("large", (64 << 20) + 1);
    refuses("large", "pdf: too-large: ");
    assert!(Command::new("mkfifo").arg(pdf.join("pipe")).status().unwrap().success());
    refuses("pipe", "pdf/pipe: unreadable: ");
    for empty in [
        folder(&[("experts.yaml", "[]")]),
        folder(&[]),
        folder(&[("experts.yaml", "- id: a\n  title: A\n  source: remote\n")]),
    ] {
        assert_ne!(refused(empty.path(), site.path()), "");
        assert_eq!(all(site.path()), before);
    }
}

#[test]
fn what_a_catalogue_elsewhere_publishes_is_left_to_it() {
    let skills = folder(&[(
        "experts.yaml",
        "- id: a\n  title: A\n  installed: false\n- id: b\n  title: B\n  source: remote\n- id: A\n  title: Other\n",
    )]);
    let site = tempfile::tempdir().unwrap();
    let (told, _) = published(skills.path(), site.path());
    assert_eq!(told["remote"], json!(["b"]));
    assert_eq!(entries(site.path()).into_keys().collect::<Vec<_>>(), ["a", "a-559aead0"]);
}

#[test]
fn addresses_are_as_somebody_wants_them() {
    let skills = folder(&[("git/SKILL.md", SKILL)]);
    let site = tempfile::tempdir().unwrap();
    for (base, url) in [
        ("https://cdn.example.org/v2", "https://cdn.example.org/v2/git/SKILL.md"),
        ("/.well-known/agent-skills/", "/.well-known/agent-skills/git/SKILL.md"),
        ("./", "./git/SKILL.md"),
    ] {
        assert!(ran(&[skills.path()], site.path(), &["--url", base]).status.success());
        assert_eq!(index(site.path())["skills"][0]["url"], url);
    }
    let output = ran(&[skills.path()], site.path(), &["--url", "file:///etc/"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .starts_with("error: --url: no address that artifacts could have: expected ")
    );
}

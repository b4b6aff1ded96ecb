//! Does a published site hold what the Agent Skills Discovery RFC says, and nothing of anybody else's?
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test writes skills and reads sites")]

mod ending;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use skillmesh::bytes::sha256;
use skillmesh::host::{Publication, Site};
use skillmesh::load::{Source, said, skill};
use skillmesh::publish::{Artifact, BaseUrl, Kind, index as index_of};
use tempfile::TempDir;

use ending::EndsAt;

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
    let own = Source { path: "SKILL.md".into(), bytes: own };
    let (card, _) = skill(&own, name);
    assert_eq!((card.id.as_str(), card.description.as_str()), (name, text("description")));
    assert_eq!(said(&own).oddity, None, "{name}");
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
    executable(&skills.path().join("pdf/references/FORMS.md"));
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
    let expected = [("SKILL.md", &file), ("references/FORMS.md", &file), ("scripts/fill.sh", &script)];
    assert_eq!(modes, expected, "whatever the system says of it");
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
    let list = std::fs::read_to_string(&kept).unwrap();
    let line = |text: &str, path: &str| format!("{} {path}\n", sha256(text.as_bytes()));
    assert!(list.starts_with(&line(SKILL, "git/SKILL.md")) && list.ends_with(" index.json\n"), "{list}");
    put(&place, "left/SKILL.md", "written before the index was");
    put(&place, "theirs.tar.gz", "somebody's");
    put(site.path(), "SKILL.md", "somebody's");
    put(&place, ".skillmesh-published.new", "half a fi");
    let paths = ["../../SKILL.md", "/SKILL.md", "theirs.tar.gz/", "gone/SKILL.md"];
    let hostile: String = paths.iter().map(|path| line("somebody's", path)).collect();
    let left = line("written before the index was", "left/SKILL.md");
    std::fs::write(&kept, list + &left + &hostile + "left/SKILL.md\n").unwrap();
    let (told, _) = published(skills.path(), site.path());
    assert_eq!(told["removed"], json!(["left/SKILL.md"]));
    assert!(!place.join("left").exists() && !place.join(".skillmesh-published.new").exists());
    assert!(place.join("theirs.tar.gz").exists() && site.path().join("SKILL.md").exists());
}

#[test]
fn what_somebody_changed_or_put_there_is_theirs() {
    let skills = folder(&[("git/SKILL.md", SKILL), ("map/SKILL.md", &named("map")), ("pdf/SKILL.md", &named("pdf"))]);
    let site = folder(&[(".well-known/agent-skills/git/SKILL.md", SKILL)]);
    let place = place(site.path());
    published(skills.path(), site.path());
    put(&place, "map/SKILL.md", "edited");
    let said = refused(skills.path(), site.path());
    assert!(said.contains("map/SKILL.md: another file stands where one would be published"), "{said}");
    for name in ["git", "map", "pdf"] {
        std::fs::remove_dir_all(skills.path().join(name)).unwrap();
    }
    put(skills.path(), "viz/SKILL.md", named("viz"));
    let (told, _) = published(skills.path(), site.path());
    assert_eq!((&told["removed"], &told["left"]), (&json!(["pdf/SKILL.md"]), &json!(["map/SKILL.md"])));
    assert_eq!(std::fs::read_to_string(place.join("git/SKILL.md")).unwrap(), SKILL, "nobody published it");
    assert_eq!(std::fs::read_to_string(place.join("map/SKILL.md")).unwrap(), "edited");
    assert_eq!(published(skills.path(), site.path()).0["left"], json!([]), "it is said once");
}

#[test]
#[cfg(unix)]
fn what_took_the_place_of_a_skill_that_went_stays() {
    let elsewhere = folder(&[("SKILL.md", &named("map"))]);
    let changes: [&dyn Fn(&Path); 3] = [
        &|map| std::os::unix::fs::symlink(elsewhere.path(), map).unwrap(),
        &|map| std::fs::write(map, "a file").unwrap(),
        &|map| std::fs::create_dir_all(map.join("SKILL.md")).unwrap(),
    ];
    for change in changes {
        let skills = folder(&[("git/SKILL.md", SKILL), ("map/SKILL.md", &named("map"))]);
        let site = tempfile::tempdir().unwrap();
        published(skills.path(), site.path());
        let map = place(site.path()).join("map");
        std::fs::remove_dir_all(&map).unwrap();
        change(&map);
        std::fs::remove_dir_all(skills.path().join("map")).unwrap();
        assert_eq!(published(skills.path(), site.path()).0["left"], json!(["map/SKILL.md"]));
        assert!(map.exists() && elsewhere.path().join("SKILL.md").exists());
        assert_eq!(entries(site.path()).into_keys().collect::<Vec<_>>(), ["git"]);
    }
}

#[test]
fn a_file_of_others_is_not_overwritten() {
    let skills = folder(&[("git/SKILL.md", SKILL), ("map/SKILL.md", &named("map"))]);
    for (name, text) in [("index.json", "{}"), ("map/SKILL.md", "mine")] {
        let site = folder(&[(&format!(".well-known/agent-skills/{name}"), text)]);
        let said = refused(skills.path(), site.path());
        assert!(
            said.contains(&format!("{name}: another file stands"))
                && said.contains("nothing that is published was changed"),
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
    assert!(refused(skills.path(), site.path()).contains("agent-skills/git: a link stands in the way"));
    std::fs::remove_file(place(site.path()).join("git")).unwrap();
    std::fs::remove_file(place(site.path()).join(".skillmesh-published.lock")).unwrap();
    for name in [".skillmesh-published.lock", "index.json"] {
        std::os::unix::fs::symlink(elsewhere.path().join(name), place(site.path()).join(name)).unwrap();
        assert!(refused(skills.path(), site.path()).contains(&format!("{name}: a link stands in the way")));
        std::fs::remove_file(place(site.path()).join(name)).unwrap();
    }
    put(&place(site.path()), "git", "a file");
    assert!(refused(skills.path(), site.path()).contains("agent-skills/git: a file stands where a folder"));
    for above in [".well-known", ".well-known/agent-skills"] {
        std::fs::remove_dir_all(site.path().join(".well-known")).unwrap();
        std::fs::create_dir_all(site.path().join(above).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), site.path().join(above)).unwrap();
        assert!(refused(skills.path(), site.path()).contains(&format!("{above}: a link stands in the way")));
        std::fs::remove_file(site.path().join(above)).unwrap();
        std::fs::create_dir_all(place(site.path())).unwrap();
    }
    assert_eq!(all(elsewhere.path()).into_keys().collect::<Vec<_>>(), ["SKILL.md", "index.json"]);
    let link = elsewhere.path().join("site");
    std::os::unix::fs::symlink(site.path(), &link).unwrap();
    published(skills.path(), &link);
    assert_eq!(entries(site.path()).len(), 1, "the root is whatever it is named to be");
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
        ("l/SKILL.md", "---\nname: said\nname: said\ndescription: d\n---\n    code\n"),
        ("n/SKILL.md", "---\nname: \"nul\\e[2J\"\ndescription: d\n---\n"),
    ]);
    put(skills.path(), "m/SKILL.md", b"---\nname: latin\ndescription: caf\xe9\n---\n");
    let site = tempfile::tempdir().unwrap();
    let (told, remarks) = published(skills.path(), site.path());
    let entries = entries(site.path());
    let names: Vec<&str> = entries.keys().map(String::as_str).collect();
    let y = "y".repeat(64);
    let expected =
        ["bytes", "c-git", "dots", "git", "h", "late", "latin", "long", "nul-2j", "said", "skill", "steers", "x", &y];
    assert_eq!(names, expected);
    let rewritten = |entry: &Value| entry["rewritten"] == true;
    let as_they_are: Vec<&Value> =
        told["skills"].as_array().unwrap().iter().filter(|entry| !rewritten(entry)).collect();
    assert_eq!(as_they_are.iter().map(|entry| entry["name"].as_str().unwrap()).collect::<Vec<_>>(), ["git"]);
    assert!(remarks.contains("its description has 100000 characters, more than 1024, and was cut"), "{remarks}");
    assert!(remarks.contains("published as `c-git` with its front matter written anew, since its name is \"git\""));
    for (name, why) in [
        ("late", "it does not begin the file with a line `---`"),
        ("dots", "it does not end with a line `---`"),
        ("latin", "the file is not UTF-8"),
        ("bytes", "the file holds NUL characters"),
        ("said", "a key stands twice in it"),
    ] {
        assert!(remarks.contains(&format!("`{name}` with its front matter written anew, since {why}; ")), "{remarks}");
    }
    assert!(!remarks.contains('\u{1b}') && remarks.contains("nul\u{fffd}[2J"), "{remarks}");
    assert_eq!(entries["steers"]["description"], "a[31m b");
    let kept = std::fs::read_to_string(place(site.path()).join("said/SKILL.md")).unwrap();
    assert!(kept.ends_with("\n---\n\n    code\n"), "{kept}");
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
    let alone = tempfile::tempdir().unwrap();
    let (_, remarks) = published(&skills.path().join("pdf/SKILL.md"), alone.path());
    assert!(remarks.contains("pdf/more/map: nested-skill: "), "{remarks}");
    assert_eq!(std::fs::read(alone_archive(&alone)).unwrap(), std::fs::read(alone_archive(&site)).unwrap());
    put(skills.path(), "pdf/.ignore", "cache\n[z-a]\n");
    assert!(refused(skills.path(), site.path()).contains("pdf: unreadable: "), "a line that keeps nothing back");
    std::fs::remove_file(skills.path().join("pdf/.ignore")).unwrap();
    put(skills.path(), ".ignore", "[z-a]\n");
    assert!(refused(skills.path(), site.path()).contains("pdf: unreadable: "), "from a folder above, too");
}

fn alone_archive(site: &TempDir) -> PathBuf {
    place(site.path()).join("pdf.tar.gz")
}

#[test]
fn a_skill_in_a_hidden_folder_is_told() {
    let skills = folder(&[(".claude/skills/git/SKILL.md", SKILL)]);
    let site = tempfile::tempdir().unwrap();
    let (_, remarks) = published(skills.path(), site.path());
    assert!(
        remarks.contains("git/SKILL.md: hidden-skill: in a hidden folder, and published all the same"),
        "{remarks}"
    );
    assert_eq!(published(&skills.path().join(".claude/skills"), site.path()).1, "", "it is named itself");
}

#[test]
fn names_do_not_tell_from_where_skills_were_published() {
    let home =
        folder(&[("skills/a/SKILL.md", SKILL), ("skills/git/SKILL.md", SKILL), ("skills/b/git/SKILL.md", SKILL)]);
    let skills = home.path().join("skills");
    let indexes =
        [(home.path(), "skills"), (&skills, "."), (home.path(), skills.to_str().unwrap())].map(|(from, path)| {
            let site = tempfile::tempdir().unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_skillmesh"));
            command.args(["publish", path, "--out"]).arg(site.path()).current_dir(from);
            assert!(command.output().unwrap().status.success());
            index(site.path())
        });
    assert!(indexes[0] == indexes[1] && indexes[1] == indexes[2], "{indexes:?}");
    assert_eq!(indexes[0]["skills"].as_array().unwrap().len(), 3);
    assert_eq!(indexes[0]["skills"][0]["name"], "b-git");
}

#[test]
fn what_was_published_is_not_published_from_there() {
    let skills = folder(&[("git/SKILL.md", SKILL)]);
    let site = tempfile::tempdir().unwrap();
    published(skills.path(), site.path());
    let said = refused(&place(site.path()), site.path());
    assert!(said.contains("git/SKILL.md: published-already: lies in the folder that is written"), "{said}");
    assert!(refused(site.path(), site.path()).contains("nor published here before"));
}

#[test]
fn a_registrys_card_is_as_hostile_as_a_file() {
    let long = "x".repeat(100_000);
    let cards = json!([
        {"id": "../../x", "title": "\u{1b}[2J", "description": format!("\u{1b}]0;{long}")},
        {"id": "nul", "title": "N", "description": "d"},
    ]);
    let skills = folder(&[("experts.json", &cards.to_string())]);
    let site = tempfile::tempdir().unwrap();
    let (told, remarks) = published(skills.path(), site.path());
    assert_eq!(entries(site.path()).into_keys().collect::<Vec<_>>(), ["nul", "x"]);
    assert_eq!(told["skills"][1]["rewritten"], false);
    assert!(
        remarks.contains("shortened: published as `x`, but its description has 100003 characters and was cut"),
        "{remarks}"
    );
    assert!(
        remarks.contains("unportable-name: Windows has no place for a folder or file that is called `nul`"),
        "{remarks}"
    );
}

#[test]
fn artifacts_lie_where_their_names_say_and_nowhere_else() {
    let artifact =
        |name: &str| Artifact { name: name.into(), description: "d".into(), kind: Kind::SkillMd, bytes: b"x".to_vec() };
    let site = tempfile::tempdir().unwrap();
    let (git, out) = (artifact("git"), artifact("../../x"));
    for wrong in [vec![&out], vec![&git, &git]] {
        assert!(index_of(&wrong, &BaseUrl::default()).is_err());
        assert!(Site::of(site.path()).write(&wrong, &BaseUrl::default(), &()).is_err());
    }
    assert_eq!(all(site.path()).len(), 0);
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
    assert!(refused(skills.path(), site.path()).contains("pdf/folder: link-to-folder: a link to a folder"));
    std::fs::remove_file(pdf.join("folder")).unwrap();
    put(&pdf, ".env", "secret");
    put(&pdf, "more/map/SKILL.md", named("map"));
    for target in [".env", "more/map/SKILL.md"] {
        symlink(target, pdf.join("way")).unwrap();
        let said = refused(skills.path(), site.path());
        assert!(said.contains("pdf/way: path-escape: a link to what is not published with this skill"), "{said}");
        std::fs::remove_file(pdf.join("way")).unwrap();
    }
    std::fs::remove_dir_all(pdf.join("more")).unwrap();
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
        assert!(!said.contains('\u{1b}'), "{said}");
        assert_eq!(all(site.path()), before);
        std::fs::remove_file(pdf.join(name)).unwrap();
    };
    put(&pdf, "a\\..\\b", "x");
    refuses("a\\..\\b", "pdf/a\\..\\b: unportable-name: a file of a skill has a name that means something else");
    for name in ["a\u{1b}[31m", "a.", "a ", "nul", "Aux.md", "a?"] {
        put(&pdf, name, "x");
        refuses(name, ": unportable-name: ");
    }
    put(&pdf, "skill.md", "x");
    refuses(
        "skill.md",
        "unpublishable: skill.md: two files of a skill are one where upper and lower case are the same",
    );
    put(&pdf, "Read.md", "x");
    put(&pdf, "read.md/me", "x");
    assert!(refused(skills.path(), site.path()).contains("unpublishable: read.md/me: two files"));
    std::fs::remove_dir_all(pdf.join("read.md")).unwrap();
    std::fs::remove_file(pdf.join("Read.md")).unwrap();
    sparse("large", (64 << 20) + 1);
    refuses("large", "pdf: too-large: ");
    assert!(Command::new("mkfifo").arg(pdf.join("pipe")).status().unwrap().success());
    refuses("pipe", "/pdf/pipe: unreadable: ");
    std::fs::create_dir(pdf.join("many")).unwrap();
    (0..10_001).for_each(|number| put(&pdf, &format!("many/{number}"), ""));
    assert!(refused(skills.path(), site.path()).contains("pdf: too-large: expected at most 10000 files"));
    for (empty, why) in [
        (folder(&[("experts.yaml", "[]")]), "empty-registry"),
        (folder(&[]), "empty-registry"),
        (folder(&[("experts.yaml", "- id: a\n  title: A\n  source: remote\n")]), "nothing to publish"),
    ] {
        let said = refused(empty.path(), site.path());
        assert!(said.contains(why), "{said}");
        assert_eq!(all(site.path()), before);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn folders_whose_names_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let skills = tempfile::tempdir().unwrap();
    for (name, skill) in [(b"a\xff", "git"), (b"a\xfe", "map")] {
        put(&skills.path().join(std::ffi::OsStr::from_bytes(name)), "SKILL.md", named(skill));
    }
    let said = refused(skills.path(), tempfile::tempdir().unwrap().path());
    assert_eq!(said.matches("unportable-name: the path is not UTF-8").count(), 2, "{said}");
}

#[test]
#[ignore = "a program for the test below"]
fn a_publication_that_ends_early() {
    let Some(listener) = EndsAt::told() else { return };
    let path = |name| PathBuf::from(std::env::var_os(name).unwrap());
    let site = Site::of(&path("SITE"));
    let publication = Publication::of(&[path("SKILLS")], &site).unwrap();
    let artifacts: Vec<&Artifact> = publication.skills.iter().map(|skill| &skill.artifact).collect();
    site.write(&artifacts, &BaseUrl::default(), &listener).unwrap();
}

/// Skills of which one stays, one changes, one goes and one comes, published before all that.
fn changing(site: &Path) -> TempDir {
    let skills = folder(&[("git/SKILL.md", SKILL), ("map/SKILL.md", &named("map")), ("pdf/SKILL.md", &named("pdf"))]);
    published(skills.path(), site);
    std::fs::remove_dir_all(skills.path().join("map")).unwrap();
    put(skills.path(), "pdf/SKILL.md", named("pdf") + "More.\n");
    put(skills.path(), "viz/SKILL.md", named("viz"));
    skills
}

#[test]
fn ended_at_any_step_it_offers_whole_skills_and_the_next_one_mends_it() {
    let expected = tempfile::tempdir().unwrap();
    published(changing(expected.path()).path(), expected.path());
    for step in 0.. {
        let site = tempfile::tempdir().unwrap();
        let skills = changing(site.path());
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "a_publication_that_ends_early", "--ignored"]).env("STEP", step.to_string());
        program.env("SKILLS", skills.path()).env("SITE", site.path()).stdout(Stdio::null());
        let status = program.status().unwrap();
        for entry in index(site.path())["skills"].as_array().unwrap() {
            let text = std::fs::read_to_string(place(site.path()).join(entry["url"].as_str().unwrap())).unwrap();
            assert!(text.ends_with("Body.\n") || text.ends_with("More.\n"), "step {step}: {text}");
        }
        published(skills.path(), site.path());
        assert!(all(site.path()) == all(expected.path()), "step {step}: nothing piles up and nothing is missing");
        if status.success() {
            assert_eq!(step, 25, "five steps of each of two artifacts and the index, and of the list before and after");
            break;
        }
        assert_eq!(status.code(), Some(9));
    }
}

#[test]
fn of_two_publications_at_once_one_comes_after_the_other() {
    let all_skills = folder(&[("a/SKILL.md", &named("a")), ("b/SKILL.md", &named("b")), ("b/more.md", "More.")]);
    let other = folder(&[("b/SKILL.md", &named("b")), ("c/SKILL.md", &named("c"))]);
    let site = tempfile::tempdir().unwrap();
    for _ in 0..5 {
        let start = |skills: &TempDir| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_skillmesh"));
            command.arg("publish").arg(skills.path()).arg("--out").arg(site.path()).stdout(Stdio::null());
            command.spawn().unwrap()
        };
        let both = [start(&all_skills), start(&other)];
        both.into_iter().for_each(|mut program| assert!(program.wait().unwrap().success()));
        let names: Vec<String> = entries(site.path()).into_keys().collect();
        assert!(names == ["a", "b"] || names == ["b", "c"], "{names:?}");
        let artifacts = all(&place(site.path())).into_keys().filter(|path| !path.starts_with(".skillmesh-published"));
        assert_eq!(artifacts.count(), 3, "nothing of the first is left");
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

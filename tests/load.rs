//! Is everything read that can be, and is everything odd reported?
#![cfg(feature = "load")]
#![allow(clippy::disallowed_methods, reason = "the test reads fixtures")]

use proptest::prelude::*;
use skillmesh::load::{Finding, Loaded, Severity, Source, merge, registry, skill};
use skillmesh::{Code, Error, ExpertCard};

fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), bytes: text.as_bytes().to_vec() }
}

fn read_registry(path: &str, text: &str) -> Loaded {
    registry(&source(path, text), &|parts| match parts {
        ["there.md"] => Ok(source("there.md", "do it")),
        _ => Err(Error::new(Code::Io, "the file cannot be read").at(parts.join("/"))),
    })
}

fn read_skill(text: &str) -> (ExpertCard, Vec<String>) {
    let (card, findings) = skill(&source("skills/git-helper/SKILL.md", text), "git-helper");
    (card, findings.into_iter().map(|finding| finding.code.into_owned()).collect())
}

fn codes(loaded: &Loaded) -> Vec<(&str, Option<&str>)> {
    loaded.findings.iter().map(|finding| (&*finding.code, finding.pointer.as_deref())).collect()
}

#[test]
fn each_shape_of_registry_is_read() {
    let card = r#"{"id":"a","title":"A","instruction_file":"there.md"}"#;
    for text in [
        format!("[{card}]"),
        format!(r#"{{"tools":[{card}]}}"#),
        format!(r#"{{"experts":[{card}]}}"#),
        format!(r#"{{"roles":[{card}]}}"#),
    ] {
        let loaded = read_registry("r.json", &text);
        assert_eq!(loaded.cards[0].instruction_text, "do it");
        assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    }
    assert_eq!(read_registry("r.yaml", "experts:\n  - id: a\n    title: A\n").cards.len(), 1);
}

#[test]
fn schema_violations_name_pointer_expected_and_got() {
    let loaded = read_registry(
        "r.json",
        "{\"tools\":[{\"id\":\"a\",\"title\":\"A\",\"tags\":[[]]},\n{\"title\":\"B\"},\n{\"id\":\"c\",\"title\":\"C\",\"metadata\":7}]}",
    );
    assert!(loaded.cards.is_empty());
    let shown: Vec<String> = loaded.findings.iter().map(Finding::to_string).collect();
    assert_eq!(
        shown,
        [
            "r.json:1: schema: /tools/0/tags/0: expected text, got a list of 0; mend the value",
            "r.json:2: schema: /tools/1: expected the key \"id\", got only title; add it",
            "r.json:3: schema: /tools/2/metadata: expected a map, got `7`; mend the value",
        ]
    );
}

#[test]
fn slips_are_mended_and_said() {
    let loaded = read_registry("r.json", r#"[{"id":"a","title":"A","tags":"x, y","tolls":["z"]}]"#);
    assert_eq!(loaded.cards[0].tags, ["x", "y"]);
    assert_eq!(loaded.cards[0].metadata["tolls"][0], "z");
    assert_eq!(codes(&loaded), [("list-expected", Some("/0/tags")), ("unknown-key", Some("/0/tolls"))]);
    let loaded = read_registry("r.json", r#"[{"id":"a","title":"A","alias":["z"]}]"#);
    assert!(loaded.findings[0].message.contains("`aliases`"), "{}", loaded.findings[0]);
}

#[test]
fn broken_syntax_names_its_line() {
    let json = read_registry("r.json", "{\n \"tools\": [\n  {\"id\": }\n]}");
    assert!(json.findings[0].to_string().starts_with("r.json:3: json: not JSON"), "{}", json.findings[0]);
    let yaml = read_registry("r.yaml", "tools:\n  - id: a\n   title: b\n");
    assert!(yaml.findings[0].to_string().starts_with("r.yaml:3: yaml: not YAML"), "{}", yaml.findings[0]);
}

#[test]
fn unusable_instruction_files_are_errors() {
    for (file, code) in [("../x.md", "path-escape"), ("/etc/passwd", "path-escape"), ("gone.md", "instruction-missing")]
    {
        let loaded = read_registry("r.json", &format!(r#"[{{"id":"a","title":"A","instruction_file":"{file}"}}]"#));
        assert_eq!(codes(&loaded), [(code, Some("/0/instruction_file"))], "{file}");
        assert_eq!(loaded.findings[0].severity, Severity::Error);
    }
}

#[test]
fn empty_registries_and_deep_nesting_are_errors() {
    for text in ["[]", "{}", "7", r#"{"tools":[]}"#] {
        assert_eq!(read_registry("r.json", text).findings[0].code, "empty-registry", "{text}");
    }
    assert_eq!(read_registry("r.json", &"[".repeat(1_000_000)).findings[0].code, "json");
    assert_eq!(read_registry("r.yaml", &"[".repeat(100_000)).findings[0].code, "yaml");
}

#[test]
fn a_second_card_of_an_id_is_refused_in_registries_and_renamed_among_skills() {
    let one = || read_registry("r.json", r#"[{"id":"a","title":"A"}]"#);
    let merged = merge(vec![("one.json".into(), one()), ("two.json".into(), one())], Vec::new());
    assert_eq!((merged.cards.len(), &*merged.findings[0].code), (1, "duplicate-id"));
    assert!(merged.findings[0].message.contains("one.json"));
    let skill = |path: &str| {
        let card = ExpertCard { id: "git".into(), instruction_file: path.into(), ..Default::default() };
        (format!("home/{path}"), card, Vec::<Finding>::new())
    };
    let merged = merge(Vec::new(), vec![skill("a/git/SKILL.md"), skill("b/git/SKILL.md"), skill("b/git/SKILL.md")]);
    let ids: Vec<&str> = merged.cards.iter().map(|card| card.id.as_str()).collect();
    assert_eq!(ids, ["git", "b/git", "b/git+"]);
}

#[test]
fn a_clean_skill_has_no_findings() {
    let (card, codes) = read_skill(
        "---\nname: git-helper\ndescription: Helps with git.\nallowed-tools: Bash(git:*) Read\nlicense: MIT\n---\n# Git helper\n\nDo it.\n",
    );
    assert!(codes.is_empty(), "{codes:?}");
    assert_eq!((card.id.as_str(), card.title.as_str()), ("git-helper", "Git helper"));
    assert_eq!(card.tool_hints, ["Bash(git:*)", "Read"]);
    assert_eq!(card.metadata["license"], "MIT");
    assert_eq!(card.instruction_text, "# Git helper\n\nDo it.");
}

#[test]
fn dirty_skills_are_read_and_reported() {
    let cases = [
        ("just text", vec!["frontmatter-missing", "name-missing", "description-missing"]),
        ("---\nname: git-helper\ndescription: unclosed\n\nbody", vec!["frontmatter-unclosed"]),
        ("---\nname: git-helper\ndescription: Use when: a colon: appears\n---\nbody", vec!["frontmatter-yaml"]),
        ("\u{feff}---\r\nname: git-helper\r\ndescription: d\r\n---\r\nbody", vec!["byte-order-mark", "crlf"]),
        ("---\nname: git-helper\ndescription: d\nallowed-tools: [Read, Write]\n---\nbody", vec!["allowed-tools"]),
        ("---\nname: Git Helper\ndescription: d\n---\nbody\0", vec!["name-invalid", "name-folder", "nul"]),
        ("---\nname: git-helper\ndescription: d\nmodel: opus\n---\nbody", vec!["unknown-key"]),
        ("---\n- a\n- b\n---\nbody", vec!["name-missing", "description-missing", "frontmatter-yaml"]),
    ];
    for (text, expected) in cases {
        let (card, codes) = read_skill(text);
        assert_eq!(codes, expected, "{text:?}");
        assert!(!card.id.is_empty() && !card.title.is_empty() && !card.id.contains(' '));
    }
}

#[test]
fn lenient_front_matter_keeps_what_yaml_cannot() {
    let (card, _) =
        read_skill("---\nname: git-helper\ndescription: Use when: things break\ntags:\n  - one\n  - two\n---\nbody");
    assert_eq!(card.description, "Use when: things break");
    assert_eq!(card.tags, ["one", "two"]);
}

#[test]
fn a_ten_megabyte_description_is_read_in_reasonable_work() {
    let (card, codes) =
        read_skill(&format!("---\nname: git-helper\ndescription: {}\n---\n", "word ".repeat(2_000_000)));
    assert_eq!(codes, ["description-long"]);
    assert_eq!(card.description.len(), 9_999_999);
}

#[test]
fn the_published_schema_and_the_twins_agree() {
    let read = |name: &str| std::fs::read_to_string(format!("examples/registry/{name}")).unwrap();
    assert_eq!(read("schema.json"), skillmesh::load::SCHEMA);
    let instructions = |parts: &[&str]| Ok(source(&parts.join("/"), &read(&parts.join("/"))));
    let cards = |name: &str| registry(&source(name, &read(name)), &instructions);
    let (json, yaml) = (cards("tools.enriched.json"), cards("experts.yaml"));
    assert_eq!((&json.findings, &yaml.findings), (&vec![], &vec![]));
    assert!(json.cards.len() >= 15);
    assert_eq!(json.cards, yaml.cards);
}

/// The real collection, where it stands beside the checkout.
#[test]
#[cfg(feature = "files")]
fn every_file_of_a_real_collection_is_accounted_for() {
    let folder = std::path::Path::new("../shared/skills");
    if !folder.is_dir() {
        return eprintln!("skipped: {} is not there", folder.display());
    }
    let loaded = skillmesh::host::load_paths(&[folder.to_owned()]).unwrap();
    assert_eq!(loaded.cards.len(), 1212);
    assert!(loaded.findings.iter().all(|finding| finding.severity == Severity::Warning));
    assert!(skillmesh::index::BuildPlan::new(loaded.cards).is_ok(), "ids are distinct");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), fenced in any::<bool>()) {
        let bytes = if fenced { [b"---\n", &bytes[..], b"\n---\nbody"].concat() } else { bytes };
        let (card, _) = skill(&Source { path: "a/SKILL.md".into(), bytes: bytes.clone() }, "a");
        prop_assert!(!card.id.is_empty());
        for path in ["a.json", "a.yaml"] {
            registry(&Source { path: path.into(), bytes: bytes.clone() }, &|_| Ok(source("", "")));
        }
    }
}

#[test]
fn a_skill_says_whether_it_is_installed_and_where_it_is_from() {
    let read = |front: &str| {
        let bytes = format!("---\nname: a\ndescription: d\n{front}\n---\nBody").into_bytes();
        skillmesh::load::skill(&skillmesh::load::Source { path: "a/SKILL.md".into(), bytes }, "a").0
    };
    use skillmesh::card::Source;
    let plain = read("tags: x");
    assert_eq!((plain.installed, plain.source), (true, Source::Local));
    let remote = read("installed: false\nsource: Remote");
    assert_eq!((remote.installed, remote.source, remote.metadata.len()), (false, Source::Remote, 0));
    let other = read("source: community");
    assert_eq!(
        (other.source, other.metadata["source"].as_str()),
        (Source::Local, Some("community")),
        "not meant for us"
    );
}

//! Does reading never panic, never take long, and never lose a value?
#![cfg(feature = "load")]

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use skillmesh::load::{Loaded, Severity, Source, registry, skill};

fn source(path: &str, bytes: Vec<u8>) -> Source {
    Source { path: path.into(), bytes }
}

fn read(path: &str, text: &str) -> Loaded {
    registry(&source(path, text.into()), &|parts| Ok(source(&parts.join("/"), b"text of the file".to_vec())))
}

/// Text made of what YAML, JSON and Markdown give a meaning to.
fn marks() -> impl Strategy<Value = String> {
    let mark = prop::sample::select(vec![
        "---\n",
        "\n",
        "  ",
        "- ",
        ": ",
        ":",
        "a",
        "b: ",
        "name: ",
        "tools: ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "|\n",
        ">",
        "&a ",
        "*a",
        "!t ",
        "!!binary ",
        "<<: ",
        "? ",
        "#",
        "# ",
        "\t",
        "\r\n",
        "\u{feff}",
        "\0",
        "é",
        "1",
        "~",
        "...\n",
        "```\n",
        "%",
    ]);
    prop::collection::vec(mark, 0..60).prop_map(|marks| marks.concat())
}

/// A value of any shape whose leaves are words that occur nowhere else.
fn value() -> impl Strategy<Value = Value> {
    let leaf = "w[a-z]{6}".prop_map(Value::from);
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("w[a-z]{6}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

/// Fields under the names that are read and some that are not.
fn fields(names: &'static [&'static str]) -> impl Strategy<Value = Map<String, Value>> {
    let field = (prop::sample::select(names), value()).prop_map(|(name, value)| (name.to_owned(), value));
    prop::collection::vec(field, 0..8).prop_map(|fields| fields.into_iter().collect())
}

fn words(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(word) => found.push(word.clone()),
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        Value::Object(map) => map.values().for_each(|item| words(item, found)),
        _ => {}
    }
}

fn missing(fields: &Map<String, Value>, card: &impl serde::Serialize) -> Vec<String> {
    let mut said = Vec::new();
    fields.values().for_each(|value| words(value, &mut said));
    let card = serde_json::to_string(card).unwrap();
    said.into_iter().filter(|word| !card.contains(word.as_str())).collect()
}

const FRONT_MATTER: &[&str] = &[
    "name",
    "description",
    "license",
    "compatibility",
    "metadata",
    "allowed-tools",
    "tools",
    "tags",
    "keywords",
    "triggers",
    "examples",
    "aliases",
    "dependencies",
    "category",
    "domain",
    "version",
    "author",
    "odd",
];

const CARD: &[&str] = &[
    "domain",
    "description",
    "tags",
    "tool_hints",
    "examples",
    "aliases",
    "dependencies",
    "input_contract",
    "output_artifacts",
    "quality_checks",
    "constraints",
    "risk_level",
    "maturity",
    "metadata",
    "instruction_text",
    "odd",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_marks_are_read(text in marks()) {
        for skill_text in [text.clone(), format!("---\n{text}\n---\n"), format!("---\nname: {text}")] {
            let (card, findings) = skill(&source("a/SKILL.md", skill_text.clone().into()), "a");
            prop_assert!(!card.id.is_empty() && !card.title.is_empty());
            let lines = skill_text.lines().count().max(1);
            prop_assert!(findings.iter().all(|finding| (1..=lines + 1).contains(&finding.line.unwrap())), "{findings:?}");
        }
        for path in ["a.json", "a.yaml"] {
            let loaded = read(path, &text);
            prop_assert!(loaded.cards.iter().all(|card| !card.id.is_empty()));
            prop_assert!(!loaded.cards.is_empty() || loaded.findings.iter().any(|f| f.severity == Severity::Error));
        }
    }

    #[test]
    fn a_skill_loses_no_value(fields in fields(FRONT_MATTER)) {
        let text = format!("---\n{}\n---\nbody", serde_json::to_string_pretty(&fields).unwrap());
        let (card, findings) = skill(&source("a/SKILL.md", text.into()), "a");
        prop_assert_eq!(missing(&fields, &card), Vec::<String>::new(), "{:?}", findings);
    }

    #[test]
    fn a_registry_loses_no_value_or_says_so(mut fields in fields(CARD)) {
        fields.extend([("id".to_owned(), json!("a")), ("title".to_owned(), json!("A"))]);
        let loaded = read("a.json", &json!([fields]).to_string());
        match loaded.cards.first() {
            Some(card) => prop_assert_eq!(missing(&fields, card), Vec::<String>::new()),
            None => prop_assert!(loaded.findings.iter().any(|finding| finding.severity == Severity::Error)),
        }
    }
}

/// Megabytes of whatever a parser might count twice.
#[test]
#[allow(clippy::disallowed_methods, reason = "the test measures time")]
fn large_inputs_take_seconds_at_most() {
    let patterns = [
        "word ",
        "[",
        "{",
        "- ",
        "? ",
        "\"",
        "a: 1\n",
        "a",
        "&a ",
        "*a ",
        "!a ",
        "# x\n",
        "\n",
        "---\n",
        "\t",
        ": ",
        "|\n ",
        "[a, ",
        "{a: 1}, ",
        "```\n",
        "- a\n",
        "%a\n",
        "'",
        "\u{0}",
        "\r",
        "é",
        "a: &a [*a]\n",
    ];
    for pattern in patterns {
        let text = pattern.repeat((2 << 20) / pattern.len());
        let started = std::time::Instant::now();
        skill(&source("a/SKILL.md", text.clone().into()), "a");
        skill(&source("a/SKILL.md", format!("---\nname: a\n{text}").into()), "a");
        skill(&source("a/SKILL.md", format!("---\nname: a\ntags: [{text}]\n---\nbody").into()), "a");
        read("a.json", &text);
        read("a.yaml", &text);
        let took = started.elapsed();
        assert!(took < Duration::from_secs(20), "{pattern:?} took {took:?}");
    }
}

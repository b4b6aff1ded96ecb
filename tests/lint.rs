//! Is every rule of `validate --content` caught when it is broken, and silent when it is kept?
#![cfg(feature = "load")]

use skillmesh::lint::content;
use skillmesh::load::{Loaded, Source, registry};

/// Eight lines of words that no other `topic` has.
fn lines(topic: &str, section: &str) -> String {
    let slug = section.split(' ').next().unwrap_or_default().to_lowercase();
    (0..8).map(|i| format!("- {topic}{i} {slug}{i} for {topic}a{i}, when {slug}b{i} is {topic}c{i}\n")).collect()
}

/// An instruction file that keeps every rule and hints at `other`.
fn instructions(topic: &str, other: &str) -> String {
    let sections =
        ["When to use this expert", "Execution behavior", "Decision tree", "Anti-patterns", "Common mistakes"];
    let body = |name: &str| format!("## {name}\n\n{}\n", lines(topic, name));
    let first: String = sections.iter().map(|name| body(name)).collect();
    let output = body("Output contract");
    format!(
        "# {topic} expert\n\nSays what {topic} is.\n\n{first}{output}## Composability hints\n\n- After it → `{other}`\n"
    )
}

/// Two cards that name each other, with `change` made to the first one's instructions.
fn load(examples: &str, dependency: &str, change: impl Fn(String) -> String) -> Loaded {
    let json = format!(
        r#"{{"tools": [
  {{"id": "viz.heat", "title": "Heat Maps", "instruction_file": "heat.md", "examples": {examples}, "dependencies": ["{dependency}"]}},
  {{"id": "web.map", "title": "Map Tiles", "instruction_file": "map.md"}}]}}"#
    );
    registry(&Source { path: "reg/tools.json".into(), bytes: json.into_bytes() }, &|parts| {
        let text = match parts {
            ["heat.md"] => change(instructions("heat", "web.map")),
            _ => instructions("tile", "viz.heat"),
        };
        Ok(Source { path: parts.join("/"), bytes: text.into_bytes() })
    })
}

fn with(change: impl Fn(String) -> String) -> Loaded {
    load(r#"["show a correlation matrix in colours"]"#, "web.map", change)
}

fn said(loaded: &Loaded) -> Vec<String> {
    content(loaded).iter().map(ToString::to_string).collect()
}

#[test]
fn content_that_keeps_the_rules_is_not_remarked_upon() {
    assert_eq!(said(&with(|text| text)), [""; 0]);
}

#[test]
fn each_broken_rule_is_named_with_its_place() {
    let section = |name: &str| format!("## {name}\n");
    let cases: [(&str, Loaded); 11] = [
        (
            "reg/heat.md: section-missing: expected a section `## Decision tree`, got none; add it",
            with(|text| text.replace(&section("Decision tree"), "### Decision tree\n")),
        ),
        (
            "reg/heat.md:38: section-order: `Decision tree` stands after `Anti-patterns`; keep each section once, in order",
            with(|text| {
                let swapped = text.replace(&section("Decision tree"), "## -\n");
                let swapped = swapped.replace(&section("Anti-patterns"), &section("Decision tree"));
                swapped.replace("## -\n", &section("Anti-patterns"))
            }),
        ),
        (
            "reg/heat.md:71: section-empty: the section `Composability hints` says nothing; fill it",
            with(|text| text.replace("- After it → `web.map`\n", "")),
        ),
        (
            "reg/heat.md:71: hints-missing: names no other expert; say which come before and after, each id in backticks",
            with(|text| text.replace("- After it → `web.map`\n", "")),
        ),
        (
            "reg/heat.md:73: unknown-hint: no card here has the id `web.mapp`; did you mean `web.map`?",
            with(|text| text.replace("`web.map`", "`web.mapp`")),
        ),
        (
            "reg/heat.md:1: role-missing: expected a title (`# …`) and then a paragraph on the expert's role; begin with them",
            with(|text| text.replace("Says what heat is.", "")),
        ),
        (
            "reg/heat.md: instruction-length: expected 60 to 100 lines, got 113; say more, or keep what matters",
            with(|text| text + &"\n".repeat(40)),
        ),
        (
            "reg/heat.md: instruction-length: expected 60 to 100 lines, got 52; say more, or keep what matters",
            with(|text| {
                text.replace(&lines("heat", "When"), "- x\n")
                    .replace(&lines("heat", "Execution"), "- x\n")
                    .replace(&lines("heat", "Decision"), "2 - x\n")
                    .replace("\n\n\n", "\n")
            }),
        ),
        (
            "reg/map.md:60: section-copied: `Output contract` shares 100 % of its wording with reg/heat.md:60; say what holds for this expert alone",
            with(|text| text.replace(&lines("heat", "Output"), &lines("tile", "Output"))),
        ),
        (
            "reg/tools.json: example-repeats-title: `viz.heat`: the example `Draw heat maps` says no more than the title; write what a user would ask",
            load(r#"["Draw heat maps"]"#, "web.map", |text| text),
        ),
        (
            "reg/tools.json: unknown-dependency: `viz.heat` depends on `web.maps`, which no card here has; did you mean `web.map`?",
            load("[]", "web.maps", |text| text),
        ),
    ];
    for (expected, loaded) in cases {
        let said = said(&loaded);
        assert!(said.iter().any(|finding| finding == expected), "{expected}\n{said:#?}");
    }
}

#[test]
fn instructions_are_missed_and_foreign_names_are_not_ids() {
    let bytes = br#"[{"id":"viz.heat","title":"Heat"},{"id":"role.x","title":"X"}]"#.to_vec();
    let loaded = registry(&Source { path: "r.json".into(), bytes }, &|_| unreachable!());
    let missing =
        "r.json: instructions-missing: `viz.heat` has no instructions; write a file and name it in `instruction_file`";
    assert_eq!(said(&loaded), [missing], "a role needs none");
    assert_eq!(said(&with(|text| text.replace("`web.map`", "`web.map` and `package.json`"))), [""; 0]);
}

#[test]
fn a_heading_in_fenced_code_is_no_section() {
    let fenced = with(|text| text.replace("## Decision tree\n", "```\n## Decision tree\n```\n"));
    assert!(said(&fenced).iter().any(|finding| finding.contains("`## Decision tree`, got none")));
}

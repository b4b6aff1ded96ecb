//! Which card is a `SKILL.md`? Read tolerantly, with everything odd about it reported.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::finding::{Finding, Source};
use super::value::{list, text as plain};
use super::{frontmatter, text::text};
use crate::ExpertCard;

/// Limits of the Agent Skills specification.
const NAME_CHARS: usize = 64;
const DESCRIPTION_CHARS: usize = 1024;
const COMPATIBILITY_CHARS: usize = 500;

/// A first heading longer than this is a sentence, not a title.
const TITLE_CHARS: usize = 80;

/// The card of one skill file; `folder` is the name of the folder that holds it.
pub fn skill(source: &Source, folder: &str) -> (ExpertCard, Vec<Finding>) {
    let mut findings = Vec::new();
    let text = text(source, &mut findings);
    let front = frontmatter::read(&source.path, &text, &mut findings);
    let mut reader = Reader { path: &source.path, fields: front.fields, findings };
    let card = reader.card(folder, front.body.trim());
    (card, reader.findings)
}

/// Takes fields out of front matter one by one; what is left at the end is metadata.
struct Reader<'a> {
    path: &'a str,
    fields: Map<String, Value>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn card(&mut self, folder: &str, body: &str) -> ExpertCard {
        let id = self.name(folder);
        let nested = self.nested();
        let description = self.description(body);
        let (examples, triggers) = self.triggers();
        let mut tags = self.lists(&["tags", "keywords"]);
        tags.extend(triggers);
        tags.extend(nested.get("tags").and_then(list).unwrap_or_default());
        let domain = self.texts(&["domain", "category"]).or_else(|| nested.get("category").and_then(plain));
        self.check_compatibility();
        ExpertCard {
            title: title(body).unwrap_or_else(|| title_case(&id)),
            id,
            description,
            domain: domain.unwrap_or_default(),
            tags: distinct(tags),
            tool_hints: self.allowed_tools(),
            examples,
            aliases: self.lists(&["aliases"]),
            dependencies: self.lists(&["dependencies"]),
            metadata: self.metadata(nested),
            instruction_text: body.to_owned(),
            instruction_file: self.path.to_owned(),
            ..ExpertCard::default()
        }
    }

    fn warn(&mut self, code: &'static str, message: String) {
        self.findings.push(Finding::warning(self.path, code, message));
    }

    /// `name`, which should be the folder's and in the specification's alphabet.
    fn name(&mut self, folder: &str) -> String {
        let Some(name) = self.texts(&["name"]).map(|name| words_joined(&name)).filter(|name| !name.is_empty()) else {
            self.warn("name-missing", format!("no `name`; the folder's name `{folder}` is used; add it"));
            return words_joined(folder);
        };
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.chars().count() > NAME_CHARS
            || !name.chars().all(allowed)
            || name.starts_with('-')
            || name.ends_with('-')
        {
            self.warn(
                "name-invalid",
                format!("expected at most {NAME_CHARS} of a-z, 0-9 and inner `-`, got `{name}`; rename the skill"),
            );
        }
        if name != folder {
            self.warn(
                "name-folder",
                format!("expected the folder's name `{folder}`, got `{name}`; rename one of them"),
            );
        }
        name
    }

    fn description(&mut self, body: &str) -> String {
        let Some(description) = self.texts(&["description"]).filter(|text| !text.is_empty()) else {
            self.warn(
                "description-missing",
                "no `description`; the first paragraph is used; say what it does and when to use it".into(),
            );
            return first_paragraph(body);
        };
        let length = description.chars().count();
        if length > DESCRIPTION_CHARS {
            self.warn(
                "description-long",
                format!("expected at most {DESCRIPTION_CHARS} characters, got {length}; shorten it"),
            );
        }
        description
    }

    fn check_compatibility(&mut self) {
        let length = self.fields.get("compatibility").and_then(plain).map_or(0, |text| text.chars().count());
        if length > COMPATIBILITY_CHARS {
            self.warn(
                "compatibility-long",
                format!("expected at most {COMPATIBILITY_CHARS} characters, got {length}; shorten it"),
            );
        }
    }

    /// Triggers that read as sentences are examples, the others are tags.
    fn triggers(&mut self) -> (Vec<String>, Vec<String>) {
        let mut examples = self.lists(&["examples"]);
        let (sentences, words): (Vec<_>, Vec<_>) =
            self.lists(&["triggers"]).into_iter().partition(|trigger| trigger.split_whitespace().count() > 3);
        examples.extend(sentences);
        (examples, words)
    }

    /// `allowed-tools`: a list, or names parted by commas or spaces outside parentheses.
    fn allowed_tools(&mut self) -> Vec<String> {
        match self.take(&["allowed-tools", "allowed_tools", "tools"]) {
            Some(Value::String(names)) => tool_names(&names),
            Some(value) => {
                self.warn(
                    "allowed-tools",
                    "expected names in one string, got another type; it was read as a list".into(),
                );
                list(&value).unwrap_or_default()
            }
            None => Vec::new(),
        }
    }

    /// The `metadata` map.
    fn nested(&mut self) -> Map<String, Value> {
        match self.fields.remove("metadata") {
            Some(Value::Object(map)) => map,
            Some(other) if !other.is_null() => {
                self.warn("metadata", "expected a map; the value is kept under `metadata`".into());
                Map::from_iter([("metadata".to_owned(), other)])
            }
            _ => Map::new(),
        }
    }

    /// What is left: licence, compatibility, version, and keys that the specification does not know.
    fn metadata(&mut self, nested: Map<String, Value>) -> BTreeMap<String, Value> {
        const SPECIFIED: [&str; 3] = ["license", "compatibility", "version"];
        let unknown: Vec<String> =
            self.fields.keys().filter(|key| !SPECIFIED.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            self.warn("unknown-key", format!("`{key}` is not in the specification; kept in `metadata`"));
        }
        std::mem::take(&mut self.fields).into_iter().chain(nested).collect()
    }

    fn take(&mut self, names: &[&str]) -> Option<Value> {
        names.iter().find_map(|name| self.fields.remove(*name)).filter(|value| !value.is_null())
    }

    fn texts(&mut self, names: &[&str]) -> Option<String> {
        let value = self.take(names)?;
        let text = plain(&value).or_else(|| list(&value).map(|parts| parts.join(", ")));
        if text.is_none() {
            self.warn(
                "text-expected",
                format!("`{}`: expected text, got {}", names[0], super::value::describe(&value)),
            );
        }
        text
    }

    /// All lists of these names together.
    fn lists(&mut self, names: &[&str]) -> Vec<String> {
        let mut all = Vec::new();
        for name in names {
            let Some(value) = self.take(&[name]) else { continue };
            match list(&value) {
                Some(values) => all.extend(values),
                None => self.warn("list-expected", format!("`{name}`: expected a list of words; ignored")),
            }
        }
        all
    }
}

/// Ids hold no spaces.
fn words_joined(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("-")
}

fn tool_names(text: &str) -> Vec<String> {
    let mut depth = 0i32;
    let parts = text.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth <= 0 && (c == ',' || c.is_whitespace())
    });
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn distinct(words: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}

/// The first heading of the first level, if it is short enough to be a title.
fn title(body: &str) -> Option<String> {
    let heading = body.lines().find_map(|line| line.strip_prefix("# "))?.trim();
    (!heading.is_empty() && heading.chars().count() <= TITLE_CHARS).then(|| heading.to_owned())
}

fn title_case(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    name.split(['-', '_']).map(capital).collect::<Vec<_>>().join(" ")
}

fn first_paragraph(body: &str) -> String {
    let paragraph = body.split("\n\n").map(str::trim).find(|text| !text.is_empty() && !text.starts_with('#'));
    paragraph.unwrap_or_default().chars().take(DESCRIPTION_CHARS).collect()
}

//! Which card is a `SKILL.md`? Read tolerantly, with everything odd about it reported.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::fields::Fields;
use super::finding::{Finding, Source};
use super::value::{describe, list, text as plain};
use super::{body, frontmatter, text::text};
use crate::ExpertCard;
use crate::card::{RagContext, Source as Origin};

/// The longest description of the Agent Skills specification.
pub const DESCRIPTION_CHARS: usize = 1024;

/// Its other limits.
const NAME_CHARS: usize = 64;
const COMPATIBILITY_CHARS: usize = 500;

/// A trigger of more words is a request in users' words.
const TRIGGER_WORDS: usize = 3;

/// The keys that become fields of the card, for hints at slips.
const READ: [&str; 20] = [
    "name",
    "description",
    "license",
    "compatibility",
    "metadata",
    "allowed-tools",
    "allowed_tools",
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
    "rag_context",
    "installed",
    "source",
];

/// The keys that belong in the metadata.
const METADATA: [&str; 5] = ["license", "compatibility", "version", "author", frontmatter::STRAY];

/// The card of one skill file; `folder` is the name of the folder that holds it, empty where it is not known.
///
/// ```
/// use skillmesh::load::{Source, skill};
/// let bytes = b"---\nname: pdf\ndescription: Fills forms: all of them\n---\nFirst \xe2\x80\xa6".to_vec();
/// let (card, findings) = skill(&Source { path: "pdf/SKILL.md".into(), bytes }, "pdf");
/// assert_eq!(card.description, "Fills forms: all of them");
/// assert!(findings[0].to_string().starts_with("pdf/SKILL.md:3: frontmatter-yaml: not YAML"));
/// ```
pub fn skill(source: &Source, folder: &str) -> (ExpertCard, Vec<Finding>) {
    let mut findings = Vec::new();
    let text = text(source, &mut findings);
    let front = frontmatter::read(&source.path, &text, &mut findings);
    let mut reader = Reader { fields: Fields::new(&source.path, front.fields, front.lines) };
    let card = reader.card(folder, front.body.trim());
    findings.extend(reader.fields.findings);
    // By line; what is said of one line keeps the order in which it was found.
    findings.sort_by_key(|finding| finding.line);
    (ExpertCard { instruction_file: source.path.clone(), ..card }, findings)
}

struct Reader<'a> {
    fields: Fields<'a>,
}

impl Reader<'_> {
    fn card(&mut self, folder: &str, body: &str) -> ExpertCard {
        let id = self.id(folder);
        let nested = self.nested();
        let (tags, examples) = self.tags_and_examples(&nested);
        self.check_compatibility();
        ExpertCard {
            title: body::title(body).unwrap_or_else(|| title_case(&id)),
            id,
            description: self.description(body),
            domain: self.domain(&nested),
            tags,
            tool_hints: self.allowed_tools(),
            examples,
            aliases: self.fields.words(&["aliases"]),
            dependencies: self.fields.words(&["dependencies"]),
            installed: self.installed(),
            source: self.said("source", &Origin::ALL).unwrap_or_default(),
            rag_context: self.rag_context(),
            metadata: self.metadata(nested),
            instruction_text: body.to_owned(),
            ..ExpertCard::default()
        }
    }

    /// The `name` without spaces; without one, the folder's.
    fn id(&mut self, folder: &str) -> String {
        if let Some(name) = self.fields.text(&["name"]) {
            self.check_name(&name, folder);
            return words_joined(&name);
        }
        let folder = words_joined(folder);
        let id = if folder.is_empty() { "skill".to_owned() } else { folder };
        self.fields.warn("name-missing", "name", format!("no `name`; `{id}` is used, after the folder; add it"));
        id
    }

    /// Whether the name is the folder's and in the specification's alphabet.
    fn check_name(&mut self, name: &str, folder: &str) {
        if !is_skill_name(name) {
            let message = format!(
                "expected at most {NAME_CHARS} of a-z, 0-9 and single inner `-`, got `{name}`; rename the skill"
            );
            self.fields.warn("name-invalid", "name", message);
        }
        if !folder.is_empty() && name != folder {
            let message = format!("expected the folder's name `{folder}`, got `{name}`; rename one of them");
            self.fields.warn("name-folder", "name", message);
        }
    }

    fn description(&mut self, body: &str) -> String {
        let Some(description) = self.fields.text(&["description"]) else {
            let message = "no `description`; the first paragraph is used; say what it does and when to use it";
            self.fields.warn("description-missing", "description", message);
            return body::first_paragraph(body, DESCRIPTION_CHARS);
        };
        self.check_length("description-long", "description", &description, DESCRIPTION_CHARS);
        description
    }

    fn check_compatibility(&mut self) {
        let said = self.fields.peek("compatibility").unwrap_or_default();
        self.check_length("compatibility-long", "compatibility", &said, COMPATIBILITY_CHARS);
    }

    fn check_length(&mut self, code: &'static str, key: &str, text: &str, limit: usize) {
        let length = text.chars().count();
        if length > limit {
            self.fields.warn(code, key, format!("expected at most {limit} characters, got {length}; shorten it"));
        }
    }

    /// Triggers that read as sentences are examples, the others are tags.
    fn tags_and_examples(&mut self, nested: &Map<String, Value>) -> (Vec<String>, Vec<String>) {
        let mut tags = self.fields.words(&["tags", "keywords"]);
        let mut examples = self.fields.sentences("examples");
        let is_request = |trigger: &String| trigger.split_whitespace().count() > TRIGGER_WORDS;
        let (requests, words): (Vec<_>, Vec<_>) = self.fields.words(&["triggers"]).into_iter().partition(is_request);
        examples.extend(requests);
        tags.extend(words);
        tags.extend(nested.get("tags").and_then(list).unwrap_or_default());
        (distinct(tags), distinct(examples))
    }

    fn domain(&mut self, nested: &Map<String, Value>) -> String {
        let domain = self.fields.text(&["domain", "category"]);
        domain.or_else(|| nested.get("category").and_then(plain)).unwrap_or_default()
    }

    /// `allowed-tools`: a list, or names parted by commas or spaces outside parentheses.
    fn allowed_tools(&mut self) -> Vec<String> {
        let Some((name, value)) = self.fields.take(&["allowed-tools", "allowed_tools", "tools"]) else {
            return Vec::new();
        };
        if let Value::String(names) = value {
            return tool_names(&names);
        }
        let Some(names) = list(&value) else {
            self.fields.keep_unread(name, "names in one string", value);
            return Vec::new();
        };
        let message = format!(
            "`{name}`: expected names in one string, got {}; it was read; write the names in one line",
            describe(&value)
        );
        self.fields.warn("allowed-tools", name, message);
        names
    }

    /// Whether it can be used as it is; what is neither yes nor no is likely a mistake, and said.
    fn installed(&mut self) -> bool {
        let said = self.said("installed", &[("true", true), ("yes", true), ("false", false), ("no", false)]);
        if let (None, Some((name, value))) = (said, self.fields.take(&["installed"])) {
            self.fields.keep_unread(name, "true or false", value);
        }
        said.unwrap_or(true)
    }

    /// A field that says one of a few words; with any other, it is not meant for us and stays where it is.
    fn said<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let said = self.fields.peek(name)?.to_lowercase();
        let (_, value) = words.iter().find(|(word, _)| *word == said)?;
        self.fields.take(&[name]);
        Some(*value)
    }

    /// Which documents the skill wants; one that does not say it plainly gets none.
    fn rag_context(&mut self) -> Option<RagContext> {
        let (name, value) = self.fields.take(&["rag_context"])?;
        Some(serde_json::from_value(value).unwrap_or_else(|error| {
            let message = format!("`{name}`: {error}; it gets no documents until that is mended");
            self.fields.warn("type-mismatch", name, message);
            RagContext { enabled: false, ..RagContext::default() }
        }))
    }

    /// The `metadata` map.
    fn nested(&mut self) -> Map<String, Value> {
        let map = match self.fields.take(&["metadata"]) {
            Some((_, Value::Object(map))) => map,
            Some((name, other)) => {
                self.fields.keep_unread(name, "a map", other);
                Map::new()
            }
            None => Map::new(),
        };
        for (key, value) in map.iter().filter(|(_, value)| !value.is_string()) {
            let message =
                format!("`metadata.{key}`: expected text, got {}; it is kept as it is; write text", describe(value));
            self.fields.warn("metadata-value", "metadata", message);
        }
        map
    }

    /// The `metadata` map and every field that no other place took; a key that both have keeps both values.
    fn metadata(&mut self, nested: Map<String, Value>) -> BTreeMap<String, Value> {
        let mut metadata: BTreeMap<String, Value> = self.fields.rest(&READ, &METADATA).into_iter().collect();
        for (key, value) in nested {
            let key = if metadata.contains_key(&key) { format!("metadata.{key}") } else { key };
            metadata.insert(key, value);
        }
        metadata
    }
}

/// Whether the Agent Skills specification lets a skill be called so: at most 64 of a-z, 0-9 and single inner `-`.
///
/// ```
/// use skillmesh::load::is_skill_name;
/// assert!(is_skill_name("aws-s3") && !is_skill_name("AWS") && !is_skill_name("a--b") && !is_skill_name(""));
/// ```
pub fn is_skill_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.len() <= NAME_CHARS && name.chars().all(allowed) && !name.split('-').any(str::is_empty)
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
    let mut seen = BTreeSet::new();
    words.into_iter().filter(|word| seen.insert(word.clone())).collect()
}

fn title_case(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    name.split(['-', '_']).map(capital).collect::<Vec<_>>().join(" ")
}

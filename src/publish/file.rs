//! Is a `SKILL.md` published as it is, or does its front matter have to be written anew?

use serde_json::Value;

use crate::ExpertCard;
use crate::emit::{SkillFile, one_line, skill_file};
use crate::load::{DESCRIPTION_CHARS, Said, Source, said};
use crate::text::steers;

/// A skill's own file as it is published.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// What it says it does, for the index.
    pub description: String,
    /// Why its front matter was written anew, or what of a card was cut; empty where all is as its author left it.
    pub reasons: Vec<String>,
}

/// The file of a skill with this name: its own one, if it has one, byte for byte where its front matter fits the
/// specification and the name; else with front matter that says the same and fits. Without one, what its card says.
///
/// ```
/// use skillmesh::load::{Source, skill};
/// use skillmesh::publish::fit;
/// let source = Source { path: "pdf/SKILL.md".into(), bytes: b"---\nname: pdf\ndescription: Fills: all\n---\nFirst".to_vec() };
/// let (card, _) = skill(&source, "pdf");
/// let fitted = fit(&card, "pdf", Some(&source));
/// assert_eq!(fitted.bytes, b"---\nname: \"pdf\"\ndescription: \"Fills: all\"\n---\n\nFirst\n");
/// assert_eq!(fitted.reasons, ["it is not YAML"]);
/// ```
pub fn fit(card: &ExpertCard, name: &str, own: Option<&Source>) -> Fitted {
    let written = skill_file(card, name);
    let description = written.frontmatter.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(own) = own else {
        let reasons = cut(&card.description, &description).into_iter().collect();
        return Fitted { bytes: written.text.into_bytes(), description, reasons };
    };
    let said = said(own);
    let own_words =
        said.fields.get("description").and_then(Value::as_str).filter(|text| undescribed(Some(text)).is_none());
    let description = own_words.map_or(description, |text| text.trim().to_owned());
    let reasons = reasons(&said, name);
    let bytes = match reasons.is_empty() {
        true => own.bytes.clone(),
        false => anew(said, name, &description).into_bytes(),
    };
    Fitted { bytes, description, reasons }
}

/// What is said where less is published than a card says.
fn cut(described: &str, description: &str) -> Option<String> {
    let described = one_line(described);
    let is_cut = !described.is_empty() && described != description;
    is_cut.then(|| format!("its description has {} characters and was cut", described.chars().count()))
}

/// What the front matter does not say as the specification wants it.
fn reasons(said: &Said, name: &str) -> Vec<String> {
    let text = |key: &str| said.fields.get(key).and_then(Value::as_str);
    let mut reasons = Vec::new();
    reasons.extend(said.oddity.map(str::to_owned));
    if text("name") != Some(name) {
        let got = said.fields.get("name").map_or("nothing".to_owned(), |got| shortened(&got.to_string()));
        reasons.push(format!("its name is {got}"));
    }
    reasons.extend(undescribed(text("description")));
    reasons
}

fn undescribed(description: Option<&str>) -> Option<String> {
    let Some(description) = description.filter(|text| !text.trim().is_empty()) else {
        return Some("it has no description in words".to_owned());
    };
    let chars = description.chars().count();
    if chars > DESCRIPTION_CHARS {
        return Some(format!("its description has {chars} characters, more than {DESCRIPTION_CHARS}, and was cut"));
    }
    description.contains(steers).then(|| "its description holds control characters".to_owned())
}

/// The same fields in the same words but for name and description, and the same text below them.
fn anew(said: Said, name: &str, description: &str) -> String {
    let mut fields = said.fields;
    fields.extend([("name".to_owned(), name.into()), ("description".to_owned(), description.into())]);
    let fields = fields.iter().map(|(key, value)| (key.as_str(), value));
    SkillFile::written(fields, said.body.trim_start_matches('\n'))
}

/// Enough of a value to find it by.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

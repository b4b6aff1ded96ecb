//! Which `SKILL.md` says what a card says, and where does it lie among the others?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::cut::{cut, escaped, one_line, printable};
use crate::ExpertCard;
use crate::bytes::sha256;
use crate::order::sort_by_key;

/// Limits of the Agent Skills specification; a cut description ends in four characters more.
const NAME_CHARS: usize = 64;
pub(super) const DESCRIPTION_CHARS: usize = 1020;

/// The keys that stand before all others.
const FIRST: [&str; 2] = ["name", "description"];

/// What is called so has nothing in its id that a name may hold.
const NAMELESS: &str = "skill";

/// Columns by which what is within another value stands further in.
const INDENT: usize = 2;

/// Words that some YAML reads as something else than text.
const NOT_TEXT: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

/// So many digits of a hash tell ids apart, but by bad luck.
pub(super) const HASH_DIGITS: usize = 8;

/// A card as a file of the Agent Skills specification.
#[derive(Clone, Debug, PartialEq)]
pub struct SkillFile {
    /// Every field of its front matter.
    pub frontmatter: BTreeMap<&'static str, Value>,
    /// The whole file.
    pub text: String,
}

/// The folders of cards with these ids, each another one, whose last part is a name that skills may have.
///
/// A folder that is spelt like an id is that id's. Others have theirs as long as no other id wants it; as soon as two want one,
/// each ends in what tells its own id.
///
/// ```
/// use skillmesh::emit::skill_folders;
/// assert_eq!(skill_folders(["cloud.aws-s3", "Cloud/AWS s3", "…"]), ["cloud/aws-s3", "cloud/aws-s3-9f48c45f", "skill"]);
/// ```
pub fn skill_folders<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    distinct(ids, folder)
}

impl SkillFile {
    /// Names of cards with these ids, each another one and such as skills may have, for whoever has no folders to tell them apart.
    ///
    /// They are given as those of [`skill_folders`] are.
    ///
    /// ```
    /// use skillmesh::emit::SkillFile;
    /// assert_eq!(SkillFile::names(["cloud.aws-s3", "aws-s3", "Cloud/AWS s3"]), ["cloud-aws-s3-4efffd8e", "aws-s3", "cloud-aws-s3-9f48c45f"]);
    /// ```
    pub fn names<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        distinct(ids, |id| Some(name(id)).filter(|name| !name.is_empty()).unwrap_or_else(|| NAMELESS.to_owned()))
    }

    /// The text of a file whose front matter says this: name and description, then the others in order of their keys.
    ///
    /// It is in block style, a line a value, which readers of a strict YAML take too.
    ///
    /// ```
    /// use serde_json::json;
    /// use skillmesh::emit::SkillFile;
    /// let fields = [("metadata", json!({"author": "A: B"})), ("name", json!("git"))];
    /// let text = SkillFile::written(fields.iter().map(|(key, value)| (*key, value)), "Commit.");
    /// assert_eq!(text, "---\nname: \"git\"\nmetadata:\n  author: \"A: B\"\n---\n\nCommit.\n");
    /// ```
    pub fn written<'a>(fields: impl IntoIterator<Item = (&'a str, &'a Value)>, body: &str) -> String {
        let mut fields: Vec<_> = fields.into_iter().collect();
        sort_by_key(&mut fields, |(key, _)| (FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len()), *key));
        let mut lines = String::new();
        fields.into_iter().for_each(|(key, value)| put_field(&mut lines, 0, key, value));
        format!("---\n{lines}---\n\n{}\n", body.trim_end())
    }
}

/// A place for each id, each another one.
fn distinct<'a>(ids: impl IntoIterator<Item = &'a str>, place: impl Fn(&str) -> String) -> Vec<String> {
    let ids: Vec<(&str, String)> = ids.into_iter().map(|id| (id, place(id))).collect();
    let mut claims: BTreeMap<&str, usize> = BTreeMap::new();
    ids.iter().for_each(|(_, folder)| *claims.entry(folder).or_default() += 1);
    let has_own = |id: &str, folder: &str| claims[folder] == 1 || folder.replace('/', ".") == id;
    let mut taken: BTreeSet<String> = claims.keys().map(|folder| (*folder).to_owned()).collect();
    let free = |(id, folder): &(&str, String)| match has_own(id, folder) {
        true => folder.clone(),
        false => of_its_own(id, folder, &mut taken),
    };
    ids.iter().map(free).collect()
}

/// The resource of the file in this folder.
///
/// ```
/// use skillmesh::emit::{skill_name, skill_uri};
/// assert_eq!((skill_uri("cloud/aws-s3").as_str(), skill_name("cloud/aws-s3")), ("skill://cloud/aws-s3/SKILL.md", "aws-s3"));
/// ```
pub fn skill_uri(folder: &str) -> String {
    format!("skill://{folder}/SKILL.md")
}

/// The name of the skill in this folder: its last part.
pub fn skill_name(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// The card's file in a folder of this name.
///
/// ```
/// use skillmesh::{ExpertCard, emit::skill_file};
/// let card = ExpertCard { id: "Git".into(), title: "Git".into(), instruction_text: "Commit.".into(), ..Default::default() };
/// let file = skill_file(&card, "git");
/// assert!(file.text.starts_with("---\nname: \"git\"\ndescription: \"Git\"\n") && file.text.ends_with("\n---\n\nCommit.\n"));
/// ```
pub fn skill_file(card: &ExpertCard, name: &str) -> SkillFile {
    let frontmatter = frontmatter(card, name);
    let text = SkillFile::written(frontmatter.iter().map(|(key, value)| (*key, value)), &body(card));
    SkillFile { frontmatter, text }
}

fn frontmatter(card: &ExpertCard, name: &str) -> BTreeMap<&'static str, Value> {
    let described = [&card.description, &card.title, &card.id].map(|text| cut(&one_line(text), DESCRIPTION_CHARS));
    let description = described.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| name.to_owned());
    let mut fields = BTreeMap::from([("name", name.into()), ("description", description.into())]);
    let said = ["license", "compatibility"].map(|key| (key, card.metadata.get(key).and_then(Value::as_str)));
    fields.extend(said.into_iter().filter_map(|(key, text)| Some((key, one_line(text?).into()))));
    let tags = card.tags.join(", ");
    let about = [("id", &card.id), ("title", &card.title), ("domain", &card.domain), ("tags", &tags)];
    let about = about.into_iter().map(|(key, text)| (key.to_owned(), one_line(text)));
    let about = about.filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key, Value::from(text)));
    fields.insert("metadata", Value::Object(about.collect()));
    fields
}

fn body(card: &ExpertCard) -> String {
    match card.instruction_text.trim() {
        "" => format!("# {}\n\n{}", one_line(&card.title), printable(&card.description)),
        text => text.to_owned(),
    }
}

/// A key with its value: what is in a map or a list stands on lines of its own.
fn put_field(lines: &mut String, indent: usize, key: &str, value: &Value) {
    lines.extend(std::iter::repeat_n(' ', indent));
    lines.push_str(&if is_plain_key(key) { key.to_owned() } else { escaped(Value::from(key).to_string()) });
    lines.push(':');
    put_value(lines, indent, value);
}

/// A value after the mark that it belongs to.
fn put_value(lines: &mut String, indent: usize, value: &Value) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            lines.push('\n');
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            sorted.into_iter().for_each(|(key, value)| put_field(lines, indent + INDENT, key, value));
        }
        Value::Array(list) if !list.is_empty() => {
            lines.push('\n');
            for value in list {
                lines.extend(std::iter::repeat_n(' ', indent + INDENT));
                lines.push('-');
                put_value(lines, indent + INDENT, value);
            }
        }
        value => lines.extend([" ", &escaped(value.to_string()), "\n"]),
    }
}

/// Whether the key is text without quotes, in whichever YAML.
fn is_plain_key(key: &str) -> bool {
    let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    is_word && !NOT_TEXT.contains(&key.to_ascii_lowercase().as_str())
}

/// Dots and slashes part an id.
fn folder(id: &str) -> String {
    let parts: Vec<String> = id.split(['.', '/', '\\', ':']).map(name).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { NAMELESS.to_owned() } else { parts.join("/") }
}

/// At most 64 of a-z, 0-9 and single inner hyphens.
fn name(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    shortened(&words.collect::<Vec<_>>().join("-"), NAME_CHARS).to_owned()
}

fn shortened(name: &str, limit: usize) -> &str {
    name[..name.len().min(limit)].trim_end_matches('-')
}

/// A folder that is told from others by as much of the id's hash as it takes.
fn of_its_own(id: &str, folder: &str, taken: &mut BTreeSet<String>) -> String {
    let (above, name) =
        folder.rsplit_once('/').map_or((String::new(), folder), |(above, name)| (format!("{above}/"), name));
    let hash = sha256(id.as_bytes());
    let told = |digits: usize| format!("{above}{}-{}", shortened(name, NAME_CHARS - 1 - digits), &hash[..digits]);
    (HASH_DIGITS..NAME_CHARS - 1).map(told).find(|folder| taken.insert(folder.clone())).unwrap_or_default()
}

#[cfg(all(test, feature = "load"))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::load::{Source, said, skill};

    #[test]
    fn a_name_is_its_own_ids_and_others_end_in_their_hash_once_two_want_one() {
        let folders = |ids: &[&str]| skill_folders(ids.iter().copied());
        let (before, after) = (folders(&["Git", "git"]), folders(&["GIT", "Git", "git", "git/"]));
        assert_eq!((before[0].as_str(), before[1].as_str()), ("git-b949c922", "git"));
        assert_eq!(after[1..3], before[..]);
        assert_eq!((folders(&["GIT", "Git"])[1].as_str(), folders(&["Git"])[0].as_str()), ("git-b949c922", "git"));
        assert_eq!(folders(&["Git", "git"])[1], folders(&["git"])[0], "nobody takes it from its own id");
        assert_eq!(after.iter().collect::<BTreeSet<_>>().len(), 4);
        let long = "a".repeat(90);
        assert!(folders(&[&long, &long.to_uppercase()]).iter().all(|folder| folder.len() <= NAME_CHARS));
    }

    proptest! {
        #[test]
        fn what_is_read_of_the_file_is_what_was_written(text in "\\PC{0,40}|[\\s\\S]{0,40}", id in "\\PC{0,80}") {
            let card = ExpertCard { id: id.clone(), title: text.clone(), description: text.clone(), ..ExpertCard::default() };
            let folder = skill_folders([id.as_str()]).remove(0);
            let name = folder.rsplit('/').next().unwrap();
            let file = skill_file(&card, name);
            let source = Source { path: "SKILL.md".into(), bytes: file.text.clone().into_bytes() };
            let (read, _) = skill(&source, name);
            prop_assert_eq!(said(&source).oddity, None, "{}", file.text);
            prop_assert_eq!(read.id, name);
            prop_assert_eq!(Value::from(read.description), file.frontmatter["description"].clone());
        }
    }
}

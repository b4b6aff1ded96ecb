//! Which resources are there? A skill each, as a file of its own, in pages; all from memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use rmcp::ErrorData;
use rmcp::model::{DIRECTORY_MIME_TYPE, Resource, SKILL_MD, Skill, SkillFrontmatter, SkillResource, SkillResources};

use crate::emit::{skill_file, skill_folders, skill_name, skill_uri};
use crate::search::SkillRetriever;
use crate::{ExpertCard, Result};

/// Entries of a page.
const PAGE: usize = 100;

const SCHEME: &str = "skill://";
const MARKDOWN: &str = "text/markdown";

/// Begins what tells where the next page begins.
const AFTER: &str = "after:";

/// Every skill by its folder.
#[derive(Debug, PartialEq)]
pub struct Shelf {
    entries: BTreeMap<String, Entry>,
    /// Of each card by its number.
    uris: Vec<String>,
}

#[derive(Debug, PartialEq)]
struct Entry {
    number: usize,
    resource: Resource,
    skill: Skill,
}

/// Some entries, and where the next ones begin.
pub type Page<T> = (Vec<T>, Option<String>);

impl Shelf {
    pub fn of(skills: &SkillRetriever) -> Result<Shelf> {
        let cards = (0..skills.len()).map(|number| skills.card(number)).collect::<Result<Vec<_>>>()?;
        let folders = skill_folders(cards.iter().map(|card| card.id.as_str()));
        let uris = folders.iter().map(|folder| skill_uri(folder)).collect();
        let entry = |(number, (card, folder)): (usize, (&ExpertCard, String))| {
            (folder.clone(), Entry::of(number, card, &folder))
        };
        let mut entries: BTreeMap<String, Entry> = cards.iter().zip(folders).enumerate().map(entry).collect();
        enclose(&mut entries);
        Ok(Shelf { entries, uris })
    }

    /// The resource that holds a card's instructions.
    pub fn uri(&self, number: usize) -> &str {
        self.uris.get(number).map_or("", String::as_str)
    }

    /// The card whose file this is.
    pub fn number(&self, uri: &str) -> Option<usize> {
        self.entry(uri).map(|entry| entry.number)
    }

    pub fn resources(&self, cursor: Option<&str>) -> std::result::Result<Page<Resource>, ErrorData> {
        self.page(cursor, |entry| entry.resource.clone())
    }

    pub fn skills(&self, cursor: Option<&str>) -> std::result::Result<Page<Skill>, ErrorData> {
        self.page(cursor, |entry| entry.skill.clone())
    }

    pub fn skill(&self, uri: &str) -> std::result::Result<Skill, ErrorData> {
        self.entry(uri).map(|entry| entry.skill.clone()).ok_or_else(|| unknown("skill", uri))
    }

    /// What lies in a folder: its own file, then the folders in it.
    pub fn folder(&self, uri: &str, cursor: Option<&str>) -> std::result::Result<Page<Resource>, ErrorData> {
        let folder = uri.strip_prefix(SCHEME).filter(|folder| !folder.is_empty() && !folder.ends_with('/'));
        let folder = folder.ok_or_else(|| unknown("directory", uri))?;
        let below = format!("{folder}/");
        let names = self.below(&below).filter_map(|(path, _)| path[below.len()..].split('/').next());
        let mut children: BTreeMap<String, Resource> = names
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|name| {
                (name.to_owned(), Resource::new(format!("{uri}/{name}"), name).with_mime_type(DIRECTORY_MIME_TYPE))
            })
            .collect();
        if let Some(entry) = self.entries.get(folder) {
            children.insert(SKILL_MD.to_owned(), entry.resource.clone());
        }
        if children.is_empty() { Err(unknown("directory", uri)) } else { paged(&children, cursor, Resource::clone) }
    }

    fn page<T>(&self, cursor: Option<&str>, shown: impl Fn(&Entry) -> T) -> std::result::Result<Page<T>, ErrorData> {
        paged(&self.entries, cursor, shown)
    }

    fn entry(&self, uri: &str) -> Option<&Entry> {
        let folder = uri.strip_prefix(SCHEME)?.strip_suffix(SKILL_MD)?.strip_suffix('/')?;
        self.entries.get(folder)
    }

    fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a String, &'a Entry)> {
        self.entries.range(folder.to_owned()..).take_while(move |(path, _)| path.starts_with(folder))
    }
}

impl Entry {
    fn of(number: usize, card: &ExpertCard, folder: &str) -> Entry {
        let (uri, name) = (skill_uri(folder), skill_name(folder));
        let file = skill_file(card, name);
        let described = |key| file.frontmatter.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let resource = Resource::new(&uri, name)
            .with_title(&card.title)
            .with_description(described("description"))
            .with_mime_type(MARKDOWN)
            .with_size(file.text.len() as u64);
        let others = file.frontmatter.iter().filter(|(key, _)| !["name", "description"].contains(key));
        let frontmatter = others.fold(SkillFrontmatter::new(name, described("description")), |all, (key, value)| {
            all.with_field(*key, value.clone())
        });
        let files = vec![SkillResource::from_bytes(&uri, file.text.as_bytes())];
        Entry { number, resource, skill: Skill::new(uri, frontmatter, SkillResources::Files(files)) }
    }

    fn files(&self) -> Vec<SkillResource> {
        match &self.skill.resources {
            SkillResources::Files(files) => files.clone(),
            _ => Vec::new(),
        }
    }
}

/// What lies in a skill's folder belongs to the skill, though it be another one.
fn enclose(entries: &mut BTreeMap<String, Entry>) {
    let own: BTreeMap<String, Vec<SkillResource>> =
        entries.iter().map(|(folder, entry)| (folder.clone(), entry.files())).collect();
    for (folder, entry) in entries {
        let below = format!("{folder}/");
        let nested = own.range(below.clone()..).take_while(|(path, _)| path.starts_with(&below));
        let nested: Vec<SkillResource> = nested.flat_map(|(_, files)| files.clone()).collect();
        if !nested.is_empty() {
            entry.skill.resources = SkillResources::Files([entry.files(), nested].concat());
        }
    }
}

/// The text of a card's file.
pub fn text(skills: &SkillRetriever, number: usize, uri: &str) -> Result<String> {
    let folder = uri.strip_suffix(SKILL_MD).unwrap_or(uri).trim_end_matches('/');
    Ok(skill_file(&skills.card(number)?, skill_name(folder)).text)
}

/// A page of a list; the next one begins after the last entry of this one, whatever comes and goes meanwhile.
fn paged<T, U>(
    all: &BTreeMap<String, T>,
    cursor: Option<&str>,
    shown: impl Fn(&T) -> U,
) -> std::result::Result<Page<U>, ErrorData> {
    let last = cursor.map(|cursor| cursor.strip_prefix(AFTER).ok_or_else(|| bad_cursor(cursor))).transpose()?;
    let from = last.map_or(Bound::Unbounded, |last| Bound::Excluded(last.to_owned()));
    let mut rest = all.range((from, Bound::Unbounded));
    let page: Vec<(&String, &T)> = rest.by_ref().take(PAGE).collect();
    let next = page.last().filter(|_| rest.next().is_some()).map(|(name, _)| format!("{AFTER}{name}"));
    Ok((page.into_iter().map(|(_, entry)| shown(entry)).collect(), next))
}

pub fn unknown(kind: &str, uri: &str) -> ErrorData {
    let shown: String = uri.chars().take(200).collect();
    ErrorData::invalid_params(format!("no {kind} has the URI `{}`; list them first", shown.escape_debug()), None)
}

pub fn bad_cursor(cursor: &str) -> ErrorData {
    let shown: String = cursor.chars().take(200).collect();
    ErrorData::invalid_params(format!("`{}` is no cursor of this list; begin without one", shown.escape_debug()), None)
}

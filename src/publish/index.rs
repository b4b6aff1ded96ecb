//! What does an agent read first? Which skills there are, where, and how it knows that it got them whole.

use serde::Serialize;

use super::artifact::{Artifact, Kind, check_name};
use super::base_url::BaseUrl;
use crate::order::sort_by_key;
use crate::{Code, Error, Result};

/// Says by which rules an index is read.
const SCHEMA: &str = "https://schemas.agentskills.io/discovery/0.2.0/schema.json";

/// What an index is called.
pub const INDEX: &str = "index.json";

#[derive(Serialize)]
struct Index<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    skills: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    description: &'a str,
    url: String,
    digest: String,
}

/// The index of these artifacts, by name, as JSON; a name that no skill may have, or that two have, is an `Err`.
///
/// ```
/// use skillmesh::publish::{Artifact, BaseUrl, Kind, index};
/// let git = Artifact { name: "git".into(), description: "Commits".into(), kind: Kind::SkillMd, bytes: b"abc".to_vec() };
/// let json = index(&[&git], &BaseUrl::default()).unwrap();
/// let json: serde_json::Value = serde_json::from_str(&json).unwrap();
/// assert_eq!(json["skills"][0]["url"], "git/SKILL.md");
/// assert_eq!(json["skills"][0]["digest"], "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
/// ```
pub fn index(artifacts: &[&Artifact], base: &BaseUrl) -> Result<String> {
    let mut skills: Vec<Entry> = artifacts.iter().map(|artifact| Entry::of(artifact, base)).collect();
    sort_by_key(&mut skills, |entry| entry.name);
    skills.iter().try_for_each(|entry| check_name(entry.name))?;
    if let Some(pair) = skills.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(named_twice(pair[0].name));
    }
    let json = serde_json::to_string_pretty(&Index { schema: SCHEMA, skills })
        .map_err(|error| Error::new(Code::Internal, "unprintable index").caused_by(error))?;
    Ok(json + "\n")
}

impl<'a> Entry<'a> {
    fn of(artifact: &'a Artifact, base: &BaseUrl) -> Entry<'a> {
        let Artifact { name, description, kind, .. } = artifact;
        Entry { name, kind: *kind, description, url: base.join(&artifact.path()), digest: artifact.digest() }
    }
}

fn named_twice(name: &str) -> Error {
    Error::new(Code::InvalidArgument, "two skills of one name").at(name).help("give each a name of its own")
}

//! What holds for documents that do not say otherwise themselves?

use std::collections::BTreeMap;

use super::url;
use crate::card::Document;

/// What holds for every document that does not say otherwise itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// The set that they belong to.
    pub collection: String,
    /// Who may read them; nobody named means everybody.
    pub skills: Vec<String>,
    /// Their keywords.
    pub tags: Vec<String>,
    /// Where the folder is served; empty for URLs relative to it.
    pub base_url: String,
}

impl Labels {
    /// The collection and the address that most documents of a set have; who may read them, and by which keywords, each
    /// says for itself.
    ///
    /// ```
    /// use skillmesh::{card::Document, load::Labels};
    /// let document = |path: &str, url: &str| Document { path: path.into(), url: url.into(), collection: "c".into(), ..Default::default() };
    /// let set = [document("a b.md", "https://x.org/docs/a%20b.md"), document("i.md", "https://y.org")];
    /// let labels = Labels::of_set(set.iter());
    /// assert_eq!((labels.collection.as_str(), labels.base_url.as_str()), ("c", "https://x.org/docs"));
    /// ```
    pub fn of_set<'a>(documents: impl Iterator<Item = &'a Document> + Clone) -> Labels {
        let bases = documents.clone().filter_map(|document| url::base(&document.url, &url::of_path(&document.path)));
        Labels {
            collection: most(documents.map(|document| document.collection.as_str())),
            base_url: most(bases),
            ..Labels::default()
        }
    }

    /// The labels by which a document that says `said` without any became `document`, if there are such.
    pub fn between(said: &Document, document: &Document) -> Labels {
        let given = |said: &[String], has: &[String]| if said == has { Vec::new() } else { has.to_vec() };
        Labels {
            collection: document.collection.clone(),
            skills: given(&said.skills, &document.skills),
            tags: given(&said.tags, &document.tags),
            base_url: url::base(&document.url, &said.url).unwrap_or_default().to_owned(),
        }
    }
}

/// The name that comes most often, the first by name of several.
fn most<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    names.for_each(|name| *times.entry(name).or_default() += 1);
    let best = times.into_iter().min_by_key(|(_, times)| std::cmp::Reverse(*times));
    best.map_or(String::new(), |(name, _)| name.to_owned())
}

//! What comes back from documents?

use std::collections::BTreeMap;

use serde::Serialize;

use super::confidence::Confidence;
use super::hit::{Explanation, Ranked, Reason};
use super::request::Mode;
use super::snippet::Snippet;
use crate::card::{Access, Document};
use crate::order;

/// The pages of one query, best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentAnswer {
    /// The query.
    pub query: String,
    /// Which legs answered: `sparse`, `dense` or `hybrid`.
    pub mode: Mode,
    /// How sure it is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why there are no pages, where there are none.
    pub reason: Option<Reason>,
    /// How many pages were found in all.
    pub total: usize,
    /// Those asked for.
    pub pages: Vec<Page>,
    /// How many of all found pages have each value of `collection`, `tag` and `skill`, most first.
    pub facets: BTreeMap<&'static str, Vec<FacetCount>>,
}

/// One found page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page {
    /// Its path within what was ingested.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Where it is read.
    pub url: String,
    /// The set of documents that it belongs to.
    pub collection: String,
    /// Its keywords.
    pub tags: Vec<String>,
    /// The score of its best section.
    pub score: f32,
    /// Its best sections, at most three.
    pub sections: Vec<DocumentHit>,
}

/// One found section of a page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentHit {
    /// The headings above it, the outermost first, its own last.
    pub headings: Vec<String>,
    /// Where it is read, with its anchor.
    pub url: String,
    /// Where its text begins in the document's, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Where it stands.
    #[serde(flatten)]
    pub ranked: Ranked,
    /// How its score came about.
    pub explain: Explanation,
    /// Its piece that shows best why it was found.
    pub snippet: Snippet,
}

/// A chunk to read, and where it was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cited {
    /// The chunk's number in the snapshot.
    #[serde(skip)]
    pub number: usize,
    /// The document's path within what was ingested.
    pub path: String,
    /// The document's title.
    pub title: String,
    /// The headings above it, the outermost first, its own last.
    pub headings: Vec<String>,
    /// Where it is read, with its anchor.
    pub url: String,
    /// Where its own text begins in the document's, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The score that it was found with.
    pub score: f32,
    /// What it says, in Markdown, perhaps with the end of the chunk before.
    pub text: String,
}

/// How many pages have a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// The number of pages.
    pub count: usize,
}

/// The values of these documents; of skills only those that ask, for other names are none of the asker's business.
pub fn facets<'a>(
    documents: impl Iterator<Item = &'a Document>,
    access: &Access,
) -> BTreeMap<&'static str, Vec<FacetCount>> {
    let mut counts: BTreeMap<&'static str, BTreeMap<&str, usize>> =
        ["collection", "skill", "tag"].map(|facet| (facet, BTreeMap::new())).into();
    for document in documents {
        let skills = document.skills.iter().filter(|skill| access.all || access.skills.contains(skill));
        let skills = skills.map(|skill| ("skill", skill));
        let collection = Some(("collection", &document.collection)).filter(|(_, name)| !name.is_empty());
        for (facet, value) in document.tags.iter().map(|tag| ("tag", tag)).chain(skills).chain(collection) {
            *counts.entry(facet).or_default().entry(value).or_default() += 1;
        }
    }
    counts.into_iter().map(|(facet, counts)| (facet, most_first(counts))).collect()
}

fn most_first(counts: BTreeMap<&str, usize>) -> Vec<FacetCount> {
    let mut counts: Vec<FacetCount> =
        counts.into_iter().map(|(value, count)| FacetCount { value: value.to_owned(), count }).collect();
    order::sort_by(&mut counts, |a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    counts
}

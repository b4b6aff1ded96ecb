//! How does a collection become what a snapshot holds? By what has changed alone, and after a break from where it was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use super::backend::{Chroma, foreign, other_model};
use super::collection::{About, At, Collection, find, make, most_at_once, remove};
use super::records::{Record, records};
use crate::search::{Indexed, SkillRetriever};
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// Records are sent so many at a time, even where the server takes more: a request then has some megabytes.
const BATCH: usize = 500;

/// Called with how many records are done of how many.
type Progress<'a> = &'a dyn Fn(usize, usize);

/// What is to be done with a collection.
struct Changes<'a> {
    /// What is sent.
    sent: Vec<&'a Record>,
    /// What is taken out.
    removed: Vec<&'a str>,
    told: Indexed,
}

impl Changes<'_> {
    fn are_none(&self) -> bool {
        self.sent.is_empty() && self.removed.is_empty()
    }
}

impl Chroma {
    /// Brings the collection up to date. A collection that is not yet says so, and answers nobody.
    pub(super) fn update(&self, cards: &SkillRetriever, progress: Progress) -> Result<Indexed> {
        let (model, records) = records(cards)?;
        let (name, run) = (self.name(), run());
        let new = About::new(&model, &run);
        let collection = match find(&self.http, name)? {
            Some(collection) => collection,
            None => make(&self.http, name, &new)?,
        };
        let about = self.ours(&collection, &model)?;
        let at = At { http: &self.http, id: &collection.id };
        let there = at.hashes()?;
        let changes = self.changes(&records, &there);
        let done = About { inputs: Some(cards.header().inputs.clone()), records: records.len(), ..new.clone() };
        if changes.are_none() && done == (About { run: run.clone(), ..about }) {
            return Ok(changes.told);
        }
        if !changes.are_none() {
            at.describe(&new)?;
            carry_out(&at, &changes, most_at_once(&self.http)?.min(BATCH), progress)?;
            self.check_result(&at, &new, records.len())?;
        }
        at.describe(&done)?;
        Ok(changes.told)
    }

    /// Takes the collection away, if it is one of ours.
    pub fn clear(&self) -> Result<()> {
        let Some(collection) = find(&self.http, self.name())? else { return Ok(()) };
        collection.about().ok_or_else(|| foreign(self.place()))?;
        remove(&self.http, self.name())
    }

    /// What a collection says of itself that may take vectors of this model.
    fn ours(&self, collection: &Collection, model: &ModelInfo) -> Result<About> {
        let about = collection.about().ok_or_else(|| foreign(self.place()))?;
        if about.fingerprint != model.fingerprint {
            return Err(other_model(self.place(), &about, model));
        }
        if let Some(other) = collection.space().filter(|space| *space != "cosine") {
            return Err(foreign(self.place()).expected("one that compares by cosine").got(format!("`{other}`")));
        }
        Ok(about)
    }

    fn changes<'a>(&self, records: &'a [Record], there: &'a BTreeMap<String, String>) -> Changes<'a> {
        let known = |record: &&Record| there.get(&record.id);
        let sent: Vec<&Record> = records.iter().filter(|record| known(record) != Some(&record.hash)).collect();
        let wanted: BTreeSet<&str> = records.iter().map(|record| record.id.as_str()).collect();
        let removed: Vec<&str> = there.keys().map(String::as_str).filter(|id| !wanted.contains(id)).collect();
        let changed = sent.iter().filter(|record| known(record).is_some()).count();
        let told = Indexed {
            collection: Some(self.name().to_owned()),
            rows: records.len(),
            added: sent.len() - changed,
            changed,
            removed: removed.len(),
            unchanged: records.len() - sent.len(),
        };
        Changes { sent, removed, told }
    }

    /// Whoever else changed the collection meanwhile may have undone what was done here, and taken it for done.
    fn check_result(&self, at: &At, new: &About, records: usize) -> Result<()> {
        let mixed = |what: &str| {
            let error = Error::new(Code::Chroma, what).at(self.place());
            error.help("run `skillmesh index` again, and once at a time")
        };
        let about = find(&self.http, self.name())?.filter(|found| found.id == at.id).and_then(|found| found.about());
        if about.is_none_or(|about| about.run != new.run) {
            at.describe(new)?;
            return Err(mixed("another program changed the collection at the same time"));
        }
        let count = at.count()?;
        if count == records {
            return Ok(());
        }
        Err(mixed("the collection does not hold what was put in").expected(format!("{records} records")).got(count))
    }
}

/// What is gone is taken out first, in case there is little room.
fn carry_out(at: &At, changes: &Changes, batch: usize, progress: Progress) -> Result<()> {
    for removed in changes.removed.chunks(batch) {
        at.delete(removed)?;
    }
    let mut done = 0;
    for sent in changes.sent.chunks(batch) {
        progress(done, changes.sent.len());
        at.upsert(sent)?;
        done += sent.len();
    }
    progress(done, changes.sent.len());
    Ok(())
}

/// What tells this run from others.
fn run() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    format!("{}-{now}", std::process::id())
}

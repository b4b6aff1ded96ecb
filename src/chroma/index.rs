//! How does a collection become what a snapshot holds? By what has changed alone, and after a break from where it was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use super::backend::{Chroma, foreign};
use super::collection::{About, At, BATCH, Collection, find, make, most_at_once, remove};
use super::records::{Record, records};
use crate::search::{Indexed, SkillRetriever};
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

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

    /// Whether nothing that is there is wanted.
    fn are_of_others(&self) -> bool {
        !self.removed.is_empty() && self.told.changed + self.told.unchanged == 0
    }
}

impl Chroma {
    /// Takes the collection away, if it is one of ours, and makes it anew; not where there is nothing to put in.
    pub fn index_anew(&self, cards: &SkillRetriever, progress: Progress) -> Result<Indexed> {
        let (model, records) = records(cards)?;
        self.clear()?;
        self.put(cards, &model, &records, progress)
    }

    /// Brings the collection up to date. A collection that is not yet says so, and answers nobody.
    pub(super) fn update(&self, cards: &SkillRetriever, progress: Progress) -> Result<Indexed> {
        let (model, records) = records(cards)?;
        self.put(cards, &model, &records, progress)
    }

    fn put(
        &self,
        cards: &SkillRetriever,
        model: &ModelInfo,
        records: &[Record],
        progress: Progress,
    ) -> Result<Indexed> {
        let run = run();
        let new = About::new(model, &run);
        let (id, about) = self.opened(model, &new)?;
        let at = At { http: &self.http, id: &id };
        let there = at.hashes()?;
        let changes = self.changes(records, &there);
        let done = About { inputs: Some(cards.header().inputs.clone()), records: records.len(), ..new.clone() };
        if changes.are_none() && done == (About { run, ..about }) {
            return Ok(changes.told);
        }
        if changes.are_of_others() {
            return Err(self.of_others(there.len()));
        }
        at.describe(&new)?;
        carry_out(&at, &changes, most_at_once(&self.http)?.min(BATCH), progress)?;
        self.check_alone(&at, &new, &new)?;
        at.describe(&done)?;
        self.check_alone(&at, &done, &new)?;
        self.check_result(&at, records, &new)?;
        Ok(changes.told)
    }

    /// The collection's id and what it says of itself, made where there is none.
    fn opened(&self, model: &ModelInfo, new: &About) -> Result<(String, About)> {
        let found = find(&self.http, self.name())?;
        let collection = found.map_or_else(|| make(&self.http, self.name(), new), Ok)?;
        let about = self.ours(&collection, model)?;
        Ok((collection.id, about))
    }

    /// Takes the collection away, if it is one of ours.
    pub fn clear(&self) -> Result<()> {
        let Some(collection) = find(&self.http, self.name())? else { return Ok(()) };
        collection.about().ok_or_else(|| foreign(self.place()))?;
        remove(&self.http, self.name())
    }

    /// Registries of one name have one collection, which can be of one of them.
    fn of_others(&self, there: usize) -> Error {
        Error::new(Code::Chroma, "the collection holds the vectors of other cards, and none of these")
            .at(self.place())
            .got(format!("{there} records"))
            .help("name another with --collection NAME, or take these away with `skillmesh index --clear`")
    }

    /// What a collection says of itself that may take vectors of this model.
    fn ours(&self, collection: &Collection, model: &ModelInfo) -> Result<About> {
        let about = collection.about().ok_or_else(|| foreign(self.place()))?;
        if about.fingerprint != model.fingerprint {
            return Err(self.other_model(&about, model));
        }
        if let Some(other) = collection.space().filter(|space| *space != "cosine") {
            return Err(foreign(self.place())
                .expected("one that compares by cosine")
                .got(format!("`{}`", self.http.shown(other))));
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

    /// Refuses a collection that says something else of itself than we `said` last, and has it say that it is not complete.
    fn check_alone(&self, at: &At, said: &About, new: &About) -> Result<()> {
        let now = find(&self.http, self.name())?.filter(|now| now.id == at.id);
        let is_there = now.is_some();
        if now.and_then(|now| now.about()).as_ref() == Some(said) {
            return Ok(());
        }
        if is_there {
            at.describe(new)?;
        }
        Err(self.mixed("another program changed the collection at the same time"))
    }

    /// Refuses a collection that holds something else than was put in: another program may have begun before this one, and
    /// have ended before this one said that it is complete.
    fn check_result(&self, at: &At, records: &[Record], new: &About) -> Result<()> {
        let there = at.hashes()?;
        if there.len() == records.len() && self.changes(records, &there).are_none() {
            return Ok(());
        }
        at.describe(new)?;
        let mixed = self.mixed("the collection does not hold what was put in");
        Err(mixed.expected(format!("{} records", records.len())).got(format!("{}, or others", there.len())))
    }

    fn mixed(&self, what: &str) -> Error {
        Error::new(Code::Chroma, what).at(self.place()).help("run `skillmesh index` again, and once at a time")
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

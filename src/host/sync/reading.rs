//! What does a sync note of the files that it reads, and what stands in for broken ones?

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use super::old::Old;
use super::sidecar::{Tracked, name, sha256};
use super::signature::now;
use crate::host::files::{Files, source};
use crate::load::{Finding, Loaded, Severity, Source};
use crate::{Code, Error, Result};

/// Reads files and remembers how they were.
pub struct Reading<'a> {
    /// Whose cards stand in, if it is known which file each came from.
    last_good: Option<&'a Old>,
    /// When reading began.
    began: i64,
    files: RefCell<BTreeMap<String, Tracked>>,
}

impl Files for Reading<'_> {
    /// The look is taken first: a file that changes while it is read will look otherwise at the next sync.
    fn read(&self, path: &Path) -> Result<Source> {
        let tracked = Tracked::of(path, self.began);
        let read = source(path);
        let hash = read.as_ref().map(|source| sha256(&source.bytes)).unwrap_or_default();
        self.files.borrow_mut().insert(name(path), Tracked { hash, ..tracked });
        read
    }

    /// A file with an error is as it was when it was last read without one.
    fn settle(&self, path: &str, mut read: Loaded) -> Loaded {
        let Some(old) = self.last_good.filter(|_| has_error(&read.findings)) else { return read };
        let mut settled = Loaded::default();
        old.cards_of(&name(Path::new(path))).into_iter().for_each(|card| settled.keep(card, path));
        settled.findings.append(&mut read.findings);
        settled.findings.push(kept(path, settled.cards.len()));
        settled
    }
}

impl<'a> Reading<'a> {
    /// Begins now; without `last_good` an error is not got over.
    pub fn new(last_good: Option<&'a Old>) -> Reading<'a> {
        Reading { last_good: last_good.filter(|old| old.sidecar().is_some()), began: now(), files: RefCell::default() }
    }

    /// The cards, if they may take the place of those in the snapshot.
    pub fn check(&self, loaded: Loaded) -> Result<Loaded> {
        let error = loaded.findings.iter().find(|finding| finding.severity == Severity::Error);
        match error.filter(|_| self.last_good.is_none()) {
            Some(finding) => Err(Error::new(Code::Registry, finding.to_string())
                .help("mend it first: which cards it gave before is not known, and the snapshot stays as it was")),
            None if loaded.cards.is_empty() => Err(Error::new(Code::Registry, "no card would be left")
                .help("name other paths, or remove the snapshot; it stays as it was")),
            None => Ok(loaded),
        }
    }

    /// What was read, with the cards that each file gave.
    pub fn files(self, loaded: &Loaded) -> BTreeMap<String, Tracked> {
        let mut files = self.files.into_inner();
        for (card, origin) in loaded.cards.iter().zip(&loaded.origins) {
            files.entry(name(Path::new(origin))).or_default().cards.push(card.id.clone());
        }
        for finding in loaded.findings.iter().filter(|finding| finding.severity == Severity::Error) {
            files.entry(name(Path::new(&finding.path))).and_modify(|file| file.broken = true);
        }
        files
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn kept(path: &str, cards: usize) -> Finding {
    let message = match cards {
        0 => "it gave no card before, and gives none until it is mended".to_owned(),
        cards => format!("its {cards} last good cards stay until it is mended"),
    };
    Finding::warning(path, "last-good-kept", message)
}

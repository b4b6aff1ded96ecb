//! What is there before a sync?

use std::path::Path;

use super::report::{FileChanges, Report};
use super::sidecar::{Settings, Sidecar};
use crate::host::files::{read, shown};
use crate::host::places::Places;
use crate::index::{Changes, KnownRows, StoredCards};
use crate::load::Finding;
use crate::snapshot::{Header, Ranking, Snapshot};
use crate::{Code, Error, ExpertCard, Result};

/// The snapshot as it is, if it can be used, and what is remembered of it.
#[derive(Default)]
pub struct Old {
    snapshot: Option<Snapshot>,
    sidecar: Option<Sidecar>,
    /// Why the snapshot there is of no use.
    pub finding: Option<Finding>,
}

impl Old {
    /// Opens and verifies it. A damaged one, or one of another version, is replaced; what is no snapshot of cards is an
    /// `Err`, since somebody may need it.
    pub fn open(path: &Path) -> Result<Old> {
        if !path.exists() {
            return Ok(Old::default());
        }
        match opened(read(path)?) {
            Ok(snapshot) => {
                StoredCards::of(&snapshot).map_err(|error| error.at(shown(path)))?;
                let sidecar = Sidecar::open(path, snapshot.bytes());
                Ok(Old { snapshot: Some(snapshot), sidecar, finding: None })
            }
            Err(error) if error.code() == Code::SnapshotFormat => Err(error.at(shown(path))),
            Err(error) => Ok(Old { finding: Some(replaced(path, &error)), ..Old::default() }),
        }
    }

    /// What is remembered of it.
    pub fn sidecar(&self) -> Option<&Sidecar> {
        self.sidecar.as_ref()
    }

    /// The file's bytes.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.snapshot.as_ref().map(Snapshot::bytes)
    }

    /// What the snapshot says of itself.
    pub fn header(&self) -> Option<&Header> {
        self.snapshot.as_ref().map(Snapshot::header)
    }

    /// Whether there are vectors.
    pub fn is_dense(&self) -> bool {
        self.header().is_some_and(|header| header.model.is_some())
    }

    /// Whether it was made of these files as they are, for these settings.
    pub fn is_current(&self, settings: &Settings, found: &Places) -> bool {
        self.sidecar.as_ref().is_some_and(|sidecar| sidecar.has(settings) && sidecar.is_current(found))
    }

    /// What is said where nothing changed.
    pub fn unchanged(&self, found: Places) -> Report {
        let files = self.sidecar.as_ref().map_or(0, |sidecar| sidecar.files.len());
        let total = self.header().map_or(0, |header| header.cards as usize);
        let files = FileChanges { scanned: files, tracked: files, ..FileChanges::default() };
        Report { files, total, findings: found.findings, ..Report::default() }
    }

    /// The rows that need not be computed again.
    pub fn known(&self) -> Result<Option<KnownRows>> {
        self.snapshot.as_ref().map_or(Ok(None), KnownRows::of)
    }

    /// The ranking settings, which somebody may have tuned.
    pub fn ranking(&self) -> Ranking {
        self.header()
            .filter(|header| header.is_of_this_builder())
            .map(|header| header.ranking.clone())
            .unwrap_or_default()
    }

    /// The cards that a file gave when it was last read without an error.
    pub fn cards_of(&self, file: &str) -> Vec<ExpertCard> {
        let tracked = self.sidecar.as_ref().and_then(|sidecar| sidecar.files.get(file));
        let ids = tracked.map(|tracked| tracked.cards.as_slice()).unwrap_or_default();
        let stored = self.snapshot.as_ref().and_then(|snapshot| StoredCards::of(snapshot).ok());
        // The snapshot's checksums were compared: what it lists can be read.
        let card = |id: &String| stored.as_ref().and_then(|stored| stored.card(stored.find(id)?).ok());
        ids.iter().filter_map(card).collect()
    }

    /// What changes when `new` takes its place.
    pub fn changes(&self, new: &Snapshot) -> Result<Changes> {
        let old = self.snapshot.as_ref().map(StoredCards::of).transpose()?;
        Changes::between(&old.unwrap_or_default(), &StoredCards::of(new)?)
    }
}

fn opened(bytes: Vec<u8>) -> Result<Snapshot> {
    let snapshot = Snapshot::open(bytes)?;
    snapshot.verify()?;
    Ok(snapshot)
}

fn replaced(path: &Path, error: &Error) -> Finding {
    let message = format!("{error}; this one was built anew");
    Finding::warning(&shown(path), "snapshot-replaced", message)
}

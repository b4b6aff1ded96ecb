//! What is there before a sync?

use std::path::Path;

use super::sidecar::{Settings, Sidecar};
use super::signature::Signature;
use crate::host::files::{read, shown};
use crate::index::{Changes, KnownRows, StoredCards};
use crate::load::Finding;
use crate::snapshot::{Header, Ranking, Snapshot};
use crate::{Code, Error, ExpertCard, Result};

/// The snapshot as it is, if it can be used, and what is remembered of it.
#[derive(Default)]
pub struct Old {
    /// How the file looked before it was read.
    seen: Option<Signature>,
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
        let seen = Signature::of(path);
        match opened(read(path)?) {
            Ok(snapshot) => {
                StoredCards::of(&snapshot).map_err(|error| another(path, error))?;
                let sidecar = Sidecar::open(path, snapshot.bytes());
                Ok(Old { seen, snapshot: Some(snapshot), sidecar, finding: None })
            }
            Err(error) if error.code() == Code::SnapshotFormat => Err(error.at(shown(path))),
            Err(error) => Ok(Old { seen, finding: Some(replaced(path, &error)), ..Old::default() }),
        }
    }

    /// Whether the file is the one that was opened: another program may heed no lock.
    pub fn is_still(&self, path: &Path) -> bool {
        self.seen == Signature::of(path)
    }

    /// Whether there is a snapshot file.
    pub fn is_there(&self) -> bool {
        self.seen.is_some()
    }

    /// What is remembered of it.
    pub fn sidecar(&self) -> Option<&Sidecar> {
        self.sidecar.as_ref()
    }

    /// What is remembered of it, if the same was asked for.
    pub fn sidecar_for(&self, settings: &Settings) -> Option<&Sidecar> {
        self.sidecar.as_ref().filter(|sidecar| sidecar.settings == *settings)
    }

    /// The snapshot.
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }

    /// The file's bytes.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.snapshot.as_ref().map(Snapshot::bytes)
    }

    /// What the snapshot says of itself.
    pub fn header(&self) -> Option<&Header> {
        self.snapshot.as_ref().map(Snapshot::header)
    }

    /// Whether there are vectors, for all that is known.
    pub fn may_be_dense(&self) -> bool {
        self.finding.is_some() || self.header().is_some_and(|header| header.model.is_some())
    }

    /// The rows that need not be computed again.
    pub fn known(&self) -> Result<Option<KnownRows>> {
        self.snapshot.as_ref().map_or(Ok(None), KnownRows::of)
    }

    /// The ranking settings, which somebody may have tuned; and a remark if they are of another version, which may rank
    /// otherwise.
    pub fn ranking(&self, path: &Path) -> (Ranking, Option<Finding>) {
        let Some(header) = self.header() else { return (Ranking::default(), None) };
        let is_doubtful = !header.is_of_this_builder() && header.ranking != Ranking::default();
        (header.ranking.clone(), is_doubtful.then(|| ranking_kept(path, &header.builder)))
    }

    /// A card of the snapshot.
    pub fn card(&self, id: &str) -> Result<ExpertCard> {
        let lost = || Error::new(Code::Registry, "a card that should stand in is not in the snapshot").got(id);
        let stored = self.snapshot.as_ref().map(StoredCards::of).transpose()?.unwrap_or_default();
        stored.card(stored.find(id).ok_or_else(lost)?)
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

fn another(path: &Path, error: Error) -> Error {
    error
        .at(shown(path))
        .help("name another file: only what `skillmesh build` writes without `--shards` can be kept in step")
}

fn replaced(path: &Path, error: &Error) -> Finding {
    let message = format!("{error}; this one was built anew, with the default ranking settings");
    Finding::warning(&shown(path), "snapshot-replaced", message)
}

fn ranking_kept(path: &Path, builder: &str) -> Finding {
    let message =
        format!("the ranking settings of {builder} stay; tune again, or `skillmesh reindex --clear` resets them");
    Finding::warning(&shown(path), "ranking-kept", message)
}

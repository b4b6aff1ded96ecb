//! How is a snapshot brought up to date with the files that it was built from?
//!
//! The result is what `skillmesh build` writes of the same files, with the old snapshot's ranking settings. How it was
//! reached stands in a file beside it, which may be lost: then more is read, and the outcome is the same.

mod lock;
mod old;
mod reading;
mod report;
mod sidecar;
mod signature;
mod stats;

use std::path::PathBuf;

use super::embedding::{Built, Progress, rebuild};
use super::files::load_places;
use super::model::{find_model, open_model};
use super::places::{Places, places};
use crate::index::BuildPlan;
use crate::load::Severity;
use crate::snapshot::{Ranking, Snapshot};
use crate::{Code, Error, ExpertCard, Result};
pub use lock::Lock;
pub use lock::is_own;
use old::Old;
use reading::Reading;
pub use report::{FileChanges, Report};
use sidecar::{Settings, Sidecar};
pub use stats::{IndexStats, State, stats};

/// What is kept up to date, and from what.
#[derive(Clone, Debug)]
pub struct Sync {
    /// Registries, skills, and folders that hold them.
    pub paths: Vec<PathBuf>,
    /// The snapshot, which need not be there yet.
    pub snapshot: PathBuf,
    /// The model's file; `None`: the one that is found.
    pub model: Option<PathBuf>,
    /// Whether vectors are wanted.
    pub dense: bool,
}

/// How much of what is there is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Files that look as they did are not read.
    Looks,
    /// Every file is read; passages of the same text keep their vectors.
    Vectors,
    /// Nothing: every passage is embedded, and the ranking is the default one.
    Nothing,
}

impl Sync {
    /// Brings the snapshot up to date, and writes nothing where it is.
    ///
    /// A broken file's last good cards stay, with a finding. An `Err` leaves the snapshot as it was; it is one if a path or
    /// folder cannot be read, if no card would be left, or if it is not known which cards a broken file gave.
    pub fn run(&self, trust: Trust, progress: Progress) -> Result<Report> {
        let lock = Lock::take(&self.snapshot)?;
        let old = Old::open(&self.snapshot)?;
        let settings = self.settings();
        let found = whole(places(&self.paths)?)?;
        if trust == Trust::Looks && old.is_current(&settings, &found) {
            return Ok(old.unchanged(found));
        }
        self.update(&lock, &old, found, settings, trust, progress)
    }

    fn settings(&self) -> Settings {
        let model = if self.dense { find_model(self.model.as_deref()) } else { None };
        Settings::new(&self.paths, self.dense, model.as_deref())
    }

    /// Reads every file and writes what came of it, the snapshot before what is remembered of it.
    fn update(
        &self,
        lock: &Lock,
        old: &Old,
        found: Places,
        settings: Settings,
        trust: Trust,
        progress: Progress,
    ) -> Result<Report> {
        let places = sidecar::names(&found);
        let reading = Reading::new(Some(old).filter(|_| trust != Trust::Nothing));
        let loaded = reading.check(load_places(found, &reading))?;
        let files = reading.files(&loaded);
        // Looked at before it is opened: one that is replaced meanwhile will look otherwise.
        let model = settings.tracked_model();
        let built = self.built(loaded.cards, old, &settings, trust, progress)?;
        let new = Snapshot::open(built.bytes)?;
        let written = old.bytes() != Some(new.bytes());
        if written {
            lock.write(&self.snapshot, new.bytes())?;
        }
        let sidecar = Sidecar::new(settings, model, places, files, new.bytes());
        if old.sidecar() != Some(&sidecar) {
            lock.write(&sidecar::path(&self.snapshot), &sidecar.to_bytes()?)?;
        }
        Ok(Report {
            files: FileChanges::between(old.sidecar(), &sidecar),
            cards: old.changes(&new)?,
            total: new.header().cards as usize,
            passages: built.passages,
            embedded: built.embedded,
            written,
            findings: loaded.findings.into_iter().chain(old.finding.clone()).collect(),
        })
    }

    /// The snapshot of these cards, with what is believed of the old one.
    fn built(
        &self,
        cards: Vec<ExpertCard>,
        old: &Old,
        settings: &Settings,
        trust: Trust,
        progress: Progress,
    ) -> Result<Built> {
        let model = settings.model.as_deref().map(open_model).transpose()?;
        let (known, ranking) = match trust {
            Trust::Nothing => (None, Ranking::default()),
            _ => (if self.dense { old.known()? } else { None }, old.ranking()),
        };
        // Vectors are not lost because a model was not found.
        if self.dense && model.is_none() && known.is_none() && old.is_dense() {
            return Err(no_model());
        }
        rebuild(BuildPlan::new(cards)?, model.as_ref(), known.as_ref(), ranking, progress)
    }
}

/// What is found, if all of it could be looked at: what lies in a folder that cannot be read is not gone.
fn whole(found: Places) -> Result<Places> {
    match found.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(Error::new(Code::Registry, finding.to_string()).help("the snapshot stays as it was")),
        None => Ok(found),
    }
}

fn no_model() -> Error {
    Error::new(Code::NoModel, "the snapshot has vectors, and no model was found")
        .help("pass --model FILE, or --no-dense to give the vectors up")
}

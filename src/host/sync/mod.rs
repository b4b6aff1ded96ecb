//! How is a snapshot brought up to date with the files that it was built from?
//!
//! The result is what `skillmesh build` writes of the same files, with the old snapshot's ranking settings. How it was
//! reached stands in a file beside it, which may be lost: then more is read, and the outcome is the same.

mod model;
mod old;
mod reading;
mod report;
mod roots;
mod settle;
mod sidecar;
mod signature;
mod stats;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::atomic::{clear, real, replace};
use super::embedding::{Built, rebuild};
use super::files::{read_places, shown, unreadable};
use super::listener::Listener;
use super::lock::Lock;
use super::model::find_model_again;
use super::opened::open_skills;
use super::places::{Places, places};
use crate::bytes::sha256;
use crate::index::BuildPlan;
use crate::load::{Finding, Loaded, Severity};
use crate::search::SkillRetriever;
use crate::snapshot::{BUILDER, Header, Ranking, Snapshot};
use crate::{Code, Error, Result};
use model::Model;
use old::Old;
use reading::Reading;
pub use report::{FileChanges, Report};
use roots::Roots;
use settle::Settling;
use sidecar::{Settings, Sidecar, Tracked};
#[cfg(feature = "cli")]
pub use signature::Signature;
pub use signature::identity;
pub use stats::{IndexStats, State, stats};

/// A snapshot that is kept up to date, and from what.
#[derive(Clone, Debug)]
pub struct KeptSnapshot {
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
    /// If all files look as they did, none is read.
    Metadata,
    /// Every file is read; passages of the same text keep their vectors.
    Content,
    /// Nothing: every passage is embedded, the ranking is the default one, and nothing stands in for broken files.
    Nothing,
}

impl KeptSnapshot {
    /// Brings the snapshot up to date at the time `now`, and writes nothing where it is.
    ///
    /// A broken file's last good cards stay, with a finding. An `Err` leaves the snapshot as it was; it is one if a path or
    /// folder cannot be read, if no card would be left, or if it is not known which cards a broken file gave.
    pub fn sync(&self, trust: Trust, now: SystemTime, listener: &dyn Listener) -> Result<Report> {
        // Looked at first, so that a path that was mistyped leaves no lock behind.
        self.check_paths()?;
        let path = real(&self.snapshot);
        let lock = Lock::take(&path, listener)?;
        [&path, &sidecar::path(&path)].into_iter().for_each(|path| clear(path, &lock));
        let old = Old::open(&path)?;
        let model = self.dense.then(|| self.find_model(&old)).flatten();
        Run { kept: self, path: &path, trust, now, listener, lock: &lock, old: &old, model: model.as_deref() }.run()
    }

    fn find_model(&self, old: &Old) -> Option<PathBuf> {
        let was = |path: &Path| old.sidecar().is_some_and(|sidecar| sidecar.has_model(path));
        find_model_again(self.model.as_deref(), old.header().and_then(|header| header.model.as_ref()), was)
    }

    /// The snapshot as it is; `None` where a sync makes one anew, since there is none, or a damaged one, or another
    /// version's.
    pub fn opened(&self) -> Result<Option<SkillRetriever>> {
        if !self.snapshot.exists() {
            return Ok(None);
        }
        match open_skills(&self.snapshot) {
            Err(error) if matches!(error.code(), Code::SnapshotVersion | Code::SnapshotCorrupt) => Ok(None),
            opened => opened.map(Some),
        }
    }

    /// Whether the paths are there.
    pub fn check_paths(&self) -> Result<()> {
        let check = |path: &PathBuf| std::fs::metadata(path).map(drop).map_err(|error| unreadable(path, error));
        self.paths.iter().try_for_each(check)
    }
}

/// One sync, under the lock.
struct Run<'a> {
    kept: &'a KeptSnapshot,
    /// The snapshot itself, where a link to it is kept.
    path: &'a Path,
    trust: Trust,
    now: SystemTime,
    listener: &'a dyn Listener,
    lock: &'a Lock,
    old: &'a Old,
    model: Option<&'a Path>,
}

impl Run<'_> {
    fn run(&self) -> Result<Report> {
        let KeptSnapshot { paths, model, dense, .. } = self.kept;
        let settings = Settings::new(self.path, paths, *dense, model.as_deref());
        let roots = Roots::new(paths);
        let found = whole(places(paths)?)?;
        let current = self.old.sidecar_for(&settings).filter(|_| self.trust == Trust::Metadata);
        match current.and_then(|sidecar| Some((sidecar, sidecar.is_current(&found, &roots, self.model)?))) {
            Some((sidecar, read)) => self.unchanged(sidecar, &roots, found, read),
            None => self.update(settings, &roots, found),
        }
    }

    fn unchanged(&self, sidecar: &Sidecar, roots: &Roots, found: Places, read: usize) -> Result<Report> {
        let mut report = self.report(&sidecar.files, sidecar, roots, found, self.old.header());
        report.files.read = read;
        Ok(report)
    }

    /// Reads every file and writes what came of it, the snapshot before what is remembered of it.
    fn update(&self, settings: Settings, roots: &Roots, found: Places) -> Result<Report> {
        let before = self.believed().and_then(Old::sidecar).map(|sidecar| sidecar.files_among(&settings));
        let places = sidecar::names(&found, roots);
        let (loaded, files) = self.settled(&found, &places, roots, before.clone())?;
        let model = self.model.map(|path| Model::find(path, self.believed(), self.now)).transpose()?;
        let (ranking, remark) = self.believed().map(|old| old.ranking(self.path)).unwrap_or_default();
        let built = self.built(BuildPlan::new(loaded.cards)?, model.as_ref(), ranking)?;
        let new = Snapshot::open(built.bytes)?;
        let (builder, snapshot) = (BUILDER.to_owned(), sha256(new.bytes()));
        let (model, passages) = (model.map(|model| model.tracked), built.passages);
        let findings = loaded.findings;
        let sidecar = Sidecar { builder, snapshot, settings, model, places, passages, findings, files };
        let mut report = self.report(&before.unwrap_or_default(), &sidecar, roots, found, Some(new.header()));
        report.files.read = sidecar.files.len();
        report.cards = self.old.changes(&new)?;
        report.embedded = built.embedded;
        report.findings.extend(self.old.finding.clone().into_iter().chain(remark));
        report.written = self.write(&new)?;
        report.findings.extend(self.remember(&sidecar)?);
        Ok(report)
    }

    /// What is told of the files and of a snapshot with this header.
    fn report(
        &self,
        before: &BTreeMap<String, Tracked>,
        sidecar: &Sidecar,
        roots: &Roots,
        found: Places,
        header: Option<&Header>,
    ) -> Report {
        let mut report = Report::of(before, sidecar, roots);
        report.total = header.map_or(0, |header| header.cards as usize);
        report.findings.splice(0..0, found.findings);
        report.findings.extend(self.no_model(header.is_some_and(|header| header.model.is_some())));
        report
    }

    /// What was there, unless nothing is believed.
    fn believed(&self) -> Option<&Old> {
        Some(self.old).filter(|_| self.trust != Trust::Nothing)
    }

    fn settled(
        &self,
        found: &Places,
        names: &[String],
        roots: &Roots,
        before: Option<BTreeMap<String, Tracked>>,
    ) -> Result<(Loaded, BTreeMap<String, Tracked>)> {
        let reading = Reading::new(roots, self.now);
        let read = read_places(&found.places, &reading);
        let otherwise = match (self.trust, self.old.is_there()) {
            (Trust::Nothing, _) => {
                "mend it first: from scratch nothing stands in for it, and the snapshot stays as it was"
            }
            (_, false) => "mend it first: there are no last good cards that could stand in for it",
            _ => "mend it first: which cards it gave before is not known, and the snapshot stays as it was",
        };
        Settling { places: &found.places, names, read, files: reading.files(), old: self.old, before, otherwise }
            .settled()
    }

    /// The snapshot of these cards, with what is believed of the old one.
    fn built(&self, plan: BuildPlan, model: Option<&Model>, ranking: Ranking) -> Result<Built> {
        let known = self.believed().filter(|_| self.kept.dense).map(Old::known).transpose()?.flatten();
        let info = match (model, &known) {
            (Some(model), _) => model.info.clone(),
            (None, Some(known)) => known.model().clone(),
            // Vectors are not lost because a model was not found.
            (None, None) if self.kept.dense && self.old.may_be_dense() => return Err(self.lost_vectors()),
            (None, None) => return Ok(Built { bytes: plan.compile_rows(None, ranking)?, passages: 0, embedded: 0 }),
        };
        let no_model = || {
            Error::new(Code::NoModel, "new texts need the model of the snapshot's vectors")
                .help("pass --model FILE, or --no-dense to give the vectors up")
        };
        rebuild(plan, info, known.as_ref(), ranking, &|texts| model.ok_or_else(no_model)?.embed(texts, self.listener))
    }

    fn lost_vectors(&self) -> Error {
        let message = match &self.old.finding {
            Some(finding) => format!(
                "the snapshot must be built anew, and may have vectors, but no model was found: {}",
                finding.message
            ),
            None => "the snapshot has vectors, and no model was found".to_owned(),
        };
        Error::new(Code::NoModel, message).help("pass --model FILE, or --no-dense to give the vectors up")
    }

    /// That vectors are wanted, and cannot be made.
    fn no_model(&self, is_dense: bool) -> Option<Finding> {
        let message = match is_dense {
            true => "no model was found: the vectors that are there stay, new texts need --model FILE",
            false => "no model was found, so there are no vectors; pass --model FILE, or --no-dense if none are wanted",
        };
        let is_missing = self.kept.dense && self.model.is_none();
        is_missing.then(|| Finding::warning(&shown(&self.kept.snapshot), "no-model", message))
    }

    /// Whether the snapshot is another one now.
    fn write(&self, new: &Snapshot) -> Result<bool> {
        if self.old.bytes() == Some(new.bytes()) {
            return Ok(false);
        }
        if !self.old.is_still(self.path) {
            return Err(Error::new(Code::Io, "another program replaced the snapshot during the sync")
                .at(shown(self.path))
                .help("run this again"));
        }
        replace(self.path, new.bytes(), self.path, Some(self.lock), self.listener)?;
        Ok(true)
    }

    /// Writes what is remembered. Without it the next sync reads every file, and keeps no broken one's cards.
    fn remember(&self, sidecar: &Sidecar) -> Result<Option<Finding>> {
        if self.old.sidecar() == Some(sidecar) {
            return Ok(None);
        }
        let path = sidecar::path(self.path);
        let written = replace(&path, &sidecar.to_bytes()?, self.path, Some(self.lock), self.listener);
        let forgot = |error: Error| {
            let message = format!("{error}; the snapshot is up to date, but a broken file will stop the next sync");
            Finding::warning(&shown(&path), "not-remembered", message)
        };
        Ok(written.err().map(forgot))
    }
}

/// What is found, if all of it could be looked at: what lies in a folder that cannot be read is not gone.
fn whole(found: Places) -> Result<Places> {
    match found.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(Error::new(Code::Registry, finding.to_string()).help("the snapshot stays as it was")),
        None => Ok(found),
    }
}

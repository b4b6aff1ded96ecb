//! What is open while a server runs, and how does it follow what changes?

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use tokio::sync::broadcast;

use super::pages::Shelf;
use super::tools::{self, Offer};
use super::{Skills, Start};
use crate::embed::Embedder;
use crate::host::{self, Trust};
use crate::search::{DocumentRetriever, Mode, SkillRetriever};
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// So many changes may wait for a slow client.
const CHANGES: usize = 16;

/// What changed, for those who keep lists.
#[derive(Clone, Copy, Debug)]
pub struct Changed {
    /// Whether a tool is told otherwise.
    pub tools: bool,
    /// Whether skills came, went, or say something else.
    pub resources: bool,
}

/// The snapshot that answers, and the lists that were made of it.
pub struct Shown {
    pub skills: SkillRetriever,
    pub shelf: Shelf,
    pub tools: Vec<Offer>,
}

/// Everything that is open.
pub struct Library {
    pub start: Start,
    /// The database of metrics, where there is one.
    pub db: Option<PathBuf>,
    model: Option<Embedder>,
    shown: RwLock<Arc<Shown>>,
    documents: RwLock<Option<Arc<DocumentRetriever>>>,
    /// Whoever changes the skills that are shown is alone.
    reloading: Mutex<()>,
    /// Whoever changes the documents is alone.
    ingesting: Mutex<()>,
    changes: broadcast::Sender<Changed>,
}

impl Library {
    pub fn open(start: Start) -> Result<Library> {
        let (skills, model) = first(&start)?;
        let documents = start.docs.as_deref().map(host::open_documents).transpose()?;
        let of_documents = documents.as_ref().and_then(|documents| documents.header().model.as_ref());
        let models = [skills.header().model.as_ref(), of_documents];
        let is_missing = model.is_none() && models.iter().any(Option::is_some);
        let model = if is_missing { found_model(&start)? } else { model };
        models.into_iter().flatten().try_for_each(|info| fits(model.as_ref(), info))?;
        if model.is_none() && models.iter().any(Option::is_some) {
            eprintln!("note: no model found, answering by keywords; pass --model FILE for semantic search");
        }
        let db = metrics(start.db.as_deref());
        let tools = tools::offered(&start, db.is_some(), skills.len());
        let shown = Shown { shelf: Shelf::of(&skills)?, tools, skills };
        Ok(Library {
            start,
            db,
            model,
            shown: RwLock::new(Arc::new(shown)),
            documents: RwLock::new(documents.map(Arc::new)),
            reloading: Mutex::default(),
            ingesting: Mutex::default(),
            changes: broadcast::channel(CHANGES).0,
        })
    }

    /// What answers now.
    pub fn shown(&self) -> Arc<Shown> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The documents that answer now.
    pub fn documents(&self) -> Option<Arc<DocumentRetriever>> {
        self.documents.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hears of every change from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// Whether lists may change at all.
    pub fn follows(&self) -> bool {
        matches!(self.start.skills, Skills::Kept(_))
    }

    /// The model, where vectors are asked for that it made.
    pub fn model(&self, wanted: Option<&ModelInfo>, mode: Mode) -> Option<&Embedder> {
        self.model.as_ref().filter(|_| wanted.is_some() && mode != Mode::Sparse)
    }

    /// Shows the snapshot as it is in its file now, and tells of it where it is another one.
    pub fn reload(&self, snapshot: &Path) -> Result<()> {
        let _alone = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, skills) = (self.shown(), host::open_skills(snapshot)?);
        if skills.stamp() == before.skills.stamp() {
            return Ok(());
        }
        skills.header().model.iter().try_for_each(|info| fits(self.model.as_ref(), info))?;
        let tools = tools::offered(&self.start, self.db.is_some(), skills.len());
        let shown = Shown { shelf: Shelf::of(&skills)?, tools, skills };
        let changed = Changed { tools: shown.tools != before.tools, resources: shown.shelf != before.shelf };
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shown);
        // Nobody hears it where nobody is connected.
        drop(self.changes.send(changed));
        Ok(())
    }

    /// Puts documents in the place of those that answer, with nobody else doing so meanwhile.
    pub fn change_documents<T>(
        &self,
        change: impl FnOnce(Option<&Embedder>, Option<&DocumentRetriever>) -> Result<(DocumentRetriever, T)>,
    ) -> Result<T> {
        let _alone = self.ingesting.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.documents();
        let wanted = before.as_ref().and_then(|documents| documents.header().model.as_ref());
        let (documents, told) = change(self.model(wanted, Mode::Auto), before.as_deref())?;
        *self.documents.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(documents));
        Ok(told)
    }
}

/// The skills when the server starts, and the model where it took one to index them; a snapshot that follows its files is
/// made where there is none.
fn first(start: &Start) -> Result<(SkillRetriever, Option<Embedder>)> {
    match &start.skills {
        Skills::Snapshot(path) => Ok((host::open_skills(path)?, None)),
        Skills::Registry(path) => {
            let model = found_model(start)?;
            Ok((indexed(path, model.as_ref())?, model))
        }
        Skills::Kept(kept) => {
            kept.check_paths()?;
            if !kept.snapshot.exists() {
                eprintln!("note: making {}", kept.snapshot.display());
                kept.sync(Trust::Content, SystemTime::now(), &())?;
            }
            Ok((host::open_skills(&kept.snapshot)?, None))
        }
    }
}

fn found_model(start: &Start) -> Result<Option<Embedder>> {
    host::find_model(start.model.as_deref()).map(|path| host::open_model(&path)).transpose()
}

/// The skills of a registry, indexed in memory.
fn indexed(path: &Path, model: Option<&Embedder>) -> Result<SkillRetriever> {
    let loaded = host::load_paths(&[path.to_owned()])?;
    loaded.findings.iter().for_each(|finding| eprintln!("{}: {finding}", finding.severity));
    SkillRetriever::open(host::build(loaded.cards, model, &|_, _| {})?)
}

/// Refuses vectors of another model than the one that embeds queries.
fn fits(model: Option<&Embedder>, info: &ModelInfo) -> Result<()> {
    match model {
        Some(model) if model.fingerprint() != info.fingerprint => {
            Err(Error::new(Code::ModelMismatch, "the model is not the one of the vectors")
                .expected(format!("{} with fingerprint {}", info.name, info.fingerprint))
                .got(format!("{} with fingerprint {}", model.name(), model.fingerprint()))
                .help("name the other one with --model FILE, or build the snapshot again"))
        }
        _ => Ok(()),
    }
}

/// The database that was named, else the usual one where it is there already.
#[cfg(feature = "metrics")]
fn metrics(named: Option<&Path>) -> Option<PathBuf> {
    host::metrics_file(named).ok().filter(|file| named.is_some() || file.exists())
}

#[cfg(not(feature = "metrics"))]
fn metrics(_: Option<&Path>) -> Option<PathBuf> {
    None
}

//! What is open while a server runs, and how does it follow what changes?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::broadcast;

use super::pages::Shelf;
use super::remark::remark;
use super::tools::{self, Offer};
use super::{Skills, Start};
use crate::embed::Embedder;
use crate::host::{self, Added};
use crate::load::Finding;
use crate::search::{DocumentRetriever, Index, Mode, SkillRetriever};
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// So many changes may wait for a slow client.
const CHANGES: usize = 16;

/// Said where there are vectors, or should be.
const NO_MODEL: &str = "note: no model found, answering by keywords; pass --model FILE for semantic search\n";

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
    /// By fingerprint: skills and documents may have vectors of two.
    models: RwLock<BTreeMap<String, Arc<Embedder>>>,
    shown: RwLock<Arc<Shown>>,
    documents: RwLock<Option<Arc<DocumentRetriever>>>,
    /// Whoever changes the skills that are shown is alone.
    reloading: Mutex<()>,
    /// Why the skills do not follow their files, or have no vectors, where that is so.
    trouble: RwLock<Option<String>>,
    changes: broadcast::Sender<Changed>,
}

impl Library {
    /// Opens what can be opened at once: skills of files have no vectors yet.
    pub fn open(start: Start) -> Result<Library> {
        let skills = first(&start)?;
        let documents = start.docs.as_deref().map(host::open_documents).transpose()?;
        let db = metrics(start.db.as_deref());
        let tools = tools::offered(&start, db.is_some(), skills.len());
        let shown = Arc::new(Shown { shelf: Shelf::of(&skills)?, tools, skills });
        let library = Library {
            start,
            db,
            models: RwLock::default(),
            shown: RwLock::new(Arc::clone(&shown)),
            documents: RwLock::new(documents.map(Arc::new)),
            reloading: Mutex::default(),
            trouble: RwLock::default(),
            changes: broadcast::channel(CHANGES).0,
        };
        library.find_first_model()?;
        Ok(library)
    }

    /// What answers now.
    pub fn shown(&self) -> Arc<Shown> {
        Arc::clone(&read(&self.shown))
    }

    /// The documents that answer now.
    pub fn documents(&self) -> Option<Arc<DocumentRetriever>> {
        read(&self.documents).clone()
    }

    /// Hears of every change from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// Whether lists may change at all.
    pub fn follows(&self) -> bool {
        matches!(self.start.skills, Skills::Kept(_))
    }

    /// What somebody should look at, if the skills are not as they should be.
    pub fn trouble(&self) -> Option<String> {
        read(&self.trouble).clone()
    }

    /// Remembers what is wrong with the skills, or that nothing is, and says it once.
    pub fn tell(&self, trouble: Option<String>) {
        let mut before = write(&self.trouble);
        trouble.iter().filter(|_| *before != trouble).for_each(|trouble| remark(format!("error: {trouble}\n")));
        *before = trouble;
    }

    /// The model, where vectors are asked for that it made.
    pub fn model(&self, wanted: Option<&ModelInfo>, mode: Mode) -> Option<Arc<Embedder>> {
        let wanted = wanted.filter(|_| mode != Mode::Sparse)?;
        read(&self.models).get(&wanted.fingerprint).cloned()
    }

    /// The model of these vectors, without which there is no going on.
    pub fn needed_model(&self, wanted: &ModelInfo) -> Result<Arc<Embedder>> {
        self.find_model_of(wanted)?.ok_or_else(|| {
            Error::new(Code::NoModel, "new texts need the model of the snapshot's vectors")
                .expected(&wanted.name)
                .got("none")
                .help("start the server with --model FILE")
        })
    }

    /// Shows the snapshot as it is in its file now, and tells of it where it is another one.
    pub fn reload(&self, snapshot: &Path) -> Result<()> {
        let _alone = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        self.show(host::open_skills(snapshot)?)
    }

    /// Gives the skills that were indexed when the server started their vectors, if there is a model.
    pub fn embed(&self) -> Result<()> {
        let Some(path) = host::find_model(self.start.model.as_deref()) else {
            remark(NO_MODEL);
            return Ok(());
        };
        let model = self.keep(host::open_model(&path)?);
        let _alone = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = self.shown();
        let cards = (0..shown.skills.len()).map(|number| shown.skills.card(number)).collect::<Result<Vec<_>>>()?;
        self.show(SkillRetriever::open(host::build(cards, Some(&model), &|_, _| {})?)?)
    }

    /// What can be said of the model before a client waits is said now.
    fn find_first_model(&self) -> Result<()> {
        if let Some(named) = &self.start.model {
            self.keep(host::open_model(&host::named_model(named))?);
        }
        let (shown, documents) = (self.shown(), self.documents());
        let opened: [Option<&Index>; 2] = [Some(&shown.skills), documents.as_deref().map(|documents| &**documents)];
        opened.into_iter().flatten().try_for_each(|index| self.find_model_for(index))?;
        if read(&self.models).is_empty() && opened.into_iter().flatten().any(|index| index.header().model.is_some()) {
            remark(NO_MODEL);
        }
        Ok(())
    }

    fn show(&self, skills: SkillRetriever) -> Result<()> {
        let before = self.shown();
        self.find_model_for(&skills)?;
        if skills.stamp() == before.skills.stamp() {
            return Ok(());
        }
        let tools = tools::offered(&self.start, self.db.is_some(), skills.len());
        let shown = Shown { shelf: Shelf::of(&skills)?, tools, skills };
        let changed = Changed { tools: shown.tools != before.tools, resources: shown.shelf != before.shelf };
        *write(&self.shown) = Arc::new(shown);
        self.forget_models();
        // Nobody hears it where nobody is connected.
        drop(self.changes.send(changed));
        Ok(())
    }

    /// Puts documents to which one was added in the place of those that answer.
    pub fn show_documents(&self, added: Added) -> Result<()> {
        self.find_model_for(&added.documents)?;
        // Its lock is held until the end: of two that were added, the later one stays.
        *write(&self.documents) = Some(Arc::new(added.documents));
        self.forget_models();
        Ok(())
    }

    /// Opens the model of an index's vectors, if it has some and it is found, and refuses another one that was named.
    fn find_model_for(&self, index: &Index) -> Result<()> {
        index.header().model.as_ref().map_or(Ok(()), |vectors| self.find_model_of(vectors).map(drop))
    }

    /// The model of these vectors that is open, else what is found.
    fn find_model_of(&self, vectors: &ModelInfo) -> Result<Option<Arc<Embedder>>> {
        if let Some(model) = self.model(Some(vectors), Mode::Auto) {
            return Ok(Some(model));
        }
        let Some(model) = host::find_model_of(vectors, self.start.model.as_deref())? else { return Ok(None) };
        vectors.check(model.fingerprint())?;
        Ok(Some(self.keep(model)))
    }

    fn keep(&self, model: Embedder) -> Arc<Embedder> {
        let model = Arc::new(model);
        write(&self.models).insert(model.fingerprint().to_owned(), Arc::clone(&model));
        model
    }

    /// Lets models go that nothing is from any more.
    fn forget_models(&self) {
        let (shown, documents) = (self.shown(), self.documents());
        let opened: [Option<&Index>; 2] = [Some(&shown.skills), documents.as_deref().map(|documents| &**documents)];
        let is_of = |index: &Index, fingerprint: &str| index.check_model(fingerprint).is_ok();
        write(&self.models).retain(|fingerprint, _| opened.iter().flatten().any(|index| is_of(index, fingerprint)));
    }
}

/// What a thread did that broke while it held the lock is whole all the same: only whole values are put in.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// The skills when the server starts: what can be asked at once, since clients do not wait.
fn first(start: &Start) -> Result<SkillRetriever> {
    match &start.skills {
        Skills::Snapshot(path) => host::open_skills(path),
        Skills::Registry { path, .. } => indexed(std::slice::from_ref(path), &|finding| {
            remark(format!("{}: {finding}\n", finding.severity));
        }),
        Skills::Kept(kept) => {
            kept.check_paths()?;
            // What is wrong with the files is told by the sync that follows.
            kept.opened()?.map_or_else(|| indexed(&kept.paths, &|_| {}), Ok)
        }
    }
}

/// The skills of files, indexed in memory for keywords.
fn indexed(paths: &[PathBuf], tell: &dyn Fn(&Finding)) -> Result<SkillRetriever> {
    let loaded = host::load_paths(paths)?;
    loaded.findings.iter().for_each(tell);
    SkillRetriever::open(host::build(loaded.cards, None, &|_, _| {})?)
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

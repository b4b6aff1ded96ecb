//! Which collection on which server stands for a snapshot's vectors, and does it hold them?

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::collection::{About, At, Collection, find};
use super::http::Http;
use super::settings::Settings;
use crate::dense::Row;
use crate::search::{Indexed, Nearest, Request, RetrievalBackend, SkillRetriever};
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// What is said of a collection where not all is there that was put in.
pub const LOST: &str = "the collection has lost records, or got others";

/// The rows of cards, by the card's number.
pub type CardRows = BTreeMap<usize, Vec<Row>>;

/// A collection on a Chroma server, in place of a snapshot's own vectors.
pub struct Chroma {
    pub(super) http: Http,
    collection: String,
    /// The server, for those who read of errors.
    url: String,
    known: Mutex<Option<Arc<Known>>>,
}

/// What is known of a collection for as long as nobody changes it.
pub struct Known {
    pub id: String,
    pub about: About,
    /// The rows of cards that were drawn by chance from all.
    pub drawn: Mutex<Option<Arc<CardRows>>>,
}

impl Known {
    /// Whether this is the same collection, and nobody has changed it.
    fn is(&self, collection: &Collection) -> bool {
        self.id == collection.id && collection.about().as_ref() == Some(&self.about)
    }
}

impl Chroma {
    /// The collection that the settings name; the server is not asked before it has to be.
    pub fn new(settings: Settings) -> Result<Chroma> {
        let settings = settings.checked()?;
        let http = Http::new(&settings)?;
        Ok(Chroma { http, collection: settings.collection, url: settings.url, known: Mutex::default() })
    }

    /// The collection's name.
    pub fn name(&self) -> &str {
        &self.collection
    }

    /// Where it is.
    pub(super) fn place(&self) -> String {
        format!("collection `{}` at {}", self.collection, self.url)
    }

    /// Refuses cards of which the collection does not hold the vectors.
    pub fn check(&self, cards: &SkillRetriever) -> Result<()> {
        self.ready(cards).map(drop)
    }

    /// The collection, if it holds the vectors of these cards. It is looked at anew each time: another program may be
    /// changing it.
    pub(super) fn ready(&self, cards: &SkillRetriever) -> Result<Arc<Known>> {
        let collection = find(&self.http, &self.collection)?.ok_or_else(|| self.absent())?;
        let about = self.fitting(cards, collection.about().ok_or_else(|| foreign(self.place()))?)?;
        // Nobody waits here for what another asks the server.
        let known = self.known().clone();
        if let Some(known) = known.filter(|known| known.is(&collection)) {
            return Ok(known);
        }
        let now = self.counted(&collection, about)?;
        *self.known() = Some(Arc::clone(&now));
        Ok(now)
    }

    fn known(&self) -> MutexGuard<'_, Option<Arc<Known>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same for the first time since it was changed.
    fn counted(&self, collection: &Collection, about: About) -> Result<Arc<Known>> {
        let count = At { http: &self.http, id: &collection.id }.count()?;
        if count != about.records {
            return Err(stale(self.place(), LOST).expected(about.records).got(count));
        }
        Ok(Arc::new(Known { id: collection.id.clone(), about, drawn: Mutex::default() }))
    }

    /// Refuses what was read while somebody changed the collection.
    pub(super) fn check_unchanged(&self, known: &Known) -> Result<()> {
        match find(&self.http, &self.collection)? {
            Some(now) if known.is(&now) => Ok(()),
            _ => Err(stale(self.place(), "the collection was changed while it was asked")),
        }
    }

    /// What the collection says of itself, if that is said of these cards' vectors. The cards alone do not tell them:
    /// another version of this program may cut other passages.
    fn fitting(&self, cards: &SkillRetriever, about: About) -> Result<About> {
        let header = cards.header();
        let other = || Err(stale(self.place(), "the collection holds the vectors of another snapshot"));
        match (&header.model, &about.inputs) {
            (Some(model), _) if model.fingerprint != about.fingerprint => Err(self.other_model(&about, model)),
            (Some(model), _) if model.dimensions != about.dimensions => other(),
            (_, None) => Err(stale(self.place(), "the collection is not completely indexed")),
            (_, Some(inputs)) if *inputs != header.inputs || about.records != cards.stats().passages => other(),
            _ => Ok(about),
        }
    }

    /// A collection whose vectors cannot be compared with ours.
    pub(super) fn other_model(&self, about: &About, model: &ModelInfo) -> Error {
        let shown = |said: &str| self.http.shown(said);
        Error::new(Code::ModelMismatch, "the collection's vectors come from another model")
            .at(self.place())
            .expected(format!("`{}`, fingerprint {}", model.name, model.fingerprint))
            .got(format!("`{}`, fingerprint {}", shown(&about.model), shown(&about.fingerprint)))
            .help("name another collection with --collection NAME, or empty this one with `skillmesh index --clear`")
    }

    fn absent(&self) -> Error {
        stale(self.place(), "there is no such collection")
            .help("run `skillmesh index --snapshot FILE` with the same options, or check --chroma-tenant and --chroma-database")
    }
}

impl RetrievalBackend for Chroma {
    fn index(&self, cards: &SkillRetriever, progress: &dyn Fn(usize, usize)) -> Result<Indexed> {
        self.update(cards, progress)
    }

    fn nearest(&self, cards: &SkillRetriever, request: &Request) -> Result<Option<Nearest>> {
        self.near(cards, request)
    }
}

/// A collection that has to be indexed before it answers.
pub fn stale(place: String, what: &str) -> Error {
    Error::new(Code::Chroma, what).at(place).help("run `skillmesh index --snapshot FILE` with the same options")
}

/// A collection that is left alone.
pub fn foreign(place: String) -> Error {
    Error::new(Code::Chroma, "the collection is not one that skillmesh made")
        .at(place)
        .help("name another with --collection NAME")
}

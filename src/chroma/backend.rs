//! Which collection on which server stands for a snapshot's vectors, and does it hold them?

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::collection::{About, At, Collection, find};
use super::http::Http;
use super::settings::Settings;
use crate::dense::Row;
use crate::search::{Indexed, Nearest, Request, RetrievalBackend, SkillRetriever};
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

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

    /// The collection, if it holds the vectors of these cards. It is looked at anew each time: another program may be
    /// changing it.
    pub(super) fn ready(&self, cards: &SkillRetriever) -> Result<Arc<Known>> {
        let collection = find(&self.http, &self.collection)?.ok_or_else(|| self.absent())?;
        let about = collection.about().ok_or_else(|| foreign(self.place()))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_ref().filter(|known| known.id == collection.id && known.about == about) {
            self.check(cards, about)?;
            return Ok(Arc::clone(known));
        }
        let now = self.counted(cards, &collection, about)?;
        *known = Some(Arc::clone(&now));
        Ok(now)
    }

    /// The same for the first time since it was changed.
    fn counted(&self, cards: &SkillRetriever, collection: &Collection, about: About) -> Result<Arc<Known>> {
        let about = self.check(cards, about)?;
        let count = At { http: &self.http, id: &collection.id }.count()?;
        if count != about.records {
            return Err(stale(self.place(), "the collection has lost records, or got others")
                .expected(about.records)
                .got(count));
        }
        Ok(Arc::new(Known { id: collection.id.clone(), about, drawn: Mutex::default() }))
    }

    fn check(&self, cards: &SkillRetriever, about: About) -> Result<About> {
        let header = cards.header();
        if let Some(model) = header.model.as_ref().filter(|model| model.fingerprint != about.fingerprint) {
            return Err(other_model(self.place(), &about, model));
        }
        match &about.inputs {
            Some(inputs) if *inputs == header.inputs => Ok(about),
            Some(_) => Err(stale(self.place(), "the collection holds the vectors of another snapshot")),
            None => Err(stale(self.place(), "the collection is not completely indexed")),
        }
    }

    fn absent(&self) -> Error {
        stale(self.place(), "there is no such collection")
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

/// A collection whose vectors cannot be compared with ours.
pub fn other_model(place: String, about: &About, model: &ModelInfo) -> Error {
    Error::new(Code::ModelMismatch, "the collection's vectors come from another model")
        .at(place)
        .expected(format!("`{}`, fingerprint {}", model.name, model.fingerprint))
        .got(format!("`{}`, fingerprint {}", about.model.escape_debug(), about.fingerprint.escape_debug()))
        .help("name another collection with --collection NAME, or empty this one with `skillmesh index --clear`")
}

//! The retriever's face to JavaScript: convert, call, convert.

mod changes;
mod documents;
mod options;
mod route;
mod shards;

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::emit::{Content, Documents, Emission, Provider, find, fit};
use crate::js_error::to_js;
use crate::route::Router;
use crate::search::{Ranked, RankedCards, Request, Scored, SkillRetriever, query_parts};
use crate::{Code, Error, Result};
use documents::DocumentCore;
use options::Options;
use route::boosted;

/// An open snapshot.
#[wasm_bindgen]
pub struct Core {
    mesh: Rc<SkillRetriever>,
    router: Rc<RefCell<Router>>,
}

#[wasm_bindgen]
impl Core {
    /// Opens a snapshot's bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(snapshot: Vec<u8>) -> std::result::Result<Core, JsValue> {
        let mesh = SkillRetriever::open(snapshot).map_err(to_js)?;
        Ok(Core { mesh: Rc::new(mesh), router: Rc::default() })
    }

    /// Mode, confidence, reason, cards as `[number, score, sparse_score, dense_score, passage]`, and what cards had earned
    /// as `[number, share]`, as JSON.
    pub fn rank(&self, query: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        let (options, boosts) = self.asked(query, options, vector.as_deref())?;
        let ranked = self.mesh.rank(&boosted(request(options, query, vector.as_deref())?, &boosts));
        json(ranked.map(|RankedCards { mode, confidence, reason, cards, .. }| {
            let row = |card: &Ranked| (card.number, card.score, card.sparse_score, card.dense_score, card.passage);
            let earned: Vec<(usize, f32)> = boosts.iter().map(|boost| (boost.card, boost.score)).collect();
            (mode, confidence, reason, cards.iter().map(row).collect::<Vec<_>>(), earned)
        }))
    }

    /// How each score of `rank` came about, as JSON; `boosts` are numbers and shares as `rank` told them.
    pub fn explain(&self, query: &str, options: JsValue, vector: Option<Vec<f32>>, boosts: Vec<f32>) -> JsResult {
        let options = Options::read(options)?;
        let earned = boosts.as_chunks().0.iter().map(|[card, score]| Scored { card: *card as usize, score: *score });
        let boosts: Vec<Scored> = earned.collect();
        json(self.mesh.explain(&boosted(request(options, query, vector.as_deref())?, &boosts)))
    }

    /// The texts whose vectors `rank` and `emit` take, one after the other, as JSON.
    #[wasm_bindgen(js_name = queryParts)]
    pub fn query_parts(query: &str, syntax: bool) -> JsResult {
        json(Ok(query_parts(query, syntax)))
    }

    /// What a hit shows of one card, as JSON.
    pub fn summary(&self, number: usize) -> JsResult {
        json(self.mesh.summary(number))
    }

    /// The piece of a card that shows why it was found, as JSON.
    pub fn snippet(&self, number: usize, passage: Option<u32>, query: &str, syntax: bool) -> JsResult {
        json(self.mesh.snippet(number, passage, query, syntax))
    }

    /// Whether `emit` writes for `provider`; else it tells what there is to write.
    #[wasm_bindgen(js_name = writesFor)]
    pub fn writes_for(provider: &str) -> std::result::Result<bool, JsValue> {
        provider.parse().map(|provider: Provider| provider.writer_at_hand().is_some()).map_err(to_js)
    }

    /// A context block for `provider`.
    pub fn emit(&self, provider: &str, query: &str, options: JsValue, vector: Option<Vec<f32>>) -> JsResult {
        self.emitted(provider, query, options, vector, None)
    }

    /// The same with documents, which are asked for by options and vectors of their own.
    #[expect(clippy::too_many_arguments, reason = "JavaScript passes them one by one")]
    #[wasm_bindgen(js_name = emitWithDocuments)]
    pub fn emit_with_documents(
        &self,
        provider: &str,
        query: &str,
        options: JsValue,
        vector: Option<Vec<f32>>,
        docs: &DocumentCore,
        asked: JsValue,
        docs_vector: Option<Vec<f32>>,
    ) -> JsResult {
        let asked = Options::read(asked)?.documents()?;
        let documents = Documents { docs: &docs.0, vector: docs_vector.as_deref(), asked: &asked };
        self.emitted(provider, query, options, vector, Some(documents))
    }

    /// All cards' ids, as JSON.
    pub fn ids(&self) -> JsResult {
        json(Ok(self.mesh.ids()))
    }

    /// All cards without instructions, as JSON.
    pub fn cards(&self) -> JsResult {
        json((0..self.mesh.len()).map(|number| self.mesh.head(number)).collect::<Result<Vec<_>>>())
    }

    /// What the snapshot holds, as JSON.
    pub fn stats(&self) -> JsResult {
        json(Ok(self.mesh.stats()))
    }

    /// Refuses a model that is not the snapshot's.
    #[wasm_bindgen(js_name = checkModel)]
    pub fn check_model(&self, fingerprint: &str) -> std::result::Result<(), JsValue> {
        self.mesh.check_model(fingerprint).map_err(to_js)
    }

    /// Compares every checksum and decodes every card.
    pub fn verify(&self) -> std::result::Result<(), JsValue> {
        self.mesh.verify().map_err(to_js)
    }
}

impl Core {
    fn emitted(
        &self,
        provider: &str,
        query: &str,
        options: JsValue,
        vector: Option<Vec<f32>>,
        documents: Option<Documents>,
    ) -> JsResult {
        let (mut options, boosts) = self.asked(query, options, vector.as_deref())?;
        let emission = Emission { documents, ..options.emission(provider)? };
        let request = options.request(query, vector.as_deref())?;
        options.end()?;
        let found = find(&self.mesh, &boosted(request, &boosts), &emission).map_err(to_js)?;
        written(&found.content(query, emission.style), &emission).map_err(to_js)
    }
}

/// The block; everything that there is to write, where this module does not write for the provider.
fn written(content: &Content, emission: &Emission) -> Result<String> {
    match emission.provider.writer_at_hand() {
        Some(write) => Ok(fit(content, &emission.budget, write)?.block),
        None => Ok(content.everything()),
    }
}

fn request<'a>(
    mut options: Options,
    query: &'a str,
    vector: Option<&'a [f32]>,
) -> std::result::Result<Request<'a>, JsValue> {
    let request = options.request(query, vector)?;
    options.end().map(|()| request)
}

type JsResult = std::result::Result<String, JsValue>;

/// JSON text: one crossing and one `JSON.parse` cost less than a call for each property.
fn json<T: Serialize>(value: Result<T>) -> JsResult {
    value.and_then(|value| text(&value)).map_err(to_js)
}

fn text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::new(Code::Internal, "unprintable answer").caused_by(e))
}

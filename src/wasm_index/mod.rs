//! The face to JavaScript of what few ask for, indexing and the rarer forms of a block: convert, call, convert.

use wasm_bindgen::prelude::*;

use crate::bytes::Packed;
use crate::emit::Given;
use crate::index::{self, Edits};
use crate::js_error::to_js;
use crate::snapshot::Snapshot;
use crate::{Code, Error, ExpertCard, Result};

type Read<T> = std::result::Result<T, JsValue>;

/// A snapshot that is being changed.
#[wasm_bindgen]
pub struct Indexer {
    edits: Edits,
}

#[wasm_bindgen]
impl Indexer {
    /// Opens a snapshot's bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(snapshot: Vec<u8>) -> Read<Indexer> {
        let edits = Snapshot::open(snapshot).and_then(|old| Edits::of(&old)).map_err(to_js)?;
        Ok(Indexer { edits })
    }

    /// Puts cards in, a list as JSON text, in place of those with the same ids; all of them or none.
    pub fn upsert(&mut self, cards: &str) -> Read<()> {
        given(cards).and_then(|cards| self.edits.upsert(cards)).map_err(to_js)
    }

    /// Takes cards out; gives the ids of those that were there.
    pub fn remove(&mut self, ids: Vec<String>) -> Vec<String> {
        self.edits.remove(&ids)
    }

    /// Whether nothing was changed.
    #[wasm_bindgen(getter, js_name = isEmpty)]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The texts that need a vector.
    pub fn unembedded(&self) -> Read<Vec<String>> {
        self.edits.unembedded().map_err(to_js)
    }

    /// Remembers the vector of a text.
    pub fn learn(&mut self, text: String, vector: Vec<f32>) -> Read<()> {
        self.edits.learn(text, &vector).map_err(to_js)
    }

    /// The bytes of the snapshot as it is now.
    pub fn compile(&self) -> Read<Vec<u8>> {
        self.edits.compile().map_err(to_js)
    }
}

/// The bytes of the snapshot that a delta leads to.
#[wasm_bindgen(js_name = applyDelta)]
pub fn apply_delta(snapshot: Vec<u8>, delta: &[u8]) -> Read<Vec<u8>> {
    Snapshot::open(snapshot).and_then(|old| index::apply(&old, delta)).map_err(to_js)
}

/// The block for a provider that the retriever's module does not write for, from what it told and all cards' ids.
#[wasm_bindgen(js_name = writtenFor)]
pub fn written_for(provider: &str, found: &str, ids: &str, options: &str) -> Read<String> {
    Given::read(found, ids).and_then(|given| given.written(provider, options)).map_err(to_js)
}

/// The cards that a program hands over.
fn given(cards: &str) -> Result<Vec<ExpertCard>> {
    let unusable = || Error::new(Code::InvalidArgument, "unusable cards");
    let cards: Vec<Packed> = serde_json::from_str(cards).map_err(|why| unusable().expected("a list").caused_by(why))?;
    let given =
        |(place, card)| ExpertCard::given(card).map_err(|why| unusable().at(format!("card {place}")).caused_by(why));
    cards.into_iter().enumerate().map(given).collect()
}

//! The face of change to JavaScript: snapshots that take each other's place.
//!
//! A `Core` never changes what it answers: what comes after it is another one that shares its router, so that whoever still
//! explains an answer asks the very cards that gave it.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::options::Read;
use super::{Core, JsResult, json};
use crate::index::{Changes, StoredCards};
use crate::js_error::to_js;
use crate::search::SkillRetriever;

#[wasm_bindgen]
impl Core {
    /// What answers after another snapshot took this one's place.
    pub fn replaced(&self, snapshot: Vec<u8>) -> Read<Core> {
        let mesh = Rc::new(SkillRetriever::open(snapshot).map_err(to_js)?);
        Ok(Core { mesh, router: self.router.clone() })
    }

    /// Another hold on the same snapshot; each is freed for itself.
    pub fn share(&self) -> Core {
        Core { mesh: self.mesh.clone(), router: self.router.clone() }
    }

    /// Which cards came, changed and went since an earlier snapshot, as JSON.
    #[wasm_bindgen(js_name = changesSince)]
    pub fn changes_since(&self, earlier: &Core) -> JsResult {
        let cards = |core: &Core| StoredCards::of(core.mesh.snapshot()?);
        json(cards(earlier).and_then(|old| Changes::between(&old, &cards(self)?)))
    }

    /// The file's bytes.
    pub fn snapshot(&self) -> Read<Vec<u8>> {
        self.mesh.snapshot().map(|snapshot| snapshot.bytes().to_vec()).map_err(to_js)
    }

    /// A whole card as JSON; `null` where there is none.
    pub fn card(&self, id: &str) -> JsResult {
        json(self.mesh.number(id).map(|number| self.mesh.card(number)).transpose())
    }
}

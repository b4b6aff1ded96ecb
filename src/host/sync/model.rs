//! Which model gives the vectors? Its file is read only if it looks otherwise than before, or something must be embedded.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::SystemTime;

use super::old::Old;
use super::sidecar::{Same, Tracked};
use crate::bytes::sha256;
use crate::embed::Embedder;
use crate::host::embedding::{Rows, model_info, rows, while_wanted};
use crate::host::files::read;
use crate::host::listener::Listener;
use crate::host::model::verified;
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// A model's file.
pub struct Model<'a> {
    path: &'a Path,
    /// How it is.
    pub tracked: Tracked,
    /// What a snapshot says of it.
    pub info: ModelInfo,
    opened: Option<Embedder>,
}

impl<'a> Model<'a> {
    /// The model in this file; the one that the snapshot's vectors are from is not opened.
    pub fn find(path: &'a Path, old: Option<&Old>, now: SystemTime) -> Result<Model<'a>> {
        let tracked = Tracked::of(path, None, now);
        let before = old.and_then(Old::sidecar).and_then(|sidecar| sidecar.model.clone());
        let before = before.filter(|before| before.same(path, None) != Same::No);
        match (before, old.and_then(Old::header).and_then(|header| header.model.clone())) {
            (Some(before), Some(info)) => {
                let signature = tracked.signature.or(before.signature);
                Ok(Model { path, tracked: Tracked { signature, ..before }, info, opened: None })
            }
            _ => {
                let (model, hash) = opened(path)?;
                let info = model_info(&model);
                Ok(Model { path, tracked: Tracked { hash, ..tracked }, info, opened: Some(model) })
            }
        }
    }

    /// The rows of these texts.
    pub fn embed<'t>(&self, texts: BTreeSet<&'t str>, listener: &dyn Listener) -> Result<Rows<'t>> {
        let going = while_wanted(listener, unwanted);
        if let Some(model) = &self.opened {
            return rows(model, texts, &going);
        }
        let (model, hash) = opened(self.path)?;
        if hash != self.tracked.hash {
            return Err(Error::new(Code::Io, "the model was replaced during the sync")
                .at(self.path.display().to_string())
                .help("run this again"));
        }
        rows(&model, texts, &going)
    }
}

fn unwanted() -> Error {
    Error::new(Code::Io, "the sync was cancelled").help("the snapshot stays as it was; run it again")
}

/// The model and the SHA-256 of its file: of the same bytes.
fn opened(path: &Path) -> Result<(Embedder, String)> {
    let bytes = read(path)?;
    let hash = sha256(&bytes);
    Ok((verified(path, bytes)?, hash))
}

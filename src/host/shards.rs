//! Where do the shards of a corpus lie? In a folder beside the root, each under a name that its bytes have given it, so that
//! no file ever changes and the root alone says which ones count.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::atomic::{real, write, write_snapshot};
use super::files::read;
use super::listener::Listener;
use crate::index::{Sharded, sharded};
use crate::search::{Shard, Shards};
use crate::{Code, Error, Result};

/// Ends the name of the folder.
const FOLDER: &str = "shards";

/// Writes what a snapshot holds as a root at `path` and `count` shards beside it; gives the root. Shards of the root that
/// was there before go away, once the new one stands.
pub fn write_shards(path: &Path, snapshot: Vec<u8>, count: NonZeroUsize, listener: &dyn Listener) -> Result<Shards> {
    let path = real(path);
    let folder = path.with_extension(FOLDER);
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Sharded { root, shards } = sharded(snapshot, count, &name)?;
    fs::create_dir_all(&folder).map_err(|error| unusable(&folder, error))?;
    for (shard, bytes) in &shards {
        let file = beside(&path, shard);
        if read(&file).ok().as_ref() != Some(bytes) {
            write(&file, bytes)?;
        }
    }
    let old = files_of(&path);
    write_snapshot(&path, &root, listener)?;
    let new: BTreeSet<PathBuf> = shards.iter().map(|(shard, _)| beside(&path, shard)).collect();
    old.difference(&new).try_for_each(|file| remove(file)).map_err(|error| unusable(&folder, error))?;
    Shards::open(root)
}

/// Opens every shard of a root, which was read from `path`.
pub fn open_all(root: Vec<u8>, path: &Path) -> Result<Shards> {
    let mut corpus = Shards::open(root)?;
    corpus.verify()?;
    for number in 0..corpus.shards().len() {
        let shard = corpus.shards()[number].clone();
        let file = beside(path, &shard);
        let at = |error: Error| error.at(file.display().to_string());
        corpus.add(number, read(&file)?).map_err(at)?;
    }
    Ok(corpus)
}

fn beside(root: &Path, shard: &Shard) -> PathBuf {
    real(root).parent().unwrap_or(Path::new("")).join(&shard.file)
}

/// The files of the root that is there, if one is.
fn files_of(root: &Path) -> BTreeSet<PathBuf> {
    let known = read(root).and_then(Shards::open);
    known.iter().flat_map(|known| known.shards().iter().map(|shard| beside(root, shard))).collect()
}

fn remove(file: &Path) -> std::io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn unusable(folder: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Io, "the folder of the shards cannot be written")
        .at(folder.display().to_string())
        .caused_by(error)
        .help("check that it is a folder, is writable and has room")
}

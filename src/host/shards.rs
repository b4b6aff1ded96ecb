//! Where do the shards of a corpus lie? In a folder beside the root, each under a name that its bytes have given it, so that
//! no file ever changes and the root alone says which ones count.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::atomic::{real, write, write_snapshot};
use super::files::read;
use super::listener::Listener;
use crate::bytes::hex;
use crate::index::{Sharded, sharded};
use crate::search::{Shard, Shards};
use crate::{Code, Error, Result};

/// Ends the name of the folder.
const FOLDER: &str = "shards";

/// Ends the names of the shards in it.
const ENDING: &str = ".msgpack";

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
        if fs::metadata(&file).is_ok_and(|known| known.len() == shard.bytes) && verified(shard, read(&file)?).is_ok() {
            continue;
        }
        write(&file, bytes)?;
    }
    write_snapshot(&path, &root, listener)?;
    let new = shards.iter().map(|(shard, _)| beside(&path, shard)).collect();
    remove_others(&folder, &new).map_err(|error| unusable(&folder, error))?;
    Shards::open(root)
}

/// Opens every shard of a root, which was read from `path`.
pub fn open_all(root: Vec<u8>, path: &Path) -> Result<(Shards, Vec<usize>)> {
    let mut corpus = Shards::open(root)?;
    corpus.verify()?;
    for number in 0..corpus.shards().len() {
        let shard = corpus.shards()[number].clone();
        let file = beside(path, &shard);
        let at = |error: Error| error.at(file.display().to_string());
        let bytes = read(&file).and_then(|bytes| verified(&shard, bytes).map_err(at))?;
        corpus.add(number, bytes).map_err(at)?;
    }
    let all = (0..corpus.shards().len()).collect();
    Ok((corpus, all))
}

/// The bytes, if they are those that the root means.
fn verified(shard: &Shard, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let got = hex(&Sha256::digest(&bytes));
    if got == shard.sha256 {
        return Ok(bytes);
    }
    Err(Error::new(Code::SnapshotCorrupt, "a shard is not the one that its root means")
        .expected(format!("SHA-256 {}", shard.sha256))
        .got(got)
        .help("put root and shards there that were written together"))
}

fn beside(root: &Path, shard: &Shard) -> PathBuf {
    root.parent().unwrap_or(Path::new("")).join(&shard.file)
}

/// Removes what is named as shards are, and is not among these.
fn remove_others(folder: &Path, new: &BTreeSet<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if is_shard(&path) && !new.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn is_shard(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(ENDING));
    name.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

fn unusable(folder: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Io, "the folder of the shards cannot be written")
        .at(folder.display().to_string())
        .caused_by(error)
        .help("check that it is a folder, is writable and has room")
}

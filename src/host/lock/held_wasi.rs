//! What says that somebody writes, where the system locks no files? A file that is there as long as it is written.
//!
//! The native program looks for its own lock only, and this one for this: one of them at a time.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{beside, unlockable};
use crate::Result;

/// Ends the file that says it.
pub const LOCK: &str = ".held";

/// A file that is older was left by a program that was killed: no sync writes nothing for so long.
const LEFT: Duration = Duration::from_secs(600);

/// The file, which goes when this is dropped.
pub struct Held(PathBuf);

/// The lock, or `None` if another program has it.
pub fn hold(path: &Path) -> Result<Option<Held>> {
    let lock = beside(path, LOCK);
    if is_left(&lock) {
        drop(std::fs::remove_file(&lock));
    }
    match OpenOptions::new().create_new(true).write(true).open(&lock) {
        Ok(_) => Ok(Some(Held(lock))),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(unlockable(&lock, error).help("check that the folder exists and is writable")),
    }
}

fn is_left(lock: &Path) -> bool {
    let written = std::fs::metadata(lock).and_then(|looks| looks.modified()).ok();
    written.is_some_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > LEFT))
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

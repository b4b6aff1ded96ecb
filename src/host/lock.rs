//! How do two programs that write one file stay out of each other's way? Whoever holds the lock reads, compares and writes.

#[cfg(not(target_os = "wasi"))]
mod held;
#[cfg(target_os = "wasi")]
mod held_wasi;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::listener::Listener;
use crate::{Code, Error, Result};
use held::Held;
#[cfg(target_os = "wasi")]
use held_wasi as held;

/// How long until the lock is tried again.
const AGAIN: Duration = Duration::from_millis(50);

/// The right to write one file and what stands beside it, until it is dropped.
pub struct Lock {
    _held: Held,
}

impl Lock {
    /// Waits for the lock of this file.
    pub fn take(path: &Path, listener: &dyn Listener) -> Result<Lock> {
        loop {
            match held::hold(path)? {
                Some(held) => return Ok(Lock { _held: held }),
                None if listener.waiting(path) => std::thread::sleep(AGAIN),
                None => return Err(given_up(path)),
            }
        }
    }

    /// The same where `skillmesh sync` keeps this file; other files need no lock, and get none.
    pub fn of_kept(snapshot: &Path, listener: &dyn Listener) -> Result<Option<Lock>> {
        let is_kept = beside(snapshot, held::LOCK).exists();
        is_kept.then(|| Lock::take(snapshot, listener)).transpose()
    }
}

/// The file of this name with something after it.
pub fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

fn unlockable(path: &Path, error: io::Error) -> Error {
    Error::new(Code::Io, "the file cannot be locked").at(path.display().to_string()).caused_by(error)
}

fn given_up(path: &Path) -> Error {
    Error::new(Code::Io, "another program is writing the file")
        .at(path.display().to_string())
        .help("run this again when it is done")
}

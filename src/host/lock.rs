//! How do two programs that write one snapshot stay out of each other's way? Whoever holds the lock reads, compares and writes.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::listener::Listener;
use crate::{Code, Error, Result};

/// Ends the file that is locked; it stays, since removing it would let two hold "the" lock.
const LOCK: &str = ".lock";

/// How long until the lock is tried again.
const AGAIN: Duration = Duration::from_millis(50);

/// The right to write one snapshot and what stands beside it, until it is dropped or the program ends in any way.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock of this snapshot.
    pub fn take(snapshot: &Path, listener: &dyn Listener) -> Result<Lock> {
        let path = beside(snapshot, LOCK);
        match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
            Ok(file) => wait(file, snapshot, listener),
            Err(error) => Err(unlockable(&path, error).help("check that the folder exists and is writable")),
        }
    }

    /// The same where `skillmesh sync` keeps this file; other files need no lock, and get none.
    pub fn of_kept(snapshot: &Path, listener: &dyn Listener) -> Result<Option<Lock>> {
        let is_kept = beside(snapshot, LOCK).exists();
        is_kept.then(|| Lock::take(snapshot, listener)).transpose()
    }
}

fn wait(file: File, snapshot: &Path, listener: &dyn Listener) -> Result<Lock> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) if listener.waiting(snapshot) => std::thread::sleep(AGAIN),
            Err(TryLockError::WouldBlock) => return Err(given_up(snapshot)),
            Err(TryLockError::Error(error)) => {
                let help = "keep the snapshot on a disk whose files can be locked, which some network disks cannot";
                return Err(unlockable(&beside(snapshot, LOCK), error).help(help));
            }
        }
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

fn given_up(snapshot: &Path) -> Error {
    Error::new(Code::Io, "another program is writing the snapshot")
        .at(snapshot.display().to_string())
        .help("run this again when it is done")
}

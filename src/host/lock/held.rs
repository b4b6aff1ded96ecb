//! What says that somebody writes? A lock of the system's, which ends with the program, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::{beside, unlockable};
use crate::Result;

/// Ends the file that is locked; it stays, since removing it would let two hold "the" lock.
pub const LOCK: &str = ".lock";

pub type Held = File;

/// The lock, or `None` if another program has it.
pub fn hold(path: &Path) -> Result<Option<Held>> {
    let lock = beside(path, LOCK);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&lock);
    let file = opened.map_err(|error| unlockable(&lock, error).help("check that the folder exists and is writable"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            let help = "keep the file on a disk whose files can be locked, which some network disks cannot";
            Err(unlockable(&lock, error).help(help))
        }
    }
}

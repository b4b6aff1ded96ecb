//! How do two programs that keep one snapshot stay out of each other's way? Whoever holds the lock reads, compares and writes.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::{Code, Error, Result};

/// Ends what is written before it takes the place of another file.
const NEW: &str = ".new";

/// Ends the file that is locked; it stays, since removing it would let two hold "the" lock.
const LOCK: &str = ".lock";

/// The right to write one snapshot and what stands beside it, until it is dropped or the program ends in any way.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock of this snapshot.
    pub fn take(snapshot: &Path) -> Result<Lock> {
        let path = beside(snapshot, LOCK);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let locked = file.and_then(|file| file.lock().map(|()| Lock { _file: file }));
        locked.map_err(|error| unwritable(&path, error))
    }

    /// Replaces `path` by `bytes`, all or nothing. What a crash left half-written is written over, not piled up: nobody
    /// else writes it while the lock is held.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let new = beside(path, NEW);
        let replaced = fill(&new, bytes, path).and_then(|()| std::fs::rename(&new, path));
        replaced.and_then(|()| flush_folder(path)).map_err(|error| {
            // Half a file on a full disk would only take room; that it stays is no reason for another error.
            drop(std::fs::remove_file(&new));
            unwritable(path, error)
        })
    }
}

/// Whether a path is the snapshot or one of the files that are kept beside it.
pub fn is_own(snapshot: &Path, path: &Path) -> bool {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name(path).strip_prefix(&name(snapshot)).is_some_and(|rest| ["", ".sync", NEW, ".sync.new", LOCK].contains(&rest))
}

/// The file of this name with something after it.
pub fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

fn fill(new: &Path, bytes: &[u8], replaced: &Path) -> io::Result<()> {
    // A link of this name, whoever put it there, is not written through.
    std::fs::remove_file(new)
        .or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    let mut file = OpenOptions::new().create_new(true).write(true).open(new)?;
    file.write_all(bytes)?;
    if let Ok(about) = std::fs::metadata(replaced) {
        file.set_permissions(about.permissions())?;
    }
    file.sync_all()
}

/// The rename is durable once the folder is; where folders cannot be opened it is as durable as it gets.
fn flush_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
}

fn unwritable(path: &Path, error: io::Error) -> Error {
    Error::new(Code::Io, "the file cannot be written")
        .at(path.display().to_string())
        .caused_by(error)
        .help("check that the folder exists, is writable and has room")
}

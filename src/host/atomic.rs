//! How is a file written so that a crash leaves the old one or the new one, never half of one?

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::files::read;
use super::listener::{Listener, Step};
use super::lock::{Lock, beside};
use crate::{Code, Error, Result};

/// Ends the name of what is written before it takes the place of another file.
const NEW: &str = ".new";

/// Replaces `path` by `bytes`: a temporary file beside it, flushed to disk, then renamed over it. A link stays, and what
/// it leads to is replaced.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = real(path);
    replace(&path, bytes, &path, None, &())
}

/// The same with a snapshot; a sync that keeps it up to date is waited for.
pub fn write_snapshot(path: &Path, bytes: &[u8], listener: &dyn Listener) -> Result<()> {
    let path = real(path);
    let lock = Lock::of_kept(&path, listener)?;
    replace(&path, bytes, &path, lock.as_ref(), listener)
}

/// Replaces a snapshot by what `change` makes of it, with nobody writing it meanwhile.
pub fn rewrite_snapshot(
    path: &Path,
    listener: &dyn Listener,
    change: &dyn Fn(Vec<u8>) -> Result<Vec<u8>>,
) -> Result<()> {
    let path = real(path);
    let lock = Lock::of_kept(&path, listener)?;
    replace(&path, &change(read(&path)?)?, &path, lock.as_ref(), listener)
}

/// Replaces `path` by `bytes`, with the mode and owner of what `like` is. Under the lock the temporary file has one name,
/// so that crashes pile nothing up.
pub fn replace(path: &Path, bytes: &[u8], like: &Path, lock: Option<&Lock>, listener: &dyn Listener) -> Result<()> {
    let new = lock.map(|_| beside(path, NEW));
    replace_through(new.as_deref(), path, bytes, like, listener)
}

/// Takes away what a crash left of a file that was to replace `path`, since nothing may come to replace it again.
pub fn clear(path: &Path, _lock: &Lock) {
    drop(std::fs::remove_file(beside(path, NEW)));
}

/// Replaces `path` by `bytes` through the file `new`, which nobody else uses meanwhile, on the same disk.
#[cfg(feature = "cli")]
pub fn replace_by(new: &Path, path: &Path, bytes: &[u8], listener: &dyn Listener) -> Result<()> {
    replace_through(Some(new), path, bytes, path, listener)
}

fn replace_through(new: Option<&Path>, path: &Path, bytes: &[u8], like: &Path, listener: &dyn Listener) -> Result<()> {
    let step = |step| listener.step(path, step);
    let replaced = temporary(new, path, like).and_then(|new| fill(new, bytes, path, &step));
    replaced.map_err(|error| {
        Error::new(Code::Io, "the file cannot be written")
            .at(path.display().to_string())
            .caused_by(error)
            .help("check that the folder exists, is writable and has room")
    })
}

/// Where a link leads.
pub fn real(path: &Path) -> PathBuf {
    let leads_to = path.is_symlink().then(|| path.canonicalize().ok()).flatten();
    leads_to.unwrap_or_else(|| path.to_owned())
}

fn fill(mut new: NamedTempFile, bytes: &[u8], path: &Path, step: &dyn Fn(Step)) -> io::Result<()> {
    step(Step::Created);
    let (half, rest) = bytes.split_at(bytes.len() / 2);
    new.write_all(half)?;
    step(Step::Halved);
    new.write_all(rest)?;
    step(Step::Written);
    new.as_file().sync_all()?;
    step(Step::Flushed);
    rename(new, path)?;
    step(Step::Renamed);
    // The rename is durable once the folder is; where folders cannot be opened it is as durable as it gets.
    drop(File::open(folder(path)).and_then(|folder| folder.sync_all()));
    Ok(())
}

#[cfg(not(target_os = "wasi"))]
fn rename(new: NamedTempFile, path: &Path) -> io::Result<()> {
    new.persist(path).map(drop).map_err(io::Error::from)
}

/// `tempfile` renames nothing in WASI, which can.
#[cfg(target_os = "wasi")]
fn rename(new: NamedTempFile, path: &Path) -> io::Result<()> {
    std::fs::rename(new.into_temp_path(), path)
}

/// An empty file, `new` or one beside `path`, taken away again if it is dropped. It is private until it is as open as what
/// it replaces.
fn temporary(new: Option<&Path>, path: &Path, like: &Path) -> io::Result<NamedTempFile> {
    let place = new.unwrap_or(path);
    let mut name = place.file_name().map(OsString::from).unwrap_or_default();
    let mut builder = Builder::new();
    if let Some(new) = new {
        // What a crash left; a link of this name, whoever put it there, is not written through.
        drop(std::fs::remove_file(new));
        builder.prefix(&name).rand_bytes(0);
    } else {
        name.push(".");
        builder.prefix(&name).suffix(NEW);
    }
    let Ok(like) = std::fs::metadata(like) else { return open_to_readers(&mut builder).tempfile_in(folder(place)) };
    let new = builder.tempfile_in(folder(place))?;
    give(new.as_file(), &like)?;
    Ok(new)
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A temporary file is private; a new file is as open as this user makes files.
#[cfg(unix)]
fn open_to_readers<'a, 'b>(builder: &'a mut Builder<'b, 'b>) -> &'a mut Builder<'b, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn open_to_readers<'a, 'b>(builder: &'a mut Builder<'b, 'b>) -> &'a mut Builder<'b, 'b> {
    builder
}

/// The owner and group of the replaced file, where this user may give files away, and its mode: who could read it still can.
#[cfg(unix)]
fn give(file: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    drop(fchown(file, Some(like.uid()), Some(like.gid())));
    file.set_permissions(like.permissions())
}

/// WASI knows neither.
#[cfg(target_os = "wasi")]
fn give(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(not(any(unix, target_os = "wasi")))]
fn give(file: &File, like: &Metadata) -> io::Result<()> {
    file.set_permissions(like.permissions())
}

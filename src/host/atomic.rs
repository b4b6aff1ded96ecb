//! How is a file written so that a crash leaves the old one or the new one, never half of one?

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::{Code, Error, Result};

/// Replaces `path` by `bytes`: a temporary file beside it, flushed to disk, then renamed over it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, bytes).map_err(|error| {
        Error::new(Code::Io, "the file cannot be written")
            .at(path.display().to_string())
            .caused_by(error)
            .help("check that the folder exists, is writable and has room")
    })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    match std::fs::metadata(path) {
        Ok(replaced) => file.as_file().set_permissions(replaced.permissions())?,
        Err(_) => open_to_readers(file.as_file())?,
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    // The rename is durable once the folder is; where folders cannot be opened it is as durable as it gets.
    File::open(folder).and_then(|folder| folder.sync_all()).or(Ok(()))
}

/// A temporary file is private; what replaces an ordinary file should be readable like one.
#[cfg(unix)]
fn open_to_readers(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_readers(_: &File) -> io::Result<()> {
    Ok(())
}

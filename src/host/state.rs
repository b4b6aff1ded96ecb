//! How does what several programs learn get into one file?

use std::path::Path;

use super::atomic::{real, replace};
use super::files::read;
use super::lock::Lock;
use crate::Result;

/// Replaces a file by what `change` makes of it, or of nothing where there is none. Of two at once one waits for the other.
pub fn update(path: &Path, change: impl FnOnce(Option<&[u8]>) -> Result<Vec<u8>>) -> Result<()> {
    let path = real(path);
    let lock = Lock::take(&path, &())?;
    let old = path.exists().then(|| read(&path)).transpose()?;
    replace(&path, &change(old.as_deref())?, &path, Some(&lock), &())
}

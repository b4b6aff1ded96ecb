//! Does a file look as it did? Then it is not read.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Clocks of file systems tick as slowly as this: a file may change within a tick and look the same after it.
const TICK: Duration = Duration::from_secs(2);

/// How a file looks from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Its length in bytes.
    pub size: u64,
    /// When its bytes were written, in nanoseconds of the Unix epoch.
    modified: i64,
    /// When anything about it changed, which no program can set back; 0 where the system does not tell.
    changed: i64,
    /// Which file it is: two of one size and time may change places.
    file: [u64; 2],
}

impl Signature {
    /// The file's, if it is one.
    pub fn of(path: &Path) -> Option<Signature> {
        let about = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
        let modified = nanoseconds(about.modified().ok()?);
        Some(Signature { size: about.len(), modified, changed: changed(&about), file: identity(&about) })
    }

    /// Whether a later change is sure to show: the file is older than a tick at the time `now`, as git has it.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        self.modified.max(self.changed) < nanoseconds(now) - TICK.as_nanos() as i64
    }
}

/// Device and number of a file or folder, as far as the system tells them.
#[cfg(unix)]
pub fn identity(about: &Metadata) -> [u64; 2] {
    use std::os::unix::fs::MetadataExt;
    [about.dev(), about.ino()]
}

/// When it was created tells two files apart nearly always.
#[cfg(not(unix))]
pub fn identity(about: &Metadata) -> [u64; 2] {
    [0, about.created().map_or(0, |time| nanoseconds(time) as u64)]
}

fn nanoseconds(time: SystemTime) -> i64 {
    let after = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH).map_or_else(|before| -after(before.duration()), after)
}

#[cfg(unix)]
fn changed(about: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    about.ctime().saturating_mul(1_000_000_000).saturating_add(about.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> i64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_files_of_one_size_and_time_are_two() {
        let one = Signature { size: 1, modified: 2, changed: 3, file: [4, 5] };
        assert_ne!(one, Signature { file: [4, 6], ..one.clone() });
        let folder = tempfile::tempdir().unwrap();
        let signature = |name: &str| {
            std::fs::write(folder.path().join(name), "text").unwrap();
            Signature::of(&folder.path().join(name)).unwrap()
        };
        let (one, other) = (signature("one"), signature("other"));
        assert!(cfg!(not(unix)) || one.file != other.file);
        std::fs::rename(folder.path().join("other"), folder.path().join("one")).unwrap();
        assert_eq!(Signature::of(&folder.path().join("one")).unwrap().file, other.file);
    }
}

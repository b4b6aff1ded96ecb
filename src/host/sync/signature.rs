//! Does a file look as it did? Then it is not read.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Clocks of file systems tick as slowly as this: a file may change within a tick and look the same after it.
const TICK: Duration = Duration::from_secs(2);

/// How a file looks from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    size: u64,
    /// When its bytes were written, in nanoseconds of the Unix epoch.
    modified: i64,
    /// When anything about it changed, which no program can set back; 0 where the system does not tell.
    changed: i64,
}

impl Signature {
    /// The file's, if it is one.
    pub fn of(path: &Path) -> Option<Signature> {
        let about = std::fs::metadata(path).ok().filter(|about| about.is_file())?;
        Some(Signature { size: about.len(), modified: nanoseconds(about.modified().ok()?), changed: changed(&about) })
    }

    /// Itself, if a later change is sure to show: the file is older than a tick at the time `now`, as git has it.
    pub fn settled(self, now: i64) -> Option<Signature> {
        (self.modified.max(self.changed) < now - TICK.as_nanos() as i64).then_some(self)
    }
}

/// The time in nanoseconds of the Unix epoch.
pub fn now() -> i64 {
    nanoseconds(SystemTime::now())
}

fn nanoseconds(time: SystemTime) -> i64 {
    let after = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH).map_or_else(|before| -after(before.duration()), after)
}

#[cfg(unix)]
fn changed(about: &std::fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    about.ctime().saturating_mul(1_000_000_000).saturating_add(about.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &std::fs::Metadata) -> i64 {
    0
}

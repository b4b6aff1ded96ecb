//! Who hears how long work goes on?

use std::path::Path;

/// Hears of it, from any thread; `()` does not listen.
pub trait Listener: Sync {
    /// Another program writes this snapshot. Asked again and again, until it is done or this says false.
    fn waiting(&self, snapshot: &Path) -> bool {
        let _ = snapshot;
        true
    }

    /// Whether anybody still wants the work; asked again and again while passages are embedded.
    fn is_wanted(&self) -> bool {
        true
    }

    /// So many passages of all are embedded.
    fn embedded(&self, done: usize, all: usize) {
        let _ = (done, all);
    }

    /// A file got this far. A program may end at any of these steps.
    fn step(&self, file: &Path, step: Step) {
        let _ = (file, step);
    }
}

impl Listener for () {}

/// What was just done on the way to a new file in the place of an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An empty file lies beside the old one.
    Created,
    /// Half of the bytes are in it.
    Halved,
    /// All bytes are in it.
    Written,
    /// They are on the disk.
    Flushed,
    /// It has the old one's name.
    Renamed,
}

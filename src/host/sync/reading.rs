//! What does a sync note of the files that it reads?

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use super::roots::Roots;
use super::sidecar::Tracked;
use crate::Result;
use crate::bytes::sha256;
use crate::host::files::{Files, source};
use crate::load::Source;

/// Reads files and remembers how they were.
pub struct Reading<'a> {
    roots: &'a Roots,
    now: SystemTime,
    files: RefCell<BTreeMap<String, Tracked>>,
}

impl Files for Reading<'_> {
    /// The look is taken first: a file that changes while it is read will look otherwise at the next sync.
    fn read(&self, path: &Path, real: &Path) -> Result<Source> {
        let tracked = self.look(path);
        let read = source(real);
        let hash = read.as_ref().map(|source| sha256(&source.bytes)).unwrap_or_default();
        let marks = read.as_ref().map(|source| marks(&source.bytes)).unwrap_or_default();
        self.files.borrow_mut().insert(self.roots.name(path), Tracked { hash, marks, ..tracked });
        read
    }

    /// That it comes, or leads elsewhere, is a change.
    fn miss(&self, path: &Path) {
        self.files.borrow_mut().insert(self.roots.name(path), self.look(path));
    }
}

impl<'a> Reading<'a> {
    /// Begins now.
    pub fn new(roots: &'a Roots, now: SystemTime) -> Reading<'a> {
        Reading { roots, now, files: RefCell::default() }
    }

    /// What was read.
    pub fn files(self) -> BTreeMap<String, Tracked> {
        self.files.into_inner()
    }

    fn look(&self, path: &Path) -> Tracked {
        Tracked::of(path, self.roots.link(path), self.now)
    }
}

/// What the bytes say of a file that is half-written: nothing at all, or both sides of a conflict.
fn marks(bytes: &[u8]) -> Vec<String> {
    let has_line = |start: &[u8]| bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(start));
    let marks =
        [("empty", bytes.trim_ascii().is_empty()), ("conflict", has_line(b"<<<<<<< ") && has_line(b">>>>>>> "))];
    marks.into_iter().filter(|(_, is_so)| *is_so).map(|(mark, _)| mark.to_owned()).collect()
}

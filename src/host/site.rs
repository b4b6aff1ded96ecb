//! How does what a site offers get into its folder, so that no reader misses what the index names, and nothing of others is
//! touched?

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::files::{read, shown, unreadable};
use super::listener::Listener;
use super::lock::Lock;
use super::roles::make_folder;
use super::write;
use crate::publish::{Artifact, BaseUrl, INDEX, index, is_artifact_path};
use crate::{Code, Error, Result};

/// Where agents look for skills, seen from a site's root.
const PLACE: [&str; 2] = [".well-known", "agent-skills"];

/// Remembers which files were published here, a line each: only those are ever replaced or taken away.
const KEPT: &str = ".skillmesh-published";

/// The part of a site that offers skills.
pub struct Site {
    folder: PathBuf,
}

/// What became of a site's files, by their paths seen from the index.
#[derive(Debug, Default, Serialize)]
pub struct Written {
    /// Files that came or changed.
    pub written: Vec<String>,
    /// Files that went.
    pub removed: Vec<String>,
    /// How many files are as they were.
    pub unchanged: usize,
}

impl Site {
    /// Of the site with this root, which may not be there yet.
    pub fn of(root: &Path) -> Site {
        Site { folder: PLACE.iter().fold(root.to_owned(), |folder, name| folder.join(name)) }
    }

    /// Where index and artifacts lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the index lies.
    pub fn index(&self) -> PathBuf {
        self.folder.join(INDEX)
    }

    /// Offers these skills and no others.
    ///
    /// Artifacts are written before the index that names them, and go after it. Whenever this ends early, the next time mends
    /// it. A file of somebody else's in the place of one of these is an `Err`, and nothing is changed.
    pub fn write(&self, artifacts: &[&Artifact], base: &BaseUrl, listener: &dyn Listener) -> Result<Written> {
        let index = index(artifacts, base)?;
        let files = artifacts.iter().map(|artifact| (artifact.path(), artifact.bytes.as_slice()));
        let files: Vec<(String, &[u8])> = files.chain([(INDEX.to_owned(), index.as_bytes())]).collect();
        make_folder(&self.folder)?;
        let _lock = Lock::take(&self.folder.join(KEPT), listener)?;
        let kept = self.kept()?;
        files.iter().try_for_each(|(path, bytes)| self.check_free(path, bytes, &kept))?;
        let new: BTreeSet<String> = files.iter().map(|(path, _)| path.clone()).collect();
        // Before they are there, so that a crash leaves no file of which nobody knows whose it is.
        self.keep(&kept.union(&new).cloned().collect())?;
        let mut written = Written::default();
        for (path, bytes) in files {
            self.put(path, bytes, &mut written)?;
        }
        for path in kept.difference(&new) {
            written.removed.extend(self.remove(path)?.then(|| path.clone()));
        }
        self.keep(&new)?;
        Ok(written)
    }

    /// What was published here before. A line that no publication writes counts for nothing.
    fn kept(&self) -> Result<BTreeSet<String>> {
        let text = self.bytes(KEPT)?.unwrap_or_default();
        let lines = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect::<Vec<_>>();
        Ok(lines.into_iter().filter(|path| path == INDEX || is_artifact_path(path)).collect())
    }

    fn keep(&self, paths: &BTreeSet<String>) -> Result<()> {
        let text: String = paths.iter().map(|path| format!("{path}\n")).collect();
        self.put(KEPT.to_owned(), text.as_bytes(), &mut Written::default())
    }

    /// Nothing of the user's is overwritten, and nothing is written or read through a link.
    fn check_free(&self, path: &str, bytes: &[u8], kept: &BTreeSet<String>) -> Result<()> {
        let there = self.bytes(path)?;
        if kept.contains(path) || there.is_none_or(|there| there == bytes) {
            return Ok(());
        }
        Err(Error::new(Code::InvalidArgument, "another file stands where one would be published")
            .at(shown(&self.folder.join(path)))
            .help("move it away if nobody needs it there, or publish into another folder; nothing was changed"))
    }

    /// Writes a file, unless it says the same already.
    fn put(&self, path: String, bytes: &[u8], written: &mut Written) -> Result<()> {
        if self.bytes(&path)?.is_some_and(|there| there == bytes) {
            written.unchanged += 1;
            return Ok(());
        }
        let file = self.folder.join(&path);
        make_folder(file.parent().unwrap_or(&self.folder))?;
        write(&file, bytes)?;
        written.written.push(path);
        Ok(())
    }

    /// Takes a file away, if there is one, and its folder with it if that holds nothing else.
    fn remove(&self, path: &str) -> Result<bool> {
        let is_there = self.bytes(path)?.is_some();
        if is_there {
            let file = self.folder.join(path);
            std::fs::remove_file(&file).map_err(|error| unremovable(&file, error))?;
        }
        if let Some((folder, _)) = path.split_once('/') {
            drop(std::fs::remove_dir(self.folder.join(folder)));
        }
        Ok(is_there)
    }

    /// What a file holds, if there is one; what is no file, or is behind a link, is refused.
    fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let mut way = self.folder.clone();
        for (number, name) in path.split('/').enumerate() {
            way.push(name);
            let is_last = number == path.matches('/').count();
            match way.symlink_metadata() {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(unreadable(&way, error)),
                Ok(about) if is_last && about.is_file() || !is_last && about.is_dir() => {}
                Ok(_) => return Err(in_the_way(&way)),
            }
        }
        read(&way).map(Some)
    }
}

fn in_the_way(path: &Path) -> Error {
    Error::new(Code::PathEscape, "a link or a folder stands where a file would be published")
        .at(shown(path))
        .help("move it away if nobody needs it there, or publish into another folder; nothing was changed")
}

fn unremovable(file: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Io, "a file that is not published any more cannot be removed")
        .at(shown(file))
        .caused_by(error)
        .help("check that the folder is writable, and publish again")
}

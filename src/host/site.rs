//! How does what a site offers get into its folder, so that no reader misses what the index names, and nothing of others is
//! touched?

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::atomic::replace_by;
use super::files::{read, shown, unreadable};
use super::listener::Listener;
use super::lock::Lock;
use super::roles::make_folder;
use crate::bytes::sha256;
use crate::publish::{Artifact, BaseUrl, INDEX, index, is_artifact_path};
use crate::{Code, Error, Result};

/// Where agents look for skills, seen from a site's root.
const PLACE: [&str; 2] = [".well-known", "agent-skills"];

/// Remembers which files were published here, a line each of digest and path: only those are ever replaced or taken away,
/// and only as they were published.
const KEPT: &str = ".skillmesh-published";

/// What is locked while somebody publishes, where the system locks files.
const LOCK: &str = ".skillmesh-published.lock";

/// Every file is written here, then renamed, so that crashes pile nothing up.
const NEW: &str = ".skillmesh-published.new";

/// Paths with the digests of what was published there; while one is replaced it has two.
type Kept = BTreeSet<(String, String)>;

/// The part of a site that offers skills.
pub struct Site {
    root: PathBuf,
    folder: PathBuf,
}

/// What became of a site's files, by their paths seen from the index.
#[derive(Debug, Default, Serialize)]
pub struct Written {
    /// Files that came or changed.
    pub written: Vec<String>,
    /// Files that went.
    pub removed: Vec<String>,
    /// Files that are published no more and stay, since somebody changed them.
    pub left: Vec<String>,
    /// How many files are as they were.
    pub unchanged: usize,
}

impl Site {
    /// Of the site with this root, which may not be there yet.
    pub fn of(root: &Path) -> Site {
        Site { root: root.to_owned(), folder: PLACE.iter().fold(root.to_owned(), |folder, name| folder.join(name)) }
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
    /// it. A file of somebody else's in the place of one of these is an `Err`, and nothing that is published is changed.
    pub fn write(&self, artifacts: &[&Artifact], base: &BaseUrl, listener: &dyn Listener) -> Result<Written> {
        let index = index(artifacts, base)?;
        let files = artifacts.iter().map(|artifact| (artifact.path(), artifact.bytes.as_slice()));
        let files: Vec<(String, &[u8])> = files.chain([(INDEX.to_owned(), index.as_bytes())]).collect();
        self.bytes(LOCK)?;
        make_folder(&self.folder)?;
        let _lock = Lock::take(&self.folder.join(KEPT), listener)?;
        drop(std::fs::remove_file(self.folder.join(NEW)));
        let kept = self.kept()?;
        let new = self.ours(&files, &kept)?;
        // Before they are there, so that a crash leaves no file of which nobody knows whose it is.
        self.keep(&(&kept | &new), listener)?;
        let mut written = self.put_all(&files, listener)?;
        let paths: BTreeSet<&String> = files.iter().map(|(path, _)| path).collect();
        let old: BTreeSet<&String> = kept.iter().map(|(path, _)| path).collect();
        old.difference(&paths).try_for_each(|path| self.remove(path, &kept, &mut written))?;
        self.keep(&new, listener)?;
        Ok(written)
    }

    /// What was published here before. A line that no publication writes counts for nothing.
    fn kept(&self) -> Result<Kept> {
        let text = self.bytes(KEPT)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        let ours = lines.filter(|(_, path)| *path == INDEX || is_artifact_path(path));
        Ok(ours.map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect())
    }

    fn keep(&self, files: &Kept, listener: &dyn Listener) -> Result<()> {
        let text: String = files.iter().map(|(path, digest)| format!("{digest} {path}\n")).collect();
        self.put(KEPT, text.as_bytes(), listener).map(drop)
    }

    /// Those of the files that may be replaced and taken away from now on: not one that somebody else put there, even if it
    /// says the same. Nothing of the user's is overwritten.
    fn ours(&self, files: &[(String, &[u8])], kept: &Kept) -> Result<Kept> {
        let mut ours = Kept::new();
        for (path, bytes) in files {
            let new = (path.clone(), sha256(bytes));
            let there = self.bytes(path)?.map(|there| (path.clone(), sha256(&there)));
            if there.as_ref().is_none_or(|there| kept.contains(there)) {
                ours.insert(new);
            } else if there != Some(new) {
                return Err(self.taken(path));
            }
        }
        Ok(ours)
    }

    fn put_all(&self, files: &[(String, &[u8])], listener: &dyn Listener) -> Result<Written> {
        let mut written = Written::default();
        for (path, bytes) in files {
            match self.put(path, bytes, listener)? {
                true => written.written.push(path.clone()),
                false => written.unchanged += 1,
            }
        }
        Ok(written)
    }

    /// Writes a file, unless it says the same already.
    fn put(&self, path: &str, bytes: &[u8], listener: &dyn Listener) -> Result<bool> {
        if self.bytes(path)?.is_some_and(|there| there == bytes) {
            return Ok(false);
        }
        let file = self.folder.join(path);
        make_folder(file.parent().unwrap_or(&self.folder))?;
        replace_by(&self.folder.join(NEW), &file, bytes, listener)?;
        Ok(true)
    }

    /// Takes a file away that is as it was published, and its folder with it if that holds nothing else.
    fn remove(&self, path: &str, kept: &Kept, written: &mut Written) -> Result<()> {
        let is_ours = |bytes: Vec<u8>| kept.contains(&(path.to_owned(), sha256(&bytes)));
        match self.bytes(path).map(|there| there.map(is_ours)) {
            Ok(None) => {}
            Ok(Some(true)) => {
                let file = self.folder.join(path);
                std::fs::remove_file(&file).map_err(|error| unremovable(&file, error))?;
                written.removed.push(path.to_owned());
            }
            Err(error) if error.code() == Code::Io => return Err(error),
            Ok(Some(false)) | Err(_) => written.left.push(path.to_owned()),
        }
        if let Some((folder, _)) = path.split_once('/') {
            drop(std::fs::remove_dir(self.folder.join(folder)));
        }
        Ok(())
    }

    /// What a file holds, if there is one; what is no file, or is behind a link below the site's root, is refused.
    fn bytes(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let mut way = self.root.clone();
        let mut names = PLACE.into_iter().chain(path.split('/')).peekable();
        while let Some(name) = names.next() {
            way.push(name);
            let is_last = names.peek().is_none();
            match way.symlink_metadata() {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(unreadable(&way, error)),
                Ok(about) if is_last && about.is_file() || !is_last && about.is_dir() => {}
                Ok(about) => return Err(in_the_way(&way, &about)),
            }
        }
        read(&way).map(Some)
    }

    fn taken(&self, path: &str) -> Error {
        Error::new(Code::InvalidArgument, "another file stands where one would be published")
            .at(shown(&self.folder.join(path)))
            .help(MOVE_AWAY)
    }
}

const MOVE_AWAY: &str =
    "move it away if nobody needs it there, or publish into another folder; nothing that is published was changed";

fn in_the_way(path: &Path, about: &Metadata) -> Error {
    let (code, message) = match about {
        link if link.is_symlink() => (Code::PathEscape, "a link stands in the way of what would be published"),
        folder if folder.is_dir() => (Code::InvalidArgument, "a folder stands where a file would be published"),
        _ => (Code::InvalidArgument, "a file stands where a folder would be published"),
    };
    Error::new(code, message).at(shown(path)).help(MOVE_AWAY)
}

fn unremovable(file: &Path, error: std::io::Error) -> Error {
    Error::new(Code::Io, "a file that is not published any more cannot be removed")
        .at(shown(file))
        .caused_by(error)
        .help("check that the folder is writable, and publish again")
}

//! How does a document get into a folder of documents, without getting anywhere else?

use std::path::{Path, PathBuf};

use super::files::{read, shown};
use super::write;
use crate::card::Document;
use crate::load::{Finding, Kind, LARGEST, Labels, Source, instruction_path, page, too_large};
use crate::{Code, Error, Result};

/// A document that is not written yet.
pub struct NewDocument {
    /// Where it goes below the folder.
    pub path: String,
    /// Whether it may take the place of one of its path.
    pub replace: bool,
    file: PathBuf,
    text: String,
}

impl NewDocument {
    /// A document at this path below the folder, if a document may lie there.
    pub fn new(folder: &Path, path: &str, text: &str, replace: bool) -> Result<NewDocument> {
        let (path, file) = below(folder, path)?;
        if text.len() as u64 > LARGEST {
            return Err(refused(&path, too_large(&path, text.len() as u64).message));
        }
        Ok(NewDocument { path, replace, file, text: text.to_owned() })
    }

    /// Its file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What its file holds now, where there is one.
    pub fn before(&self) -> Result<Option<Vec<u8>>> {
        self.file.exists().then(|| read(&self.file)).transpose()
    }

    /// Whether a file says just this.
    pub fn is(&self, file: Option<&[u8]>) -> bool {
        file == Some(self.text.as_bytes())
    }

    /// The document as a snapshot holds it under this path, and what is to be said of it.
    pub fn read_as(&self, path: &str, labels: &Labels) -> Result<(Document, Vec<Finding>)> {
        match document(path, self.text.as_bytes(), labels) {
            (Some(document), findings) => Ok((document, findings)),
            (None, findings) => {
                Err(refused(&self.path, findings.into_iter().last().map_or(String::new(), |f| f.message)))
            }
        }
    }

    /// Writes it, with the folders above it, in the place of what was there `before`, which comes back unless it is kept.
    pub fn write(&self, before: Option<Vec<u8>>) -> Result<Written> {
        if self.before()? != before {
            return Err(Error::new(Code::Io, "somebody else wrote the document meanwhile")
                .at(self.path.clone())
                .help("nothing was written; read it, then ask again"));
        }
        let is_written = self.is(before.as_deref());
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let made = folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        let written = Written { file: self.file.clone(), before, made, is_kept: false };
        std::fs::create_dir_all(folder).map_err(|error| {
            Error::new(Code::Io, "the folder cannot be made").at(shown(folder)).caused_by(error).help("check the path")
        })?;
        if !is_written {
            write(&self.file, self.text.as_bytes())?;
        }
        Ok(written)
    }
}

/// A document that was written. Dropped before it is kept, it is taken back.
pub struct Written {
    file: PathBuf,
    before: Option<Vec<u8>>,
    /// Folders that were not there, the innermost first.
    made: Vec<PathBuf>,
    is_kept: bool,
}

impl Written {
    /// Leaves it where it is.
    pub fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        // What cannot be taken back stays, and is found at the next `skillmesh ingest`.
        match &self.before {
            Some(before) => drop(write(&self.file, before)),
            None => drop(std::fs::remove_file(&self.file)),
        }
        self.made.iter().for_each(|folder| drop(std::fs::remove_dir(folder)));
    }
}

/// The document in these bytes.
pub fn document(path: &str, bytes: &[u8], labels: &Labels) -> (Option<Document>, Vec<Finding>) {
    page(&Source { path: path.to_owned(), bytes: bytes.to_vec() }, path, labels)
}

/// A path below the folder, and the file there, links followed; hidden files are not found again.
fn below(folder: &Path, path: &str) -> Result<(String, PathBuf)> {
    let parts = instruction_path(path).map_err(|_| outside(path))?;
    if parts.iter().any(|part| part.starts_with('.')) || Kind::of(path).is_none_or(|kind| !kind.is_text()) {
        return Err(Error::new(Code::InvalidArgument, "not the path of a document")
            .at(path.escape_debug().to_string())
            .expected(format!("a path that ends in {}, without hidden parts", texts()))
            .got("another one"));
    }
    let file = parts.iter().fold(folder.to_owned(), |path, part| path.join(part));
    let unreadable = |error| super::files::unreadable(folder, error);
    let root = folder.canonicalize().map_err(unreadable)?;
    let there = file.ancestors().find(|path| path.exists()).unwrap_or(folder);
    if file.is_symlink() || !there.canonicalize().map_err(unreadable)?.starts_with(&root) {
        return Err(outside(path));
    }
    Ok((parts.join("/"), file))
}

fn texts() -> String {
    let is_text = |ending: &&&str| Kind::of(ending).is_some_and(Kind::is_text);
    Kind::EXTENSIONS.iter().filter(is_text).copied().collect::<Vec<_>>().join(", ")
}

fn outside(path: &str) -> Error {
    Error::new(Code::PathEscape, "a document must lie in the folder of documents")
        .expected("a relative path with `/`, without `..`, backslashes, drives and links out of the folder")
        .got(format!("`{}`", path.escape_debug()))
}

fn refused(path: &str, why: String) -> Error {
    Error::new(Code::InvalidArgument, why).at(path)
}

//! How does a document get into a folder of documents, without getting anywhere else?

use std::path::{Path, PathBuf};

use super::files::shown;
use super::write;
use crate::card::Document;
use crate::load::{Kind, LARGEST, Labels, Source, instruction_path, page, too_large};
use crate::search::DocumentRetriever;
use crate::{Code, Error, Result};

/// A document that is not written yet.
pub struct NewDocument {
    file: PathBuf,
    text: String,
}

impl NewDocument {
    /// A document at this path below the folder, if it can be read there and nothing keeps it from being written.
    pub fn check(folder: &Path, path: &str, text: &str, replace: bool) -> Result<NewDocument> {
        let file = below(folder, path)?;
        if text.len() as u64 > LARGEST {
            return Err(refused(path, too_large(path, text.len() as u64).message));
        }
        let source = Source { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
        if let (None, findings) = page(&source, path, &Labels::default()) {
            let why = findings.last().map_or_else(String::new, |finding| finding.message.clone());
            return Err(refused(path, why));
        }
        if file.exists() && !replace {
            return Err(Error::new(Code::InvalidArgument, "there is a document of this path")
                .at(path)
                .help("choose another path, or ask for it to be replaced"));
        }
        Ok(NewDocument { file, text: text.to_owned() })
    }

    /// Writes it, with the folders above it.
    pub fn write(&self) -> Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| {
            Error::new(Code::Io, "the folder cannot be made").at(shown(folder)).caused_by(error).help("check the path")
        })?;
        write(&self.file, self.text.as_bytes())
    }
}

/// Refuses documents that more skills may read than those that are searched now: they were ingested otherwise.
pub fn check_readers(searched: &DocumentRetriever, documents: &[Document]) -> Result<()> {
    for (path, skills) in searched.readers().filter(|(_, skills)| !skills.is_empty()) {
        let new = documents.iter().find(|document| document.path == path);
        if new.is_some_and(|document| document.skills != skills) {
            return Err(Error::new(Code::InvalidArgument, "more skills could read a document than before")
                .at(path)
                .expected(format!("for {}", skills.join(", ")))
                .got("another front matter, or none")
                .help("name its skills in its own front matter, then run `skillmesh ingest` on the folder"));
        }
    }
    Ok(())
}

/// The place of a text below the folder, links followed; hidden files are not found again.
fn below(folder: &Path, path: &str) -> Result<PathBuf> {
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
    Ok(file)
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

//! How does one document come into a snapshot of documents while all others stay as they are?
//!
//! The snapshot does not say by which labels, for which audience and of which folders it was made. So the folder is not read
//! again: the new document joins those that the snapshot holds, and what it does not hold stays out of it.

use std::path::Path;
use std::sync::Arc;

use super::atomic::{real, replace};
use super::documents::is_read;
use super::embedding::{vectors, while_wanted};
use super::files::shown;
use super::listener::Listener;
use super::lock::Lock;
use super::new_document::{NewDocument, document};
use super::opened::open_documents;
use super::sync::Signature;
use crate::card::Document;
use crate::embed::Embedder;
use crate::index::DocumentEdits;
use crate::load::{Finding, Labels};
use crate::search::DocumentRetriever;
use crate::snapshot::ModelInfo;
use crate::{Code, Error, Result};

/// A snapshot of documents, and the folder that it was made from.
pub struct KeptDocuments<'a> {
    /// The snapshot.
    pub snapshot: &'a Path,
    /// The folder, in which new documents are written.
    pub folder: &'a Path,
}

/// Gives the model of these vectors, where something must be embedded.
pub type FindModel<'a> = &'a dyn Fn(&ModelInfo) -> Result<Arc<Embedder>>;

/// What there is after a document came.
pub struct Added {
    /// The snapshot as it is in its file now; nobody else writes it before this is dropped.
    pub documents: DocumentRetriever,
    /// The document's path in it.
    pub path: String,
    /// How many of its passages went through the model.
    pub embedded: usize,
    /// What is to be said of the document.
    pub findings: Vec<Finding>,
    _lock: Lock,
}

impl KeptDocuments<'_> {
    /// Writes a document into the folder and the snapshot, or into neither.
    ///
    /// All others stay as the snapshot's file has them, whatever the folder says of them. The new one is of the set's
    /// collection and address, and for the skills that it names itself.
    pub fn add(&self, new: &NewDocument, model: FindModel, listener: &dyn Listener) -> Result<Added> {
        let file = real(self.snapshot);
        let lock = Lock::take(&file, listener)?;
        let seen = Signature::of(&file);
        let old = open_documents(&file)?;
        let mut edits = DocumentEdits::of(&old).map_err(|error| error.at(shown(self.snapshot)))?;
        let before = new.before()?;
        let (document, findings) = self.read(new, before.as_deref(), &edits)?;
        let path = document.path.clone();
        if new.is(before.as_deref()) && edits.document(&path) == Some(&document) {
            return Ok(Added { documents: old, path, embedded: 0, findings, _lock: lock });
        }
        edits.put(document);
        let embedded = embed(&mut edits, &old, model, listener)?;
        let documents = DocumentRetriever::open(edits.compile()?)?;
        if !listener.is_wanted() {
            return Err(unwanted());
        }
        let written = new.write(before)?;
        self.check_found(new)?;
        if Signature::of(&file) != seen {
            return Err(replaced_meanwhile(self.snapshot));
        }
        replace(&file, documents.snapshot()?.bytes(), &file, Some(&lock), listener)?;
        written.keep();
        Ok(Added { documents, path, embedded, findings, _lock: lock })
    }

    /// The document as the snapshot will hold it.
    fn read(
        &self,
        new: &NewDocument,
        before: Option<&[u8]>,
        edits: &DocumentEdits,
    ) -> Result<(Document, Vec<Finding>)> {
        let held = before.and_then(|bytes| self.held(new, bytes, edits));
        let is_same = new.is(before);
        match held {
            Some(_) if !is_same && !new.replace => Err(taken(new)),
            Some((held, labels)) => {
                let (document, findings) = new.read_as(&held.path, &labels)?;
                if document.skills == held.skills { Ok((document, findings)) } else { Err(irreplaceable(new)) }
            }
            None => self.read_new(new, edits, before.is_some() && !is_same),
        }
    }

    /// One that the snapshot does not hold; a file of its path, or another folder's document, is in its way.
    fn read_new(
        &self,
        new: &NewDocument,
        edits: &DocumentEdits,
        is_in_the_way: bool,
    ) -> Result<(Document, Vec<Finding>)> {
        let path = self.prefix(edits) + &new.path;
        if is_in_the_way || edits.document(&path).is_some() {
            return Err(if new.replace { irreplaceable(new) } else { taken(new) });
        }
        let (document, findings) = new.read_as(&path, &Labels::of_set(edits.documents()))?;
        let mut others = edits.documents().peekable();
        if document.skills.is_empty() && others.peek().is_some() && others.all(|other| !other.skills.is_empty()) {
            return Err(unnamed(new));
        }
        Ok((document, findings))
    }

    /// The snapshot's document of a file that says this, and the labels that it was ingested with.
    ///
    /// Only what the file says now is looked for: what somebody wrote since, or kept out of the snapshot, is not to be lost.
    fn held<'d>(&self, new: &NewDocument, bytes: &[u8], edits: &'d DocumentEdits) -> Option<(&'d Document, Labels)> {
        let paths = self.prefixes().into_iter().map(|prefix| prefix + &new.path);
        let mut found = paths.filter_map(|path| {
            let held = edits.document(&path)?;
            let labels = Labels::between(&document(&path, bytes, &Labels::default()).0?, held);
            let is_held = document(&path, bytes, &labels).0.as_ref() == Some(held);
            is_held.then_some((held, labels))
        });
        found.next().filter(|_| found.next().is_none())
    }

    /// What stands before the paths of most of the folder's documents: they may have been named from a folder around it.
    fn prefix(&self, edits: &DocumentEdits) -> String {
        let of_folder = |prefix: &String| {
            let below = edits.documents().filter_map(|document| document.path.strip_prefix(prefix.as_str()));
            below.filter(|path| self.folder.join(path).is_file()).count()
        };
        let counted = self.prefixes().into_iter().map(|prefix| (std::cmp::Reverse(of_folder(&prefix)), prefix));
        counted.min_by_key(|(times, prefix)| (*times, prefix.len())).map_or(String::new(), |(_, prefix)| prefix)
    }

    /// Nothing, the folder's name, and the names of those around it: what `skillmesh ingest` may have put before a path.
    fn prefixes(&self) -> Vec<String> {
        let real = self.folder.canonicalize().unwrap_or_else(|_| self.folder.to_owned());
        let names: Vec<String> = real.iter().skip(1).map(|name| name.to_string_lossy().into_owned() + "/").collect();
        (0..=names.len()).rev().map(|from| names[from..].concat()).collect()
    }

    /// A document that `skillmesh ingest` would pass over is gone when it runs next.
    fn check_found(&self, new: &NewDocument) -> Result<()> {
        if is_read(self.folder, new.file()) {
            return Ok(());
        }
        Err(Error::new(Code::InvalidArgument, "the document would not be found in the folder")
            .at(new.path.clone())
            .expected("a path that no ignore file names")
            .got("another one")
            .help("choose another path"))
    }
}

/// Embeds what has no vector yet; how much that was.
fn embed(
    edits: &mut DocumentEdits,
    old: &DocumentRetriever,
    model: FindModel,
    listener: &dyn Listener,
) -> Result<usize> {
    let new = edits.unembedded();
    let Some(info) = edits.model().filter(|_| !new.is_empty()) else { return Ok(0) };
    let model = model(info)?;
    old.check_model(model.fingerprint())?;
    let going = while_wanted(listener, unwanted);
    for (text, vector) in vectors(&model, new.iter().map(String::as_str).collect(), &going)? {
        edits.learn(text.to_owned(), &vector)?;
    }
    Ok(new.len())
}

fn unwanted() -> Error {
    Error::new(Code::Io, "adding the document was cancelled").help("nothing was written; ask again")
}

fn taken(new: &NewDocument) -> Error {
    Error::new(Code::InvalidArgument, "there is a document of this path")
        .at(new.path.clone())
        .help("choose another path, or ask for it to be replaced")
}

/// Says the same of a document that is hidden from who asks, of one that was left out, and of one that somebody changed.
fn irreplaceable(new: &NewDocument) -> Error {
    Error::new(Code::InvalidArgument, "the document of this path cannot be replaced")
        .at(new.path.clone())
        .expected("one that is searched as it is in its file, and that the new text gives to the same skills")
        .got("another one")
        .help("choose another path, or run `skillmesh ingest` on the folder")
}

fn unnamed(new: &NewDocument) -> Error {
    Error::new(Code::InvalidArgument, "every document here is for certain skills, and this one names none")
        .at(new.path.clone())
        .help("name those that may read it in its front matter, such as `skills: [planner]`")
}

fn replaced_meanwhile(snapshot: &Path) -> Error {
    Error::new(Code::Io, "another program replaced the snapshot meanwhile")
        .at(shown(snapshot))
        .help("nothing was written; ask again")
}

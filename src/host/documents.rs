//! Which documents lie under these paths?

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ignore::DirEntry;

use super::files::{read, shown, unreadable};
use super::places::walker;
use crate::card::Document;
use crate::load::{self, Finding, Kind, Labels, Source};
use crate::{Code, Error, Result};

/// Documents, and what was found on the way to them.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// By path.
    pub documents: Vec<Document>,
    /// Every remark.
    pub findings: Vec<Finding>,
    /// How many files were passed over, by the code of the finding that says why.
    pub skipped: BTreeMap<Cow<'static, str>, usize>,
}

/// Every document under the paths; a document's path begins below the folder that was named, and with that folder's name
/// where several folders hold the same path.
///
/// A path that is not there, a file of no known kind, and two files that still have one path are an `Err`; whatever else
/// is wrong is a finding.
pub fn load_documents(paths: &[PathBuf], labels: &Labels) -> Result<Library> {
    let mut shelf = Shelf { labels, library: Library::default(), seen: BTreeSet::new(), found: Vec::new() };
    for path in paths {
        shelf.visit(path)?;
    }
    // What is said of folders stands below what is said of their files.
    let of_folders = std::mem::take(&mut shelf.library.findings);
    placed(std::mem::take(&mut shelf.found))?.into_iter().for_each(|(path, file)| shelf.read(&path, &file));
    shelf.library.findings.extend(of_folders);
    Ok(shelf.library)
}

/// Whether [`load_documents`] reads this file of the folder: no ignore file names it, and no link leads to it.
#[cfg(feature = "cli")]
pub fn is_read(folder: &Path, file: &Path) -> bool {
    let (target, is_target) = (file.to_owned(), |entry: &DirEntry| entry.path() == file && is_file(entry));
    // Nothing else is looked at than the way there.
    let on_the_way = move |entry: &DirEntry| entry.depth() == 0 || target.starts_with(entry.path());
    walking(folder).filter_entry(on_the_way).build().flatten().any(|entry| is_target(&entry))
}

struct Shelf<'a> {
    labels: &'a Labels,
    library: Library,
    /// Files read already: paths may overlap.
    seen: BTreeSet<PathBuf>,
    found: Vec<Found>,
}

/// A file, and the folder from which it is named.
struct Found {
    root: PathBuf,
    file: PathBuf,
}

impl Shelf<'_> {
    fn visit(&mut self, path: &Path) -> Result<()> {
        let about = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
        if about.is_dir() {
            self.folder(path);
        } else if Kind::of(&shown(path)).is_some() {
            self.file(path.parent().unwrap_or(Path::new("")), path);
        } else {
            return Err(no_document(path));
        }
        Ok(())
    }

    /// Every document below; files of other kinds are told by their extension, since a site has many pictures.
    fn folder(&mut self, folder: &Path) {
        let mut others = BTreeMap::new();
        for entry in walk(folder) {
            match entry {
                Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => self.link(entry.path()),
                Ok(entry) if !is_file(&entry) => {}
                Ok(entry) if Kind::of(&shown(entry.path())).is_some() => self.file(folder, entry.path()),
                Ok(entry) => *others.entry(extension(entry.path())).or_insert(0) += 1,
                Err(error) => self.skip(Finding::error(&shown(folder), "unreadable", error.to_string()), 1),
            }
        }
        for (extension, files) in others {
            self.skip(other_kind(folder, &extension, files), files);
        }
    }

    /// A document below `root`, from where it is named.
    fn file(&mut self, root: &Path, file: &Path) {
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        if !self.seen.insert(real) {
            return;
        }
        self.found.push(Found { root: root.to_owned(), file: file.to_owned() });
    }

    /// The document in a file, under this path.
    fn read(&mut self, path: &str, file: &Path) {
        match small(file) {
            Ok(source) => self.page(source, path),
            Err(finding) => self.skip(finding, 1),
        }
    }

    fn page(&mut self, source: Source, path: &str) {
        let (document, mut findings) = load::page(&source, path, self.labels);
        match document {
            Some(document) => self.library.documents.push(document),
            None => {
                let code = findings.last().map_or("unreadable".into(), |last| last.code.clone());
                *self.library.skipped.entry(code).or_default() += 1;
            }
        }
        self.library.findings.append(&mut findings);
    }

    /// A link to a document or a folder is not followed, which its author should know.
    fn link(&mut self, link: &Path) {
        if link.is_dir() || Kind::of(&shown(link)).is_some() {
            let message = "a link, which is not followed; copy what it leads to, or name it on the command line";
            self.skip(Finding::warning(&shown(link), "link-skipped", message), 1);
        }
    }

    fn skip(&mut self, finding: Finding, files: usize) {
        *self.library.skipped.entry(finding.code.clone()).or_default() += files;
        self.library.findings.push(finding);
    }
}

impl Found {
    /// Its path below the folder.
    fn path(&self) -> String {
        shown(self.file.strip_prefix(&self.root).unwrap_or(&self.file))
    }

    /// The same with the folder's name before it.
    fn named_path(&self) -> String {
        let root = if self.root.as_os_str().is_empty() { Path::new(".") } else { &self.root };
        let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let name = real.file_name().map(|name| name.to_string_lossy().into_owned() + "/");
        name.unwrap_or_default() + &self.path()
    }
}

/// The files by the paths of their documents. None may take another's place: it might be for fewer readers.
fn placed(found: Vec<Found>) -> Result<BTreeMap<String, PathBuf>> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    found.iter().for_each(|found| *times.entry(found.path()).or_default() += 1);
    let mut placed = BTreeMap::new();
    for found in found {
        let path = Some(found.path()).filter(|path| times[path] == 1).unwrap_or_else(|| found.named_path());
        if let Some(other) = placed.insert(path.clone(), found.file.clone()) {
            return Err(same_path(&path, &other, &found.file));
        }
    }
    Ok(placed)
}

fn same_path(path: &str, one: &Path, other: &Path) -> Error {
    Error::new(Code::InvalidArgument, "two documents have the same path")
        .at(shown(other))
        .expected(format!("one document `{path}`"))
        .got(format!("another from {}", shown(one)))
        .help("name the folder around both")
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

/// The file's bytes, unless there are too many: those are not read.
fn small(file: &Path) -> std::result::Result<Source, Finding> {
    let path = shown(file);
    let finding = |error: Error| Finding::error(&path, "unreadable", error.to_string());
    let bytes = std::fs::metadata(file).map_err(|error| finding(unreadable(file, error)))?.len();
    if bytes > load::LARGEST {
        return Err(load::too_large(&path, bytes));
    }
    let bytes = read(file).map_err(finding)?;
    Ok(Source { path, bytes })
}

/// With its dot, in lower case; empty where there is none.
fn extension(file: &Path) -> String {
    file.extension()
        .map(|extension| format!(".{}", extension.to_string_lossy().to_ascii_lowercase()))
        .unwrap_or_default()
}

fn other_kind(folder: &Path, extension: &str, files: usize) -> Finding {
    let kind = if extension.is_empty() { "no extension".to_owned() } else { format!("`{extension}`") };
    let message = format!(
        "expected {}, got {files} with {kind}; they were passed over; convert what should be found",
        Kind::EXTENSIONS.join(", ")
    );
    Finding::warning(&shown(folder), "unknown-kind", message)
}

fn no_document(path: &Path) -> Error {
    Error::new(Code::InvalidArgument, "not a document")
        .at(shown(path))
        .expected(format!("a folder or a file that ends in {}", Kind::EXTENSIONS.join(", ")))
        .got("another file")
        .help("convert it, or name another path")
}

/// Everything below that no ignore file names. A folder that ignore files above it empty, such as `dist/` in a project, is
/// meant all the same when it is named.
fn walk(folder: &Path) -> ignore::Walk {
    walking(folder).build()
}

fn walking(folder: &Path) -> ignore::WalkBuilder {
    // A site has its ignore files where its pages are, whether or not they are kept in git.
    let mut walker = walker(folder);
    let has_files = walker.require_git(false).build().flatten().any(|entry| is_file(&entry));
    walker.parents(has_files);
    walker
}

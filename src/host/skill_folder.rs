//! Which files belong to a skill? Those in its folder that are meant for others: none that is hidden, ignored or behind a
//! link that leads out, and none of another skill that lies within.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use ignore::DirEntry;

use super::files::{shown, source, unreadable};
use super::places::walker;
use crate::load::{Finding, SKILL};
use crate::publish::Member;
use crate::{Code, Error, Result};

/// A skill holds at most so many bytes, its own file not counted, and so many files.
const LARGEST: u64 = 64 << 20;
const FILES: usize = 10_000;

/// What lies in a skill's folder beside its own file.
#[derive(Debug, Default)]
pub struct SkillFolder {
    /// What is published with it.
    pub files: Vec<Member>,
    /// Hidden files and folders, which are not.
    pub left_out: Vec<String>,
    /// Files that cannot be published, and other skills.
    pub findings: Vec<Finding>,
}

/// Folders that are not a skill's, wherever they lie; without links.
#[derive(Debug, Default)]
pub struct Apart {
    /// Of skills.
    pub skills: BTreeSet<PathBuf>,
    /// What was published before.
    pub site: Option<PathBuf>,
}

impl SkillFolder {
    /// The folder of the skill whose own file this is.
    pub fn of(skill: &Path, apart: &Apart) -> SkillFolder {
        let mut found = SkillFolder::default();
        let folder = skill.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match folder.canonicalize() {
            Ok(root) => Walk { root, folder, apart, bytes: 0, found: &mut found }.walk(),
            Err(error) => found.refuse(folder, &unreadable(folder, error)),
        }
        found
    }

    fn refuse(&mut self, path: &Path, error: &Error) {
        let code = if error.code() == Code::PathEscape { "path-escape" } else { "unreadable" };
        self.findings.push(Finding::error(&shown(path), code, error.to_string()));
    }
}

struct Walk<'a> {
    /// The folder without links, and as it is named.
    root: PathBuf,
    folder: &'a Path,
    apart: &'a Apart,
    bytes: u64,
    found: &'a mut SkillFolder,
}

impl Walk<'_> {
    fn walk(mut self) {
        for entry in walk(&self.root, self.apart) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let finding = Finding::error(&shown(self.folder), "unreadable", error.to_string());
                    self.found.findings.push(finding);
                    continue;
                }
            };
            if let Err(error) = self.entry(&entry) {
                self.found.refuse(&self.named(entry.path()), &error);
            }
            if self.found.files.len() > FILES || self.bytes > LARGEST {
                return self.found.findings.push(too_much(self.folder));
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) -> Result<()> {
        let path = entry.path();
        let holds_site = self.apart.site.as_ref().is_some_and(|site| site.starts_with(path));
        if entry.depth() == 0 || path == self.root.join(SKILL) || holds_site {
            return Ok(());
        }
        if is_hidden(path) {
            self.found.left_out.push(shown(&self.named(path)));
        } else if self.apart.skills.contains(path) {
            self.found.findings.push(nested(&self.named(path)));
        } else if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            let file = self.file(path)?;
            self.found.files.extend(file);
        }
        Ok(())
    }

    /// A file, or one in the folder that a link leads to; nothing of one that is too large, which is told of the folder.
    fn file(&mut self, path: &Path) -> Result<Option<Member>> {
        let real = path.canonicalize().map_err(|error| unreadable(path, error))?;
        if !real.starts_with(&self.root) {
            return Err(leads_out());
        }
        let about = real.metadata().map_err(|error| unreadable(path, error))?;
        if about.is_dir() {
            return Err(to_folder());
        }
        self.bytes = self.bytes.saturating_add(about.len());
        if self.bytes > LARGEST {
            return Ok(None);
        }
        let way = path.strip_prefix(&self.root).unwrap_or(path);
        let name = way.to_str().ok_or_else(no_text)?;
        let name = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
        // What was checked is what is read, even if the link changes meanwhile.
        let bytes = source(&real)?.bytes;
        Ok(Some(Member { path: name, is_executable: is_executable(&about, &bytes), bytes }))
    }

    /// The path as the user named the folder.
    fn named(&self, path: &Path) -> PathBuf {
        self.folder.join(path.strip_prefix(&self.root).unwrap_or(path))
    }
}

/// Everything that no ignore file names; of what is apart and what is hidden only that it is there.
fn walk(root: &Path, apart: &Apart) -> ignore::Walk {
    let apart: BTreeSet<PathBuf> =
        apart.skills.iter().chain(&apart.site).filter(|path| *path != root).cloned().collect();
    let is_closed = move |folder: &Path| is_hidden(folder) || apart.contains(folder);
    let is_met = move |entry: &DirEntry| entry.depth() < 2 || !entry.path().parent().is_some_and(&is_closed);
    walker(root).hidden(false).filter_entry(is_met).build()
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

#[cfg(unix)]
fn is_executable(about: &Metadata, _: &[u8]) -> bool {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o111 != 0
}

/// Where the system does not say it, a script does.
#[cfg(not(unix))]
fn is_executable(_: &Metadata, bytes: &[u8]) -> bool {
    bytes.starts_with(b"#!")
}

fn nested(folder: &Path) -> Finding {
    let message = "a skill in another one's folder, published by itself and not with the other; \
                   see that neither names the other's files";
    Finding::warning(&shown(folder), "nested-skill", message)
}

fn too_much(folder: &Path) -> Finding {
    let message = format!(
        "expected at most {FILES} files with {LARGEST} bytes beside the skill's own, got more; \
         take out what it does without, or name it in an `.ignore` file"
    );
    Finding::error(&shown(folder), "too-large", message)
}

fn leads_out() -> Error {
    Error::new(Code::PathEscape, "a link out of the skill's folder")
        .help("copy what it leads to into the folder, or name the link in an `.ignore` file")
}

fn to_folder() -> Error {
    Error::new(Code::Io, "a link to a folder, which archives for every system cannot hold").help("copy the folder")
}

fn no_text() -> Error {
    Error::new(Code::Io, "the file's name is not UTF-8").help("rename the file")
}

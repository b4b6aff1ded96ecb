//! Which files belong to a skill? Those in its folder that are meant for others: none that is hidden, ignored or behind a
//! link that leads out, and none of another skill that lies within.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::DirEntry;

use super::files::{shown, source, unreadable};
use super::places::walker;
use crate::Error;
use crate::load::{Finding, SKILL};
use crate::publish::{Member, check_path};

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

impl SkillFolder {
    /// The folder of the skill whose own file this is; without what was published in it before, at `site`.
    pub fn of(skill: &Path, site: Option<&Path>) -> SkillFolder {
        let mut found = SkillFolder::default();
        let folder = skill.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match folder.canonicalize() {
            Ok(root) => Walk { root, folder, site, bytes: 0, found: &mut found }.walk(),
            Err(error) => found.findings.push(unread(&shown(folder), unreadable(folder, error))),
        }
        found
    }
}

struct Walk<'a> {
    /// The folder without links, and as it is named.
    root: PathBuf,
    folder: &'a Path,
    site: Option<&'a Path>,
    bytes: u64,
    found: &'a mut SkillFolder,
}

impl Walk<'_> {
    fn walk(mut self) {
        for entry in walk(&self.root, self.site) {
            // An ignore file with a line that is none would let out what that line was to keep back.
            let wrong = match &entry {
                Ok(entry) => entry.error().map(|error| error.to_string()),
                Err(error) => Some(error.to_string()),
            };
            let wrong = wrong.map(|wrong| Finding::error(&shown(self.folder), "unreadable", wrong));
            let refused = entry.ok().and_then(|entry| self.entry(&entry).err());
            self.found.findings.extend(wrong.into_iter().chain(refused));
            if self.found.files.len() > FILES || self.bytes > LARGEST {
                self.found.files.clear();
                return self.found.findings.push(too_much(self.folder));
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) -> Result<(), Finding> {
        let path = entry.path();
        let holds_site = self.site.is_some_and(|site| site.starts_with(path));
        if entry.depth() == 0 || path == self.root.join(SKILL) || holds_site {
            return Ok(());
        }
        let named = shown(&self.named(path));
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if is_hidden(path) {
            self.found.left_out.push(named);
        } else if is_folder && holds_skill(path) {
            self.found.findings.push(nested(&named));
        } else if !is_folder {
            let file = self.file(path, &named)?;
            self.found.files.extend(file);
        }
        Ok(())
    }

    /// A file, or one in the folder that a link leads to; nothing of one that is too large, which is told of the folder.
    fn file(&mut self, path: &Path, named: &str) -> Result<Option<Member>, Finding> {
        let missing = |error| unread(named, unreadable(Path::new(named), error));
        let real = path.canonicalize().map_err(missing)?;
        if real != path && !self.is_offered(&real) {
            return Err(leads_out(named));
        }
        let about = real.metadata().map_err(missing)?;
        if about.is_dir() {
            return Err(to_folder(named));
        }
        self.bytes = self.bytes.saturating_add(about.len());
        if self.bytes > LARGEST {
            return Ok(None);
        }
        let way = path.strip_prefix(&self.root).unwrap_or(path);
        let name = shown(Path::new(way.to_str().ok_or_else(|| no_text(named))?));
        check_path(&name).map_err(|error| Finding::error(named, "unportable-name", error.to_string()))?;
        // What was checked is what is read, even if the link changes meanwhile.
        let bytes = source(&real).map_err(|error| unread(named, error.at(named)))?.bytes;
        Ok(Some(Member { path: name, is_executable: bytes.starts_with(b"#!"), bytes }))
    }

    /// Whether what a link leads to is published with this skill too, but for what ignore files name.
    fn is_offered(&self, real: &Path) -> bool {
        let Ok(way) = real.strip_prefix(&self.root) else { return false };
        let mut folders = real.ancestors().skip(1).take_while(|folder| *folder != self.root);
        let is_published = self.site.is_some_and(|site| real.starts_with(site));
        !way.iter().any(is_hidden_name) && !folders.any(holds_skill) && !is_published
    }

    /// The path as the user named the folder.
    fn named(&self, path: &Path) -> PathBuf {
        self.folder.join(path.strip_prefix(&self.root).unwrap_or(path))
    }
}

/// Everything that no ignore file names; of what is hidden, another skill's or published, only that it is there.
fn walk(root: &Path, site: Option<&Path>) -> ignore::Walk {
    let site = site.map(Path::to_owned);
    let is_closed = move |folder: &Path| is_hidden(folder) || holds_skill(folder) || site.as_deref() == Some(folder);
    let is_met = move |entry: &DirEntry| entry.depth() < 2 || !entry.path().parent().is_some_and(&is_closed);
    walker(root).hidden(false).filter_entry(is_met).build()
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(is_hidden_name)
}

pub(super) fn is_hidden_name(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn holds_skill(folder: &Path) -> bool {
    folder.join(SKILL).symlink_metadata().is_ok_and(|about| about.is_file())
}

fn unread(named: &str, error: Error) -> Finding {
    Finding::error(named, "unreadable", error.to_string())
}

fn nested(named: &str) -> Finding {
    let message =
        "a skill in another one's folder, not published with the other; see that neither names the other's files";
    Finding::warning(named, "nested-skill", message)
}

fn too_much(folder: &Path) -> Finding {
    let message = format!(
        "expected at most {FILES} files with {LARGEST} bytes beside the skill's own, got more; \
         take out what it does without, or name it in an `.ignore` file"
    );
    Finding::error(&shown(folder), "too-large", message)
}

fn leads_out(named: &str) -> Finding {
    let message = "a link to what is not published with this skill; \
                   copy what it leads to into the folder, or name the link in an `.ignore` file";
    Finding::error(named, "path-escape", message)
}

fn to_folder(named: &str) -> Finding {
    let message = "a link to a folder, which archives for every system cannot hold; copy the folder";
    Finding::error(named, "link-to-folder", message)
}

fn no_text(named: &str) -> Finding {
    Finding::error(named, "unportable-name", "the file's name is not UTF-8; rename the file")
}

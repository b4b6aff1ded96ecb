//! Which cards do files hold that are in memory? The same as below folders on a disk, for those who have none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Loaded, Source};
use super::role::{REGISTRIES, Role, SKILL};
use super::{corpus, merge, registry, skill};
use crate::{Code, Error, ExpertCard, Result};

/// The cards of these files, which are named from one folder, with `/`.
///
/// A file without a folder in its path is read by how its name ends. Of each folder beside it, its registry and every
/// `SKILL.md` below are read. Instruction files are looked up among the files.
///
/// ```
/// use skillmesh::load::{Source, files};
/// let file = |path: &str, text: &str| Source { path: path.into(), bytes: text.into() };
/// let skill = file("mine/pdf/SKILL.md", "---\nname: pdf\ndescription: Fills forms\n---\n");
/// let registry = file("experts.yaml", "- id: viz\n  title: Heatmaps\n  instruction_file: viz.md\n");
/// let loaded = files(vec![registry, file("viz.md", "Draw."), skill]);
/// assert_eq!(loaded.cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>(), ["viz", "pdf"]);
/// assert_eq!(loaded.cards[0].instruction_text, "Draw.");
/// assert!(loaded.findings.is_empty());
/// ```
pub fn files(files: Vec<Source>) -> Loaded {
    let mut given = Given::default();
    let twice: Vec<_> = files.into_iter().filter_map(|file| given.add(file)).collect();
    let mut loaded = given.load();
    let before = twice.into_iter().chain(given.passed_over());
    loaded.findings.splice(0..0, before);
    loaded
}

#[derive(Default)]
struct Given {
    /// In the order in which a folder is walked: name by name, not letter by letter.
    files: BTreeMap<Vec<String>, Source>,
    /// The paths of files that were read.
    read: RefCell<BTreeSet<String>>,
}

impl Given {
    fn add(&mut self, file: Source) -> Option<Finding> {
        let message = "given twice; the last one counts; give it once";
        let names = names(&file.path);
        let path = names.join("/");
        let before = self.files.insert(names, Source { path: path.clone(), ..file });
        before.map(|_| Finding::warning(&path, "repeated-file", message))
    }

    fn load(&self) -> Loaded {
        let (skills, others): (Vec<_>, Vec<_>) = self.roles().partition(|(role, _)| *role == Role::Skill);
        let mut read: Vec<_> = others.into_iter().map(|(role, file)| self.one(role, file)).collect();
        // Instructions of a registry that was given beside them are no skills.
        let is_own = |file: &Source| file.path.contains('/') || !self.read.borrow().contains(&file.path);
        let skills: Vec<_> = skills.into_iter().filter(|(_, file)| is_own(file)).collect();
        read.extend(skills.into_iter().map(|(role, file)| self.one(role, file)));
        merge::files(read.into_iter())
    }

    fn roles(&self) -> impl Iterator<Item = (Role, &Source)> {
        self.files.values().filter_map(|file| Some((self.role(&file.path)?, file)))
    }

    fn role(&self, path: &str) -> Option<Role> {
        let Some((folder, name)) = path.rsplit_once('/') else { return Role::of(path) };
        match name {
            _ if folder.split('/').any(|part| part == ".git") => None,
            SKILL => Some(Role::Skill),
            name => (!folder.contains('/') && self.registry(folder) == Some(name)).then_some(Role::Registry),
        }
    }

    fn registry(&self, folder: &str) -> Option<&'static str> {
        REGISTRIES.into_iter().find(|name| self.files.contains_key([folder.to_owned(), (*name).to_owned()].as_slice()))
    }

    fn one(&self, role: Role, file: &Source) -> (Role, String, Loaded) {
        self.read.borrow_mut().insert(file.path.clone());
        let folders: Vec<&str> = file.path.rsplit('/').skip(1).collect();
        let loaded = match role {
            Role::Registry => registry(file, &|parts| self.instruction(&file.path, parts)),
            Role::Corpus => corpus(file),
            Role::Skill => one_skill(file, folders.first().unwrap_or(&""), below_root(&file.path)),
        };
        (role, file.path.clone(), loaded)
    }

    fn instruction(&self, registry: &str, parts: &[&str]) -> Result<Source> {
        let folder = registry.rsplit_once('/').map(|(folder, _)| folder);
        let path = folder.iter().chain(parts).copied().collect::<Vec<_>>().join("/");
        self.read.borrow_mut().insert(path.clone());
        let missing = || Error::new(Code::Io, "the file is not among those given").at(&path).help("give it too");
        self.files.get(&names(&path)).cloned().ok_or_else(missing)
    }

    /// Files without a folder and registries in deeper ones that nobody read, and that there is nothing to find.
    fn passed_over(&self) -> Vec<Finding> {
        let read = self.read.borrow();
        let unread = self.files.values().filter(|file| !read.contains(&file.path));
        let left = |file: &Source| Some(Finding::warning(&file.path, "not-read", why_unread(&file.path)?));
        let nothing = || Finding::error("", "empty-registry", nothing_found());
        unread.filter_map(left).chain(self.roles().next().is_none().then(nothing)).collect()
    }
}

/// The names of a path, from the outermost folder in; `./` and `//` mean nothing.
fn names(path: &str) -> Vec<String> {
    path.split('/').filter(|name| !matches!(*name, "" | ".")).map(str::to_owned).collect()
}

/// What its owner should know of a file that was not read.
fn why_unread(path: &str) -> Option<&'static str> {
    match path.rsplit_once('/') {
        None => Some(
            "neither registry nor skill, and not read; expected a file that ends in .json, .jsonl, .yaml, .yml or .md",
        ),
        Some((folder, name)) if REGISTRIES.contains(&name) && folder.contains('/') => {
            Some("a registry in a folder within the folder that was given, and not read; give its own folder")
        }
        Some(_) => None,
    }
}

/// The card of one skill, which names its file from where it is looked for.
pub fn one_skill(source: &Source, folder: &str, instruction_file: &str) -> Loaded {
    let (card, findings) = skill(source, folder);
    let mut loaded = Loaded { findings, ..Loaded::default() };
    loaded.keep(ExpertCard { instruction_file: instruction_file.to_owned(), ..card }, &source.path);
    loaded
}

/// The path without its first folder.
fn below_root(path: &str) -> &str {
    path.split_once('/').map_or(path, |(_, below)| below)
}

/// What is said where no file holds cards.
pub fn nothing_found() -> String {
    let looked_for = REGISTRIES.join(", ");
    format!("expected a registry ({looked_for}) here or {SKILL} in any folder below, got neither; name another path")
}

//! What do registries and skills on disk become on a site? An artifact each, under a name of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::files::{Files, load_places, shown, source};
use super::places::{Place, places};
use super::site::Site;
use super::skill_folder::{SkillFolder, is_hidden_name};
use crate::card::Source as Origin;
use crate::emit::SkillFile;
use crate::load::{Finding, Role, SKILL, Source};
use crate::publish::{Artifact, fit, is_reserved};
use crate::{ExpertCard, Result};

/// What a site offers, before it is written.
#[derive(Debug, Default)]
pub struct Publication {
    /// By the names of their skills.
    pub skills: Vec<Published>,
    /// Every remark; with an error among them, it is not whole.
    pub findings: Vec<Finding>,
    /// Hidden files and folders of skills, which are not published.
    pub left_out: Vec<String>,
    /// Ids of cards that a catalogue elsewhere publishes.
    pub remote: Vec<String>,
}

/// A skill as it is published.
#[derive(Debug)]
pub struct Published {
    /// What is fetched.
    pub artifact: Artifact,
    /// The id of its card.
    pub id: String,
    /// The file that it was read from.
    pub origin: String,
    /// How many files it has.
    pub files: usize,
    /// Whether its front matter was written anew.
    pub is_rewritten: bool,
}

/// Files as they are; what was read stays, so that a skill is published as its card was made.
#[derive(Default)]
struct Reading(RefCell<BTreeMap<String, Source>>);

impl Files for Reading {
    fn read(&self, path: &Path, real: &Path) -> Result<Source> {
        let source = source(real)?;
        self.0.borrow_mut().insert(shown(path), source.clone());
        Ok(source)
    }
}

/// What skills have of their own, beside what their cards say.
struct Own<'a> {
    /// By the paths of their files, as they are shown.
    places: BTreeMap<String, Place>,
    files: BTreeMap<String, Source>,
    /// What was published before.
    site: Option<&'a Path>,
}

impl Publication {
    /// Every skill under the paths, read as [`load_paths`](super::load_paths) does, but for what the site holds already.
    pub fn of(paths: &[PathBuf], site: &Site) -> Result<Publication> {
        let mut found = places(paths)?;
        let site = site.folder().canonicalize().ok();
        let is_published = |path: &Path| site.as_ref().is_some_and(|site| real(path).starts_with(site));
        found.findings.extend(found.places.iter().filter(|place| is_published(&place.root)).map(own_site));
        found.places.retain(|place| !is_published(&place.path));
        found.findings.extend(found.places.iter().filter_map(remark));
        let skills = found.places.iter().filter(|place| place.role == Role::Skill);
        let places = skills.map(|place| (shown(&place.path), place.clone())).collect();
        let reading = Reading::default();
        let loaded = load_places(found, &reading);
        let own = Own { places, files: reading.0.into_inner(), site: site.as_deref() };
        let mut publication = Publication { findings: loaded.findings, ..Publication::default() };
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            loaded.cards.into_iter().zip(loaded.origins).partition(|(card, _)| card.source == Origin::Local);
        publication.remote = elsewhere.into_iter().map(|(card, _)| card.id).collect();
        let names = SkillFile::names(here.iter().map(|(card, _)| card.id.as_str()));
        for ((card, origin), name) in here.into_iter().zip(names) {
            publication.add(card, origin, &name, &own);
        }
        publication.skills.sort_by(|one, other| one.artifact.name.cmp(&other.artifact.name));
        Ok(publication)
    }

    fn add(&mut self, card: ExpertCard, origin: String, name: &str, own: &Own) {
        self.findings.extend(is_reserved(name).then(|| reserved(&origin, name)));
        match self.published(card, &origin, name, own) {
            Ok(published) => self.skills.push(published),
            Err(error) => self.findings.push(Finding::error(&origin, "unpublishable", error.to_string())),
        }
    }

    fn published(&mut self, card: ExpertCard, origin: &str, name: &str, own: &Own) -> Result<Published> {
        let place = own.places.get(origin);
        let folder = place.filter(|place| has_folder(place)).map(|place| SkillFolder::of(&place.path, own.site));
        let folder = folder.unwrap_or_default();
        self.left_out.extend(folder.left_out);
        self.findings.extend(folder.findings);
        let file = fit(&card, name, place.and_then(|_| own.files.get(origin)));
        let is_changed = !file.reasons.is_empty();
        let remark = if place.is_some() { rewritten } else { shortened };
        self.findings.extend(is_changed.then(|| remark(origin, name, &file.reasons.join("; "))));
        let is_rewritten = is_changed && place.is_some();
        let files = 1 + folder.files.len();
        let artifact = Artifact::new(name, file, folder.files)?;
        Ok(Published { artifact, id: card.id, origin: origin.to_owned(), files, is_rewritten })
    }
}

/// A file of another name is a skill without a folder of its own.
fn has_folder(place: &Place) -> bool {
    place.path.file_name().is_some_and(|name| name == SKILL)
}

/// What a place's path says that its author should know.
fn remark(place: &Place) -> Option<Finding> {
    let way = place.path.strip_prefix(&place.root).unwrap_or(&place.path);
    let path = shown(&place.path);
    if place.path.to_str().is_none() {
        return Some(Finding::error(&path, "unportable-name", "the path is not UTF-8; rename the file or its folder"));
    }
    let message =
        "in a hidden folder, and published all the same; name the folder in an `.ignore` file if it is private";
    way.iter().any(is_hidden_name).then(|| Finding::warning(&path, "hidden-skill", message))
}

fn real(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn own_site(place: &Place) -> Finding {
    let message = "lies in the folder that is written, from where nothing is published; name what it was made from";
    Finding::error(&shown(&place.path), "published-already", message)
}

fn reserved(origin: &str, name: &str) -> Finding {
    let message = format!("Windows has no place for a folder or file that is called `{name}`; rename the skill");
    Finding::warning(origin, "unportable-name", message)
}

fn rewritten(origin: &str, name: &str, reasons: &str) -> Finding {
    let message = format!(
        "published as `{name}` with its front matter written anew, since {reasons}; mend it to publish the file as it is"
    );
    Finding::warning(origin, "rewritten", message)
}

fn shortened(origin: &str, name: &str, reasons: &str) -> Finding {
    let message = format!("published as `{name}`, but {reasons}; shorten it to say what counts");
    Finding::warning(origin, "shortened", message)
}

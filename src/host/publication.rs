//! What do registries and skills on disk become on a site? An artifact each, under a name of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::files::{load_places, shown, source};
use super::places::{Place, places};
use super::site::Site;
use super::skill_folder::{Apart, SkillFolder};
use crate::card::Source as Origin;
use crate::emit::SkillFile;
use crate::load::{Finding, Role, SKILL};
use crate::publish::{Artifact, fit};
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

impl Publication {
    /// Every skill under the paths, read as [`load_paths`](super::load_paths) does, but for what the site holds already.
    pub fn of(paths: &[PathBuf], site: &Site) -> Result<Publication> {
        let mut found = places(paths)?;
        let own = site.folder().canonicalize().ok();
        found.places.retain(|place| own.as_ref().is_none_or(|own| !real(&place.path).starts_with(own)));
        let skills = found.places.iter().filter(|place| place.role == Role::Skill).cloned();
        let skills: BTreeMap<String, Place> = skills.map(|place| (shown(&place.path), place)).collect();
        let folders = skills.values().filter(|place| has_folder(place)).filter_map(|place| place.path.parent());
        let apart = Apart { skills: folders.map(real).collect(), site: own };
        let loaded = load_places(found);
        let mut publication = Publication { findings: loaded.findings, ..Publication::default() };
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            loaded.cards.into_iter().zip(loaded.origins).partition(|(card, _)| card.source == Origin::Local);
        publication.remote = elsewhere.into_iter().map(|(card, _)| card.id).collect();
        let names = SkillFile::names(here.iter().map(|(card, _)| card.id.as_str()));
        for ((card, origin), name) in here.into_iter().zip(names) {
            publication.add(card, origin, &name, &skills, &apart);
        }
        publication.skills.sort_by(|one, other| one.artifact.name.cmp(&other.artifact.name));
        Ok(publication)
    }

    fn add(&mut self, card: ExpertCard, origin: String, name: &str, skills: &BTreeMap<String, Place>, apart: &Apart) {
        match self.published(card, &origin, name, skills.get(&origin), apart) {
            Ok(published) => self.skills.push(published),
            Err(error) => self.findings.push(Finding::error(&origin, "unpublishable", error.to_string())),
        }
    }

    fn published(
        &mut self,
        card: ExpertCard,
        origin: &str,
        name: &str,
        place: Option<&Place>,
        apart: &Apart,
    ) -> Result<Published> {
        let own = place.map(|place| source(&place.path)).transpose()?;
        let folder = place.filter(|place| has_folder(place)).map(|place| SkillFolder::of(&place.path, apart));
        let folder = folder.unwrap_or_default();
        self.left_out.extend(folder.left_out);
        self.findings.extend(folder.findings);
        let file = fit(&card, name, own.as_ref());
        let is_rewritten = !file.reasons.is_empty();
        self.findings.extend(is_rewritten.then(|| rewritten(origin, name, &file.reasons)));
        let files = 1 + folder.files.len();
        let artifact = Artifact::new(name, file, folder.files)?;
        Ok(Published { artifact, id: card.id, origin: origin.to_owned(), files, is_rewritten })
    }
}

/// A file of another name is a skill without a folder of its own.
fn has_folder(place: &Place) -> bool {
    place.path.file_name().is_some_and(|name| name == SKILL)
}

fn real(path: impl AsRef<Path>) -> PathBuf {
    let path = path.as_ref();
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn rewritten(origin: &str, name: &str, reasons: &[String]) -> Finding {
    let reasons = reasons.join("; ");
    let message = format!(
        "published as `{name}` with its front matter written anew, since {reasons}; mend it to publish the file as it is"
    );
    Finding::warning(origin, "rewritten", message)
}

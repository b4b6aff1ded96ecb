//! Which cards are indexed where files are broken? Those that they gave when they were last whole, and no other file can
//! take their ids meanwhile. So nothing is lost that a person did not take away.

use std::collections::{BTreeMap, BTreeSet};

use super::old::Old;
use super::sidecar::Tracked;
use crate::host::files::shown;
use crate::host::places::Place;
use crate::load::{self, Finding, Loaded, Role, Severity};
use crate::{Code, Error, ExpertCard, Result};

/// Marks of a skill that may be half-written: its bytes', and what the reader says of its front matter.
const MARKS: [&str; 3] = ["empty", "frontmatter-missing", "frontmatter-unclosed"];

/// The files as they were read.
pub struct Settling<'a> {
    /// The files in order.
    pub places: &'a [Place],
    /// Their names.
    pub names: &'a [String],
    /// What each of them holds.
    pub read: Vec<Loaded>,
    /// What is noted of them, and of the files that they name.
    pub files: BTreeMap<String, Tracked>,
    /// How it was before.
    pub old: &'a Old,
    /// The files before, by their names, if it is known which cards each of them gave.
    pub before: Option<BTreeMap<String, Tracked>>,
    /// What to do about a broken file where nothing stands in for it.
    pub otherwise: &'static str,
}

impl Settling<'_> {
    /// The cards to index, and what is noted of their files.
    pub fn settled(mut self) -> Result<(Loaded, BTreeMap<String, Tracked>)> {
        self.note_marks();
        let mut broken = self.broken();
        while let Some((number, finding)) = self.contended(&broken)? {
            self.read[number].findings.push(finding);
            broken.insert(number);
        }
        self.check(&broken)?;
        let loaded = self.merged(&broken)?;
        self.note_cards(&broken, &loaded);
        if loaded.cards.is_empty() {
            return Err(Error::new(Code::Registry, "no card would be left")
                .help("name other paths, or remove the snapshot; it stays as it was"));
        }
        Ok((loaded, self.files))
    }

    /// A skill is never refused for what it says, so half of one would take the place of the whole one.
    fn note_marks(&mut self) {
        let places = self.places.iter().zip(self.names).zip(&mut self.read);
        for ((place, name), read) in places.filter(|((place, _), _)| is_skill(place)) {
            let Some(file) = self.files.get_mut(name) else { continue };
            file.marks = marks(&file.marks, &read.findings);
            let before = self.before.as_ref().and_then(|before| before.get(name));
            let Some(before) = before.filter(|before| !before.cards.is_empty()) else { continue };
            let is_new = |mark: &&String| !before.marks.contains(mark);
            let new = file.marks.iter().filter(is_new).cloned().collect::<Vec<_>>().join(", ");
            if !new.is_empty() {
                // Remarks on how half of it was read would tell of a card that there is not.
                read.findings = vec![half_written(&shown(&place.path), &new)];
                file.marks = before.marks.clone();
            }
        }
    }

    fn broken(&self) -> BTreeSet<usize> {
        let has_error = |read: &Loaded| read.findings.iter().any(is_error);
        (0..self.read.len()).filter(|number| has_error(&self.read[*number])).collect()
    }

    /// The cards that stand in for the broken files; each comes once, though several may claim it.
    fn stand_ins(&self, broken: &BTreeSet<usize>) -> Result<Vec<(String, Loaded)>> {
        let mut seen = BTreeSet::new();
        let stand_in = |number: &usize| {
            let mut cards = Loaded::default();
            let path = shown(&self.places[*number].path);
            for id in self.claims(*number).iter().filter(|id| seen.insert(id.to_string())) {
                cards.keep(self.old.card(id)?, &path);
            }
            Ok((path, cards))
        };
        broken.iter().map(stand_in).collect()
    }

    /// The ids that a file gave when it was last whole.
    fn claims(&self, number: usize) -> &[String] {
        let before = self.before.as_ref().and_then(|before| before.get(&self.names[number]));
        before.map(|before| before.cards.as_slice()).unwrap_or_default()
    }

    /// A registry that gives an id which another file has: it is as broken as one with an error in itself.
    fn contended(&self, broken: &BTreeSet<usize>) -> Result<Option<(usize, Finding)>> {
        let is_whole = |number: &usize| !broken.contains(number) && !is_skill(&self.places[*number]);
        let ids = |number: usize| {
            let path = shown(&self.places[number].path);
            let mut ids = Loaded::default();
            for card in &self.read[number].cards {
                ids.keep(ExpertCard { id: card.id.clone(), ..Default::default() }, &path);
            }
            (path, ids)
        };
        let registries: Vec<_> = (0..self.read.len()).filter(is_whole).collect();
        let all = self.stand_ins(broken)?.into_iter().chain(registries.iter().map(|number| ids(*number)));
        let findings = load::merge(all.collect(), Vec::new()).findings;
        let contended = findings.into_iter().find(is_error).and_then(|finding| {
            let number = registries.into_iter().find(|number| shown(&self.places[*number].path) == finding.path)?;
            Some((number, finding))
        });
        Ok(contended)
    }

    /// Whether it is known what stands in for each broken file. It is not for a new one if another file is gone, whose
    /// cards may be in it.
    fn check(&self, broken: &BTreeSet<usize>) -> Result<()> {
        let unknown = |number: &&usize| !self.before.as_ref().is_some_and(|b| b.contains_key(&self.names[**number]));
        let Some(number) = broken.iter().find(unknown) else { return Ok(()) };
        let finding = self.read[*number].findings.iter().find(|finding| is_error(finding)).map(Finding::to_string);
        let refused = Error::new(Code::Registry, finding.unwrap_or_default());
        match (&self.before, self.gone()) {
            (None, _) => Err(refused.help(self.otherwise)),
            (Some(_), Some(gone)) => {
                let place = gone.split_once('/').map_or(gone, |(_, way)| way);
                Err(refused.help(format!(
                    "mend it first: {place} is gone, and its cards may be in here; the snapshot stays as it was"
                )))
            }
            (Some(_), None) => Ok(()),
        }
    }

    /// A file that gave cards and is nowhere now, neither here nor under another name.
    fn gone(&self) -> Option<&str> {
        let hashes: BTreeSet<&str> = self.files.values().map(|file| file.hash.as_str()).collect();
        let is_gone = |(name, file): &(&String, &Tracked)| {
            !file.cards.is_empty() && !self.files.contains_key(*name) && !hashes.contains(file.hash.as_str())
        };
        self.before.iter().flatten().find(is_gone).map(|(name, _)| name.as_str())
    }

    /// All cards: those that stand in come first, so that no other card takes their ids.
    fn merged(&mut self, broken: &BTreeSet<usize>) -> Result<Loaded> {
        let mut all = Vec::new();
        for (number, (path, mut cards)) in broken.iter().zip(self.stand_ins(broken)?) {
            cards.findings = std::mem::take(&mut self.read[*number].findings);
            cards.findings.push(kept(&path, self.claims(*number).len()));
            all.push((Role::Registry, path, cards));
        }
        let read = self.places.iter().zip(std::mem::take(&mut self.read)).enumerate();
        let whole = read.filter(|(number, _)| !broken.contains(number));
        all.extend(whole.map(|(_, (place, read))| (place.role, shown(&place.path), read)));
        Ok(load::merge_files(all.into_iter()))
    }

    /// Notes which cards each file gave.
    fn note_cards(&mut self, broken: &BTreeSet<usize>, loaded: &Loaded) {
        let paths = self.places.iter().map(|place| shown(&place.path));
        let numbers: BTreeMap<String, usize> = paths.zip(0..).filter(|(_, number)| !broken.contains(number)).collect();
        for (card, origin) in loaded.cards.iter().zip(&loaded.origins) {
            let file = numbers.get(origin).and_then(|number| self.files.get_mut(&self.names[*number]));
            file.into_iter().for_each(|file| file.cards.push(card.id.clone()));
        }
        for number in broken {
            let cards = self.claims(*number).to_vec();
            let file = self.files.entry(self.names[*number].clone()).or_default();
            (file.cards, file.broken) = (cards, true);
        }
    }
}

/// Of a file's marks and findings those that a half-written skill has; lines of a conflict may be meant, but not in the
/// front matter.
fn marks(bytes: &[String], findings: &[Finding]) -> Vec<String> {
    let codes = findings.iter().map(|finding| finding.code.to_string());
    let all: BTreeSet<String> = bytes.iter().cloned().chain(codes).collect();
    let is_mark = |mark: &String| match mark.as_str() {
        "conflict" => all.contains("frontmatter-yaml") || all.contains("frontmatter-missing"),
        mark => MARKS.contains(&mark),
    };
    all.iter().filter(|mark| is_mark(mark)).cloned().collect()
}

fn is_skill(place: &Place) -> bool {
    place.role == Role::Skill
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

fn half_written(path: &str, marks: &str) -> Finding {
    let message = format!(
        "the skill may be half-written: expected it whole as before, got {marks}; mend it, or if it is meant so, \
         `skillmesh reindex --clear` takes it as it is"
    );
    Finding::error(path, "half-written", message)
}

fn kept(path: &str, cards: usize) -> Finding {
    let message = match cards {
        0 => "it gave no card before, and gives none until it is mended".to_owned(),
        1 => "its last good card stays until it is mended".to_owned(),
        cards => format!("its {cards} last good cards stay until it is mended"),
    };
    Finding::warning(path, "last-good-kept", message)
}

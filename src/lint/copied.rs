//! Was a section copied from another file? Told by the runs of words that both share.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use super::sections::sections;
use crate::load::Finding;

/// Words in a run: shorter runs are shared by chance.
const SHINGLE: usize = 6;

/// Sections with fewer runs than this are too short to judge.
const LEAST_RUNS: usize = 10;

/// From this share of the shorter section's runs on, it counts as copied.
const COPIED: f64 = 0.3;

/// A section's place and how many runs it has.
struct Place<'a> {
    file: &'a str,
    name: String,
    line: usize,
    runs: usize,
}

pub fn check(subjects: &[Subject]) -> Vec<Finding> {
    let mut places: Vec<Place> = Vec::new();
    let mut holders: BTreeMap<Vec<String>, BTreeSet<usize>> = BTreeMap::new();
    for subject in subjects {
        let Some(file) = &subject.file else { continue };
        for section in sections(&subject.card.instruction_text) {
            let runs = shingles(&section.lines.join(" "));
            places.push(Place { file, name: section.name.into(), line: section.line, runs: runs.len() });
            for run in runs {
                holders.entry(run).or_default().insert(places.len() - 1);
            }
        }
    }
    shared(holders.values()).into_iter().filter_map(|(pair, runs)| copied(&places, pair, runs)).collect()
}

/// The distinct runs of words, case and punctuation aside.
fn shingles(text: &str) -> BTreeSet<Vec<String>> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.collect::<Vec<_>>().windows(SHINGLE).map(<[String]>::to_vec).collect()
}

/// How many runs each two sections share.
fn shared<'a>(holders: impl Iterator<Item = &'a BTreeSet<usize>>) -> BTreeMap<(usize, usize), usize> {
    let mut counts = BTreeMap::new();
    for holder in holders {
        for (i, later) in holder.iter().enumerate() {
            holder.iter().take(i).for_each(|first| *counts.entry((*first, *later)).or_default() += 1);
        }
    }
    counts
}

fn copied(places: &[Place], (first, later): (usize, usize), shared: usize) -> Option<Finding> {
    let (first, later) = (&places[first], &places[later]);
    let shorter = first.runs.min(later.runs);
    let share = shared as f64 / shorter as f64;
    let message = format!(
        "`{}` shares {:.0} % of its wording with {}:{}; say what holds for this expert alone",
        later.name,
        100.0 * share,
        first.file,
        first.line
    );
    let guilty = first.file != later.file && shorter >= LEAST_RUNS && share >= COPIED;
    guilty.then(|| Finding::warning(later.file, "section-copied", message).line(later.line))
}

//! Does every id that a card names exist?

use std::collections::BTreeSet;

use super::Subject;
use super::sections::{HINTS, Section, sections};
use crate::ExpertCard;
use crate::load::{Finding, did_you_mean};

pub fn check(subjects: &[Subject], cards: &[ExpertCard]) -> Vec<Finding> {
    let ids: BTreeSet<&str> = cards.iter().map(|card| card.id.as_str()).collect();
    let of_one = |subject: &Subject| [dependencies(subject, &ids), hints(subject, &ids)].concat();
    subjects.iter().flat_map(of_one).collect()
}

fn dependencies(subject: &Subject, ids: &BTreeSet<&str>) -> Vec<Finding> {
    let unknown = subject.card.dependencies.iter().filter(|id| !ids.contains(id.as_str()));
    let finding = |id: &String| {
        let message = format!("`{}` depends on `{id}`, which no card here has{}", subject.card.id, near(id, ids));
        Finding::warning(subject.registry, "unknown-dependency", message)
    };
    unknown.map(finding).collect()
}

fn hints(subject: &Subject, ids: &BTreeSet<&str>) -> Vec<Finding> {
    let Some(file) = &subject.file else { return Vec::new() };
    let sections = sections(&subject.card.instruction_text);
    let Some(section) = sections.iter().find(|section| section.name == HINTS) else { return Vec::new() };
    let named = named_ids(section, ids);
    let mut findings: Vec<Finding> = named
        .iter()
        .filter(|(_, id)| !ids.contains(id))
        .map(|(line, id)| {
            let message = format!("no card here has the id `{id}`{}", near(id, ids));
            Finding::warning(file, "unknown-hint", message).line(*line)
        })
        .collect();
    let message = "names no other expert; say which come before and after, each id in backticks";
    findings.extend(named.is_empty().then(|| Finding::warning(file, "hints-missing", message).line(section.line)));
    findings
}

fn near(id: &str, ids: &BTreeSet<&str>) -> String {
    did_you_mean(id, &ids.iter().copied().collect::<Vec<_>>())
}

/// What stands in backticks and begins as an id does, with an area that some card has; each with its line.
fn named_ids<'a>(section: &Section<'a>, ids: &BTreeSet<&str>) -> Vec<(usize, &'a str)> {
    let areas: BTreeSet<&str> = ids.iter().filter_map(|id| area(id)).collect();
    let numbered = section.lines.iter().enumerate();
    let quoted = numbered.flat_map(|(i, line)| line.split('`').skip(1).step_by(2).map(move |code| (i, code)));
    let named = quoted.filter(|(_, code)| ids.contains(code) || area(code).is_some_and(|area| areas.contains(area)));
    named.map(|(i, code)| (section.line + 1 + i, code)).collect()
}

/// The part of an id before its point.
fn area(id: &str) -> Option<&str> {
    id.split_once('.').map(|(area, _)| area)
}

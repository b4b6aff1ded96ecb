//! Does every id that a card names exist?

use std::collections::BTreeSet;

use super::Subject;
use super::sections::{HINTS, Section, sections};
use crate::load::{Finding, did_you_mean};

pub fn check(subjects: &[Subject]) -> Vec<Finding> {
    let ids: BTreeSet<&str> = subjects.iter().map(|subject| subject.card.id.as_str()).collect();
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
    let named = named_ids(section);
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

/// What stands in backticks and is written as ids are, `area.name`, each with its line.
fn named_ids<'a>(section: &Section<'a>) -> Vec<(usize, &'a str)> {
    let numbered = section.lines.iter().enumerate();
    let quoted = numbered.flat_map(|(i, line)| line.split('`').skip(1).step_by(2).map(move |code| (i, code)));
    quoted.filter(|(_, code)| is_id(code)).map(|(i, code)| (section.line + 1 + i, code)).collect()
}

fn is_id(code: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    code.split_once('.').is_some_and(|(area, name)| plain(area) && plain(name))
}

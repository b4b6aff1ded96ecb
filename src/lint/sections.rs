//! Does an instruction file have its parts, in order, and a length that an agent reads whole?

use super::Subject;
use crate::load::Finding;

/// The sections of an instruction file, in order.
const SECTIONS: [&str; 7] = [
    "When to use this expert",
    "Execution behavior",
    "Decision tree",
    "Anti-patterns",
    "Common mistakes",
    "Output contract",
    "Composability hints",
];

/// The section that names other experts.
pub const HINTS: &str = SECTIONS[6];

/// Fewer lines say too little to act on; more crowd the context.
const LINES: std::ops::RangeInclusive<usize> = 60..=100;

/// A heading of the second level and what follows it.
pub struct Section<'a> {
    pub name: &'a str,
    /// The heading's line, from 1.
    pub line: usize,
    pub lines: Vec<&'a str>,
}

/// The sections of a Markdown text; a heading within fenced code is none.
pub fn sections(text: &str) -> Vec<Section<'_>> {
    let (mut sections, mut fenced) = (Vec::<Section>::new(), false);
    for (index, line) in text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        match line.strip_prefix("## ").filter(|_| !fenced) {
            Some(name) => sections.push(Section { name: name.trim(), line: index + 1, lines: Vec::new() }),
            None => sections.last_mut().into_iter().for_each(|section| section.lines.push(line)),
        }
    }
    sections
}

pub fn check(subject: &Subject) -> Vec<Finding> {
    let Some(file) = &subject.file else { return Vec::new() };
    let text = &subject.card.instruction_text;
    if text.trim().is_empty() {
        let message =
            format!("`{}` has no instructions; write a file and name it in `instruction_file`", subject.card.id);
        return vec![Finding::warning(subject.registry, "instructions-missing", message)];
    }
    let found = sections(text);
    let mut findings: Vec<Finding> = opening(file, text).into_iter().chain(length(file, text)).collect();
    findings.extend(SECTIONS.iter().filter_map(|name| missing(file, name, &found)));
    findings.extend(misplaced(file, &found));
    findings.extend(found.iter().filter_map(|section| empty(file, section)));
    findings
}

/// A title, then a paragraph that says who the expert is.
fn opening(file: &str, text: &str) -> Option<Finding> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let titled = lines.next().is_some_and(|line| line.starts_with("# "));
    let described = lines.next().is_some_and(|line| !line.starts_with('#'));
    let message = "expected a title (`# …`) and then a paragraph on the expert's role; begin with them";
    (!titled || !described).then(|| Finding::warning(file, "role-missing", message).line(1))
}

fn length(file: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    let (least, most) = LINES.into_inner();
    let message = format!("expected {least} to {most} lines, got {lines}; say more, or keep what matters");
    (!LINES.contains(&lines)).then(|| Finding::warning(file, "instruction-length", message))
}

fn missing(file: &str, name: &str, found: &[Section]) -> Option<Finding> {
    let message = format!("expected a section `## {name}`, got none; add it");
    (!found.iter().any(|section| section.name == name)).then(|| Finding::warning(file, "section-missing", message))
}

/// The first section that stands after one it should precede, or twice.
fn misplaced(file: &str, found: &[Section]) -> Option<Finding> {
    let place = |section: &Section| SECTIONS.iter().position(|name| *name == section.name);
    let known: Vec<(usize, &Section)> = found.iter().filter_map(|section| Some((place(section)?, section))).collect();
    let [before, late] = known.windows(2).find(|pair| pair[1].0 <= pair[0].0)? else { return None };
    let message = format!("`{}` stands after `{}`; keep each section once, in order", late.1.name, before.1.name);
    Some(Finding::warning(file, "section-order", message).line(late.1.line))
}

fn empty(file: &str, section: &Section) -> Option<Finding> {
    let message = format!("the section `{}` says nothing; fill it", section.name);
    let silent = section.lines.iter().all(|line| line.trim().is_empty());
    silent.then(|| Finding::warning(file, "section-empty", message).line(section.line))
}

//! How do figures look in a terminal?

use std::collections::BTreeMap;

use comfy_table::{Cell, CellAlignment, Table};

use crate::cli::count;
use crate::metrics::{Collected, Compared, Health, Pair, Period, Project, Top};
use crate::usage::{Effectiveness, Remark};

/// So many kinds of remarks on one project are printed; --json has all.
const REMARKS: usize = 10;

pub fn projects(all: &[Project]) -> String {
    let path = |project: &Project| project.path.iter().map(|path| path.display().to_string()).collect::<String>();
    let state = |project: &Project| if project.is_active { "counts" } else { "inactive" };
    let row =
        |p: &Project| vec![p.name.clone(), p.id.clone(), p.kind.clone(), p.uses.to_string(), state(p).into(), path(p)];
    table(["project", "id", "type", "uses", "", ""], all.iter().map(row))
}

pub fn collected(told: &Collected) -> String {
    let name = &told.name;
    match &told.error {
        Some(_) => format!("{name}: not read; what was collected before stays\n"),
        None if told.unchanged => format!("{name}: unchanged\n"),
        None => {
            let Collected { read, added, updated, pruned, skipped, .. } = told;
            let pruned = if *pruned > 0 { format!(", {pruned} older than is kept") } else { String::new() };
            let read = count(*read, "use");
            format!("{name}: {read} read, {added} new, {updated} completed, {} skipped{pruned}\n", skipped.len())
        }
    }
}

/// What is wrong with a project's file; of what is said of several records the first.
pub fn remarks(told: &Collected) -> String {
    let error = told.error.iter().map(|error| format!("error: {}: {error}\n", told.name));
    let mut said: BTreeMap<(&str, &str), (usize, &str)> = BTreeMap::new();
    for (what, remarks) in [("skipped", &told.skipped), ("note", &told.noted)] {
        for Remark { place, reason } in remarks {
            said.entry((what, reason)).or_insert((0, place)).0 += 1;
        }
    }
    let line = |((what, reason), (times, place)): (&(&str, &str), &(usize, &str))| match times {
        1 => format!("{what}: {}: {place}: {reason}\n", told.name),
        times => format!("{what}: {}: {place} and {} more: {reason}\n", told.name, times - 1),
    };
    let rest = (said.len() > REMARKS).then(|| format!("note: {}: more of other kinds; --json has all\n", told.name));
    error.chain(said.iter().map(line).take(REMARKS)).chain(rest).collect()
}

const FIGURES: [&str; 6] = ["uses", "projects", "success", "95 %", "followed up", "mean"];

fn figures(top: &Top) -> Vec<String> {
    vec![
        top.uses.to_string(),
        top.projects.to_string(),
        top.success_rate.map(percent).unwrap_or_default(),
        top.interval.map(between).unwrap_or_default(),
        percent(top.followed_up as f64 / top.uses as f64),
        top.duration_ms.map(time).unwrap_or_default(),
    ]
}

pub fn top(all: &[Top]) -> String {
    let row = |top: &Top| [vec![top.skill.clone()], figures(top)].concat();
    table(["skill"].into_iter().chain(FIGURES), all.iter().map(row))
}

pub fn compared(all: &[Compared]) -> String {
    let row = |one: &Compared| [vec![one.name.clone(), one.project.clone()], figures(&one.figures)].concat();
    table(["project", "id"].into_iter().chain(FIGURES), all.iter().map(row))
}

pub fn trends(all: &[Period]) -> String {
    let change = |period: &Period| period.change.map(|change| format!("{change:+}")).unwrap_or_default();
    let row =
        |p: &Period| [vec![p.start.clone(), p.figures.skill.clone()], figures(&p.figures), vec![change(p)]].concat();
    table(["from", "skill"].into_iter().chain(FIGURES).chain(["change"]), all.iter().map(row))
}

pub fn pairs(all: &[Pair]) -> String {
    let row = |pair: &Pair| {
        let Pair { first, second, sessions, lift, in_order } = pair;
        vec![first.clone(), second.clone(), sessions.to_string(), format!("{lift:.1}"), percent(*in_order)]
    };
    table(["first", "then", "sessions", "lift", "in this order"], all.iter().map(row))
}

pub fn effectiveness(found: &Effectiveness) -> String {
    let Effectiveness { facts, success_rate, interval, follow_up_rate, .. } = found;
    let verdict = serde_json::to_value(found.verdict).ok().and_then(|name| Some(name.as_str()?.replace('-', " ")));
    let rate = success_rate.zip(*interval).map(|(rate, interval)| {
        let judged = facts.evidence.judged();
        format!("{} of {judged} judged ({} at 95 %)", percent(rate), between(interval))
    });
    let durations =
        facts.durations.map(|d| format!("{} half, {} 90 %, {} 99 %", time(d.p50), time(d.p90), time(d.p99)));
    let rows = [
        ("verdict", verdict),
        ("uses", Some(format!("{} in {}", facts.uses, count(facts.projects as usize, "project")))),
        ("success", rate),
        ("followed up", follow_up_rate.map(|rate| format!("{} of uses", percent(rate)))),
        ("done within", durations),
    ];
    let rows = rows.into_iter().filter_map(|(name, value)| Some(vec![name.to_owned(), value?]));
    let advice: String = found.recommendations.iter().map(|sentence| format!("- {sentence}\n")).collect();
    format!("{}\n{advice}", table([facts.skill.as_str(), ""], rows))
}

pub fn health(health: &Health) -> String {
    let Health { projects, active_projects, uses, rollups, stale_windows, .. } = health;
    let facts = format!(
        "{} of {projects} projects count, {uses} uses, {rollups} figures, {stale_windows} windows stale\n",
        active_projects
    );
    facts + &health.warnings.iter().map(|warning| format!("- {warning}\n")).collect::<String>()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn between([low, high]: [f64; 2]) -> String {
    format!("{:.0}–{:.0} %", low * 100.0, high * 100.0)
}

fn time(milliseconds: f64) -> String {
    if milliseconds < 1000.0 { format!("{milliseconds:.0} ms") } else { format!("{:.1} s", milliseconds / 1000.0) }
}

/// Columns with two spaces between; what looks like a number stands on the right.
fn table<'a>(head: impl IntoIterator<Item = &'a str>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(comfy_table::presets::NOTHING).set_header(head);
    table.add_rows(rows.map(|row| row.into_iter().map(cell).collect::<Vec<_>>()));
    let trimmed = |line: &str| format!("{}\n", line.trim_end().strip_prefix(' ').unwrap_or_default());
    table.lines().map(|line| trimmed(&line)).collect()
}

fn cell(text: String) -> Cell {
    let starts_so = text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
    let is_number = starts_so && !text.contains("-0") && text.split(' ').count() <= 2;
    Cell::new(text).set_alignment(if is_number { CellAlignment::Right } else { CellAlignment::Left })
}

//! `skillmesh index-stats`: what a kept snapshot holds, and whether it is stale.

use super::args;
use super::{Outcome, count, print, print_findings, print_json};
use crate::Result;
use crate::host::{self, IndexStats, State};
use crate::load::Severity;

pub fn run(args: &args::IndexStats) -> Result<Outcome> {
    let stats = host::stats(&args.snapshot)?;
    let errors = stats.findings.iter().filter(|finding| finding.severity == Severity::Error);
    print_findings(&errors.cloned().collect::<Vec<_>>());
    if args.json {
        print_json(&stats)?;
    } else {
        print(&text(&stats))?;
    }
    Ok(Outcome::Done)
}

fn text(stats: &IndexStats) -> String {
    let model = stats.model.as_ref().map_or("none, keywords only", |model| &model.name);
    let broken = if stats.broken > 0 { format!(", {} of them broken", stats.broken) } else { String::new() };
    let state = match stats.state {
        State::Current => "up to date",
        State::Stale => "stale; run `skillmesh sync`",
        State::Broken => "last good cards stand in for broken files; mend what is said above",
        State::Unknown => "unknown; run `skillmesh sync`",
    };
    let (cards, files) = (count(stats.cards, "card"), count(stats.files, "file"));
    format!("Indexed  {cards}\nRead     {files}{broken}\nModel    {model}\nState    {state}\n")
}

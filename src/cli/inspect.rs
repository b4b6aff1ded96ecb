//! `skillmesh inspect`: what a snapshot holds.

use super::args::Inspect;
use super::mesh::open_snapshot;
use super::{Outcome, count, print, print_json};
use crate::Result;
use crate::search::Stats;

pub fn run(args: &Inspect) -> Result<Outcome> {
    let stats = open_snapshot(&args.snapshot)?.stats();
    if args.json {
        print_json(&stats)?;
    } else {
        print(&text(&stats))?;
    }
    Ok(Outcome::Done)
}

fn text(stats: &Stats) -> String {
    let header = &stats.header;
    let model = header.model.as_ref().map_or("none, keywords only".to_owned(), |model| {
        format!("{}, {} dimensions, fingerprint {}", model.name, model.dimensions, model.fingerprint)
    });
    let sizes = stats.sections.iter().map(|(name, size)| format!("  {name:<14}{size:>12}\n")).collect::<String>();
    format!(
        "written by  {}, format {}, analyzer {} ({})\nholds       {}, {}, {}\nmodel       {model}\ninputs      {}\nbytes       {}\n{sizes}",
        header.builder,
        header.format,
        header.analyzer,
        header.language,
        count(header.cards as usize, "card"),
        count(stats.terms, "term"),
        count(stats.passages, "vector"),
        header.inputs,
        stats.bytes,
    )
}

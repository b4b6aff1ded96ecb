//! `skillmesh inspect`: what a snapshot holds.

use super::args::Inspect;
use super::{Outcome, count, print, print_json};
use crate::search::Stats;
use crate::snapshot::Kind;
use crate::{Result, host};

pub fn run(args: &Inspect) -> Result<Outcome> {
    let at = |error: crate::Error| error.at(args.snapshot.display().to_string());
    let stats = Stats::of(host::read(&args.snapshot)?).map_err(at)?;
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
        held(stats),
        count(stats.terms, "term"),
        count(stats.passages, "vector"),
        header.inputs,
        stats.bytes,
    )
}

fn held(stats: &Stats) -> String {
    let entries = stats.header.cards as usize;
    let what = if stats.header.kind == Kind::DocumentShards { "chunk" } else { "card" };
    match (stats.documents, stats.shards) {
        (Some(documents), _) => format!("{} in {}", count(documents, "document"), count(entries, "chunk")),
        (None, Some(shards)) => format!("{} in {}", count(entries, what), count(shards, "shard")),
        (None, None) => count(entries, what),
    }
}

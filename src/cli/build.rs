//! `skillmesh build`: registries in, one snapshot out.

use std::path::{Path, PathBuf};

use indicatif::HumanBytes;
use serde_json::json;

use super::args::Build;
use super::progress::Terminal;
use super::{Outcome, count, metrics, print, print_findings, print_json};
use crate::embed::Embedder;
use crate::host::Listener;
use crate::load::{Finding, Severity};
use crate::search::{Shards, SkillRetriever};
use crate::snapshot::Ranking;
use crate::{Code, Error, ExpertCard, Result, host};

pub fn run(args: &Build) -> Result<Outcome> {
    let cards = cards(&args.paths)?;
    let model = model(args.model.as_deref(), args.no_dense)?;
    let terminal = Terminal::new();
    let snapshot = host::build(cards, model.as_ref(), &|done, all| terminal.embedded(done, all))?;
    terminal.clear();
    let snapshot = match &args.usage {
        Some(database) => with_usage(snapshot, database)?,
        None => snapshot,
    };
    match args.shards {
        Some(count) => report_shards(args, &host::write_shards(&args.out, snapshot, count, &terminal)?),
        None => {
            host::write_snapshot(&args.out, &snapshot, &terminal)?;
            report(args, SkillRetriever::open(snapshot)?)
        }
    }
}

/// The snapshot that knows how well its cards did.
fn with_usage(snapshot: Vec<u8>, database: &Path) -> Result<Vec<u8>> {
    let mesh = SkillRetriever::open(snapshot)?;
    let ids: Vec<String> = (0..mesh.len()).map(|number| Ok(mesh.head(number)?.id)).collect::<Result<_>>()?;
    let usage = metrics::leads(database, &ids)?;
    mesh.with_ranking(Ranking { usage, ..mesh.header().ranking.clone() })
}

/// The model that was named or is found, unless none is wanted.
pub fn model(named: Option<&Path>, no_dense: bool) -> Result<Option<Embedder>> {
    let path = if no_dense { None } else { host::find_model(named) };
    if path.is_none() && !no_dense {
        eprintln!("note: no model found, building for keywords only; pass --model FILE for semantic search");
    }
    path.map(|path| host::open_model(&path)).transpose()
}

/// The cards of all paths; findings go to standard error, and an error among them stops the build.
pub fn cards(paths: &[PathBuf]) -> Result<Vec<ExpertCard>> {
    let loaded = host::load_paths(paths)?;
    check(&loaded.findings, "mend them and run again; `skillmesh validate` lists them")?;
    Ok(loaded.cards)
}

/// Tells what was found, and refuses to go on with an error among it.
pub fn check(findings: &[Finding], help: &str) -> Result<()> {
    print_findings(findings);
    match findings.iter().filter(|finding| finding.severity == Severity::Error).count() {
        0 => Ok(()),
        errors => Err(Error::new(Code::Registry, format!("{} found", count(errors, "error"))).help(help)),
    }
}

fn report_shards(args: &Build, root: &Shards) -> Result<Outcome> {
    let file = args.out.display().to_string();
    if args.json {
        print_json(&json!({"file": file, "stats": root.stats(), "shards": root.shards()}))?;
    } else {
        print(&format!("Wrote {file}: {} in {}\n", count(root.header().cards as usize, "card"), in_shards(root)))?;
    }
    Ok(Outcome::Done)
}

/// How many shards there are and how large, beside their root.
pub fn in_shards(root: &Shards) -> String {
    let bytes = root.shards().iter().map(|shard| shard.bytes).sum();
    let (shards, own) = (count(root.shards().len(), "shard"), HumanBytes(root.stats().bytes as u64));
    format!("{shards} of {} in all, and a root of {own}", HumanBytes(bytes))
}

fn report(args: &Build, mesh: SkillRetriever) -> Result<Outcome> {
    let stats = mesh.stats();
    let file = args.out.display().to_string();
    if args.json {
        print_json(&json!({"file": file, "stats": stats}))?;
        return Ok(Outcome::Done);
    }
    let passages = match stats.passages {
        0 => "no vectors".to_owned(),
        passages => count(passages, "vector"),
    };
    let cards = count(mesh.len(), "card");
    print(&format!(
        "Wrote {file}: {cards}, {}, {passages}, {}\n",
        count(stats.terms, "term"),
        HumanBytes(stats.bytes as u64)
    ))?;
    Ok(Outcome::Done)
}

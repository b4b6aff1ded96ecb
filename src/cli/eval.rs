//! `skillmesh eval`: how often retrieval finds what was judged relevant.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use super::args::{Eval, ModeArg};
use super::mesh::{from_registry, open_snapshot};
use super::{Outcome, count, print, print_json, progress};
use crate::embed::Embedder;
use crate::eval::{Comparison, DEPTH, Judged, METRICS, Report, answers, compare, judged};
use crate::search::{Mode, Request, SkillRetriever, query_parts};
use crate::{Code, Error, Result, host};

/// What `--json` prints, as far as `--compare` reads it.
#[derive(Deserialize)]
struct Earlier {
    reports: Vec<Report>,
}

pub fn run(args: &Eval) -> Result<Outcome> {
    let queries = judged(&host::source(&args.queries)?, args.qrels.as_deref().map(host::source).transpose()?.as_ref())?;
    let earlier = args.compare.as_deref().map(earlier).transpose()?;
    let reports = match (&args.answers, &args.corpus) {
        (Some(file), _) => vec![judge(file, &queries)?],
        (None, Some(corpus)) => evaluate(args, corpus, &queries)?,
        (None, None) => unreachable!("clap requires one of the two"),
    };
    let compared = earlier.map(|earlier| against(&reports, &earlier)).transpose()?;
    if let Some(file) = &args.per_query {
        host::write(file, per_query(&reports)?.as_bytes())?;
    }
    if args.json {
        print_json(&json!({"corpus": args.corpus, "reports": reports, "differences": compared}))?;
    } else {
        print(&table(&reports, queries.len()))?;
        print(&compared.iter().flatten().map(differences).collect::<String>())?;
    }
    Ok(Outcome::Done)
}

/// The report on answers that were given elsewhere; a query without one found nothing.
fn judge(file: &Path, queries: &[Judged]) -> Result<Report> {
    let answers = answers(&host::source(file)?)?;
    let unknown = answers.keys().find(|id| !queries.iter().any(|query| query.id == **id));
    if let Some(id) = unknown {
        return Err(Error::new(Code::InvalidArgument, "an answer to a query that is not among the queries")
            .at(file.display().to_string())
            .got(format!("`{}`", id.escape_debug()))
            .help("pass the queries that were answered"));
    }
    Report::of("answers", queries, |_, query| Ok(answers.get(&query.id).cloned().unwrap_or_default()))
}

fn evaluate(args: &Eval, corpus: &Path, queries: &[Judged]) -> Result<Vec<Report>> {
    let model = model(args)?;
    let retriever = retriever(corpus, model.as_ref())?;
    note_unknown(&retriever, queries)?;
    let dense = model.filter(|_| retriever.header().model.is_some());
    let vectors = dense.as_ref().map(|model| embed(args, &retriever, model, queries)).transpose()?;
    let default = if dense.is_some() { vec![Mode::Sparse, Mode::Dense, Mode::Hybrid] } else { vec![Mode::Sparse] };
    let asked: Vec<Mode> = args.mode.iter().map(|mode| Mode::from(*mode)).collect();
    let modes = if asked.is_empty() { default } else { asked };
    modes.into_iter().map(|mode| report(args, &retriever, mode, queries, vectors.as_deref())).collect()
}

/// A judged card that is not there can't be found, and lowers every figure.
fn note_unknown(retriever: &SkillRetriever, queries: &[Judged]) -> Result<()> {
    let ids = (0..retriever.len()).map(|number| Ok(retriever.summary(number)?.id)).collect::<Result<BTreeSet<_>>>()?;
    let judged: BTreeSet<&String> = queries.iter().flat_map(|query| &query.relevant).collect();
    let unknown: Vec<_> = judged.into_iter().filter(|id| !ids.contains(*id)).collect();
    if let Some(first) = unknown.first() {
        eprintln!(
            "note: the corpus lacks {}, such as `{first}`; queries for them count as misses",
            count(unknown.len(), "judged card")
        );
    }
    Ok(())
}

/// The model, unless only keywords are asked for.
fn model(args: &Eval) -> Result<Option<Embedder>> {
    let only_sparse = !args.mode.is_empty() && args.mode.iter().all(|mode| matches!(mode, ModeArg::Sparse));
    let found = if only_sparse { None } else { host::find_model(args.model.as_deref()) };
    found.map(|path| host::open_model(&path)).transpose()
}

fn retriever(corpus: &Path, model: Option<&Embedder>) -> Result<SkillRetriever> {
    let snapshot = corpus.extension().is_some_and(|extension| extension == "msgpack");
    if snapshot { open_snapshot(corpus) } else { from_registry(corpus, model) }
}

/// Each query's vectors, one after the other.
fn embed(args: &Eval, retriever: &SkillRetriever, model: &Embedder, queries: &[Judged]) -> Result<Vec<Vec<f32>>> {
    retriever.check_model(model.fingerprint())?;
    let parts = |query: &Judged| query_parts(&query.text, args.syntax);
    let bar = progress::bar();
    let parts: Vec<Vec<String>> = queries.iter().map(parts).collect();
    let vectors = host::embed_cards(model, &parts, &|done, all| progress::advance(&bar, done, all))?;
    bar.finish_and_clear();
    Ok(vectors.into_iter().map(|parts| parts.concat()).collect())
}

fn report(
    args: &Eval,
    retriever: &SkillRetriever,
    mode: Mode,
    queries: &[Judged],
    vectors: Option<&[Vec<f32>]>,
) -> Result<Report> {
    let ask = |at: usize, query: &Judged| {
        let vector = vectors.map(|vectors| vectors[at].as_slice());
        let answer = retriever.retrieve(&Request {
            vector,
            mode,
            top_k: DEPTH,
            syntax: args.syntax,
            ..Request::new(&query.text)
        })?;
        Ok(answer.hits.into_iter().map(|hit| hit.card.id).collect())
    };
    let name = serde_json::to_value(mode).ok().and_then(|name| Some(name.as_str()?.to_owned())).unwrap_or_default();
    Report::of(&name, queries, ask)
}

fn earlier(file: &Path) -> Result<Vec<Report>> {
    let read = serde_json::from_slice::<Earlier>(&host::read(file)?);
    let earlier = read.map_err(|e| {
        Error::new(Code::InvalidArgument, "not an evaluation")
            .at(file.display().to_string())
            .caused_by(e)
            .help("pass what `skillmesh eval --json` printed")
    })?;
    Ok(earlier.reports)
}

/// The differences of each mode that both evaluations have.
fn against(reports: &[Report], earlier: &[Report]) -> Result<Vec<(String, Vec<Comparison>)>> {
    let mut compared = Vec::new();
    for this in reports {
        match earlier.iter().find(|other| other.mode == this.mode) {
            Some(other) => compared.push((this.mode.clone(), compare(this, other)?)),
            None => eprintln!("note: the earlier evaluation has no mode {}; nothing is compared there", this.mode),
        }
    }
    Ok(compared)
}

fn per_query(reports: &[Report]) -> Result<String> {
    let lines = reports.iter().flat_map(|report| report.per_query.iter().map(|result| (&report.mode, result)));
    let written = lines.map(|(mode, result)| {
        let mut line = serde_json::to_value(result)?;
        line["mode"] = json!(mode);
        Ok(format!("{line}\n"))
    });
    let written: std::result::Result<String, serde_json::Error> = written.collect();
    written.map_err(|e| Error::new(Code::Internal, "unprintable result").caused_by(e))
}

fn table(reports: &[Report], queries: usize) -> String {
    let judged = reports.first().map_or(0, |report| report.queries);
    let names = METRICS.map(|(name, _)| format!("{name:>24}")).concat();
    let rows = reports.iter().map(|report| {
        let cell = |(name, _): &(&str, _)| {
            let estimate = report.metrics[*name];
            format!("{:>24}", format!("{:.3} [{:.3}, {:.3}]", estimate.mean, estimate.low, estimate.high))
        };
        format!("{:<8}{}\n", report.mode, METRICS.iter().map(cell).collect::<String>())
    });
    let head = format!("{judged} of {queries} queries judged; means with 95 % intervals\n");
    head + &format!("{:<8}{names}\n", "mode") + &rows.collect::<String>()
}

fn differences((mode, comparisons): &(String, Vec<Comparison>)) -> String {
    let line = |c: &Comparison| format!("{mode} {}: {:+.4}, p = {:.4}\n", c.metric, c.difference, c.p_value);
    comparisons.iter().map(line).collect()
}

//! `skillmesh eval`: how often retrieval finds what was judged relevant.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use super::args::{Eval, ModeArg};
use super::backend::MEMORY;
use super::labelled::{Labelled, read};
use super::mesh::{Wanted, from_registry, from_snapshot};
use super::{Outcome, backend, print, print_json};
use crate::embed::Embedder;
use crate::eval::{Comparison, DEPTH, Judged, METRICS, Report, answers, compare};
use crate::search::{Mode, RetrievalBackend, SkillRetriever};
use crate::{Code, Error, Result, host};

/// What stands for the mode of answers that another engine gave.
const ELSEWHERE: &str = "answers";

/// What `--json` prints, as far as `--compare` reads it.
#[derive(Deserialize)]
struct Earlier {
    reports: Vec<Report>,
}

pub fn run(args: &Eval) -> Result<Outcome> {
    let queries = read(&args.queries, args.qrels.as_deref())?;
    let earlier = args.compare.as_deref().map(earlier).transpose()?;
    let (reports, backend) = match (&args.answers, &args.corpus) {
        (Some(file), _) => (vec![judge(file, &queries)?], None),
        (None, Some(corpus)) => evaluate(args, corpus, &queries).map(|(reports, backend)| (reports, Some(backend)))?,
        (None, None) => unreachable!("clap requires one of the two"),
    };
    let compared = earlier.map(|earlier| against(&reports, &earlier)).transpose()?;
    if let Some(file) = &args.per_query {
        host::write(file, per_query(&reports)?.as_bytes())?;
    }
    if args.json {
        let corpus = &args.corpus;
        print_json(&json!({"corpus": corpus, "backend": backend, "reports": reports, "differences": compared}))?;
    } else {
        print(&table(&reports, queries.len(), backend))?;
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
    Report::of(ELSEWHERE, queries, |_, query| Ok(answers.get(&query.id).cloned().unwrap_or_default()))
}

/// The reports, and what looked the vectors up: one backend for all questions, since figures of two mean nothing.
fn evaluate(args: &Eval, corpus: &Path, queries: &[Judged]) -> Result<(Vec<Report>, &'static str)> {
    let (retriever, model) = opened(args, corpus)?;
    let labelled = Labelled::new(queries.to_vec(), args.syntax, &retriever, model.as_ref())?;
    let asked: Vec<Mode> = args.mode.iter().map(|mode| Mode::from(*mode)).collect();
    let modes = if asked.is_empty() { labelled.modes() } else { asked };
    let (backend, name) = if modes.iter().all(|mode| *mode == Mode::Sparse) {
        (backend::open(&args.backend, corpus, |line| eprintln!("{line}"))?, MEMORY)
    } else {
        backend::settled(&args.backend, corpus, &retriever)?
    };
    let reports = modes.into_iter().map(|mode| report(&retriever, &*backend, mode, &labelled)).collect::<Result<_>>();
    Ok((reports?, name))
}

/// What is judged, and the model of its vectors, unless only keywords are asked for.
fn opened(args: &Eval, corpus: &Path) -> Result<(SkillRetriever, Option<Embedder>)> {
    let only_sparse = !args.mode.is_empty() && args.mode.iter().all(|mode| matches!(mode, ModeArg::Sparse));
    let wanted = Wanted { dense: !only_sparse, named: args.model.as_deref(), say: false };
    let snapshot = corpus.extension().is_some_and(|extension| extension == "msgpack");
    if snapshot { from_snapshot(corpus, wanted) } else { from_registry(corpus, wanted) }
}

fn report(
    retriever: &SkillRetriever,
    backend: &dyn RetrievalBackend,
    mode: Mode,
    labelled: &Labelled,
) -> Result<Report> {
    let ask = |at: usize, _: &Judged| {
        let answer = backend.query(retriever, &labelled.request(at, mode, DEPTH))?;
        Ok(answer.hits.into_iter().map(|hit| hit.card.id).collect())
    };
    Report::of(&mode.to_string(), &labelled.queries, ask)
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

/// The differences between those reports that can be compared.
fn against(reports: &[Report], earlier: &[Report]) -> Result<Vec<(String, Vec<Comparison>)>> {
    let mut compared = Vec::new();
    for this in reports {
        let others: Vec<&Report> = earlier.iter().filter(|other| comparable(this, other)).collect();
        if others.is_empty() {
            eprintln!("note: the earlier evaluation has no mode {}; nothing is compared there", this.mode);
        }
        for other in others {
            let name =
                if this.mode == other.mode { this.mode.clone() } else { format!("{} − {}", this.mode, other.mode) };
            compared.push((name, compare(this, other)?));
        }
    }
    Ok(compared)
}

/// Answers from elsewhere are compared with every mode, since they have none.
fn comparable(this: &Report, other: &Report) -> bool {
    this.mode == other.mode || [&this.mode, &other.mode].into_iter().any(|mode| mode == ELSEWHERE)
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

fn table(reports: &[Report], queries: usize, backend: Option<&str>) -> String {
    let judged = reports.first().map_or(0, |report| report.queries);
    let names = METRICS.map(|(name, _)| format!("{name:>24}")).concat();
    let rows = reports.iter().map(|report| {
        let cell = |(name, _): &(&str, _)| {
            let estimate = report.metrics[*name];
            format!("{:>24}", format!("{:.3} [{:.3}, {:.3}]", estimate.mean, estimate.low, estimate.high))
        };
        format!("{:<8}{}\n", report.mode, METRICS.iter().map(cell).collect::<String>())
    });
    let by = backend.filter(|backend| *backend != MEMORY).map_or(String::new(), |backend| format!(" by {backend}"));
    let head = format!("{judged} of {queries} queries judged{by}; means with 95 % intervals\n");
    head + &format!("{:<8}{names}\n", "mode") + &rows.collect::<String>()
}

fn differences((mode, comparisons): &(String, Vec<Comparison>)) -> String {
    let line = |c: &Comparison| format!("{mode} {}: {:+.4}, p = {:.4}\n", c.metric, c.difference, c.p_value);
    comparisons.iter().map(line).collect()
}

//! `skillmesh tune`: ranking weights and confidence fitted to labelled queries, and how well they do on others.

use serde::Serialize;

use super::args::Tune;
use super::labelled::{Labelled, read};
use super::mesh::open_snapshot;
use super::{Outcome, print, print_json};
use crate::eval::{Calibrated, DEPTH, Folds, Metrics, Outcome as Judgement, Tuned, calibrate, tune};
use crate::search::{Mode, SkillRetriever};
use crate::snapshot::{Calibration, Calibrations, Ranking};
use crate::{Code, Error, Result, host};

/// An answer is right when one of this many hits is relevant: what an agent is shown.
const SHOWN: usize = 3;

#[derive(Serialize)]
struct Report {
    weights: Tuned,
    confidence: Vec<(Mode, Option<Calibrated>)>,
}

pub fn run(args: &Tune) -> Result<Outcome> {
    let model = host::find_model(args.model.as_deref()).map(|path| host::open_model(&path)).transpose()?;
    let retriever = open_snapshot(&args.snapshot)?;
    let queries = read(&args.queries, args.qrels.as_deref())?;
    let labelled = Labelled::new(queries, false, &retriever, model.as_ref())?;
    let (report, ranking) = fitted(&retriever, &labelled)?;
    if !args.dry_run {
        host::write(args.out.as_ref().unwrap_or(&args.snapshot), &retriever.with_ranking(ranking)?)?;
    }
    if args.json {
        print_json(&report)?
    } else {
        print(&told(&report))?
    }
    Ok(Outcome::Done)
}

/// Weights first, since they move the figures that confidence is told by.
fn fitted(retriever: &SkillRetriever, labelled: &Labelled) -> Result<(Report, Ranking)> {
    let with = |ranking: &Ranking| SkillRetriever::open(retriever.with_ranking(ranking.clone())?);
    let modes = labelled.modes();
    let mode = *modes.last().expect("keywords always answer");
    let start = &retriever.header().ranking;
    let weights = tune(start, mode == Mode::Hybrid, |ranking| relevance(&with(ranking)?, labelled, mode))?;
    let tuned = with(&weights.ranking)?;
    let mut ranking = weights.ranking.clone();
    let confidence = modes.into_iter().map(|mode| {
        let calibrated = calibrate(&judgements(&tuned, labelled, mode)?, &Folds::of(labelled.queries.len()));
        if let Some(Calibrated { calibration, .. }) = &calibrated {
            *of_mode(&mut ranking.confidence, mode) = *calibration;
        }
        Ok((mode, calibrated))
    });
    let confidence = confidence.collect::<Result<Vec<_>>>()?;
    Ok((Report { weights, confidence }, ranking))
}

fn of_mode(calibrations: &mut Calibrations, mode: Mode) -> &mut Calibration {
    match mode {
        Mode::Sparse | Mode::Auto => &mut calibrations.sparse,
        Mode::Dense => &mut calibrations.dense,
        Mode::Hybrid => &mut calibrations.hybrid,
    }
}

fn ids(retriever: &SkillRetriever, labelled: &Labelled, at: usize, mode: Mode) -> Result<Vec<String>> {
    let answer = retriever.retrieve(&labelled.request(at, mode, DEPTH))?;
    Ok(answer.hits.into_iter().map(|hit| hit.card.id).collect())
}

/// nDCG@10 of each query that has an answer.
fn relevance(retriever: &SkillRetriever, labelled: &Labelled, mode: Mode) -> Result<Vec<f64>> {
    let answerable = labelled.queries.iter().enumerate().filter(|(_, query)| !query.relevant.is_empty());
    let figures = answerable
        .map(|(at, query)| Ok(Metrics::of(&ids(retriever, labelled, at, mode)?, &query.relevant).ndcg_10))
        .collect::<Result<Vec<_>>>()?;
    if figures.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "no query has a relevant card")
            .help("pass --qrels FILE, or give the queries an `expert`"));
    }
    Ok(figures)
}

fn judgements(retriever: &SkillRetriever, labelled: &Labelled, mode: Mode) -> Result<Vec<Judgement>> {
    let judgement = |(at, query): (usize, &crate::eval::Judged)| {
        let ranked = retriever.rank(&labelled.request(at, mode, SHOWN))?;
        let shown = ids(retriever, labelled, at, mode)?;
        Ok(Judgement {
            figures: ranked.figures.unwrap_or_default().weighed().map(f64::from),
            right: shown.iter().take(SHOWN).any(|id| query.relevant.contains(id)),
            answerable: !query.relevant.is_empty(),
        })
    };
    labelled.queries.iter().enumerate().map(judgement).collect()
}

fn told(Report { weights, confidence }: &Report) -> String {
    let Tuned { ranking, kept, before, train, held_out, p_value } = weights;
    let verdict = if *kept { "the found weights are kept" } else { "the weights stay as they were" };
    let head = format!(
        "nDCG@10      {before:.3} before\n             {train:.3} on the queries that the weights were fitted on\n             \
         {held_out:.3} on held-out queries (five folds; p = {p_value:.4}): {verdict}\ndense weight {}\n",
        ranking.dense_weight
    );
    head + &confidence.iter().map(|(mode, calibrated)| calibration(*mode, calibrated.as_ref())).collect::<String>()
}

fn calibration(mode: Mode, calibrated: Option<&Calibrated>) -> String {
    let Some(Calibrated { error, unanswerable_low, answerable_low, reliability, .. }) = calibrated else {
        return format!("confidence, {mode}: all queries end alike, so nothing can be fitted\n");
    };
    let refused =
        unanswerable_low.map_or(String::new(), |share| format!(" and {:.1} % of the unanswerable", 100.0 * share));
    let head = format!(
        "confidence, {mode}, on held-out queries: calibration error {error:.3}; low for {:.1} % of the answerable{refused}\n",
        100.0 * answerable_low
    );
    let line = |bin: &crate::eval::Bin| {
        format!("  said {:>5.1} %, right {:>5.1} % of {}\n", 100.0 * bin.said, 100.0 * bin.right, bin.queries)
    };
    head + &reliability.iter().map(line).collect::<String>()
}

//! `skillmesh tune`: ranking weights and confidence fitted to labelled queries, and how well they do on others.

use serde::Serialize;

use super::args::Tune;
use super::labelled::{Labelled, read};
use super::mesh::{Wanted, from_snapshot};
use super::progress::Terminal;
use super::{Outcome, print, print_json, progress};
use crate::eval::{
    Bin, Calibrated, DEPTH, Folds, Judged, Metrics, Outcome as Judgement, Relevance, Tuned, calibrate, tune,
};
use crate::search::{Mode, RankedCards, SHOWN, SkillRetriever};
use crate::snapshot::Ranking;
use crate::sparse::Field;
use crate::{Code, Error, Result, host};

#[derive(Serialize)]
struct Report {
    weights: Tuned,
    confidence: Vec<(Mode, Option<Calibrated>)>,
}

pub fn run(args: &Tune) -> Result<Outcome> {
    let wanted = Wanted { dense: true, named: args.model.as_deref(), say: false };
    let (retriever, model) = from_snapshot(&args.snapshot, wanted)?;
    let queries = read(&args.queries, args.qrels.as_deref())?;
    let labelled = Labelled::new(queries, false, &retriever, model.as_ref())?;
    if labelled.modes() == [Mode::Sparse] {
        eprintln!("note: without a model and vectors only keywords are tuned; pass --model FILE for the rest");
    }
    if labelled.queries.iter().all(|query| query.relevant.is_empty()) {
        return Err(Error::new(Code::InvalidArgument, "no query has a relevant card")
            .help("pass --qrels FILE, or give the queries an `expert`"));
    }
    let (report, ranking) = fitted(&retriever, &labelled)?;
    if !args.dry_run {
        match &args.out {
            Some(out) => host::write_snapshot(out, &retriever.with_ranking(ranking)?, &Terminal::new())?,
            // A sync may have brought other cards meanwhile, which stay.
            None => host::rewrite_snapshot(&args.snapshot, &Terminal::new(), &|bytes| {
                let retriever = SkillRetriever::open(bytes)?;
                retriever.verify()?;
                retriever.with_ranking(ranking.clone())
            })?,
        }
    }
    if args.json {
        print_json(&report)?
    } else {
        print(&told(&report))?
    }
    Ok(Outcome::Done)
}

/// Weights first, since they move the figures that confidence is told by. What an earlier tuning may have learnt from
/// the same queries does not count: the start is the default.
fn fitted(retriever: &SkillRetriever, labelled: &Labelled) -> Result<(Report, Ranking)> {
    let with = |ranking: &Ranking| SkillRetriever::open(retriever.with_ranking(ranking.clone())?);
    let folds = Folds::of(labelled.queries.len());
    let modes = labelled.modes();
    let mode = *modes.last().expect("keywords always answer");
    let spinner = progress::spinner("weights tried");
    let weights = tune(&Ranking::default(), mode == Mode::Hybrid, &folds, |ranking| {
        spinner.inc(1);
        relevance(&with(ranking)?, labelled, mode)
    })?;
    spinner.finish_and_clear();
    let tuned = with(&weights.ranking)?;
    let without = weights.without.iter().map(with).collect::<Result<Vec<_>>>()?;
    let mut ranking = weights.ranking.clone();
    let confidence = modes.into_iter().map(|mode| {
        let outcomes = |retriever| judgements(retriever, labelled, mode);
        let without = without.iter().map(outcomes).collect::<Result<Vec<_>>>()?;
        let calibrated = calibrate(&outcomes(&tuned)?, &folds, &without);
        if let Some(Calibrated { calibration, .. }) = &calibrated {
            ranking.confidence = ranking.confidence.with(mode, *calibration);
        }
        Ok((mode, calibrated))
    });
    let confidence = confidence.collect::<Result<Vec<_>>>()?;
    Ok((Report { weights, confidence }, ranking))
}

/// What is found for the query at `at`, with the ids.
fn found(
    retriever: &SkillRetriever,
    labelled: &Labelled,
    at: usize,
    mode: Mode,
    top_k: usize,
) -> Result<(RankedCards, Vec<String>)> {
    let ranked = retriever.rank(&labelled.request(at, mode, top_k))?;
    let ids = ranked.cards.iter().map(|card| Ok(retriever.summary(card.number)?.id)).collect::<Result<_>>()?;
    Ok((ranked, ids))
}

fn relevance(retriever: &SkillRetriever, labelled: &Labelled, mode: Mode) -> Result<Relevance> {
    let figure = |(at, query): (usize, &Judged)| {
        let ids = (!query.relevant.is_empty()).then(|| found(retriever, labelled, at, mode, DEPTH)).transpose()?;
        Ok(ids.map(|(_, ids)| Metrics::of(&ids, &query.relevant).ndcg_10))
    };
    labelled.queries.iter().enumerate().map(figure).collect()
}

fn judgements(retriever: &SkillRetriever, labelled: &Labelled, mode: Mode) -> Result<Vec<Judgement>> {
    let judgement = |(at, query): (usize, &Judged)| {
        let (ranked, ids) = found(retriever, labelled, at, mode, SHOWN)?;
        Ok(Judgement {
            figures: ranked.figures.map(|figures| figures.weighed().map(f64::from)),
            right: ids.iter().any(|id| query.relevant.contains(id)),
            answerable: !query.relevant.is_empty(),
        })
    };
    labelled.queries.iter().enumerate().map(judgement).collect()
}

fn told(Report { weights, confidence }: &Report) -> String {
    let Tuned { ranking, kept, before, train, held_out, p_value, .. } = weights;
    let verdict =
        if *kept { "the found weights are kept" } else { "no gain to rely on, so the default weights are kept" };
    let head = format!(
        "nDCG@10      {before:.3} with the default weights\n             {train:.3} on the queries that the weights were fitted on\n             \
         {held_out:.3} on held-out queries (five folds; p = {p_value:.4}): {verdict}\nweights      dense {}{}\n",
        ranking.dense_weight,
        Field::ALL.map(|field| format!(", {} {}", field.name(), ranking.bm25.fields[field as usize].weight)).concat()
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
    let line = |bin: &Bin| {
        format!("  said {:>5.1} %, right {:>5.1} % of {}\n", 100.0 * bin.said, 100.0 * bin.right, bin.queries)
    };
    head + &reliability.iter().map(line).collect::<String>()
}

//! How are many passages embedded quickly? On every core, in an order that does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::card::Document;
use crate::dense::Row;
use crate::embed::Embedder;
use crate::index::{BuildPlan, CardVectors, DocumentPlan, Embedded, KnownRows};
use crate::snapshot::{ModelInfo, Ranking};
use crate::{Code, Error, ExpertCard, Result};

/// Called after each embedded passage with how many are done and how many there are.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// A snapshot, and how much of it was computed.
pub struct Built {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many passages the cards have.
    pub passages: usize,
    /// How many of them went through the model.
    pub embedded: usize,
}

/// The snapshot of these cards, with vectors where there is a model.
pub fn build(cards: Vec<ExpertCard>, model: Option<&Embedder>, progress: Progress) -> Result<Vec<u8>> {
    let plan = BuildPlan::new(cards)?;
    rebuild(plan, model, None, Ranking::default(), progress).map(|built| built.bytes)
}

/// The same snapshot as [`build`] makes, with the vectors that are known already.
///
/// Without a model the known vectors must do, if there are some.
pub fn rebuild(
    plan: BuildPlan,
    model: Option<&Embedder>,
    known: Option<&KnownRows>,
    ranking: Ranking,
    progress: Progress,
) -> Result<Built> {
    let passages = plan.passages();
    let info = model.map(model_info).or_else(|| known.map(|known| known.model().clone()));
    let Some(info) = info else {
        return Ok(Built { bytes: plan.compile_rows(None, ranking)?, passages: 0, embedded: 0 });
    };
    let known = known.filter(|known| known.model().fingerprint == info.fingerprint);
    let is_new = |text: &&str| known.is_none_or(|known| known.row(text).is_none());
    let new: BTreeSet<&str> = passages.iter().flatten().map(String::as_str).filter(is_new).collect();
    let new = embed(model, &new, progress)?;
    let row = |text: &String| {
        let row = new.get(text.as_str()).cloned().or_else(|| known.and_then(|known| known.row(text)));
        row.ok_or_else(|| Error::new(Code::Internal, "a passage has no vector"))
    };
    let rows = passages.iter().map(|texts| texts.iter().map(row).collect()).collect::<Result<_>>()?;
    let bytes = plan.compile_rows(Some((info, rows)), ranking)?;
    Ok(Built { bytes, passages: passages.iter().map(Vec::len).sum(), embedded: new.len() })
}

/// The rows of these texts.
fn embed<'a>(
    model: Option<&Embedder>,
    texts: &BTreeSet<&'a str>,
    progress: Progress,
) -> Result<BTreeMap<&'a str, Row>> {
    if texts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let model = model.ok_or_else(|| {
        Error::new(Code::NoModel, "new texts need the model of the snapshot's vectors")
            .help("pass --model FILE, or --no-dense to give the vectors up")
    })?;
    let done = AtomicUsize::new(0);
    let embed = |text: &&'a str| {
        let vector = model.embed(text)?;
        progress(1 + done.fetch_add(1, Ordering::Relaxed), texts.len());
        Ok((*text, Row::of(&vector)))
    };
    texts.par_iter().map(embed).collect()
}

/// The snapshot of these documents, with vectors where there is a model.
pub fn build_documents(documents: Vec<Document>, model: Option<&Embedder>, progress: Progress) -> Result<Vec<u8>> {
    let plan = DocumentPlan::new(documents)?;
    let embedded = embedded(model, &plan.passages(), progress)?;
    plan.compile(embedded, Ranking::default())
}

fn embedded(model: Option<&Embedder>, passages: &[Vec<String>], progress: Progress) -> Result<Option<Embedded>> {
    let embedded = |model| Ok((model_info(model), embed_cards(model, passages, progress)?));
    model.map(embedded).transpose()
}

/// The vectors of every card's passages. Equal passages are embedded once.
pub fn embed_cards(model: &Embedder, passages: &[Vec<String>], progress: Progress) -> Result<Vec<CardVectors>> {
    let mut distinct: Vec<&str> = passages.iter().flatten().map(String::as_str).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let done = AtomicUsize::new(0);
    let embed = |text: &&str| {
        let vector = model.embed(text)?;
        progress(1 + done.fetch_add(1, Ordering::Relaxed), distinct.len());
        Ok(vector)
    };
    let vectors = distinct.par_iter().map(embed).collect::<Result<Vec<_>>>()?;
    let vector = |text: &String| vectors[distinct.partition_point(|known| *known < text.as_str())].clone();
    Ok(passages.iter().map(|texts| texts.iter().map(vector).collect()).collect())
}

fn model_info(model: &Embedder) -> ModelInfo {
    ModelInfo {
        name: model.name().to_owned(),
        fingerprint: model.fingerprint().to_owned(),
        dimensions: model.dimensions() as u32,
    }
}

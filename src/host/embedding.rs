//! How are many passages embedded quickly? On every core, in an order that does not matter.

use rayon::prelude::*;

use crate::card::Document;
use crate::embed::Embedder;
use crate::index::{BuildPlan, CardVectors, DocumentPlan, Embedded};
use crate::snapshot::{ModelInfo, Ranking};
use crate::{ExpertCard, Result};

/// Called after each embedded passage with how many are done and how many there are.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The snapshot of these cards, with vectors where there is a model.
pub fn build(cards: Vec<ExpertCard>, model: Option<&Embedder>, progress: Progress) -> Result<Vec<u8>> {
    let plan = BuildPlan::new(cards)?;
    let embedded = embedded(model, &plan.passages(), progress)?;
    plan.compile(embedded, Ranking::default())
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
    let done = std::sync::atomic::AtomicUsize::new(0);
    let embed = |text: &&str| {
        let vector = model.embed(text)?;
        progress(1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed), distinct.len());
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

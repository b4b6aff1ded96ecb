//! How are many passages embedded quickly? On every core, in an order that does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::card::Document;
use crate::dense::Row;
use crate::embed::Embedder;
use crate::index::{BuildPlan, CardVectors, DocumentPlan, KnownRows};
use crate::snapshot::{ModelInfo, Ranking};
use crate::{Code, Error, ExpertCard, Result};

/// Called after each embedded passage with how many are done and how many there are.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// The same; an `Err` ends the work.
pub type Going<'a> = &'a (dyn Fn(usize, usize) -> Result<()> + Sync);

/// Work that nobody breaks off.
fn to_the_end(progress: Progress) -> impl Fn(usize, usize) -> Result<()> + Sync {
    move |done, all| {
        progress(done, all);
        Ok(())
    }
}

/// Work that ends with this error when nobody wants it any more.
#[cfg(feature = "sync")]
pub fn while_wanted(
    listener: &dyn super::Listener,
    unwanted: fn() -> Error,
) -> impl Fn(usize, usize) -> Result<()> + Sync {
    move |done, all| {
        listener.embedded(done, all);
        if listener.is_wanted() { Ok(()) } else { Err(unwanted()) }
    }
}

/// The vectors of distinct texts.
pub type Vectors<'a> = BTreeMap<&'a str, Vec<f32>>;

/// The same as rows, which take a quarter of the room: a build holds all of them at once.
pub type Rows<'a> = BTreeMap<&'a str, Row>;

/// A snapshot, and how much of it was computed.
#[cfg_attr(not(feature = "sync"), allow(dead_code, reason = "a build does not tell how much"))]
pub struct Built {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many passages the cards have; 0 without vectors.
    pub passages: usize,
    /// How many of them went through the model.
    pub embedded: usize,
}

/// Gives the rows of texts that no older snapshot knows.
pub type Embed<'a> = &'a dyn for<'t> Fn(BTreeSet<&'t str>) -> Result<Rows<'t>>;

/// The snapshot of these cards, with vectors where there is a model.
pub fn build(cards: Vec<ExpertCard>, model: Option<&Embedder>, progress: Progress) -> Result<Vec<u8>> {
    let plan = BuildPlan::new(cards)?;
    let Some(model) = model else { return plan.compile_rows(None, Ranking::default()) };
    let embed: Embed = &|texts| rows(model, texts, &to_the_end(progress));
    rebuild(plan, model_info(model), None, Ranking::default(), embed).map(|built| built.bytes)
}

/// The same snapshot as [`build`] makes, with the vectors of this model that are known already.
pub fn rebuild(
    plan: BuildPlan,
    model: ModelInfo,
    known: Option<&KnownRows>,
    ranking: Ranking,
    embed: Embed,
) -> Result<Built> {
    let passages = plan.passages();
    let known = known.filter(|known| known.model().fingerprint == model.fingerprint);
    let is_new = |text: &&str| known.is_none_or(|known| known.row(text).is_none());
    let new: BTreeSet<&str> = passages.iter().flatten().map(String::as_str).filter(is_new).collect();
    let new = if new.is_empty() { Rows::new() } else { embed(new)? };
    let row = |text: &String| {
        let row = new.get(text.as_str()).cloned();
        row.or_else(|| known.and_then(|known| known.row(text)))
            .ok_or_else(|| Error::new(Code::Internal, "a passage has no vector"))
    };
    let rows = passages.iter().map(|texts| texts.iter().map(row).collect()).collect::<Result<_>>()?;
    let bytes = plan.compile_rows(Some((model, rows)), ranking)?;
    Ok(Built { bytes, passages: passages.iter().map(Vec::len).sum(), embedded: new.len() })
}

/// The snapshot of these documents, with vectors where there is a model.
pub fn build_documents(documents: Vec<Document>, model: Option<&Embedder>, progress: Progress) -> Result<Vec<u8>> {
    let plan = DocumentPlan::new(documents)?;
    let embedded = |model| Ok((model_info(model), passage_rows(model, &plan.passages(), progress)?));
    let embedded = model.map(embedded).transpose()?;
    plan.compile_rows(embedded, Ranking::default())
}

/// The rows of every entry's passages. Equal passages are embedded once.
fn passage_rows(model: &Embedder, passages: &[Vec<String>], progress: Progress) -> Result<Vec<Vec<Row>>> {
    let rows = rows(model, distinct(passages), &to_the_end(progress))?;
    Ok(passages.iter().map(|texts| texts.iter().map(|text| rows[text.as_str()].clone()).collect()).collect())
}

/// The vectors of every card's passages. Equal passages are embedded once.
pub fn embed_cards(model: &Embedder, passages: &[Vec<String>], progress: Progress) -> Result<Vec<CardVectors>> {
    let vectors = vectors(model, distinct(passages), &to_the_end(progress))?;
    Ok(passages.iter().map(|texts| texts.iter().map(|text| vectors[text.as_str()].clone()).collect()).collect())
}

fn distinct(passages: &[Vec<String>]) -> BTreeSet<&str> {
    passages.iter().flatten().map(String::as_str).collect()
}

/// The vectors of these texts.
pub fn vectors<'t>(model: &Embedder, texts: BTreeSet<&'t str>, going: Going) -> Result<Vectors<'t>> {
    embedded(model, texts, going, |vector| vector)
}

/// The rows of these texts.
pub fn rows<'t>(model: &Embedder, texts: BTreeSet<&'t str>, going: Going) -> Result<Rows<'t>> {
    embedded(model, texts, going, |vector| Row::of(&vector))
}

/// What `kept` makes of the vector of each of these texts.
fn embedded<'t, T: Send>(
    model: &Embedder,
    texts: BTreeSet<&'t str>,
    going: Going,
    kept: fn(Vec<f32>) -> T,
) -> Result<BTreeMap<&'t str, T>> {
    let done = AtomicUsize::new(0);
    let embed = |text: &&'t str| {
        let vector = model.embed(text)?;
        going(1 + done.fetch_add(1, Ordering::Relaxed), texts.len())?;
        Ok((*text, kept(vector)))
    };
    texts.par_iter().map(embed).collect()
}

/// What a snapshot says of its model.
pub fn model_info(model: &Embedder) -> ModelInfo {
    ModelInfo {
        name: model.name().to_owned(),
        fingerprint: model.fingerprint().to_owned(),
        dimensions: model.dimensions() as u32,
    }
}

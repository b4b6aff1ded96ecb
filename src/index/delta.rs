//! How does a small file turn one snapshot into the next? It holds the cards and rows that are new; the rest is compiled anew.
//!
//! A card more or less moves every later number and offset, so that bytes of postings, dictionaries and tables differ all
//! over the file although little is new. Cards that are equal and passages that are equal cost nothing here.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_bytes::Bytes;
use sha2::{Digest, Sha256};

use super::cards::BuildPlan;
use super::changes::Changes;
use super::known::KnownRows;
use super::sections::{EmbeddedRows, packed, records};
use super::stored::{StoredCards, card};
use crate::bytes::{Packed, Records, f32_at, from_packed, hex, put_f32};
use crate::dense::Row;
use crate::snapshot::{Header, ModelInfo, Ranking, Snapshot};
use crate::{Code, Error, ExpertCard, Result};

/// The value of the first key of every delta.
const MAGIC: &str = "skillmesh-delta";

/// The format this library writes, and the only one it reads.
const FORMAT: u32 = 1;

/// What tells one snapshot from every other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Stamp {
    /// SHA-256 of the cards, hex.
    inputs: String,
    /// The model's fingerprint; empty without a model.
    model: String,
    /// SHA-256 of the file, hex.
    file: String,
}

from_packed!(Stamp { inputs, model, file });

#[derive(Serialize)]
struct Written<'a> {
    magic: &'static str,
    format: u32,
    builder: &'a str,
    base: Stamp,
    result: Stamp,
    model: &'a Option<ModelInfo>,
    ranking: &'a Ranking,
    removed: &'a [String],
    heads: &'a Bytes,
    texts: &'a Bytes,
    vectors: &'a Bytes,
    scales: &'a Bytes,
}

struct Identity {
    magic: String,
    format: u32,
}

from_packed!(Identity {} default { magic, format });

struct Delta<'a> {
    builder: String,
    base: Stamp,
    result: Stamp,
    model: Option<ModelInfo>,
    ranking: Ranking,
    removed: Vec<String>,
    heads: Cow<'a, [u8]>,
    texts: Cow<'a, [u8]>,
    vectors: Cow<'a, [u8]>,
    scales: Cow<'a, [u8]>,
}

from_packed!(Delta<'a> { builder, base, result, ranking, removed, heads, texts, vectors, scales } default { model });

/// The bytes that [`apply`] needs to turn `old` into `new`, both of cards and written by this version.
///
/// Fails with `invalid-argument` where applying them would not give the very bytes of `new`, such as when another version
/// wrote it.
///
/// ```
/// use skillmesh::{ExpertCard, index::{BuildPlan, apply, diff}, snapshot::Snapshot};
/// let card = |id: &str| ExpertCard { id: id.into(), title: id.into(), ..Default::default() };
/// let snapshot = |ids: &[&str]| BuildPlan::new(ids.iter().map(|id| card(id)).collect())?.compile(None, Default::default());
/// let (old, new) = (snapshot(&["a", "b"])?, snapshot(&["b", "c"])?);
/// let delta = diff(&Snapshot::open(old.clone())?, &Snapshot::open(new.clone())?)?;
/// assert_eq!(apply(&Snapshot::open(old)?, &delta)?, new);
/// let refused = apply(&Snapshot::open(new)?, &delta).unwrap_err();
/// assert!(refused.to_string().starts_with("the delta is for another snapshot: expected "));
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub fn diff(old: &Snapshot, new: &Snapshot) -> Result<Vec<u8>> {
    let (before, after) = (StoredCards::of(old)?, StoredCards::of(new)?);
    let changes = Changes::between(&before, &after)?;
    let (heads, texts) = new_records(&after, &changes)?;
    let (vectors, scales) = new_rows(old, new, &after)?;
    let Header { builder, model, ranking, .. } = new.header();
    let delta = packed(&Written {
        magic: MAGIC,
        format: FORMAT,
        builder,
        base: stamp(old),
        result: stamp(new),
        model,
        ranking,
        removed: &changes.removed,
        heads: Bytes::new(&heads),
        texts: Bytes::new(&texts),
        vectors: Bytes::new(&vectors),
        scales: Bytes::new(&scales),
    })?;
    apply(old, &delta).map(|_| delta).map_err(|error| {
        Error::new(Code::InvalidArgument, "no delta leads to this snapshot")
            .caused_by(error)
            .help("build it with this version from registries and skills, or ship the snapshot itself")
    })
}

/// The bytes of the snapshot that the delta leads to from `old`.
///
/// Fails with `snapshot-format` for other bytes than a delta, `snapshot-version` for a delta of another version,
/// `invalid-argument` if `old` is not the snapshot that it was made for, and `snapshot-corrupt` if it is damaged.
pub fn apply(old: &Snapshot, delta: &[u8]) -> Result<Vec<u8>> {
    let delta = read(delta)?;
    check_base(&delta.base, &stamp(old))?;
    let plan = BuildPlan::new(merged(&StoredCards::of(old)?, &delta)?)?;
    let rows = rows(&plan, known_rows(old, delta.model.as_ref())?, &delta)?;
    let bytes = plan.compile_rows(rows, delta.ranking)?;
    if sha256(&bytes) != delta.result.file {
        return Err(damaged().expected(format!("SHA-256 {}", delta.result.file)).got(sha256(&bytes)));
    }
    Ok(bytes)
}

fn stamp(snapshot: &Snapshot) -> Stamp {
    let Header { inputs, model, .. } = snapshot.header();
    let model = model.as_ref().map_or(String::new(), |model| model.fingerprint.clone());
    Stamp { inputs: inputs.clone(), model, file: sha256(snapshot.bytes()) }
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The heads and texts of the cards that are new or say something else.
fn new_records(after: &StoredCards, changes: &Changes) -> Result<(Vec<u8>, Vec<u8>)> {
    let wanted: BTreeSet<&str> = changes.added.iter().chain(&changes.changed).map(String::as_str).collect();
    let mut new = Vec::new();
    for number in 0..after.len() {
        if wanted.contains(after.id(number)?) {
            new.push(after.record(number)?);
        }
    }
    Ok((records(new.iter().map(|(head, _)| head)), records(new.iter().map(|(_, text)| text))))
}

/// The rows of passages that the old snapshot does not know, each once, in the order of the new one.
fn new_rows(old: &Snapshot, new: &Snapshot, after: &StoredCards) -> Result<(Vec<u8>, Vec<u8>)> {
    let (mut vectors, mut scales) = (Vec::new(), Vec::new());
    let Some(rows) = KnownRows::of(new)? else { return Ok((vectors, scales)) };
    let known = known_rows(old, Some(rows.model()))?;
    let plan = BuildPlan::new(after.cards().collect::<Result<_>>()?)?;
    for row in unknown(&plan.passages(), known.as_ref()).filter_map(|passage| rows.row(passage)) {
        vectors.extend_from_slice(&row.values);
        put_f32(&mut scales, row.scale);
    }
    Ok((vectors, scales))
}

/// What the old snapshot knows of this model's rows.
fn known_rows(old: &Snapshot, model: Option<&ModelInfo>) -> Result<Option<KnownRows>> {
    let Some(model) = model else { return Ok(None) };
    Ok(KnownRows::of(old)?.filter(|known| known.model().fingerprint == model.fingerprint))
}

/// The passages without a known row, each once, in order.
fn unknown<'a>(passages: &'a [Vec<String>], known: Option<&'a KnownRows>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    let texts = passages.iter().flatten().map(String::as_str);
    texts.filter(move |text| known.is_none_or(|known| known.row(text).is_none()) && seen.insert(*text))
}

fn read(bytes: &[u8]) -> Result<Delta<'_>> {
    let other =
        || Error::new(Code::SnapshotFormat, "this is not a delta").expected("a file written by `skillmesh diff`");
    let file = Packed::read(bytes).map_err(|error| other().caused_by(error))?;
    let identity: Identity = file.clone().to().map_err(|error| other().caused_by(error))?;
    if identity.magic != MAGIC {
        return Err(other().got(format!("magic `{}`", identity.magic.escape_debug())));
    }
    if identity.format != FORMAT {
        return Err(version("the delta has another format version", FORMAT, identity.format));
    }
    let delta: Delta = file.to().map_err(|error| damaged().caused_by(error))?;
    if delta.builder != crate::snapshot::BUILDER {
        return Err(version("the delta was made by another version", crate::snapshot::BUILDER, &delta.builder));
    }
    Ok(delta)
}

fn check_base(expected: &Stamp, got: &Stamp) -> Result<()> {
    if expected == got {
        return Ok(());
    }
    let said = |stamp: &Stamp| {
        format!("cards {}, model {}, file {}", short(&stamp.inputs), short(&stamp.model), short(&stamp.file))
    };
    Err(Error::new(Code::InvalidArgument, "the delta is for another snapshot")
        .expected(said(expected))
        .got(said(got))
        .help("apply it to the snapshot that it was made for, or fetch the whole new one"))
}

/// Enough of a hash to tell two apart.
fn short(hash: &str) -> &str {
    if hash.is_empty() { "none" } else { hash.get(..12).unwrap_or(hash) }
}

/// The old cards without those that went or changed, and the new ones.
fn merged(old: &StoredCards, delta: &Delta) -> Result<Vec<ExpertCard>> {
    let (heads, texts) = (opened(&delta.heads)?, opened(&delta.texts)?);
    let new = heads.iter().zip(texts.iter()).map(|(head, text)| card(head, text)).collect::<Result<Vec<_>>>()?;
    let mut cards: BTreeMap<String, ExpertCard> = BTreeMap::new();
    for card in old.cards() {
        let card = card?;
        cards.insert(card.id.clone(), card);
    }
    delta.removed.iter().for_each(|id| drop(cards.remove(id)));
    cards.extend(new.into_iter().map(|card| (card.id.clone(), card)));
    Ok(cards.into_values().collect())
}

fn opened(records: &[u8]) -> Result<Records<'_>> {
    Records::open(records).ok_or_else(damaged)
}

/// The row of every passage: a known one, or the next of the delta's.
fn rows(plan: &BuildPlan, known: Option<KnownRows>, delta: &Delta) -> Result<Option<EmbeddedRows>> {
    let Some(model) = &delta.model else { return Ok(None) };
    let passages = plan.passages();
    let new: BTreeMap<&str, usize> = unknown(&passages, known.as_ref()).zip(0..).collect();
    let row = |text: &String| match new.get(text.as_str()) {
        Some(number) => new_row(delta, *number, model.dimensions as usize).ok_or_else(damaged),
        None => known.as_ref().and_then(|known| known.row(text)).ok_or_else(damaged),
    };
    let rows = passages.iter().map(|texts| texts.iter().map(row).collect()).collect::<Result<_>>()?;
    Ok(Some((model.clone(), rows)))
}

fn new_row(delta: &Delta, number: usize, dimensions: usize) -> Option<Row> {
    let start = number.checked_mul(dimensions)?;
    let values = delta.vectors.get(start..start.checked_add(dimensions)?)?.to_vec();
    Some(Row { values, scale: f32_at(&delta.scales, number)? })
}

fn version(message: &str, expected: impl std::fmt::Display, got: impl std::fmt::Display) -> Error {
    let help = "fetch the whole snapshot, or use the skillmesh version that made the delta";
    Error::new(Code::SnapshotVersion, message).expected(expected).got(got).help(help)
}

fn damaged() -> Error {
    Error::new(Code::SnapshotCorrupt, "the delta is damaged").help("fetch it again, or fetch the whole snapshot")
}

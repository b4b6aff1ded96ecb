//! What comes of a snapshot and a delta?

use super::format::{Delta, Stamp, damaged, read};
use super::known::{known_rows, unknown};
use crate::bytes::{Records, f32_at, sha256};
use crate::dense::Row;
use crate::index::stored::card;
use crate::index::{BuildPlan, Edits, EmbeddedRows, KnownRows};
use crate::snapshot::Snapshot;
use crate::{Code, Error, Result, order};

/// The bytes of the snapshot that the delta leads to from `old`.
///
/// Fails with `snapshot-format` for other bytes than a delta, `snapshot-version` for a delta of another version,
/// `invalid-argument` if `old` is not the snapshot that it was made for, and `snapshot-corrupt` if it is damaged.
pub fn apply(old: &Snapshot, delta: &[u8]) -> Result<Vec<u8>> {
    let delta = read(delta)?;
    check_base(&delta.base, &Stamp::of(old))?;
    let plan = merged(old, &delta)?;
    let rows = rows(&plan, known_rows(old, delta.model.as_ref())?, &delta)?;
    let bytes = plan.compile_rows(rows, delta.ranking)?;
    let hash = sha256(&bytes);
    if hash != delta.result.file {
        return Err(damaged().expected(format!("SHA-256 {}", delta.result.file)).got(hash));
    }
    // The hash comes with the delta, so that it finds accidents only.
    let snapshot = Snapshot::open(bytes).map_err(|error| damaged().caused_by(error))?;
    Ok(snapshot.bytes().to_vec())
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
fn merged(old: &Snapshot, delta: &Delta) -> Result<BuildPlan> {
    let (heads, texts) = (opened(&delta.heads)?, opened(&delta.texts)?);
    if heads.len() != texts.len() {
        return Err(damaged().expected(format!("{} texts of cards", heads.len())).got(texts.len()));
    }
    let new = heads.iter().zip(texts.iter()).map(|(head, text)| card(head, text)).collect::<Result<_>>()?;
    let mut edits = Edits::of(old)?;
    edits.remove(&delta.removed);
    edits.put(new);
    edits.plan()
}

fn opened(records: &[u8]) -> Result<Records<'_>> {
    Records::open(records).ok_or_else(damaged)
}

/// The row of every passage: a known one, or the next of the delta's.
fn rows(plan: &BuildPlan, known: Option<KnownRows>, delta: &Delta) -> Result<Option<EmbeddedRows>> {
    let Some(model) = &delta.model else { return check_rows(delta, 0, 1).map(|()| None) };
    let passages = plan.passages();
    let new = order::map(unknown(&passages, known.as_ref()).zip(0..));
    check_rows(delta, new.len(), model.dimensions as usize)?;
    let row = |text: &String| match new.get(text.as_str()) {
        Some(number) => new_row(delta, *number, model.dimensions as usize).ok_or_else(damaged),
        None => known.as_ref().and_then(|known| known.row(text)).ok_or_else(damaged),
    };
    let rows = passages.iter().map(|texts| texts.iter().map(row).collect()).collect::<Result<_>>()?;
    Ok(Some((model.clone(), rows)))
}

/// As many numbers as the new passages need. A scale that is no number would put a card before all others in every answer.
fn check_rows(delta: &Delta, rows: usize, dimensions: usize) -> Result<()> {
    let fits = dimensions > 0 && Some(delta.vectors.len()) == rows.checked_mul(dimensions);
    let scale = |row| f32_at(&delta.scales, row).is_some_and(|scale| scale.is_finite() && scale > 0.0);
    if fits && delta.scales.len() == 4 * rows && (0..rows).all(scale) {
        return Ok(());
    }
    Err(damaged().expected(format!("{rows} rows of {dimensions} numbers, each with a finite scale above 0")))
}

fn new_row(delta: &Delta, number: usize, dimensions: usize) -> Option<Row> {
    let start = number.checked_mul(dimensions)?;
    let values = delta.vectors.get(start..start.checked_add(dimensions)?)?.to_vec();
    Some(Row { values, scale: f32_at(&delta.scales, number)? })
}

//! Which passages need a row from the delta? Those that the old snapshot does not know, each once, in order.

use std::collections::BTreeSet;

use crate::Result;
use crate::index::KnownRows;
use crate::snapshot::{ModelInfo, Snapshot};

/// What the old snapshot knows of this model's rows.
pub fn known_rows(old: &Snapshot, model: Option<&ModelInfo>) -> Result<Option<KnownRows>> {
    let Some(model) = model else { return Ok(None) };
    Ok(KnownRows::of(old)?.filter(|known| known.model().fingerprint == model.fingerprint))
}

/// The passages without a known row, each once, in order.
pub fn unknown<'a>(passages: &'a [Vec<String>], known: Option<&'a KnownRows>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    let texts = passages.iter().flatten().map(String::as_str);
    texts.filter(move |text| known.is_none_or(|known| known.row(text).is_none()) && seen.insert(*text))
}

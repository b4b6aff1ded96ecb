//! What is new between two snapshots?

use std::collections::BTreeSet;

use serde_bytes::Bytes;

use super::apply::apply;
use super::format::{FORMAT, MAGIC, Stamp, Written};
use super::known::{known_rows, unknown};
use crate::bytes::put_f32;
use crate::index::sections::{packed, records};
use crate::index::{BuildPlan, Changes, KnownRows, StoredCards};
use crate::snapshot::{Header, Snapshot};
use crate::{Code, Error, Result};

/// The bytes that [`apply`](super::apply) needs to turn `old` into `new`, both of cards and written by this version.
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
        base: Stamp::of(old),
        result: Stamp::of(new),
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

//! How does one snapshot become several, of which a query needs a few? Near cards go into the same shard, so that what
//! answers a query stands in few of them; the root tells in which.

mod divide;
mod root;

use std::num::NonZeroUsize;

use sha2::{Digest, Sha256};

use self::divide::divided;
use super::cards::BuildPlan;
use super::documents::DocumentPlan;
use super::sections::EmbeddedRows;
use crate::bytes::hex;
use crate::card::Document;
use crate::dense::Row;
use crate::search::{DocumentRetriever, Index, Shard, SkillRetriever};
use crate::snapshot::{Header, Kind, Lead, Ranking, Section, Snapshot};
use crate::sparse::{Averages, average_lengths};
use crate::{Code, Error, ExpertCard, Result};

/// Letters of a shard's hash in its file's name.
const NAME_LETTERS: usize = 16;

/// A corpus in several snapshots.
pub struct Sharded {
    /// The bytes of the root.
    pub root: Vec<u8>,
    /// Each shard with its bytes.
    pub shards: Vec<(Shard, Vec<u8>)>,
}

/// Divides what a snapshot holds into `count` shards of about the same size, as files of `folder`; into fewer, where there
/// are not so many cards or documents.
///
/// ```
/// use skillmesh::{ExpertCard, index::{BuildPlan, sharded}, search::{Request, Shards}, snapshot::Ranking};
/// let card = |id: &str| ExpertCard { id: id.into(), title: id.into(), ..Default::default() };
/// let snapshot = BuildPlan::new(vec![card("maps"), card("bees")])?.compile(None, Ranking::default())?;
/// let sharded = sharded(snapshot, 2.try_into().unwrap(), "cards.shards")?;
/// let mut corpus = Shards::open(sharded.root)?;
/// let chosen = corpus.choose(&Request::new("bees"), 1);
/// corpus.add(chosen[0], sharded.shards[chosen[0]].1.clone())?;
/// assert_eq!(corpus.skills(&chosen)?.retrieve(&Request::new("bees"))?.hits[0].card.id, "bees");
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub fn sharded(snapshot: Vec<u8>, count: NonZeroUsize, folder: &str) -> Result<Sharded> {
    match Snapshot::kind(&snapshot)? {
        Kind::Cards => {
            let whole = SkillRetriever::open(snapshot)?;
            let cards = (0..whole.len()).map(|number| whole.card(number).map(Entry::Card)).collect::<Result<_>>()?;
            in_shards(&whole, cards, count.get(), folder)
        }
        Kind::Documents => {
            let whole = DocumentRetriever::open(snapshot)?;
            let documents = whole.whole()?.into_iter().map(Entry::Document).collect();
            in_shards(&whole, documents, count.get(), folder)
        }
        other => Err(Error::new(Code::SnapshotFormat, "this is in shards already").got(other.told())),
    }
}

/// What stays together.
enum Entry {
    Card(ExpertCard),
    Document(Document),
}

impl Entry {
    /// How many numbers of the index are its own.
    fn size(&self) -> usize {
        match self {
            Entry::Card(_) => 1,
            Entry::Document(document) => document.chunks.len(),
        }
    }
}

fn in_shards(whole: &Index, entries: Vec<Entry>, count: usize, folder: &str) -> Result<Sharded> {
    let sizes: Vec<usize> = entries.iter().map(Entry::size).collect();
    let mut rows = rows_by_entry(whole, &sizes);
    let means = rows.iter().flatten().map(|rows| divide::mean(rows.iter().flatten())).collect::<Vec<_>>();
    let averages = average_lengths(&whole.snapshot()?.section(Section::Lengths), whole.len());
    let mut entries: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    let mut shards = Vec::new();
    for group in divided(&means, &sizes, count) {
        let own = group.iter().filter_map(|entry| entries[*entry].take()).collect();
        let rows = rows.as_mut().map(|rows| group.iter().flat_map(|entry| std::mem::take(&mut rows[*entry])).collect());
        let bytes = compiled(whole.header(), own, rows)?;
        shards.push(named(with_averages(bytes, averages)?, folder)?);
    }
    let header = Header { averages: Some(averages), ..whole.header().clone() };
    Ok(Sharded { root: root::written(header, &shards)?, shards })
}

/// The rows of each entry's numbers; `None` where there are no vectors.
fn rows_by_entry(whole: &Index, sizes: &[usize]) -> Option<Vec<Vec<Vec<Row>>>> {
    let mut rows = whole.entry_rows()?.into_iter();
    Some(sizes.iter().map(|size| rows.by_ref().take(*size).collect()).collect())
}

/// The snapshot of these entries, which are all cards or all documents.
fn compiled(whole: &Header, entries: Vec<Entry>, rows: Option<Vec<Vec<Row>>>) -> Result<Vec<u8>> {
    let rows: Option<EmbeddedRows> = whole.model.clone().zip(rows);
    let (mut cards, mut documents) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            Entry::Card(card) => cards.push(card),
            Entry::Document(document) => documents.push(document),
        }
    }
    let is_own = |lead: &&Lead| cards.iter().any(|card| card.id == lead.id);
    let usage = whole.ranking.usage.iter().filter(is_own).cloned().collect();
    let ranking = Ranking { usage, ..whole.ranking.clone() };
    match whole.kind {
        Kind::Documents => DocumentPlan::new(documents)?.compile_rows(rows, ranking),
        _ => BuildPlan::new(cards)?.compile_rows(rows, ranking),
    }
}

fn with_averages(bytes: Vec<u8>, averages: Averages) -> Result<Vec<u8>> {
    let snapshot = Snapshot::open(bytes)?;
    snapshot.with_header(&Header { averages: Some(averages), ..snapshot.header().clone() })
}

/// Its name is its hash, so that whoever has kept a copy need not ask whether it still holds.
fn named(bytes: Vec<u8>, folder: &str) -> Result<(Shard, Vec<u8>)> {
    let sha256 = hex(&Sha256::digest(&bytes));
    let cards = Snapshot::open(bytes.clone())?.header().cards;
    let file = format!("{folder}/{}.msgpack", &sha256[..NAME_LETTERS]);
    Ok((Shard { file, bytes: bytes.len() as u64, sha256, cards }, bytes))
}

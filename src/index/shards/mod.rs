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
            let cards = (0..whole.len()).map(|number| whole.card(number)).collect::<Result<_>>()?;
            in_shards(&whole, Held::Cards(cards), count.get(), folder)
        }
        Kind::Documents => {
            let whole = DocumentRetriever::open(snapshot)?;
            let documents = whole.whole()?;
            in_shards(&whole, Held::Documents(documents), count.get(), folder)
        }
        other => Err(Error::new(Code::SnapshotFormat, "this is in shards already").got(other.told())),
    }
}

/// What stays together, by number; what has been given to a shard is empty.
enum Held {
    Cards(Vec<ExpertCard>),
    Documents(Vec<Document>),
}

impl Held {
    /// How many numbers of the index each has.
    fn sizes(&self) -> Vec<usize> {
        match self {
            Held::Cards(cards) => vec![1; cards.len()],
            Held::Documents(documents) => documents.iter().map(|document| document.chunks.len()).collect(),
        }
    }

    /// The snapshot of a group, with its rows.
    fn compiled(&mut self, group: &[usize], rows: Option<EmbeddedRows>, ranking: &Ranking) -> Result<Vec<u8>> {
        match self {
            Held::Cards(cards) => {
                let plan = BuildPlan::new(taken(cards, group))?;
                let is_own = |lead: &&Lead| plan.cards().binary_search_by(|card| card.id.cmp(&lead.id)).is_ok();
                let usage = ranking.usage.iter().filter(is_own).cloned().collect();
                plan.compile_rows(rows, Ranking { usage, ..ranking.clone() })
            }
            Held::Documents(documents) => {
                DocumentPlan::new(taken(documents, group))?.compile_rows(rows, ranking.clone())
            }
        }
    }
}

fn taken<T: Default>(all: &mut [T], numbers: &[usize]) -> Vec<T> {
    numbers.iter().map(|number| std::mem::take(&mut all[*number])).collect()
}

fn in_shards(whole: &Index, mut held: Held, count: usize, folder: &str) -> Result<Sharded> {
    let (header, sizes) = (whole.header(), held.sizes());
    let mut rows = rows_by_entry(whole, &sizes);
    let means = rows.iter().flatten().map(|rows| divide::mean(rows.iter().flatten())).collect::<Vec<_>>();
    let averages = average_lengths(&whole.snapshot()?.section(Section::Lengths), whole.len());
    let mut shards = Vec::new();
    for group in divided(&means, &sizes, count) {
        let own = rows.as_mut().map(|rows| taken(rows, &group).into_iter().flatten().collect());
        let bytes = held.compiled(&group, header.model.clone().zip(own), &header.ranking)?;
        shards.push(named(Snapshot::open(bytes)?, averages, folder)?);
    }
    Ok(Sharded { root: root::written(Header { averages: Some(averages), ..header.clone() }, &shards)?, shards })
}

/// The rows of each entry's numbers; `None` where there are no vectors.
fn rows_by_entry(whole: &Index, sizes: &[usize]) -> Option<Vec<Vec<Vec<Row>>>> {
    let mut rows = whole.entry_rows()?.into_iter();
    Some(sizes.iter().map(|size| rows.by_ref().take(*size).collect()).collect())
}

/// A shard is told the corpus's averages. Its name is its hash, so that whoever has kept a copy need not ask whether it
/// still holds.
fn named(snapshot: Snapshot, averages: Averages, folder: &str) -> Result<(Shard, Vec<u8>)> {
    let header = Header { averages: Some(averages), ..snapshot.header().clone() };
    let (bytes, cards) = (snapshot.with_header(&header)?, header.cards);
    let sha256 = hex(&Sha256::digest(&bytes));
    let file = format!("{folder}/{}.msgpack", &sha256[..NAME_LETTERS]);
    let shard = Shard { file, bytes: bytes.len() as u64, sha256, cards };
    if shard.is_inside() {
        return Ok((shard, bytes));
    }
    Err(Error::new(Code::InvalidArgument, "a folder of this name has no address everywhere")
        .expected("a name without `:` and `\\`")
        .got(format!("`{}`", folder.escape_debug()))
        .help("name the snapshot otherwise"))
}

//! What of one snapshot is ranked?

use super::leg::Scored;
use crate::bytes::Records;
use crate::dense::DenseIndex;
use crate::snapshot::{Kind, Lead, Section, Snapshot};
use crate::sparse::{Dictionary, SparseIndex};
use crate::{Code, Error, Result};

/// An open snapshot; what is found in it has numbers from 0 on.
pub struct Segment {
    pub snapshot: Snapshot,
    pub sparse: SparseIndex,
    pub dense: Option<DenseIndex>,
    pub facets: Dictionary,
    /// How well cards did in use.
    pub leads: Vec<Scored>,
}

impl Segment {
    /// Opens a snapshot of this kind; nothing is tokenised or embedded.
    pub fn open(bytes: Vec<u8>, kind: Kind) -> Result<Self> {
        let snapshot = Snapshot::open(bytes)?;
        check_kind(snapshot.header().kind, kind)?;
        let (header, cards) = (snapshot.header(), snapshot.header().cards as usize);
        let dictionary = |keys, lists| Dictionary::open(snapshot.section(keys), snapshot.section(lists));
        let terms = dictionary(Section::Terms, Section::Postings)?;
        let (lengths, bm25) = (snapshot.section(Section::Lengths), header.ranking.bm25.clone());
        Ok(Segment {
            sparse: SparseIndex::open(terms, &lengths, cards, bm25, header.averages.as_ref())?,
            facets: dictionary(Section::Facets, Section::FacetLists)?,
            dense: open_dense(&snapshot, cards)?,
            leads: leads(&snapshot),
            snapshot,
        })
    }

    /// The number of cards, or of chunks.
    pub fn len(&self) -> usize {
        self.sparse.len()
    }

    /// The bytes of one record.
    pub fn record(&self, section: Section, number: usize) -> Result<Vec<u8>> {
        let bytes = self.snapshot.section(section);
        let record = Records::open(&bytes).and_then(|records| records.get(number)).map(<[u8]>::to_vec);
        record.ok_or_else(|| {
            Error::new(Code::SnapshotCorrupt, "a record is missing")
                .at(format!("record {number}"))
                .help("fetch the snapshot again, or build it again with `skillmesh build`")
        })
    }

    /// How many records a section has.
    pub fn records(&self, section: Section) -> usize {
        Records::open(&self.snapshot.section(section)).map_or(0, |records| records.len())
    }
}

/// The vectors of a snapshot, if it has some, for so many entries.
pub fn open_dense(snapshot: &Snapshot, entries: usize) -> Result<Option<DenseIndex>> {
    let Some(model) = &snapshot.header().model else { return Ok(None) };
    let (scales, rows) = (snapshot.section(Section::Scales), snapshot.section(Section::Rows));
    let vectors = snapshot.section(Section::Vectors);
    DenseIndex::open(vectors, &scales, &rows, model.dimensions as usize, entries).map(Some)
}

/// Refuses a snapshot that holds something else.
pub fn check_kind(got: Kind, expected: Kind) -> Result<()> {
    if got == expected { Ok(()) } else { Err(misplaced(got, expected)) }
}

pub fn misplaced(got: Kind, expected: Kind) -> Error {
    let help = match got {
        Kind::Cards => "ask it with `skillmesh retrieve`, or in JavaScript as a `SkillMesh`",
        Kind::Documents => "ask it with `skillmesh search`, or in JavaScript as a `DocSearch`",
        Kind::CardShards => {
            "ask it where its shards lie beside it, with `skillmesh retrieve`, or in JavaScript as a `SkillMesh`"
        }
        Kind::DocumentShards => {
            "ask it where its shards lie beside it, with `skillmesh search`, or in JavaScript as a `DocSearch`"
        }
    };
    let error = Error::new(Code::SnapshotFormat, "the snapshot holds something else");
    error.expected(expected.told()).got(got.told()).help(help)
}

/// By number; a card that is not there any more has none.
fn leads(snapshot: &Snapshot) -> Vec<Scored> {
    let ids = snapshot.section(Section::Ids);
    let Some(ids) = Records::open(&ids) else { return Vec::new() };
    let known = |Lead { id, lead }: &Lead| Some(Scored { card: ids.find(id.as_bytes())?, score: *lead });
    snapshot.header().ranking.usage.iter().filter_map(known).collect()
}

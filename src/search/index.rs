//! What of an open snapshot is ranked, whatever is found in it?

use serde::Serialize;

use super::cards::SkillRetriever;
use super::documents::DocumentRetriever;
use super::leg::Scored;
use super::nearest::Nearest;
use super::request::Request;
use crate::bytes::{FromPacked, Packed, Records, Slice};
use crate::dense::{DenseIndex, Row};
use crate::snapshot::{Header, Kind, Lead, Ranking, Section, Snapshot};
use crate::sparse::{Dictionary, SparseIndex};
use crate::text::Analyzer;
use crate::{Code, Error, Result, order};

/// What can be found in one snapshot, by number.
pub struct Index {
    snapshot: Snapshot,
    pub(super) analyzer: Analyzer,
    pub(super) sparse: SparseIndex,
    pub(super) dense: Option<DenseIndex>,
    pub(super) facets: Dictionary,
    /// How well cards did in use.
    pub(super) leads: Vec<Scored>,
}

/// What a snapshot holds.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    /// The header.
    #[serde(flatten)]
    pub header: Header,
    /// The file's size in bytes.
    pub bytes: usize,
    /// How many documents the chunks make; `None` where there are cards.
    pub documents: Option<usize>,
    /// Distinct terms.
    pub terms: usize,
    /// Embedded passages.
    pub passages: usize,
    /// Bytes of each section.
    pub sections: std::collections::BTreeMap<&'static str, usize>,
}

impl Stats {
    /// What a snapshot of any kind holds, after checking it.
    pub fn of(bytes: Vec<u8>) -> Result<Stats> {
        match Snapshot::kind(&bytes)? {
            Kind::Cards => SkillRetriever::open(bytes).and_then(|cards| cards.verify().map(|()| cards.stats())),
            Kind::Documents => DocumentRetriever::open(bytes).and_then(|docs| docs.verify().map(|()| docs.stats())),
        }
    }
}

impl Index {
    /// Opens a snapshot of this kind; nothing is tokenised or embedded.
    pub(super) fn open(bytes: Vec<u8>, kind: Kind) -> Result<Self> {
        let snapshot = Snapshot::open(bytes)?;
        check_kind(snapshot.header().kind, kind)?;
        let cards = snapshot.header().cards as usize;
        let dictionary = |keys, lists| Dictionary::open(snapshot.section(keys), snapshot.section(lists));
        let terms = dictionary(Section::Terms, Section::Postings)?;
        let bm25 = snapshot.header().ranking.bm25.clone();
        Ok(Index {
            sparse: SparseIndex::open(terms, &snapshot.section(Section::Lengths), cards, bm25)?,
            facets: dictionary(Section::Facets, Section::FacetLists)?,
            dense: open_dense(&snapshot, cards)?,
            analyzer: Analyzer::new(),
            leads: leads(&snapshot),
            snapshot,
        })
    }

    /// Compares every checksum.
    pub(super) fn verify_sections(&self) -> Result<()> {
        self.snapshot.verify()
    }

    /// The number of cards, or of chunks.
    pub fn len(&self) -> usize {
        self.snapshot.header().cards as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of a snapshot that differs in its ranking settings only.
    pub fn with_ranking(&self, ranking: Ranking) -> Result<Vec<u8>> {
        self.snapshot.with_ranking(ranking)
    }

    /// What the snapshot says of itself.
    pub fn header(&self) -> &Header {
        self.snapshot.header()
    }

    /// The snapshot that is searched.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What tells this snapshot from others.
    pub fn stamp(&self) -> String {
        self.snapshot.stamp()
    }

    /// Sizes and counts.
    pub fn stats(&self) -> Stats {
        let size = |section: Section| (section.name(), self.snapshot.section(section).len());
        Stats {
            header: self.header().clone(),
            bytes: self.snapshot.size(),
            documents: (self.header().kind == Kind::Documents).then(|| self.records(Section::Documents)),
            terms: self.sparse.dictionary().len(),
            passages: self.dense.as_ref().map_or(0, DenseIndex::rows),
            sections: order::map(Section::ALL.into_iter().map(size)),
        }
    }

    /// Refuses a query model that is not the one of the snapshot's vectors.
    pub fn check_model(&self, fingerprint: &str) -> Result<()> {
        let model = self.header().model.as_ref();
        let Some(model) = model else { return Err(no_vectors()) };
        if model.fingerprint == fingerprint {
            return Ok(());
        }
        Err(Error::new(Code::ModelMismatch, "the snapshot's vectors come from another model")
            .expected(format!("`{}`, fingerprint {}", model.name, model.fingerprint))
            .got(format!("fingerprint {fingerprint}"))
            .help("load that model, or build the snapshot again with this one"))
    }

    /// The rows of each entry's vectors, as they lie in the snapshot; `None` where it has no vectors.
    pub fn entry_rows(&self) -> Option<Vec<Vec<Row>>> {
        let dense = self.dense.as_ref()?;
        let mut entries = vec![Vec::new(); self.len()];
        for (entry, rows) in dense.ranges() {
            entries[entry] = rows.filter_map(|row| dense.row(row)).collect();
        }
        Some(entries)
    }

    /// The vectors that a request is answered with: those that a backend found, else the snapshot's own.
    pub(super) fn dense_of<'a>(&'a self, request: &Request<'a>) -> Option<&'a DenseIndex> {
        request.nearest.map(Nearest::rows).or(self.dense.as_ref())
    }

    /// The bytes of a section.
    pub(super) fn section(&self, section: Section) -> Slice {
        self.snapshot.section(section)
    }

    /// How many records a section has.
    fn records(&self, section: Section) -> usize {
        Records::open(&self.section(section)).map_or(0, |records| records.len())
    }

    /// What every record of a section says.
    pub(super) fn all_decoded<T: for<'a> FromPacked<'a>>(&self, section: Section) -> Result<Vec<T>> {
        (0..self.records(section)).map(|number| self.decoded(section, number)).collect()
    }

    /// The bytes of one record.
    pub(super) fn record(&self, section: Section, number: usize) -> Result<Vec<u8>> {
        record(&self.section(section), number).map(<[u8]>::to_vec)
    }

    /// What one record says.
    pub(super) fn decoded<T: for<'a> FromPacked<'a>>(&self, section: Section, number: usize) -> Result<T> {
        let bytes = self.section(section);
        let broken =
            || Error::new(Code::SnapshotCorrupt, "unreadable record").at(format!("{} {number}", section.name()));
        let packed = Packed::read(record(&bytes, number)?).map_err(|e| broken().caused_by(e))?;
        packed.to().map_err(|e| broken().caused_by(e))
    }
}

pub(super) fn no_vectors() -> Error {
    Error::new(Code::NoModel, "the snapshot holds no vectors")
        .help("write it with a model (`skillmesh build` or `ingest` with `--model FILE`), or use mode `sparse`")
}

fn check_kind(got: Kind, expected: Kind) -> Result<()> {
    if got == expected {
        return Ok(());
    }
    let (got, help) = match got {
        Kind::Cards => ("cards", "ask it with `skillmesh retrieve`, or in JavaScript as a `SkillMesh`"),
        Kind::Documents => ("documents", "ask it with `skillmesh search`, or in JavaScript as a `DocSearch`"),
    };
    let expected = if expected == Kind::Cards { "cards" } else { "documents" };
    Err(Error::new(Code::SnapshotFormat, "the snapshot holds something else").expected(expected).got(got).help(help))
}

fn open_dense(snapshot: &Snapshot, cards: usize) -> Result<Option<DenseIndex>> {
    let Some(model) = &snapshot.header().model else { return Ok(None) };
    let (scales, rows) = (snapshot.section(Section::Scales), snapshot.section(Section::Rows));
    let vectors = snapshot.section(Section::Vectors);
    DenseIndex::open(vectors, &scales, &rows, model.dimensions as usize, cards).map(Some)
}

/// By number; a card that is not there any more has none.
fn leads(snapshot: &Snapshot) -> Vec<Scored> {
    let ids = snapshot.section(Section::Ids);
    let Some(ids) = Records::open(&ids) else { return Vec::new() };
    let known = |Lead { id, lead }: &Lead| Some(Scored { card: ids.find(id.as_bytes())?, score: *lead });
    snapshot.header().ranking.usage.iter().filter_map(known).collect()
}

fn record(section: &[u8], number: usize) -> Result<&[u8]> {
    Records::open(section).and_then(|records| records.get(number)).ok_or_else(|| {
        Error::new(Code::SnapshotCorrupt, "a record is missing")
            .at(format!("record {number}"))
            .help("fetch the snapshot again, or build it again with `skillmesh build`")
    })
}

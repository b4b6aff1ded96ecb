//! What does an open snapshot hold?

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::hit::Summary;
use crate::bytes::Records;
use crate::dense::DenseIndex;
use crate::snapshot::{Header, Ranking, Section, Snapshot};
use crate::sparse::{Dictionary, SparseIndex};
use crate::text::Analyzer;
use crate::{Code, Error, ExpertCard, Result};

/// Answers queries from one snapshot.
pub struct SkillRetriever {
    snapshot: Snapshot,
    pub(super) analyzer: Analyzer,
    pub(super) sparse: SparseIndex,
    pub(super) dense: Option<DenseIndex>,
    pub(super) facets: Dictionary,
}

/// What a snapshot holds.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    /// The header.
    #[serde(flatten)]
    pub header: Header,
    /// The file's size in bytes.
    pub bytes: usize,
    /// Distinct terms.
    pub terms: usize,
    /// Embedded passages.
    pub passages: usize,
    /// Bytes of each section.
    pub sections: std::collections::BTreeMap<&'static str, usize>,
}

impl SkillRetriever {
    /// Opens a snapshot; nothing is tokenised or embedded.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let snapshot = Snapshot::open(bytes)?;
        let cards = snapshot.header().cards as usize;
        let dictionary = |keys, lists| Dictionary::open(snapshot.section(keys), snapshot.section(lists));
        let terms = dictionary(Section::Terms, Section::Postings)?;
        let bm25 = snapshot.header().ranking.bm25.clone();
        Ok(SkillRetriever {
            sparse: SparseIndex::open(terms, &snapshot.section(Section::Lengths), cards, bm25)?,
            facets: dictionary(Section::Facets, Section::FacetLists)?,
            dense: open_dense(&snapshot, cards)?,
            analyzer: Analyzer::new(),
            snapshot,
        })
    }

    /// Compares every checksum and decodes every card.
    pub fn verify(&self) -> Result<()> {
        self.snapshot.verify()?;
        (0..self.len()).try_for_each(|number| self.card(number).map(drop))
    }

    /// The number of cards.
    pub fn len(&self) -> usize {
        self.snapshot.header().cards as usize
    }

    /// Whether there are no cards.
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

    /// Sizes and counts.
    pub fn stats(&self) -> Stats {
        let size = |section: Section| (section.name(), self.snapshot.section(section).len());
        Stats {
            header: self.header().clone(),
            bytes: self.snapshot.size(),
            terms: self.sparse.dictionary().len(),
            passages: self.dense.as_ref().map_or(0, DenseIndex::rows),
            sections: Section::ALL.into_iter().map(size).collect(),
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

    /// What a hit shows of its card; the card's other fields are not even decoded.
    pub fn summary(&self, number: usize) -> Result<Summary> {
        self.decode(number)
    }

    /// A card without its instruction text.
    pub fn head(&self, number: usize) -> Result<ExpertCard> {
        self.decode(number)
    }

    fn decode<T: DeserializeOwned>(&self, number: usize) -> Result<T> {
        let section = self.snapshot.section(Section::Cards);
        rmp_serde::from_slice(record(&section, number)?)
            .map_err(|e| Error::new(Code::SnapshotCorrupt, "unreadable card").at(format!("card {number}")).caused_by(e))
    }

    /// A whole card.
    pub fn card(&self, number: usize) -> Result<ExpertCard> {
        let section = self.snapshot.section(Section::Instructions);
        let instruction_text = String::from_utf8_lossy(record(&section, number)?).into_owned();
        Ok(ExpertCard { instruction_text, ..self.head(number)? })
    }
}

pub(super) fn no_vectors() -> Error {
    Error::new(Code::NoModel, "the snapshot holds no vectors")
        .help("build it with a model (`skillmesh build --model FILE`), or use mode `sparse`")
}

fn open_dense(snapshot: &Snapshot, cards: usize) -> Result<Option<DenseIndex>> {
    let Some(model) = &snapshot.header().model else { return Ok(None) };
    let (scales, rows) = (snapshot.section(Section::Scales), snapshot.section(Section::Rows));
    let vectors = snapshot.section(Section::Vectors);
    DenseIndex::open(vectors, &scales, &rows, model.dimensions as usize, cards).map(Some)
}

fn record(section: &[u8], number: usize) -> Result<&[u8]> {
    Records::open(section).and_then(|records| records.get(number)).ok_or_else(|| {
        Error::new(Code::SnapshotCorrupt, "a card's record is missing")
            .at(format!("card {number}"))
            .help("fetch the snapshot again, or build it again with `skillmesh build`")
    })
}

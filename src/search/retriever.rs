//! How is one query answered? Filter, score each leg, fuse, cut, explain.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::allowed::Allowed;
use super::fusion::{Fusion, min_max, ranking};
use super::hit::{Answer, DenseMatch, Explanation, RetrievalHit, SparseMatch};
use super::request::{Mode, Request};
use crate::bytes::Records;
use crate::dense::{DenseIndex, DenseScore};
use crate::snapshot::{Header, Section, Snapshot};
use crate::sparse::{Dictionary, QueryTerm, SparseIndex, TermMatch};
use crate::text::Analyzer;
use crate::{Code, Error, ExpertCard, Result};

/// Answers queries from one snapshot.
pub struct SkillRetriever {
    snapshot: Snapshot,
    analyzer: Analyzer,
    sparse: SparseIndex,
    dense: Option<DenseIndex>,
    facets: Dictionary,
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

/// What a hit shows of its card; the other fields are not even decoded.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    id: String,
    title: String,
    domain: String,
    description: String,
}

/// What each leg says of every card; `None` where the leg did not answer or a card is not allowed.
struct Legs {
    terms: Vec<QueryTerm>,
    sparse: Vec<Option<f32>>,
    dense: Vec<Option<DenseScore>>,
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
            terms: self.sparse.term_count(),
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

    /// The best cards for a query. No hits where the query has no word, or no card matches.
    pub fn retrieve(&self, request: &Request) -> Result<Answer> {
        let mode = self.resolve(request)?;
        let terms = SparseIndex::query_terms(&self.analyzer, request.text);
        let hits = if terms.is_empty() { Vec::new() } else { self.hits(request, mode, terms)? };
        Ok(Answer { query: request.text.to_owned(), mode, hits })
    }

    fn hits(&self, request: &Request, mode: Mode, terms: Vec<QueryTerm>) -> Result<Vec<RetrievalHit>> {
        let allowed = request.filter.allowed(&self.facets, self.len());
        let legs = self.legs(request, mode, terms, &allowed);
        let dense: Vec<Option<f32>> = legs.dense.iter().map(|found| found.map(|d| d.cosine)).collect();
        let weight = self.header().ranking.dense_weight;
        let fusion = request.fusion.unwrap_or(Fusion::Convex { dense_weight: weight });
        let scores = match mode {
            Mode::Dense => dense.clone(),
            Mode::Hybrid => fusion.fuse(&legs.sparse, &dense),
            Mode::Sparse | Mode::Auto => matching(&legs.sparse),
        };
        let cards = ranking(&scores, request.top_k);
        let explanations = self.explain(&cards, &legs, &dense, (mode == Mode::Hybrid).then_some(fusion));
        let hit = |(card, explain): (usize, Explanation)| self.hit(card, scores[card], &legs, explain);
        cards.into_iter().zip(explanations).map(hit).collect()
    }

    fn hit(&self, card: usize, score: Option<f32>, legs: &Legs, explain: Explanation) -> Result<RetrievalHit> {
        let Summary { id, title, domain, description } = self.decode(card)?;
        let sparse_score = legs.sparse[card];
        let dense_score = legs.dense[card].map(|d| d.cosine);
        Ok(RetrievalHit {
            id,
            title,
            domain,
            description,
            score: score.unwrap_or(0.0),
            sparse_score,
            dense_score,
            explain,
            card,
        })
    }

    /// Which legs answer, or why they cannot.
    fn resolve(&self, request: &Request) -> Result<Mode> {
        if request.top_k == 0 {
            return Err(Error::new(Code::InvalidArgument, "top_k is too small").expected("1 or more").got(0));
        }
        let dense = self.dense.as_ref();
        match (request.mode, request.vector, dense) {
            (Mode::Sparse, ..) | (Mode::Auto, None, _) | (Mode::Auto, _, None) => Ok(Mode::Sparse),
            (_, _, None) => Err(no_vectors()),
            (_, None, _) => Err(Error::new(Code::NoModel, "semantic search needs the query's vector")
                .help("load the model that the snapshot was built with, or use mode `sparse`")),
            (mode, Some(vector), Some(index)) => {
                check_vector(vector, index.dimensions())?;
                Ok(if mode == Mode::Dense { Mode::Dense } else { Mode::Hybrid })
            }
        }
    }

    fn legs(&self, request: &Request, mode: Mode, terms: Vec<QueryTerm>, allowed: &Allowed) -> Legs {
        let cards = self.len();
        let sparse = match mode {
            Mode::Dense => vec![None; cards],
            _ => only(allowed, self.sparse.scores(&terms)),
        };
        let dense = match (&self.dense, request.vector) {
            (Some(index), Some(vector)) if mode != Mode::Sparse => {
                index.scores(vector, cards, |card| allowed.has(card))
            }
            _ => vec![None; cards],
        };
        Legs { terms, sparse, dense }
    }

    fn explain(&self, cards: &[usize], legs: &Legs, dense: &[Option<f32>], fusion: Option<Fusion>) -> Vec<Explanation> {
        let matches = self.sparse.matches(&legs.terms, cards);
        let (sparse_places, dense_places) = (min_max(&legs.sparse), min_max(dense));
        let dense_weight = match fusion {
            Some(Fusion::Convex { dense_weight }) => Some(dense_weight),
            _ => None,
        };
        let one = |(card, terms): (&usize, Vec<TermMatch>)| Explanation {
            sparse: explain_sparse(*card, &legs.sparse, &sparse_places, terms),
            dense: explain_dense(*card, &legs.dense, dense, &dense_places),
            dense_weight,
        };
        cards.iter().zip(matches).map(one).collect()
    }
}

fn explain_sparse(
    card: usize,
    scores: &[Option<f32>],
    places: &[Option<f32>],
    terms: Vec<TermMatch>,
) -> Option<SparseMatch> {
    let score = scores[card].filter(|score| *score > 0.0)?;
    Some(SparseMatch { rank: rank_of(card, scores), score, normalised: places[card].unwrap_or(0.0), terms })
}

fn explain_dense(
    card: usize,
    found: &[Option<DenseScore>],
    scores: &[Option<f32>],
    places: &[Option<f32>],
) -> Option<DenseMatch> {
    let DenseScore { cosine: score, passage } = found[card]?;
    Some(DenseMatch { rank: rank_of(card, scores), score, normalised: places[card].unwrap_or(0.0), passage })
}

/// One more than the number of cards that come before this one.
fn rank_of(card: usize, scores: &[Option<f32>]) -> usize {
    let Some(own) = scores[card] else { return 0 };
    let before = |(other, score): (usize, &Option<f32>)| score.is_some_and(|s| s > own || (s == own && other < card));
    1 + scores.iter().enumerate().filter(|entry| before(*entry)).count()
}

fn only(allowed: &Allowed, scores: Vec<f32>) -> Vec<Option<f32>> {
    scores.into_iter().enumerate().map(|(card, score)| allowed.has(card).then_some(score)).collect()
}

/// Without the cards that no term matched.
fn matching(scores: &[Option<f32>]) -> Vec<Option<f32>> {
    scores.iter().map(|score| score.filter(|s| *s > 0.0)).collect()
}

fn check_vector(vector: &[f32], dimensions: usize) -> Result<()> {
    if vector.len() == dimensions && vector.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "the query's vector does not fit the snapshot")
        .expected(format!("{dimensions} finite numbers"))
        .got(format!("{} numbers", vector.len())))
}

fn no_vectors() -> Error {
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

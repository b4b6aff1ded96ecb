//! What comes back, and why did it come?

use serde::Serialize;

use super::boost::Boost;
use super::confidence::{Confidence, Figures};
use super::request::Mode;
use crate::bytes::from_packed;
use crate::sparse::TermMatch;

/// The hits of one query, best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The query.
    pub query: String,
    /// Which legs answered: `sparse`, `dense` or `hybrid`.
    pub mode: Mode,
    /// How sure it is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why there are no hits, where there are none.
    pub reason: Option<Reason>,
    /// At most `top_k` hits.
    pub hits: Vec<RetrievalHit>,
}

/// Why an answer is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The query has no word.
    NoWords,
    /// Filter and conditions let no card through.
    NoneAllowed,
    /// No allowed card matches.
    NoMatch,
    /// What was found is less sure than was asked for.
    LowConfidence,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Reason::NoWords => "the query has no word",
            Reason::NoneAllowed => "nothing passes the filter and what the query demands",
            Reason::NoMatch => "nothing matches",
            Reason::LowConfidence => "what was found is not sure enough",
        })
    }
}

/// One found card.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RetrievalHit {
    /// Which card it is.
    #[serde(flatten)]
    pub card: Summary,
    /// Where it stands.
    #[serde(flatten)]
    pub ranked: Ranked,
    /// How its score came about.
    pub explain: Explanation,
}

/// What a hit shows of its card.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// The card's id.
    pub id: String,
    /// The card's title.
    pub title: String,
    /// The card's domain.
    pub domain: String,
    /// The card's description.
    pub description: String,
}

from_packed!(Summary { id, title } default { domain, description });

/// An answer that names cards by number only.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedCards {
    /// Which legs answered: `sparse`, `dense` or `hybrid`.
    pub mode: Mode,
    /// How sure it is; `None` where nothing was found to judge.
    pub confidence: Option<Confidence>,
    /// Why there are no cards, where there are none.
    pub reason: Option<Reason>,
    /// What its confidence was told by.
    pub figures: Option<Figures>,
    /// At most `top_k` cards, best first.
    pub cards: Vec<Ranked>,
}

impl RankedCards {
    /// An answer without cards.
    pub fn empty(mode: Mode, reason: Reason) -> RankedCards {
        RankedCards { reason: Some(reason), ..RankedCards::unsure(mode) }
    }

    /// An answer before anything is known of it.
    pub(super) fn unsure(mode: Mode) -> RankedCards {
        RankedCards { mode, confidence: None, reason: None, figures: None, cards: Vec::new() }
    }
}

/// The place of one card in an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ranked {
    /// The card's number in the snapshot.
    #[serde(skip)]
    pub number: usize,
    /// The score that ordered the hits: BM25F, cosine or the fused score, by mode.
    pub score: f32,
    /// The BM25F score, where the sparse leg answered; 0 when no term matched.
    pub sparse_score: Option<f32>,
    /// The similarity of query and card by their vectors, −1 to 1, where the dense leg answered.
    pub dense_score: Option<f32>,
    /// Which of the card's passages is nearest to the query, where the dense leg answered.
    #[serde(skip)]
    pub passage: Option<u32>,
}

/// The parts of a score. In hybrid mode with convex fusion,
/// `score = w · dense.normalised + (1 − w) · sparse.normalised + boost.added`, with 0 for what is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// The sparse leg, where it answered and a term matched.
    pub sparse: Option<SparseMatch>,
    /// The dense leg, where it answered.
    pub dense: Option<DenseMatch>,
    /// The dense leg's share, in hybrid mode with convex fusion.
    pub dense_weight: Option<f32>,
    /// What the card earned before, where it did and the request brings it.
    pub boost: Option<Boost>,
}

/// The sparse leg of one hit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SparseMatch {
    /// 1 for the card with the highest sparse score.
    pub rank: usize,
    /// The BM25F score: the sum over `terms`.
    pub score: f32,
    /// The score in units of the leg's standard deviation over the allowed cards.
    pub normalised: f32,
    /// What each matched term adds, and in which fields it stands.
    pub terms: Vec<TermMatch>,
}

/// The dense leg of one hit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DenseMatch {
    /// 1 for the nearest card.
    pub rank: usize,
    /// The similarity: the soft maximum of the cosines of query and passages.
    pub score: f32,
    /// The score in units of the leg's standard deviation over the allowed cards.
    pub normalised: f32,
    /// Which passage is nearest; 0 is the card's head.
    pub passage: u32,
}

//! What comes back, and why did it come?

use serde::{Deserialize, Serialize};

use super::request::Mode;
use crate::sparse::TermMatch;

/// The hits of one query, best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The query.
    pub query: String,
    /// Which legs answered: `sparse`, `dense` or `hybrid`.
    pub mode: Mode,
    /// At most `top_k` hits.
    pub hits: Vec<RetrievalHit>,
}

/// One found card.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RetrievalHit {
    /// Which card it is.
    #[serde(flatten)]
    pub card: Summary,
    /// Why it was found.
    #[serde(flatten)]
    pub ranked: Ranked,
}

/// What a hit shows of its card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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

/// An answer that names cards by number only.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedCards {
    /// Which legs answered: `sparse`, `dense` or `hybrid`.
    pub mode: Mode,
    /// At most `top_k` cards, best first.
    pub cards: Vec<Ranked>,
}

/// The place of one card in an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// How the score came about.
    pub explain: Explanation,
}

/// The parts of a score. In hybrid mode with convex fusion,
/// `score = w · dense.normalised + (1 − w) · sparse.normalised`, with 0 for a leg that is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// The sparse leg, where it answered and a term matched.
    pub sparse: Option<SparseMatch>,
    /// The dense leg, where it answered.
    pub dense: Option<DenseMatch>,
    /// The dense leg's share, in hybrid mode with convex fusion.
    pub dense_weight: Option<f32>,
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

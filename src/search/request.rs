//! What can be asked?

use serde::Serialize;

use super::confidence::MinConfidence;
use super::filter::Filter;
use super::fusion::Fusion;
use super::leg::Scored;
use super::nearest::Nearest;
use super::syntax::Asked;
use crate::bytes::{FromPacked, Packed, Unpacked};
use crate::chunk::sentences;

/// Sentences beyond these are not embedded one by one: each costs as much time as a short query.
const MAX_SENTENCES: usize = 16;

/// The texts of a query to embed: the whole, and each of its sentences where it says more than one. Where `syntax` is
/// on, marks and what they exclude are not embedded.
///
/// A task of several steps is near to several cards, and its whole to none.
///
/// ```
/// use skillmesh::search::query_parts;
/// assert_eq!(query_parts("draw a \"map\" -pdf", true), ["draw a map"]);
/// assert_eq!(query_parts("Draw a map. Mail it to Ann.", false)[1..], ["Draw a map.", "Mail it to Ann."]);
/// ```
pub fn query_parts(text: &str, syntax: bool) -> Vec<String> {
    let Asked { text, .. } = Asked::of(text, syntax);
    let sentences = sentences(&text);
    let several = if sentences.len() > 1 { &sentences[..sentences.len().min(MAX_SENTENCES)] } else { &[] };
    std::iter::once(text.as_str()).chain(several.iter().copied()).map(str::to_owned).collect()
}

/// Which legs answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Hybrid where a query vector and vectors exist, else sparse.
    #[default]
    Auto,
    /// Keywords only.
    Sparse,
    /// Meaning only.
    Dense,
    /// Both, fused.
    Hybrid,
}

impl<'a> FromPacked<'a> for Mode {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        value.one_of(&Mode::ALL.map(|mode| (mode.name(), mode)))
    }
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 4] = [Mode::Auto, Mode::Sparse, Mode::Dense, Mode::Hybrid];

    /// The mode in one word.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Auto => "auto",
            Mode::Sparse => "sparse",
            Mode::Dense => "dense",
            Mode::Hybrid => "hybrid",
        }
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What the best and the worst use there can be add and take away: a tenth of the best score.
pub const USAGE_WEIGHT: f32 = 0.1;

/// One query with its options.
#[derive(Clone, Debug, PartialEq)]
pub struct Request<'a> {
    /// The query in the user's words.
    pub text: &'a str,
    /// Whether quotes, a minus and `field:value` mean something: see [`Asked::parsed`].
    pub syntax: bool,
    /// The vectors of [`query_parts`] by the snapshot's model, one after the other, where a model is at hand.
    pub vector: Option<&'a [f32]>,
    /// How many hits at most; 0 is an error, more than there are cards gives all.
    pub top_k: usize,
    /// Which legs answer.
    pub mode: Mode,
    /// Which cards may be ranked.
    pub filter: Filter,
    /// Answers that are less sure are withheld; `None` withholds nothing.
    pub min_confidence: Option<MinConfidence>,
    /// How two legs become one order; `None` takes the snapshot's weight.
    pub fusion: Option<Fusion>,
    /// What cards have earned: each a share of the best score, which is added to its own. A boost finds no card.
    pub boosts: &'a [Scored],
    /// What a backend found for this request, in place of the snapshot's own vectors.
    pub nearest: Option<&'a Nearest>,
    /// What a card's lead in use is worth, as a share of the best score; at 0 it does not count.
    pub usage_weight: f32,
}

impl<'a> Request<'a> {
    /// A query for the three best cards.
    pub fn new(text: &'a str) -> Self {
        Request {
            text,
            syntax: false,
            vector: None,
            top_k: 3,
            mode: Mode::Auto,
            filter: Filter::default(),
            min_confidence: None,
            fusion: None,
            boosts: &[],
            nearest: None,
            usage_weight: USAGE_WEIGHT,
        }
    }
}

//! What can be asked?

use serde::{Deserialize, Serialize};

use super::filter::Filter;
use super::fusion::Fusion;
use crate::chunk::sentences;

/// Sentences beyond these are not embedded one by one: each costs as much time as a short query.
const MAX_SENTENCES: usize = 16;

/// The texts of a query to embed: the whole, and each of its sentences where it says more than one.
///
/// A task of several steps is near to several cards, and its whole to none.
///
/// ```
/// use skillmesh::search::query_parts;
/// assert_eq!(query_parts("draw a map"), ["draw a map"]);
/// assert_eq!(query_parts("Draw a map. Mail it to Ann.")[1..], ["Draw a map.", "Mail it to Ann."]);
/// ```
pub fn query_parts(text: &str) -> Vec<&str> {
    let sentences = sentences(text);
    let several = if sentences.len() > 1 { &sentences[..sentences.len().min(MAX_SENTENCES)] } else { &[] };
    std::iter::once(text).chain(several.iter().copied()).collect()
}

/// Which legs answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// One query with its options.
#[derive(Clone, Debug, PartialEq)]
pub struct Request<'a> {
    /// The query in the user's words.
    pub text: &'a str,
    /// The vectors of [`query_parts`] by the snapshot's model, one after the other, where a model is at hand.
    pub vector: Option<&'a [f32]>,
    /// How many hits at most; 0 is an error, more than there are cards gives all.
    pub top_k: usize,
    /// Which legs answer.
    pub mode: Mode,
    /// Which cards may be ranked.
    pub filter: Filter,
    /// How two legs become one order; `None` takes the snapshot's weight.
    pub fusion: Option<Fusion>,
}

impl<'a> Request<'a> {
    /// A query for the three best cards.
    pub fn new(text: &'a str) -> Self {
        Request { text, vector: None, top_k: 3, mode: Mode::Auto, filter: Filter::default(), fusion: None }
    }
}

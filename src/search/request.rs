//! What can be asked?

use serde::{Deserialize, Serialize};

use super::filter::Filter;
use super::fusion::Fusion;

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
    /// The query's vector by the snapshot's model, where one is at hand.
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

//! What did a backend find in place of the snapshot's own vectors?

use std::sync::Arc;

use super::index::Index;
use super::leg::first;
use super::request::Request;
use crate::bytes::Slice;
use crate::dense::{DenseIndex, DenseSections, DenseWriter, Row};
use crate::{Code, Error, Result};

/// The rows of some cards: those that may be hits, and some more that were drawn by chance.
///
/// ```
/// use skillmesh::{dense::Row, search::Nearest};
/// let rows = [(0, Row::of(&[1.0, 0.0])), (0, Row::of(&[0.0, 1.0])), (7, Row::of(&[1.0, 1.0]))];
/// assert_eq!(Nearest::new(2, &rows, vec![7]).unwrap().len(), 3);
/// assert!(Nearest::new(3, &rows, Vec::new()).is_err());
/// assert!(Nearest::new(2, &rows, vec![7, 0]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    rows: DenseIndex,
    drawn: Vec<usize>,
}

impl Nearest {
    /// The rows of cards, ascending by card and in the order of its passages. The cards that were `drawn` by chance from
    /// all that the filter lets through, ascending, stand for those whose rows are not here: without any, the spread of
    /// the scores is told by those that are here.
    pub fn new(dimensions: usize, rows: &[(usize, Row)], drawn: Vec<usize>) -> Result<Nearest> {
        if let Some((_, other)) = rows.iter().find(|(_, row)| row.values.len() != dimensions) {
            return Err(Error::new(Code::InvalidArgument, "a row does not fit the others")
                .expected(format!("{dimensions} numbers"))
                .got(other.values.len()));
        }
        let is_number = rows.last().is_none_or(|(card, _)| u32::try_from(*card).is_ok());
        if !is_number || !rows.is_sorted_by_key(|(card, _)| *card) || !drawn.is_sorted() {
            return Err(Error::new(Code::InvalidArgument, "cards out of order")
                .expected("rows and cards drawn by chance, both ascending by card"));
        }
        let mut writer = DenseWriter::default();
        rows.iter().for_each(|(card, row)| writer.push_row(*card as u32, row));
        let DenseSections { vectors, scales, rows } = writer.finish();
        let length = vectors.len();
        let vectors = Slice::of(&Arc::new(vectors), 0..length).unwrap_or_default();
        Ok(Nearest { rows: DenseIndex::open(vectors, &scales, &rows, dimensions, usize::MAX)?, drawn })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.rows()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn rows(&self) -> &DenseIndex {
        &self.rows
    }

    pub(super) fn drawn(&self) -> &[usize] {
        &self.drawn
    }
}

impl Index {
    /// How many passages each card has that has some, by the card's number.
    pub fn passages(&self) -> impl Iterator<Item = (usize, usize)> {
        self.segments().flat_map(|(start, segment)| {
            segment.dense.iter().flat_map(DenseIndex::ranges).map(move |(card, rows)| (start + card, rows.len()))
        })
    }

    /// The cards that have earned most, so `many` by feedback and as many in use.
    pub fn favoured(&self, request: &Request, many: usize) -> Vec<usize> {
        let leads = if request.usage_weight == 0.0 { Vec::new() } else { self.leads() };
        let best = [request.boosts, &leads].into_iter().flat_map(|earned| first(earned, many));
        best.filter(|earned| earned.score > 0.0).map(|earned| earned.card).collect()
    }
}

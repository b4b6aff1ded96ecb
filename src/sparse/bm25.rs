//! How much is a term worth? BM25F (Robertson, Zaragoza 2009, section 3.6) with Lucene's non-negative idf.
//!
//! For term t and card d, over fields f:
//!
//! ```text
//! x(t, d)     = Σ_f  w_f · tf(t, d, f) / (1 − b_f + b_f · len(d, f) / avglen(f))
//! score(t, d) = √tf(t, query) · idf(t) · x / (k1 + x)
//! idf(t)      = ln(1 + (N − df + 0.5) / (df + 0.5))
//! ```

use serde::Serialize;

use super::field::FIELD_COUNT;
use crate::bytes::{Fields, FromPacked, Packed, Unpacked, from_packed};

/// How one field counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FieldParams {
    /// At 0 the field is ignored; at 2 one occurrence counts as two.
    pub weight: f32,
    /// Length normalisation: at 0 length does not matter, at 1 it matters fully.
    pub b: f32,
}

/// The knobs of BM25F.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bm25Params {
    /// Saturation: at 0 repeats count nothing, at large values each repeat counts in full.
    pub k1: f32,
    /// One entry a [`Field`](super::Field), in the order of their numbers.
    pub fields: [FieldParams; FIELD_COUNT],
}

from_packed!(FieldParams { weight, b });

impl<'a> FromPacked<'a> for Bm25Params {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let mut fields = Fields::of(value)?;
        let params: Vec<FieldParams> = fields.needed("fields")?;
        let params = params.try_into().map_err(|_| format!("`fields`: expected {FIELD_COUNT} entries"))?;
        Ok(Bm25Params { k1: fields.needed("k1")?, fields: params })
    }
}

/// The average length of each field, in terms.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Averages(pub [f32; FIELD_COUNT]);

impl<'a> FromPacked<'a> for Averages {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let lengths: Vec<f32> = value.to()?;
        lengths.try_into().map(Averages).map_err(|_| format!("expected {FIELD_COUNT} numbers"))
    }
}

impl Default for Bm25Params {
    fn default() -> Self {
        let field = |weight, b| FieldParams { weight, b };
        Bm25Params {
            k1: 1.2,
            fields: [
                field(2.5, 0.4),
                field(2.0, 0.3),
                field(2.0, 0.3),
                field(1.5, 0.4),
                field(1.0, 0.4),
                field(1.0, 0.3),
                field(0.6, 0.6),
            ],
        }
    }
}

impl Bm25Params {
    /// `w_f / (1 − b_f + b_f · len / avglen)`: what one occurrence in a field of this length counts.
    pub fn norm(&self, field: usize, length: u32, average: f32) -> f32 {
        let FieldParams { weight, b } = self.fields[field];
        if average > 0.0 { weight / (1.0 - b + b * length as f32 / average) } else { 0.0 }
    }

    /// `x / (k1 + x)`, from 0 to below 1.
    #[inline(always)]
    pub fn saturate(&self, x: f32) -> f32 {
        x / (self.k1 + x)
    }
}

/// The weight of a term that stands in `df` of `n` cards; never negative.
///
/// ```
/// use skillmesh::sparse::idf;
/// assert!(idf(1, 100) > idf(50, 100) && idf(100, 100) > 0.0);
/// ```
pub fn idf(df: u32, n: u32) -> f32 {
    let (df, n) = (f64::from(df), f64::from(n));
    libm::log(1.0 + (n - df + 0.5).max(0.0) / (df + 0.5)) as f32
}

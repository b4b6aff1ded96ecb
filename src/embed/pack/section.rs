//! Where in the pack's bytes does a tensor lie?

use std::ops::Range;
use std::sync::Arc;

/// A range of the pack, shared instead of copied.
#[derive(Clone)]
pub(crate) struct Section {
    bytes: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Section {
    /// The section that `slice`, borrowed from `bytes`, occupies.
    ///
    /// Comparing addresses is how a range is learnt from a parser that only lends slices.
    pub fn of(bytes: &Arc<Vec<u8>>, slice: &[u8]) -> Self {
        let start = slice.as_ptr() as usize - bytes.as_ptr() as usize;
        Section { bytes: bytes.clone(), range: start..start + slice.len() }
    }

    /// The section as signed bytes.
    pub fn as_i8(&self) -> &[i8] {
        bytemuck::cast_slice(&self.bytes[self.range.clone()])
    }
}

/// Little-endian f32 values, copied because a section need not be aligned.
pub(crate) fn f32_values(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bytes {:?}", self.range)
    }
}

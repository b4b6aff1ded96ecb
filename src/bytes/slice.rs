//! How do many views share one buffer without copying it?

use std::ops::{Deref, Range};
use std::sync::Arc;

/// A range of a shared buffer.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    buffer: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Slice {
    /// The `range` of `buffer`, or `None` when it reaches beyond.
    pub fn of(buffer: &Arc<Vec<u8>>, range: Range<usize>) -> Option<Self> {
        buffer.get(range.clone())?;
        Some(Slice { buffer: Arc::clone(buffer), range })
    }
}

impl PartialEq for Slice {
    fn eq(&self, other: &Slice) -> bool {
        self[..] == other[..]
    }
}

impl Deref for Slice {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.as_ref()
    }
}

impl AsRef<[u8]> for Slice {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[self.range.clone()]
    }
}

//! Which bytes belong to record `i`? A table of offsets before one blob.

use std::cmp::Ordering;

use super::numbers::{put_u32, u32_at};

/// Collects records; [`Records`] reads them.
///
/// ```
/// use skillmesh::bytes::{RecordWriter, Records};
/// let mut writer = RecordWriter::default();
/// writer.push(b"first");
/// writer.push(b"");
/// let section = writer.finish();
/// let records = Records::open(&section).unwrap();
/// assert_eq!((records.len(), records.get(0), records.get(2)), (2, Some(&b"first"[..]), None));
/// ```
#[derive(Debug, Default)]
pub struct RecordWriter {
    ends: Vec<u32>,
    blob: Vec<u8>,
}

impl RecordWriter {
    /// Appends one record.
    pub fn push(&mut self, record: &[u8]) {
        self.blob.extend_from_slice(record);
        self.ends.push(self.blob.len() as u32);
    }

    /// The section: count, the end of each record, the records; all numbers `u32` little-endian.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(4 + 4 * self.ends.len() + self.blob.len());
        put_u32(&mut out, self.ends.len() as u32);
        self.ends.iter().for_each(|end| put_u32(&mut out, *end));
        out.extend_from_slice(&self.blob);
        out
    }
}

/// A view of a section written by [`RecordWriter`].
#[derive(Clone, Copy, Debug)]
pub struct Records<'a> {
    ends: &'a [u8],
    blob: &'a [u8],
}

impl<'a> Records<'a> {
    /// The view, or `None` when the section is shorter than its own count says.
    pub fn open(section: &'a [u8]) -> Option<Self> {
        let count = u32_at(section, 0)? as usize;
        let table_end = count.checked_mul(4)?.checked_add(4)?;
        Some(Records { ends: section.get(4..table_end)?, blob: section.get(table_end..)? })
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.ends.len() / 4
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of record `index`; `None` out of range or when the offsets contradict each other.
    pub fn get(&self, index: usize) -> Option<&'a [u8]> {
        let start = if index == 0 { 0 } else { u32_at(self.ends, index - 1)? };
        self.blob.get(start as usize..u32_at(self.ends, index)? as usize)
    }

    /// The index of this record, where records ascend.
    ///
    /// ```
    /// use skillmesh::bytes::{RecordWriter, Records};
    /// let mut writer = RecordWriter::default();
    /// [b"ant", b"bee", b"cat"].iter().for_each(|record| writer.push(*record));
    /// let section = writer.finish();
    /// assert_eq!(["cat", "bat"].map(|text| Records::open(&section).unwrap().find(text.as_bytes())), [Some(2), None]);
    /// ```
    pub fn find(&self, record: &[u8]) -> Option<usize> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from.midpoint(to);
            match self.get(middle)?.cmp(record) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => to = middle,
            }
        }
        None
    }

    /// All records in order, stopping at the first that contradicts the table.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.len()).map_while(move |index| self.get(index))
    }
}

//! Which cards hold a term, in which fields, how often?
//!
//! A list is `df`, then for each card the distance from the card before, a byte with one bit a field,
//! and the frequency in each of those fields; all but the byte are varints.

use super::field::{FIELD_COUNT, Field};
use crate::bytes::{Varints, put_varint};

/// One card in a term's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posting {
    pub card: u32,
    pub frequencies: [u32; FIELD_COUNT],
}

impl Posting {
    fn mask(&self) -> u8 {
        self.frequencies.iter().enumerate().fold(0, |mask, (f, tf)| mask | (u8::from(*tf > 0) << f))
    }
}

/// Writes a term's list; postings come in ascending order of cards.
pub fn write_list(postings: &[Posting]) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 * postings.len() + 5);
    put_varint(&mut out, postings.len() as u32);
    let mut before = 0;
    for posting in postings {
        put_varint(&mut out, posting.card - before);
        out.push(posting.mask());
        posting.frequencies.iter().filter(|tf| **tf > 0).for_each(|tf| put_varint(&mut out, *tf));
        before = posting.card;
    }
    out
}

/// Reads a term's list.
pub struct PostingReader<'a> {
    bytes: Varints<'a>,
    left: u32,
    card: u32,
}

impl<'a> PostingReader<'a> {
    /// A reader and the number of cards that hold the term.
    pub fn open(list: &'a [u8]) -> Option<(Self, u32)> {
        let mut bytes = Varints::new(list);
        let df = bytes.next()?;
        Some((PostingReader { bytes, left: df, card: 0 }, df))
    }

    /// The next card and field mask; its frequencies are to be read before the next one. Ends early on corrupt bytes.
    #[inline(always)]
    pub fn next_card(&mut self) -> Option<(usize, u8)> {
        self.left = self.left.checked_sub(1)?;
        self.card = self.card.checked_add(self.bytes.next()?)?;
        Some((self.card as usize, self.bytes.byte()?))
    }

    /// Calls `visit` with each (field, frequency) of the card just read.
    #[inline(always)]
    pub fn frequencies(&mut self, mask: u8, mut visit: impl FnMut(usize, u32)) {
        let mut bits = mask & ((1 << FIELD_COUNT) - 1);
        while bits != 0 {
            visit(bits.trailing_zeros() as usize, self.bytes.next().unwrap_or(0));
            bits &= bits - 1;
        }
    }
}

/// The names of the fields in a mask.
pub fn field_names(mask: u8) -> Vec<&'static str> {
    Field::in_mask(mask).map(Field::name).collect()
}

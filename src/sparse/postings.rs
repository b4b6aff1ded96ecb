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

/// A term's list while cards come: a few bytes a card, where a [`Posting`] has 32.
#[derive(Debug, Default)]
pub struct PostingWriter {
    /// The cards before the last one, as the list will hold them.
    bytes: Vec<u8>,
    count: u32,
    before: u32,
    last: Posting,
}

impl PostingWriter {
    /// The posting of a card, which is that of the call before or a later one.
    pub fn of(&mut self, card: u32) -> &mut Posting {
        if self.last.card != card {
            self.close();
            self.last = Posting { card, ..Posting::default() };
        }
        &mut self.last
    }

    /// The list.
    pub fn finish(mut self) -> Vec<u8> {
        self.close();
        let mut out = Vec::with_capacity(self.bytes.len() + 5);
        put_varint(&mut out, self.count);
        out.extend_from_slice(&self.bytes);
        out
    }

    /// Writes the last posting, if it counts anything.
    fn close(&mut self) {
        let mask = self.last.mask();
        if mask == 0 {
            return;
        }
        put_varint(&mut self.bytes, self.last.card - self.before);
        self.bytes.push(mask);
        self.last.frequencies.iter().filter(|tf| **tf > 0).for_each(|tf| put_varint(&mut self.bytes, *tf));
        (self.before, self.count) = (self.last.card, self.count + 1);
    }
}

/// Writes a term's list; postings come in ascending order of cards.
pub fn write_list(postings: &[Posting]) -> Vec<u8> {
    let mut writer = PostingWriter::default();
    postings.iter().for_each(|posting| writer.of(posting.card).frequencies = posting.frequencies);
    writer.finish()
}

/// The postings of a term's list.
pub fn read_list(list: &[u8]) -> Vec<Posting> {
    let mut postings = Vec::new();
    let Some((mut reader, _)) = PostingReader::open(list) else { return postings };
    while let Some((card, mask)) = reader.next_card() {
        let mut posting = Posting { card: card as u32, ..Posting::default() };
        reader.frequencies(mask, |field, frequency| posting.frequencies[field] = frequency);
        postings.push(posting);
    }
    postings
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frequencies() -> impl Strategy<Value = [u32; FIELD_COUNT]> {
        proptest::array::uniform7(prop_oneof![Just(0u32), 1u32..300])
    }

    proptest! {
        #[test]
        fn what_is_counted_is_read(cards in proptest::collection::btree_map(0u32..100_000, frequencies(), 0..40)) {
            let mut writer = PostingWriter::default();
            for (card, frequencies) in &cards {
                for (field, frequency) in frequencies.iter().enumerate() {
                    writer.of(*card).frequencies[field] += frequency;
                }
            }
            let counted: Vec<Posting> = cards
                .into_iter()
                .map(|(card, frequencies)| Posting { card, frequencies })
                .filter(|posting| posting.mask() != 0)
                .collect();
            let list = writer.finish();
            prop_assert_eq!(PostingReader::open(&list).map(|(_, df)| df as usize), Some(counted.len()));
            prop_assert_eq!(&write_list(&counted), &list);
            prop_assert_eq!(read_list(&list), counted);
        }
    }
}

//! How do cards' texts become postings? Counted card by card, written sorted.

use std::collections::HashMap;

use super::dictionary::{Dictionary, DictionaryWriter};
use super::field::{FIELD_COUNT, Field};
use super::postings::{Posting, PostingWriter, read_list, write_list};
use crate::bytes::{Slice, put_u32, u32_at};
use crate::text::Analyzer;
use crate::{Result, order};

/// The three sections of the sparse leg.
pub struct SparseSections {
    /// The term dictionary.
    pub terms: Vec<u8>,
    /// The postings lists.
    pub postings: Vec<u8>,
    /// The length of each field of each card, in terms: `u32` little-endian, card by card.
    pub lengths: Vec<u8>,
}

/// Collects the terms of cards in ascending order.
#[derive(Default)]
pub struct SparseWriter {
    analyzer: Analyzer,
    lists: HashMap<String, PostingWriter>,
    lengths: Vec<[u32; FIELD_COUNT]>,
    known: Option<Known>,
}

/// What an older index says of cards.
struct Known {
    terms: Dictionary,
    lengths: Slice,
    /// The number of each of its cards in the index that is being written, if it is there.
    places: Vec<Option<u32>>,
}

impl SparseWriter {
    /// A writer that can take cards over from an older index: its terms with their postings, and its lengths.
    pub fn over(terms: Dictionary, lengths: Slice) -> Self {
        let places = vec![None; lengths.len() / (4 * FIELD_COUNT)];
        SparseWriter { known: Some(Known { terms, lengths, places }), ..SparseWriter::default() }
    }

    /// Adds the next card, which is the older index's card of this number and later than those taken over before. Gives
    /// whether there is such a card.
    pub fn push_known(&mut self, number: usize) -> bool {
        let Some(known) = &mut self.known else { return false };
        let Some(place) = known.places.get_mut(number) else { return false };
        *place = Some(self.lengths.len() as u32);
        let length = |field| u32_at(&known.lengths, number * FIELD_COUNT + field).unwrap_or(0);
        self.lengths.push(std::array::from_fn(length));
        true
    }

    /// Adds the next card, given its texts by field; a field may come several times.
    pub fn push<'a>(&mut self, texts: impl IntoIterator<Item = (Field, &'a str)>) {
        let card = self.lengths.len() as u32;
        let mut lengths = [0; FIELD_COUNT];
        for (field, text) in texts {
            let field = field as usize;
            self.analyzer.each_term(text, &mut |term| {
                lengths[field] += 1;
                count(&mut self.lists, term, card).frequencies[field] += 1;
            });
        }
        self.lengths.push(lengths);
    }

    /// The sections; the same cards give the same bytes.
    pub fn finish(self) -> Result<SparseSections> {
        let mut lists: Vec<(String, Vec<u8>)> =
            self.lists.into_iter().map(|(term, list)| (term, list.finish())).collect();
        order::sort_by(&mut lists, |a, b| a.0.cmp(&b.0));
        let mut lists = lists.into_iter().peekable();
        let mut dictionary = DictionaryWriter::default();
        if let Some(known) = &self.known {
            known.terms.each(&mut |term, list| {
                while let Some((term, list)) = lists.next_if(|(own, _)| own.as_str() < term) {
                    dictionary.push(&term, &list)?;
                }
                let new = lists.next_if(|(own, _)| own == term).map(|(_, list)| list);
                joined(new, known.postings(list)).map_or(Ok(()), |list| dictionary.push(term, &list))
            })?;
        }
        lists.try_for_each(|(term, list)| dictionary.push(&term, &list))?;
        let (terms, postings) = dictionary.finish();
        let mut lengths = Vec::with_capacity(self.lengths.len() * FIELD_COUNT * 4);
        self.lengths.iter().flatten().for_each(|length| put_u32(&mut lengths, *length));
        Ok(SparseSections { terms, postings, lengths })
    }
}

impl Known {
    /// What of a list is about cards that were taken over, under their new numbers.
    fn postings(&self, list: &[u8]) -> Vec<Posting> {
        let place = |card: u32| self.places.get(card as usize).copied().flatten();
        let kept = |posting: Posting| Some(Posting { card: place(posting.card)?, ..posting });
        read_list(list).into_iter().filter_map(kept).collect()
    }
}

/// Both lists, which ascend by card and have none in common, as one; `None` where neither has any.
fn joined(new: Option<Vec<u8>>, known: Vec<Posting>) -> Option<Vec<u8>> {
    if known.is_empty() {
        return new;
    }
    let Some(new) = new else { return Some(write_list(&known)) };
    let mut all = [read_list(&new), known].concat();
    order::sort_by_key(&mut all, |posting| posting.card);
    Some(write_list(&all))
}

fn count<'a>(lists: &'a mut HashMap<String, PostingWriter>, term: &str, card: u32) -> &'a mut Posting {
    if !lists.contains_key(term) {
        lists.insert(term.to_owned(), PostingWriter::default());
    }
    lists.get_mut(term).expect("inserted above").of(card)
}

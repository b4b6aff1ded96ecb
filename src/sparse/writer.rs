//! How do cards' texts become postings? Counted card by card, written sorted.

use std::collections::HashMap;

use super::dictionary::DictionaryWriter;
use super::field::{FIELD_COUNT, Field};
use super::postings::{Posting, write_list};
use crate::bytes::put_u32;
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
    lists: HashMap<String, Vec<Posting>>,
    lengths: Vec<[u32; FIELD_COUNT]>,
}

impl SparseWriter {
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
        let mut lists: Vec<(String, Vec<Posting>)> = self.lists.into_iter().collect();
        order::sort_by(&mut lists, |a, b| a.0.cmp(&b.0));
        let mut dictionary = DictionaryWriter::default();
        for (term, postings) in &lists {
            dictionary.push(term, &write_list(postings))?;
        }
        let (terms, postings) = dictionary.finish()?;
        let mut lengths = Vec::with_capacity(self.lengths.len() * FIELD_COUNT * 4);
        self.lengths.iter().flatten().for_each(|length| put_u32(&mut lengths, *length));
        Ok(SparseSections { terms, postings, lengths })
    }
}

fn count<'a>(lists: &'a mut HashMap<String, Vec<Posting>>, term: &str, card: u32) -> &'a mut Posting {
    if !lists.contains_key(term) {
        lists.insert(term.to_owned(), Vec::new());
    }
    let list = lists.get_mut(term).expect("inserted above");
    if list.last().is_none_or(|posting| posting.card != card) {
        list.push(Posting { card, ..Posting::default() });
    }
    list.last_mut().expect("pushed above")
}

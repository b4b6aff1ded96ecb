//! Which terms does somebody know who sees only some of the cards?

use super::dictionary::Dictionary;
use super::postings::PostingReader;
use crate::order;

/// The terms of the cards that are seen.
pub struct Vocabulary<'a> {
    /// Dictionaries, each with the number of the first card that its lists speak of.
    dictionaries: Vec<(usize, &'a Dictionary)>,
    /// The cards that are seen; `None` if all are.
    seen: Option<&'a [bool]>,
    /// How many are.
    cards: u32,
}

impl<'a> Vocabulary<'a> {
    /// The terms of dictionaries whose cards follow each other, `cards` in all; of the marked ones alone, where some are.
    pub fn new(dictionaries: Vec<(usize, &'a Dictionary)>, seen: Option<&'a [bool]>, cards: usize) -> Self {
        let count = |seen: &[bool]| seen.iter().filter(|seen| **seen).count();
        Vocabulary { dictionaries, seen, cards: seen.map_or(cards, count) as u32 }
    }

    /// How many cards are seen.
    pub fn cards(&self) -> u32 {
        self.cards
    }

    /// In how many of them a term stands.
    pub fn frequency(&self, term: &str) -> u32 {
        match self.seen {
            None => self.postings(term).map(|(_, _, df)| df).sum(),
            Some(seen) => self.holders(term, seen).count() as u32,
        }
    }

    /// Whether any of them has the term.
    pub fn has(&self, term: &str) -> bool {
        match self.seen {
            None => self.frequency(term) > 0,
            Some(seen) => self.holders(term, seen).next().is_some(),
        }
    }

    /// The known terms that begin with `start`, seen or not, in order.
    pub fn beginning(&self, start: &str) -> Vec<String> {
        self.of_all(&|dictionary| dictionary.beginning(start))
    }

    /// The known terms at most `edits` letters away from `term` that begin with the same letter, seen or not, in order.
    pub fn near(&self, term: &str, edits: u32) -> Vec<String> {
        self.of_all(&|dictionary| dictionary.near(term, edits))
    }

    fn of_all(&self, terms: &dyn Fn(&Dictionary) -> Vec<String>) -> Vec<String> {
        let mut all: Vec<String> = self.dictionaries.iter().flat_map(|(_, dictionary)| terms(dictionary)).collect();
        if self.dictionaries.len() > 1 {
            order::sort_by(&mut all, String::cmp);
            all.dedup();
        }
        all
    }

    fn holders(&self, term: &str, seen: &[bool]) -> impl Iterator<Item = usize> {
        let holders = self.postings(term).flat_map(|(start, mut postings, _)| {
            std::iter::from_fn(move || {
                let (card, mask) = postings.next_card()?;
                postings.frequencies(mask, |_, _| ());
                card.checked_add(start)
            })
        });
        holders.filter(|card| seen.get(*card).copied().unwrap_or(false))
    }

    /// The lists of a term, each with the number of its first card, and with how many hold it.
    fn postings(&self, term: &str) -> impl Iterator<Item = (usize, PostingReader<'_>, u32)> {
        self.dictionaries.iter().filter_map(move |(start, dictionary)| {
            let (postings, df) = dictionary.list(term).and_then(PostingReader::open)?;
            Some((*start, postings, df))
        })
    }
}

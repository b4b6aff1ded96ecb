//! How well does each card match the query's terms?

use serde::Serialize;

use super::bm25::Bm25Params;
use super::dictionary::Dictionary;
use super::field::{FIELD_COUNT, Field};
use super::postings::{PostingReader, field_names};
use super::query::QueryTerm;
use super::vocabulary::Vocabulary;
use crate::bytes::{Slice, u32_at};
use crate::{Code, Error, Result, order};

/// What one query term adds to one card's sparse score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TermMatch {
    /// The matched term, as the analyzer gives it.
    pub term: String,
    /// Its share of the sparse score.
    pub score: f32,
    /// The fields that hold it.
    pub fields: Vec<&'static str>,
}

/// The sparse leg of a snapshot.
pub struct SparseIndex {
    dictionary: Dictionary,
    /// What one occurrence counts, card by card and field by field.
    norms: Vec<[f32; FIELD_COUNT]>,
    params: Bm25Params,
}

impl SparseIndex {
    /// Views the sections; only the field lengths are read, to compute norms.
    pub fn open(dictionary: Dictionary, lengths: &Slice, cards: usize, params: Bm25Params) -> Result<Self> {
        let expected = cards.checked_mul(FIELD_COUNT * 4);
        if expected != Some(lengths.len()) {
            return Err(Error::new(Code::SnapshotCorrupt, "field lengths do not fit the number of cards")
                .expected(format!("{cards} × {} bytes", FIELD_COUNT * 4))
                .got(format!("{} bytes", lengths.len())));
        }
        Ok(SparseIndex { dictionary, norms: norms(lengths, cards, &params), params })
    }

    /// The score of every card: the sum over query terms of [BM25F](super::bm25), 0 where nothing matches.
    pub fn scores(&self, terms: &[QueryTerm]) -> Vec<f32> {
        let mut scores = vec![0.0; self.norms.len()];
        for term in terms {
            self.each_match(term, Some, |card, _, score| scores[card] += score);
        }
        scores
    }

    /// For each of `cards`, which terms matched where.
    pub fn matches(&self, terms: &[QueryTerm], cards: &[usize]) -> Vec<Vec<TermMatch>> {
        let mut ascending: Vec<(usize, usize)> = cards.iter().enumerate().map(|(slot, card)| (*card, slot)).collect();
        order::sort_by_key(&mut ascending, |(card, _)| *card);
        let mut matches = vec![Vec::new(); cards.len()];
        for term in terms {
            let mut left = ascending.iter().peekable();
            let slot = |card: usize| {
                while left.next_if(|(next, _)| *next < card).is_some() {}
                left.next_if(|(next, _)| *next == card).map(|(_, slot)| *slot)
            };
            self.each_match(term, slot, |slot, mask, score| {
                matches[slot].push(TermMatch { term: term.term.clone(), score, fields: field_names(mask) });
            });
        }
        matches
    }

    /// The cards that hold `term`, in one field or in any.
    pub fn holders(&self, term: &str, field: Option<Field>) -> impl Iterator<Item = usize> {
        let wanted = field.map_or(u8::MAX, |field| 1 << field as u8);
        let mut postings = self.dictionary.list(term).and_then(PostingReader::open).map(|(postings, _)| postings);
        let cards = self.norms.len();
        std::iter::from_fn(move || {
            let postings = postings.as_mut()?;
            let (card, mask) = postings.next_card()?;
            postings.frequencies(mask, |_, _| ());
            Some((card, mask))
        })
        .filter(move |(card, mask)| mask & wanted != 0 && *card < cards)
        .map(|(card, _)| card)
    }

    /// The terms of the cards that are seen: of all, or of those marked.
    pub fn vocabulary<'a>(&'a self, seen: Option<&'a [bool]>) -> Vocabulary<'a> {
        let count = |seen: &[bool]| seen.iter().filter(|seen| **seen).count();
        let cards = seen.map_or(self.len(), count) as u32;
        Vocabulary { dictionary: &self.dictionary, seen, cards }
    }

    /// The terms that the snapshot knows.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The number of cards.
    pub fn len(&self) -> usize {
        self.norms.len()
    }

    /// Whether there are no cards.
    pub fn is_empty(&self) -> bool {
        self.norms.is_empty()
    }

    /// For each card that holds `term`, and that `place` has a place for: calls `visit` with it, field mask and score.
    #[inline(always)]
    fn each_match<P>(
        &self,
        term: &QueryTerm,
        mut place: impl FnMut(usize) -> Option<P>,
        mut visit: impl FnMut(P, u8, f32),
    ) {
        let list = self.dictionary.list(&term.term).and_then(PostingReader::open);
        let Some((mut postings, _)) = list else { return };
        while let Some((card, mask)) = postings.next_card() {
            let Some(place) = place(card) else {
                postings.frequencies(mask, |_, _| ());
                continue;
            };
            let Some(norms) = self.norms.get(card) else { return };
            let mut x = 0.0;
            postings.frequencies(mask, |field, tf| x += norms[field] * tf as f32);
            visit(place, mask, term.weight * self.params.saturate(x));
        }
    }
}

fn norms(lengths: &[u8], cards: usize, params: &Bm25Params) -> Vec<[f32; FIELD_COUNT]> {
    let length = |card: usize, field: usize| u32_at(lengths, card * FIELD_COUNT + field).unwrap_or(0);
    let averages: [f32; FIELD_COUNT] = std::array::from_fn(|field| {
        let total: u64 = (0..cards).map(|card| u64::from(length(card, field))).sum();
        (total as f64 / cards.max(1) as f64) as f32
    });
    (0..cards)
        .map(|card| std::array::from_fn(|field| params.norm(field, length(card, field), averages[field])))
        .collect()
}

//! How well does each card match the query's terms?

use serde::Serialize;

use super::bm25::{Averages, Bm25Params};
use super::dictionary::Dictionary;
use super::field::{FIELD_COUNT, Field};
use super::postings::{PostingReader, field_names};
use super::query::QueryTerm;
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
    /// Views the sections; only the field lengths are read, to compute norms by the average length of each field: by
    /// `averages`, where the cards are not all that there are.
    pub fn open(
        dictionary: Dictionary,
        lengths: &Slice,
        cards: usize,
        params: Bm25Params,
        averages: Option<&Averages>,
    ) -> Result<Self> {
        let expected = cards.checked_mul(FIELD_COUNT * 4);
        if expected != Some(lengths.len()) {
            return Err(Error::new(Code::SnapshotCorrupt, "field lengths do not fit the number of cards")
                .expected(format!("{cards} × {} bytes", FIELD_COUNT * 4))
                .got(format!("{} bytes", lengths.len())));
        }
        let own = || average_lengths(lengths, cards);
        let norms = norms(lengths, cards, &params, averages.copied().unwrap_or_else(own));
        Ok(SparseIndex { dictionary, norms, params })
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

    /// Calls `visit` with each term in order, how many cards hold it, and the most that it counts in any of them: 0 to 1.
    pub fn each_term(&self, visit: &mut dyn FnMut(&str, u32, f32) -> Result<()>) -> Result<()> {
        self.dictionary.each(&mut |term, list| {
            let df = PostingReader::open(list).map_or(0, |(_, df)| df);
            let mut most = 0.0f32;
            self.each_posting(list, Some, |_, _, share| most = most.max(share));
            visit(term, df, most)
        })
    }

    /// For each card that holds `term`, and that `place` has a place for: calls `visit` with it, field mask and score.
    #[inline(always)]
    fn each_match<P>(
        &self,
        term: &QueryTerm,
        place: impl FnMut(usize) -> Option<P>,
        mut visit: impl FnMut(P, u8, f32),
    ) {
        let list = self.dictionary.list(&term.term).unwrap_or_default();
        self.each_posting(list, place, |place, mask, share| visit(place, mask, term.weight * share));
    }

    /// The same of a term's list, with the share of the term's weight that it counts in the card.
    #[inline(always)]
    fn each_posting<P>(
        &self,
        list: &[u8],
        mut place: impl FnMut(usize) -> Option<P>,
        mut visit: impl FnMut(P, u8, f32),
    ) {
        let Some((mut postings, _)) = PostingReader::open(list) else { return };
        while let Some((card, mask)) = postings.next_card() {
            let Some(place) = place(card) else {
                postings.frequencies(mask, |_, _| ());
                continue;
            };
            let Some(norms) = self.norms.get(card) else { return };
            let mut x = 0.0;
            postings.frequencies(mask, |field, tf| x += norms[field] * tf as f32);
            visit(place, mask, self.params.saturate(x));
        }
    }
}

fn norms(lengths: &[u8], cards: usize, params: &Bm25Params, Averages(averages): Averages) -> Vec<[f32; FIELD_COUNT]> {
    let norm = |card, field| params.norm(field, length(lengths, card, field), averages[field]);
    (0..cards).map(|card| std::array::from_fn(|field| norm(card, field))).collect()
}

/// The averages over some cards, told by the section of their lengths.
pub fn average_lengths(lengths: &[u8], cards: usize) -> Averages {
    Averages(std::array::from_fn(|field| {
        let total: u64 = (0..cards).map(|card| u64::from(length(lengths, card, field))).sum();
        (total as f64 / cards.max(1) as f64) as f32
    }))
}

fn length(lengths: &[u8], card: usize, field: usize) -> u32 {
    u32_at(lengths, card * FIELD_COUNT + field).unwrap_or(0)
}

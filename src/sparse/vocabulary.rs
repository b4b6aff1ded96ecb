//! Which terms does somebody know who sees only some of the cards?

use super::dictionary::Dictionary;
use super::postings::PostingReader;

/// The terms of the cards that are seen.
pub struct Vocabulary<'a> {
    pub(super) dictionary: &'a Dictionary,
    /// The cards that are seen; `None` if all are.
    pub(super) seen: Option<&'a [bool]>,
    /// How many are.
    pub(super) cards: u32,
}

impl Vocabulary<'_> {
    /// How many cards are seen.
    pub fn cards(&self) -> u32 {
        self.cards
    }

    /// In how many of them a term stands.
    pub fn frequency(&self, term: &str) -> u32 {
        match self.seen {
            None => self.postings(term).map_or(0, |(_, df)| df),
            Some(_) => self.holders(term).count() as u32,
        }
    }

    /// Whether any of them has the term.
    pub fn has(&self, term: &str) -> bool {
        self.holders(term).next().is_some()
    }

    fn holders(&self, term: &str) -> impl Iterator<Item = usize> {
        let mut postings = self.postings(term).map(|(postings, _)| postings);
        let cards = std::iter::from_fn(move || {
            let postings = postings.as_mut()?;
            let (card, mask) = postings.next_card()?;
            postings.frequencies(mask, |_, _| ());
            Some(card)
        });
        cards.filter(|card| self.seen.is_none_or(|seen| seen.get(*card).copied().unwrap_or(false)))
    }

    fn postings(&self, term: &str) -> Option<(PostingReader<'_>, u32)> {
        self.dictionary.list(term).and_then(PostingReader::open)
    }
}

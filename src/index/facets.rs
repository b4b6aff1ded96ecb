//! Which cards have this domain, tag, risk level or maturity? Lists by value, made before any query.

use std::collections::BTreeMap;

use crate::bytes::put_varint;
use crate::search::facet_key;
use crate::sparse::DictionaryWriter;
use crate::{ExpertCard, Result};

/// The dictionary of filter values and its lists; a list is a count, then distances between cards, as varints.
pub fn facets(cards: &[ExpertCard]) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut lists: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (number, card) in cards.iter().enumerate() {
        keys(card).for_each(|key| note(lists.entry(key).or_default(), number as u32));
    }
    let mut dictionary = DictionaryWriter::default();
    for (key, cards) in &lists {
        dictionary.push(key, &list(cards))?;
    }
    dictionary.finish()
}

fn keys(card: &ExpertCard) -> impl Iterator<Item = String> {
    let single = [("domain", &card.domain), ("maturity", &card.maturity), ("risk_level", &card.risk_level)];
    let tags = card.tags.iter().map(|tag| ("tag", tag));
    single.into_iter().chain(tags).filter(|(_, value)| !value.is_empty()).map(|(name, value)| facet_key(name, value))
}

fn note(cards: &mut Vec<u32>, card: u32) {
    if cards.last() != Some(&card) {
        cards.push(card);
    }
}

fn list(cards: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, cards.len() as u32);
    let mut before = 0;
    for card in cards {
        put_varint(&mut out, card - before);
        before = *card;
    }
    out
}

//! Which known terms did a misspelt one mean?

use super::dictionary::Dictionary;

/// Shorter terms are not corrected: too many words are one letter away from them.
const LEAST_LETTERS: usize = 5;

/// From this length on, two letters may be wrong.
const TWO_EDITS_FROM: usize = 7;

/// What a corrected term is worth beside one that was spelt right.
const WORTH: f32 = 0.6;

/// More candidates than this say that none is meant in particular.
const MOST: usize = 3;

/// The known terms nearest to an unknown one, with what each is worth; none where too many are equally near.
pub fn corrections(dictionary: &Dictionary, term: &str) -> Vec<(String, f32)> {
    let letters = term.chars().count();
    if letters < LEAST_LETTERS || !term.chars().all(char::is_alphabetic) {
        return Vec::new();
    }
    let most_edits = if letters >= TWO_EDITS_FROM { 2 } else { 1 };
    let found = (1..=most_edits).map(|edits| dictionary.near(term, edits)).find(|found| !found.is_empty());
    let found = found.filter(|found| found.len() <= MOST).unwrap_or_default();
    let worth = WORTH / found.len().max(1) as f32;
    found.into_iter().map(|term| (term, worth)).collect()
}

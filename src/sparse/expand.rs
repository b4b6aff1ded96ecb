//! Which known terms stand in for one that no card has? Those it begins, those it may be misspelt for, or its own beginning.

use super::vocabulary::Vocabulary;
use crate::order;

/// Fewer letters begin too many words, even where the next letters are still to come.
const LEAST_UNFINISHED: usize = 3;

/// A finished word of fewer letters is a word of its own.
const LEAST_SHORTENED: usize = 5;

/// Of the words that a term begins, those that most cards have.
const MOST_COMPLETIONS: usize = 8;

/// Shorter terms are not corrected: too many words are one letter away from them.
const LEAST_CORRECTED: usize = 5;

/// From this length on, two letters may be wrong.
const TWO_EDITS_FROM: usize = 7;

/// More corrections than this say that none is meant in particular.
const MOST_CORRECTIONS: usize = 3;

/// A known beginning of fewer letters need not be the word's stem.
const LEAST_STEM: usize = 6;

/// The known terms meant by an unknown one, in order; none where too many are equally likely. An `unfinished` term is
/// still being typed.
pub fn stand_ins(vocabulary: &Vocabulary, term: &str, unfinished: bool) -> Vec<String> {
    let letters = term.chars().count();
    let least = if unfinished { LEAST_UNFINISHED } else { LEAST_SHORTENED };
    if letters < least || !term.chars().all(char::is_alphabetic) {
        return Vec::new();
    }
    let mut found = completions(vocabulary, term);
    for attempt in [swaps, corrections, stem] {
        found = if found.is_empty() && letters >= LEAST_CORRECTED { attempt(vocabulary, term) } else { found };
    }
    found
}

/// The words that the term begins.
fn completions(vocabulary: &Vocabulary, term: &str) -> Vec<String> {
    let begun = vocabulary.beginning(term).into_iter().map(|term| (vocabulary.frequency(&term), term));
    let mut begun: Vec<(u32, String)> = begun.filter(|(df, _)| *df > 0).collect();
    order::sort_by(&mut begun, |a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    begun.into_iter().take(MOST_COMPLETIONS).map(|(_, term)| term).collect()
}

/// The words that two neighbouring letters in the wrong order hide: one slip, though two edits.
fn swaps(vocabulary: &Vocabulary, term: &str) -> Vec<String> {
    let chars: Vec<char> = term.chars().collect();
    let swapped = |at: usize| {
        let mut swapped = chars.clone();
        swapped.swap(at, at + 1);
        String::from_iter(swapped)
    };
    (0..chars.len() - 1).map(swapped).filter(|term| vocabulary.has(term)).collect()
}

/// The words of the same first letter that are fewest edits away.
fn corrections(vocabulary: &Vocabulary, term: &str) -> Vec<String> {
    let most_edits = if term.chars().count() >= TWO_EDITS_FROM { 2 } else { 1 };
    let near = |edits| vocabulary.near(term, edits).into_iter().filter(|term| vocabulary.has(term)).collect();
    let found = (1..=most_edits).map(near).find(|found: &Vec<String>| !found.is_empty());
    found.filter(|found| found.len() <= MOST_CORRECTIONS).unwrap_or_default()
}

/// The longest known beginning: half an inflected word is no stem, but begins with one.
fn stem(vocabulary: &Vocabulary, term: &str) -> Vec<String> {
    let ends = term.char_indices().map(|(end, _)| end).skip(LEAST_STEM).collect::<Vec<_>>();
    let known = ends.into_iter().rev().map(|end| &term[..end]).find(|start| vocabulary.has(start));
    known.map(str::to_owned).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::{Dictionary, DictionaryWriter};

    fn meant(term: &str, unfinished: bool) -> Vec<String> {
        let mut known = ["python", "pytest", "kubernet", "visual", "sentiment", "apple", "ample", "amble", "amply"];
        known.sort_unstable();
        let mut writer = DictionaryWriter::default();
        known.iter().for_each(|term| writer.push(term, &[1, 0, 1, 1]).unwrap());
        let (keys, lists) = writer.finish();
        let slice = |bytes: Vec<u8>| crate::bytes::Slice::of(&bytes.clone().into(), 0..bytes.len()).unwrap();
        let dictionary = Dictionary::open(slice(keys), slice(lists)).unwrap();
        stand_ins(&Vocabulary::new(vec![(0, &dictionary)], None, 9), term, unfinished)
    }

    #[test]
    fn what_is_half_typed_is_completed() {
        assert_eq!(meant("kuber", false), ["kubernet"]);
        assert_eq!(meant("pyt", true), ["pytest", "python"]);
        assert_eq!(meant("pyt", false), [""; 0], "a short word that is finished");
        assert_eq!(meant("visualizati", false), ["visual"], "half an inflection");
    }

    #[test]
    fn what_is_misspelt_is_corrected() {
        assert_eq!(meant("pyhton", false), ["python"], "swapped letters");
        assert_eq!(meant("sentimant", false), ["sentiment"]);
        assert_eq!(meant("centiment", false), [""; 0], "another first letter");
    }

    #[test]
    fn what_may_mean_anything_stays_unknown() {
        assert_eq!(meant("py", false), [""; 0], "too short");
        assert_eq!(meant("pythn0", false), [""; 0], "a name, not a word");
        assert_eq!(meant("amplx", false), ["ample", "amply"]);
        assert_eq!(meant("house", false), [""; 0]);
    }
}

//! Does a text say these words, one after the other?

use super::analyzer::Analyzer;
use super::fold::{fold, is_unspaced};
use super::scan::words;
use super::split::is_separator;

/// Whether `text` holds the words of `phrase` side by side; case, accents and the marks between words do not matter.
///
/// ```
/// use skillmesh::text::says;
/// assert!(says("Cross-Validation, done right", "cross validation"));
/// assert!(says("it’s a café — heat map", "Cafe heat-map"));
/// assert!(!says("validation across folds", "cross validation") && !says("across validation", "cross validation"));
/// assert!(says("数据可视化工具", "可视化"), "scripts without spaces have no ends of words");
/// ```
pub fn says(text: &str, phrase: &str) -> bool {
    let (text, phrase) = (spaced(text), spaced(phrase));
    let stands =
        |at: usize| text[at..].starts_with(&phrase) && ends_word(&text, at) && ends_word(&text, at + phrase.len());
    !phrase.is_empty() && text.char_indices().any(|(at, _)| stands(at))
}

/// For each word of a phrase the terms of which a text that says it has at least one; not for words in which an apostrophe
/// or a script without spaces may hide the term.
pub fn sure_terms(phrase: &str, analyzer: &Analyzer) -> Vec<Vec<String>> {
    let words = words(phrase).flat_map(|word| word.split(is_separator));
    let plain = words.filter(|word| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() && !is_unspaced(c)));
    let terms = |word: String| {
        let possessed = word.strip_suffix('s').map(|owner| analyzer.terms(owner)).unwrap_or_default();
        analyzer.terms(&word).into_iter().chain(possessed).chain([word]).collect()
    };
    plain.map(fold).map(terms).collect()
}

/// The folded words with one space between them.
fn spaced(text: &str) -> String {
    let words = words(text).flat_map(|word| word.split(is_separator)).map(fold).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether no word goes on across this place.
fn ends_word(text: &str, at: usize) -> bool {
    let (before, after) = (text[..at].chars().next_back(), text[at..].chars().next());
    let goes_on = |c: char| c != ' ' && !is_unspaced(c);
    !(before.is_some_and(goes_on) && after.is_some_and(goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_match_may_overlap_what_only_looks_like_one() {
        assert!(says("xa a a", "a a"));
    }

    proptest! {
        #[test]
        fn what_says_a_phrase_has_its_sure_terms(text in "([a-dS'画-]{1,4}|tests|userId|running)( ([a-ds'画_]{1,3}|test|user))*", from in 0usize..4, to in 1usize..4) {
            let words: Vec<&str> = text.split(' ').collect();
            let phrase = words[from.min(words.len() - 1)..].iter().take(to).copied().collect::<Vec<_>>().join(" ");
            let analyzer = Analyzer::new();
            let own = analyzer.terms(&text);
            if says(&text, &phrase.to_lowercase()) {
                for terms in sure_terms(&phrase.to_lowercase(), &analyzer) {
                    prop_assert!(terms.iter().any(|term| own.contains(term)), "{text:?} {phrase:?} {terms:?} {own:?}");
                }
            }
        }
    }
}

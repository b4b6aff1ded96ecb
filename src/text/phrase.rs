//! Does a text say these words, one after the other?

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
    let ends = |at: usize| ends_word(&text, at) && ends_word(&text, at + phrase.len());
    !phrase.is_empty() && text.match_indices(&phrase).any(|(at, _)| ends(at))
}

/// The folded words with one space between them.
pub fn spaced(text: &str) -> String {
    let words = words(text).flat_map(|word| word.split(is_separator)).map(fold).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Whether no word goes on across this place.
fn ends_word(text: &str, at: usize) -> bool {
    let (before, after) = (text[..at].chars().next_back(), text[at..].chars().next());
    let goes_on = |c: char| c != ' ' && !is_unspaced(c);
    !(before.is_some_and(goes_on) && after.is_some_and(goes_on))
}

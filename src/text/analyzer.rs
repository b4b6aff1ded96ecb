//! Which terms stand in this text, in order?

use super::fold::{fold, is_unspaced};
use super::scan::words;
use super::split::parts;
use super::stem::Stemmer;

/// Raised whenever the same text would give other terms; a snapshot of another version is refused.
pub const ANALYZER_VERSION: u32 = 1;

/// The language whose inflections are stemmed; words of other languages pass through.
pub const ANALYZER_LANGUAGE: &str = "en";

/// Longer terms are cut here, so that pasted data cannot bloat the dictionary.
const MAX_TERM_CHARS: usize = 64;

/// Turns text into terms: accents and case folded, identifiers split and kept whole, English stemmed, CJK in bigrams.
///
/// ```
/// use skillmesh::text::Analyzer;
/// let analyzer = Analyzer::new();
/// assert_eq!(analyzer.terms("Parsing parseJSON"), ["pars", "pars", "json", "parsejson"]);
/// assert_eq!(analyzer.terms("C++ and node.js"), ["c++", "and", "node", "js", "nodejs"]);
/// assert_eq!(analyzer.terms("画像処理"), ["画像", "像処", "処理"]);
/// ```
#[derive(Debug, Default)]
pub struct Analyzer {
    stemmer: Stemmer,
}

impl Analyzer {
    /// The analyzer of [`ANALYZER_VERSION`].
    pub fn new() -> Self {
        Self::default()
    }

    /// All terms of `text`, repeats included.
    pub fn terms(&self, text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        self.each_term(text, &mut |term| terms.push(term.to_owned()));
        terms
    }

    /// Calls `emit` with each term of `text`, in order.
    pub fn each_term(&self, text: &str, emit: &mut dyn FnMut(&str)) {
        for word in words(text) {
            if word.chars().any(is_unspaced) { unspaced_terms(word, emit) } else { self.word_terms(word, emit) }
        }
    }

    /// The parts of a word, each stemmed, then the whole where there is more than one part.
    fn word_terms(&self, word: &str, emit: &mut dyn FnMut(&str)) {
        let parts = parts(word);
        for part in &parts {
            emit_some(&self.stemmer.stem(&fold(part)), emit);
        }
        if let Some(whole) = whole(word, &parts) {
            emit_some(&whole, emit);
        }
    }
}

/// The word as one term: `aws-s3`, `aws_s3` and `awsS3` are the same; numbers and `.net` keep their marks.
fn whole(word: &str, parts: &[&str]) -> Option<String> {
    let numeric = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    if word.starts_with('.') || (numeric && parts.len() > 1) {
        return Some(fold(word));
    }
    (parts.len() > 1).then(|| fold(&parts.concat()))
}

/// Scripts written without spaces: every two neighbouring characters, or the lone one.
fn unspaced_terms(word: &str, emit: &mut dyn FnMut(&str)) {
    let folded: Vec<char> = fold(word).chars().filter(|c| c.is_alphanumeric()).collect();
    for run in folded.chunk_by(|a, b| is_unspaced(*a) == is_unspaced(*b)) {
        if run.len() < 2 || !is_unspaced(run[0]) {
            emit_some(&run.iter().collect::<String>(), emit);
        } else {
            run.windows(2).for_each(|pair| emit(&pair.iter().collect::<String>()));
        }
    }
}

/// A letter that is nothing but an accent folds to nothing.
fn emit_some(term: &str, emit: &mut dyn FnMut(&str)) {
    if !term.is_empty() {
        emit(cut(term));
    }
}

fn cut(term: &str) -> &str {
    term.char_indices().nth(MAX_TERM_CHARS).map_or(term, |(end, _)| &term[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(text: &str) -> Vec<String> {
        Analyzer::new().terms(text)
    }

    #[test]
    fn spellings_of_an_identifier_share_a_term() {
        for spelling in ["aws-s3", "aws_s3", "awsS3", "AWS.S3"] {
            assert!(terms(spelling).contains(&"awss3".to_owned()), "{spelling}: {:?}", terms(spelling));
        }
    }

    #[test]
    fn names_made_of_marks_survive() {
        assert_eq!(terms("C#, F# and C++!"), ["c#", "f#", "and", "c++"]);
        assert_eq!(terms(".NET"), ["net", ".net"]);
        assert_eq!(terms("ASP.NET."), ["asp", "net", "aspnet"]);
    }

    #[test]
    fn accents_case_and_width_fold() {
        assert_eq!(terms("Café CAFÉ cafe\u{301} ＣＡＦＥ"), ["cafe"; 4]);
        assert_eq!(terms("Straße"), terms("strasse"));
    }

    #[test]
    fn hangul_and_kana_stay_composed() {
        assert_eq!(terms("データ"), ["デー", "ータ"]);
        assert_eq!(terms("한국어"), ["한국", "국어"]);
        assert_eq!(terms("GPU加速"), ["gpu", "加速"]);
    }

    #[test]
    fn versions_and_possessives() {
        assert_eq!(terms("3.14"), ["3", "14", "3.14"]);
        assert_eq!(terms("the user's don't"), ["the", "user", "dont"]);
    }

    #[test]
    fn nothing_in_nothing_out() {
        for text in ["", "   ", "?!… --- ...", "\u{0}\u{0}"] {
            assert!(terms(text).is_empty(), "{text:?}: {:?}", terms(text));
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_bounded_clean_terms(text in "\\PC{0,200}") {
            for term in terms(&text) {
                prop_assert!(!term.is_empty() && term.chars().count() <= MAX_TERM_CHARS);
                prop_assert!(!term.contains(char::is_whitespace));
            }
        }

        #[test]
        fn case_never_matters_for_plain_words(text in "[a-z]{1,12}( [a-z]{1,12}){0,6}") {
            prop_assert_eq!(terms(&text), terms(&text.to_uppercase()));
        }
    }
}

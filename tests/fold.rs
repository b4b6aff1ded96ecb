//! Is a text folded exactly as with Unicode's whole tables?

mod unicode;

use proptest::prelude::*;
use proptest::sample::select;
use skillmesh::text::fold;
use unicode::{all, has_cases_of_tables};
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class};

fn assert_folds(text: &str) {
    assert_eq!(fold(text), unicode::fold(text), "{text:?} {}", text.escape_unicode());
}

/// Second parts of composed characters, and whatever has a combining class; of the accents that fold away, two.
fn leaning() -> Vec<char> {
    let second = |c: char| c.nfd().skip(1).last();
    let mut leaning: Vec<char> = all().filter_map(second).collect();
    leaning.extend(all().filter(|c| canonical_combining_class(*c) != 0));
    leaning.retain(|c| !('\u{300}'..='\u{36f}').contains(c));
    leaning.extend(['\u{301}', '\u{327}']);
    sorted(leaning)
}

/// Whatever takes part in a composition, whole or first part, and whatever is spelled with a leaning character.
fn bases() -> Vec<char> {
    let leaning = leaning();
    let composes = |c: char| c != '\u{301}' && c != '\u{327}' && leaning.binary_search(&c).is_ok();
    let parts = |c: char| c.nfkd().chain([c]).collect::<Vec<_>>();
    let takes_part = |c: &char| c.nfkd().count() > 1 && c.nfkd().any(composes);
    sorted(all().filter(takes_part).filter(|c| !is_syllable(*c)).flat_map(parts).filter(|c| is_spacing(*c)).collect())
}

fn sorted(mut chars: Vec<char>) -> Vec<char> {
    chars.sort_unstable();
    chars.dedup();
    chars
}

fn is_spacing(c: char) -> bool {
    canonical_combining_class(c) == 0
}

fn is_syllable(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

#[test]
fn every_character_alone_and_beside_others() {
    for c in all().filter(|_| has_cases_of_tables()) {
        assert_folds(c.encode_utf8(&mut [0; 4]));
        assert_folds(&format!("か{c}\u{3099}가{c}\u{11a8}"));
    }
}

#[test]
fn every_base_with_every_mark() {
    let leaning = leaning();
    for base in bases() {
        let marked: String = leaning.iter().flat_map(|mark| [base, *mark]).collect();
        assert_folds(&marked);
    }
}

/// One mark of each class stands for its class where two are put in order; of class 0 are those that compose.
#[test]
fn every_base_with_two_marks_of_every_class() {
    let mut marks = leaning();
    marks.sort_by_key(|mark| canonical_combining_class(*mark));
    marks.dedup_by_key(|mark| (canonical_combining_class(*mark), is_spacing(*mark).then_some(*mark)));
    for base in bases() {
        let marked = |a: char| marks.iter().flat_map(move |b| [base, a, *b]);
        assert_folds(&marks.iter().flat_map(|a| marked(*a)).collect::<String>());
    }
}

#[test]
fn every_jamo_with_every_jamo() {
    let jamo = || ('\u{1100}'..='\u{11ff}').chain('\u{3131}'..='\u{318e}').chain('\u{ffa0}'..='\u{ffdc}');
    for first in jamo() {
        assert_folds(
            &jamo().flat_map(|second| [first, second, '\u{11a8}', first, second, ' ', '\u{11c2}']).collect::<String>(),
        );
    }
}

#[test]
fn every_syllable_with_every_trailing_consonant() {
    for syllable in '\u{ac00}'..='\u{d7a3}' {
        assert_folds(&('\u{11a6}'..='\u{11c3}').flat_map(|jamo| [syllable, jamo]).collect::<String>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn any_text(text in "\\PC{0,40}") {
        prop_assert!(!has_cases_of_tables() || fold(&text) == unicode::fold(&text), "{}", text.escape_unicode());
    }

    #[test]
    fn marks_in_any_order(text in marked(bases(), leaning())) {
        prop_assert_eq!(fold(&text), unicode::fold(&text), "{}", text.escape_unicode());
    }
}

/// Bases with a handful of marks each, and now and then something that folds away between them.
fn marked(bases: Vec<char>, marks: Vec<char>) -> impl Strategy<Value = String> {
    let silent = select(vec!['\'', ' ', '’', '\u{301}', '´', 'ﾞ', 'x']);
    let c = prop_oneof![2 => select(bases), 4 => select(marks), 1 => silent];
    proptest::collection::vec(c, 0..24).prop_map(String::from_iter)
}

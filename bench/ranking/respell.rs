//! How can a text be spelt so that the product's analyzer gives other terms?
//!
//! Cards and queries go through the same spelling, so that index, weights and query handling stay the product's.

use skillmesh::text::{fold, is_unspaced, parts};

/// The stemmer leaves words alone that are not plain ASCII; this letter before a word makes it such a one.
const UNSTEMMED: char = 'ə';

/// Letters of a trigram.
const GRAM: usize = 3;

/// Every word in its own inflection, identifiers split and kept whole as the analyzer does.
pub fn unstemmed(text: &str) -> String {
    respelt(text, |word| {
        let parts = parts(word);
        let whole = (parts.len() > 1).then(|| parts.concat());
        let forms = parts.into_iter().map(str::to_owned).chain(whole);
        forms.map(|form| marked(&fold(&form))).collect::<Vec<_>>().join(" ")
    })
}

/// No identifier falls apart where a capital follows a small letter.
pub fn humps_joined(text: &str) -> String {
    respelt(text, fold)
}

/// No identifier falls apart: `parse_JSON-file` is one word.
pub fn joined(text: &str) -> String {
    respelt(text, |word| fold(&parts(word).concat()))
}

/// Every three neighbouring letters of a word, the places before its first and after its last among them.
pub fn trigrams(text: &str) -> String {
    respelt(text, |word| {
        let letters: Vec<char> = format!("{0}{1}{0}", UNSTEMMED, fold(word)).chars().collect();
        let grams = letters.windows(GRAM).map(|gram| marked(&gram.iter().collect::<String>()));
        grams.collect::<Vec<_>>().join(" ")
    })
}

fn marked(word: &str) -> String {
    format!("{UNSTEMMED}{word}")
}

/// The words that have a letter of an alphabet, spelt anew; numbers and scripts without spaces stay as they are.
fn respelt(text: &str, spell: impl Fn(&str) -> String) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && !is_joint(c)).map(|word| word.trim_matches(is_joint));
    let respelt = words.filter(|word| !word.is_empty()).map(|word| {
        let spelt = word.contains(char::is_alphabetic) && !word.contains(is_unspaced);
        if spelt { spell(word) } else { word.to_owned() }
    });
    respelt.collect::<Vec<_>>().join(" ")
}

/// Marks within a name.
fn is_joint(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | '\'' | '’')
}

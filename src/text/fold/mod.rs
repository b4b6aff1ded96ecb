//! Which spellings count as the same? Case, Latin accents and compatibility forms are folded away.

mod char_map;
mod columns;
mod compose;
mod mark;
mod spelling;

use compose::{compose, leans};
pub use mark::is_mark;
use spelling::spelling;

/// The text in lower case, without apostrophes and Latin, Greek and Cyrillic accents, compatibility forms unified.
///
/// Voicing marks of kana and vowel signs of other scripts are letters there, and stay. The tables hold Unicode's NFKD of
/// each character, without the accents, in NFC and lower case; only what goes on between characters is left to do.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('\'', "");
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match spelling(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    if folded.chars().any(leans) { compose(&folded) } else { folded }
}

/// Whether the character belongs to a script that puts no spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' // kana
        | '\u{3005}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{20000}'..='\u{323af}'
        | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' // Hangul
    )
}

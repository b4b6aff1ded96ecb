//! How does one fold with Unicode's whole tables? As the tables of `src/text/fold` have to: this is what they are made from and judged by.

use unicode_normalization::UnicodeNormalization;

/// What `skillmesh::text::fold` has to give, whatever the text.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('\'', "");
    }
    let unmarked = text.nfkd().filter(|c| !is_silent(*c)).nfc();
    unmarked.flat_map(char::to_lowercase).collect::<String>().replace('ß', "ss").replace('ς', "σ")
}

/// Some compatibility forms hold a space before their accent; it goes with the accent.
fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '’' | ' ' | '\u{300}'..='\u{36f}')
}

/// Every character there is.
pub fn all() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

/// Whether this compiler knows the letters' cases that the tables were made with. They stay as they are when Rust learns
/// new letters, since snapshots hold folded terms.
pub fn has_cases_of_tables() -> bool {
    char::UNICODE_VERSION == (17, 0, 0)
}

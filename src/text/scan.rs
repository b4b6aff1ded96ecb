//! Where does a word begin and end? At anything that is neither a letter nor a mark that joins letters.

use super::fold::is_mark;

/// The words of `text`: letters and digits, with the marks inside that programmers write (`aws-s3`, `C++`, `.NET`).
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_inner(c)).map(trim).filter(|word| !word.is_empty())
}

/// Letters, digits, combining marks, and the marks that may join them.
fn is_inner(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || is_connector(c);
    }
    c.is_alphanumeric() || c == '’' || is_mark(c)
}

/// Marks that join the parts of one name.
pub fn is_connector(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | '\'' | '’' | '+' | '#')
}

/// Without the marks that only touch the word: a leading dot before a letter and trailing `+`, `#` belong to it.
fn trim(word: &str) -> &str {
    let word = word.trim_end_matches(|c| is_connector(c) && c != '+' && c != '#');
    let start = word.find(|c| !is_connector(c)).unwrap_or(word.len());
    let letter_follows = word[start..].starts_with(char::is_alphabetic);
    if letter_follows && word[..start].ends_with('.') { &word[start - 1..] } else { &word[start..] }
}

//! How many tokens does a text have, about?

use crate::text::is_unspaced;

/// Word pieces that a BERT model would read, estimated: one for each mark and each letter of a script without spaces, a
/// quarter for any other character. An estimate on purpose: chunks are the same whatever model embeds them.
pub fn tokens(text: &str) -> usize {
    text.chars().map(quarters).sum::<usize>().div_ceil(4)
}

/// The weight of one character in quarters of a token.
pub fn quarters(c: char) -> usize {
    if c.is_ascii_punctuation() || is_unspaced(c) { 4 } else { 1 }
}

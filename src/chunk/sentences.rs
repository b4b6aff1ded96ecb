//! Which sentences does a text say?

use crate::text::is_unspaced;

/// Fewer words than this are a heading or an exclamation, not a sentence.
const LEAST_WORDS: usize = 3;

/// The sentences of a text, each with its final mark; a line break ends one too.
///
/// ```
/// use skillmesh::chunk::sentences;
/// assert_eq!(sentences("Read v1.2 of it. Then draw a map!\nOk?"), ["Read v1.2 of it.", "Then draw a map!"]);
/// assert_eq!(sentences("读取文件。然后画一张地图。"), ["读取文件。", "然后画一张地图。"]);
/// ```
pub fn sentences(text: &str) -> Vec<&str> {
    let mut start = 0;
    let pieces = ends(text).chain([text.len()]).map(|end| &text[std::mem::replace(&mut start, end)..end]);
    pieces.map(str::trim).filter(|piece| speaks(piece)).collect()
}

/// Where sentences end, each behind its final mark.
pub(super) fn ends(text: &str) -> impl Iterator<Item = usize> {
    let behind = |(at, c): (usize, char)| (at + c.len_utf8(), c);
    text.char_indices().map(behind).filter(|(end, c)| is_end(*c, &text[*end..])).map(|(end, _)| end)
}

/// A mark ends a sentence where white space follows, so that `v1.2` and `main.rs` stay whole.
fn is_end(c: char, rest: &str) -> bool {
    match c {
        '\n' | '。' | '！' | '？' | '；' => true,
        '.' | '!' | '?' | ';' => rest.starts_with(char::is_whitespace),
        _ => false,
    }
}

/// Scripts without spaces are counted by letters.
fn speaks(piece: &str) -> bool {
    let letters = piece.chars().filter(|c| is_unspaced(*c)).count();
    piece.split_whitespace().count() >= LEAST_WORDS || letters >= LEAST_WORDS
}

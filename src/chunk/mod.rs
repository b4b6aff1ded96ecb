//! How does a long text fall into pieces that can be read on their own?

#[cfg(feature = "documents")]
mod document;
mod passages;
mod sentences;

#[cfg(feature = "documents")]
pub use document::{Anchors, markdown, pages, plain};
pub use passages::passages;
pub use sentences::sentences;

/// Pieces of at most about `limit` characters, cut between paragraphs, else lines, else words.
///
/// Pieces are trimmed and never empty; only white space between them is lost.
///
/// ```
/// use skillmesh::chunk::split;
/// assert_eq!(split("one two\n\nthree four\n\nfive", 20), ["one two\n\nthree four", "five"]);
/// ```
pub fn split(text: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(cut_at(rest, limit.max(1)));
        pieces.push(piece.trim_end());
        rest = tail.trim_start();
    }
    pieces
}

/// Where the first piece ends: the last paragraph break within `limit`, else line break, else space, else there.
fn cut_at(text: &str, limit: usize) -> usize {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.len() };
    let window = &text[..end];
    let after_half = |at: &usize| *at >= end / 2;
    let breaks = ["\n\n", "\n", " "].map(|mark| window.rfind(mark).filter(after_half));
    breaks.into_iter().flatten().next().unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::split;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost(text in "[a-zé\n ]{0,300}", limit in 0usize..60) {
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let pieces = split(&text, limit);
            prop_assert_eq!(bare(&pieces.concat()), bare(&text));
            prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && piece.chars().count() <= limit.max(1)));
        }
    }
}

//! Which texts of a card are embedded? Its head, each example, and its body in pieces that the model can read whole.

use super::split;
use crate::ExpertCard;
use crate::text::parts;

/// Pieces of a body beyond this many are not embedded: the first pages say what a skill is for.
const MAX_PIECES: usize = 8;

/// Examples beyond this many are not embedded on their own.
const MAX_EXAMPLES: usize = 16;

/// About 200 word pieces, so that title and piece fit the 256 that MiniLM reads.
const PASSAGE_CHARS: usize = 800;

/// Less of a body than this is not worth adding to a head.
const LEAST_CHARS: usize = 200;

/// The texts to embed: the head, each example, and the body in pieces.
///
/// ```
/// use skillmesh::{ExpertCard, chunk::passages};
/// let card = ExpertCard { title: "Heatmaps".into(), description: "Draw them.".into(), ..Default::default() };
/// assert_eq!(passages(&card), ["Heatmaps. Draw them."]);
/// let card = ExpertCard { instruction_text: "Call heatmap.".into(), examples: vec!["red squares".into()], ..card };
/// assert_eq!(passages(&card), ["Heatmaps. Draw them. red squares. Call heatmap.", "red squares"]);
/// ```
pub fn passages(card: &ExpertCard) -> Vec<String> {
    let (head, rest) = filled(head(card), card.instruction_text.trim());
    let examples = card.examples.iter().take(MAX_EXAMPLES).map(|example| example.trim().to_owned());
    let pieces = split(rest, PASSAGE_CHARS).into_iter().take(MAX_PIECES);
    let pieces = pieces.map(|piece| joined(&[&card.title, piece]));
    std::iter::once(head).chain(examples.filter(|example| !example.is_empty())).chain(pieces).collect()
}

/// A short head with as much of the body as fits behind it, and the rest of the body: a title alone says too little.
fn filled(head: String, body: &str) -> (String, &str) {
    let room = PASSAGE_CHARS.saturating_sub(head.chars().count());
    let first = if room < LEAST_CHARS { "" } else { split(body, room).first().copied().unwrap_or_default() };
    (joined(&[&head, first]), &body[first.len()..])
}

/// What the card says of itself in short; what matters most comes first, should the model cut it.
fn head(card: &ExpertCard) -> String {
    let title = spoken(&card.title);
    let lists = [&card.aliases, &card.tags, &card.examples].map(|list| list.join(", "));
    joined(&[&title, &card.description, &lists[0], &lists[1], &lists[2]])
}

/// A title that is an identifier, as the words it is made of: the model was trained on words.
fn spoken(title: &str) -> String {
    if title.contains(char::is_whitespace) { title.to_owned() } else { parts(title).join(" ") }
}

/// The parts that say something, as sentences.
fn joined(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    said.join(". ").replace(".. ", ". ")
}

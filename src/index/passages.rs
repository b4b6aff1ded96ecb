//! Which texts of a card are embedded? One of its head, then its body in pieces that the model can read whole.

use crate::ExpertCard;
use crate::chunk::split;

/// Passages of a body beyond this many are not embedded: the first pages say what a skill is for.
pub const MAX_PASSAGES: usize = 6;

/// About 200 word pieces, so that title and piece fit the 256 that MiniLM reads.
const PASSAGE_CHARS: usize = 800;

/// The texts to embed, the head first.
///
/// ```
/// use skillmesh::{ExpertCard, index::passages};
/// let card = ExpertCard { title: "Heatmaps".into(), description: "Draw them.".into(), ..Default::default() };
/// assert_eq!(passages(&card), ["Heatmaps. Draw them."]);
/// ```
pub fn passages(card: &ExpertCard) -> Vec<String> {
    let body = split(&card.instruction_text, PASSAGE_CHARS).into_iter().take(MAX_PASSAGES - 1);
    std::iter::once(head(card)).chain(body.map(|piece| format!("{}. {piece}", card.title))).collect()
}

/// What the card says of itself in short; what matters most comes first, should the model cut it.
fn head(card: &ExpertCard) -> String {
    let lists = [&card.aliases, &card.tags, &card.examples].map(|list| list.join(", "));
    let parts = [card.title.as_str(), &card.description, &lists[0], &lists[1], &lists[2]];
    let said: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    said.join(". ").replace(".. ", ". ")
}

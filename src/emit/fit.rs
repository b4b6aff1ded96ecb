//! What of the found fits into the budget, best first?

use super::budget::{Budget, tokens};
use super::content::{Content, Style};
use super::cut::cut;
use super::forms::Writer;
use crate::{Code, Error, Result};

/// A block within its budget, and how much of what was found stands in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The block of text.
    pub block: String,
    /// How many cards, the best first.
    pub cards: usize,
    /// How many documents, the best first.
    pub documents: usize,
}

/// What ends a cut text, which the cut does not count.
const ELLIPSIS: usize = 4;

/// As much of the content as the budget holds: the best cards and documents by turns, so that neither takes the other's
/// place, then as many of each as there is room for, and of the next card as much of its instructions. The block is never
/// longer than the budget; where nothing of what was found fits, the error says what would do.
pub fn fit(content: &Content, budget: &Budget, write: Writer) -> Result<Fitted> {
    let (all_cards, all_documents) = (content.cards().len(), content.documents.len());
    let whole = write(content);
    if budget.holds(&whole) {
        return Ok(Fitted { block: whole, cards: all_cards, documents: all_documents });
    }
    if all_cards + all_documents == 0 {
        return Ok(Fitted { block: String::new(), cards: 0, documents: 0 });
    }
    let fits = |cards, documents| budget.holds(&write(&content.best(cards, documents)));
    let turns = largest(all_cards.max(all_documents), |turns| fits(turns, turns)).unwrap_or(0);
    let cards = largest(all_cards, |cards| fits(cards, turns)).unwrap_or(0);
    let documents = largest(all_documents, |documents| fits(cards, documents)).unwrap_or(0);
    if let Some(fitted) = with_a_shorter(content, cards, documents, budget, write) {
        return Ok(fitted);
    }
    if cards + documents == 0 {
        return Err(too_small(&write(&shortest(content)), budget));
    }
    Ok(Fitted { block: write(&content.best(cards, documents)), cards, documents: documents.min(all_documents) })
}

/// The best so many and the card behind them, with as much of its instructions as there is room for.
fn with_a_shorter(content: &Content, cards: usize, documents: usize, budget: &Budget, write: Writer) -> Option<Fitted> {
    let more = content.best(cards + 1, documents);
    let mut shown = more.cards().to_vec();
    let next = shown.get_mut(cards)?;
    let whole = std::mem::take(&mut next.card.instruction_text);
    let longest = content.style.instruction_chars.saturating_sub(ELLIPSIS).min(whole.chars().count());
    let mut shorter = |chars: usize| {
        shown[cards].card.instruction_text = if chars == 0 { String::new() } else { cut(&whole, chars) };
        let block = write(&Content { cards: Some(&shown), ..more });
        budget.holds(&block).then_some(block)
    };
    let chars = largest(longest, |chars| shorter(chars).is_some())?;
    Some(Fitted { block: shorter(chars)?, cards: cards + 1, documents })
}

/// The largest of 0 to `most` that fits, where all below one that fits do too.
fn largest(most: usize, mut fits: impl FnMut(usize) -> bool) -> Option<usize> {
    let (mut fitting, mut too_many) = (fits(0).then_some(0)?, most + 1);
    while too_many - fitting > 1 {
        let middle = fitting + (too_many - fitting) / 2;
        if fits(middle) { fitting = middle } else { too_many = middle }
    }
    Some(fitting)
}

/// The least that says something.
fn shortest<'a>(content: &Content<'a>) -> Content<'a> {
    let documents = usize::from(content.cards().is_empty());
    Content { style: Style { instruction_chars: 0, ..content.style }, ..content.best(1, documents) }
}

fn too_small(least: &str, budget: &Budget) -> Error {
    let (chars, tokens) = (least.chars().count(), tokens(least));
    let got =
        [budget.chars.map(|most| format!("{most} characters")), budget.tokens.map(|most| format!("{most} tokens"))];
    Error::new(Code::InvalidArgument, "the budget is too small for the best that was found")
        .expected(format!("{chars} characters ({tokens} tokens) or more"))
        .got(got.into_iter().flatten().collect::<Vec<_>>().join(" and "))
}

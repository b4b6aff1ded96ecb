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

/// As much of the content as the budget holds: the best cards and documents by turns, the last card with shorter
/// instructions where it would not fit otherwise. The block is never longer than the budget; where not even the best card
/// fits, the error says what would do.
pub fn fit(content: &Content, budget: &Budget, write: Writer) -> Result<Fitted> {
    let whole = write(content);
    if budget.holds(&whole) {
        return Ok(Fitted { block: whole, cards: content.cards().len(), documents: content.documents.len() });
    }
    let fits = |len: usize| budget.holds(&write(&content.best(len)));
    let most = largest(content.len(), fits).unwrap_or(0);
    if let Some(fitted) = with_a_shorter(content, most, budget, write) {
        return Ok(fitted);
    }
    let best = content.best(most);
    let block = write(&best);
    if most == 0 && (content.len() > 0 || !budget.holds(&block)) {
        return Err(too_small(&write(&shortest(content)), budget));
    }
    Ok(Fitted { block, cards: best.cards().len(), documents: best.documents.len() })
}

/// The best `most` and the card behind them, with as much of its instructions as there is room for.
fn with_a_shorter(content: &Content, most: usize, budget: &Budget, write: Writer) -> Option<Fitted> {
    let more = content.best(most + 1);
    let mut cards = more.cards().to_vec();
    if cards.len() == content.best(most).cards().len() {
        return None;
    }
    let whole = std::mem::take(&mut cards.last_mut()?.card.instruction_text);
    let longest = content.style.instruction_chars.saturating_sub(ELLIPSIS).min(whole.chars().count());
    let mut shorter = |chars: usize| {
        cards.last_mut()?.card.instruction_text = if chars == 0 { String::new() } else { cut(&whole, chars) };
        let block = write(&Content { cards: Some(&cards), ..more });
        budget.holds(&block).then_some(block)
    };
    let chars = largest(longest, |chars| shorter(chars).is_some())?;
    let block = shorter(chars)?;
    Some(Fitted { block, cards: more.cards().len(), documents: more.documents.len() })
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
    Content { style: Style { instruction_chars: 0, ..content.style }, ..content.best(1) }
}

fn too_small(least: &str, budget: &Budget) -> Error {
    let (chars, tokens) = (least.chars().count(), tokens(least));
    let got = [budget.chars.map(|most| format!("{most} characters")), budget.tokens.map(|most| format!("{most} tokens"))];
    Error::new(Code::InvalidArgument, "the budget is too small for the best that was found")
        .expected(format!("{chars} characters ({tokens} tokens) or more"))
        .got(got.into_iter().flatten().collect::<Vec<_>>().join(" and "))
}

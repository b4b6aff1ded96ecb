//! Which cards may be ranked at all?

/// A set of cards; filters make it before any leg scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Every card.
    All,
    /// Those marked `true`.
    Some(Vec<bool>),
}

impl Allowed {
    /// Whether `card` is in the set.
    #[inline(always)]
    pub fn has(&self, card: usize) -> bool {
        match self {
            Allowed::All => true,
            Allowed::Some(marks) => marks.get(card).copied().unwrap_or(false),
        }
    }

    /// The marks, where not every card is in the set.
    pub fn marks(&self) -> Option<&[bool]> {
        match self {
            Allowed::All => None,
            Allowed::Some(marks) => Some(marks),
        }
    }

    /// The same as marks, of `cards` cards.
    pub fn into_marks(self, cards: usize) -> Vec<bool> {
        match self {
            Allowed::All => vec![true; cards],
            Allowed::Some(marks) => marks,
        }
    }

    /// How many of `cards` cards are in the set.
    pub fn count(&self, cards: usize) -> usize {
        match self {
            Allowed::All => cards,
            Allowed::Some(marks) => marks.iter().filter(|mark| **mark).count(),
        }
    }

    /// The cards in both sets.
    pub fn and(self, other: Vec<bool>) -> Allowed {
        let marks = other.into_iter().enumerate().map(|(card, mark)| mark && self.has(card)).collect();
        Allowed::Some(marks)
    }
}

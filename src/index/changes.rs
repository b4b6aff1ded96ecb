//! Which cards came, changed and went between two snapshots?

use std::cmp::Ordering;

use serde::Serialize;

use super::stored::StoredCards;
use crate::Result;

/// Ids in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Cards that only the new one holds.
    pub added: Vec<String>,
    /// Cards that say something else.
    pub changed: Vec<String>,
    /// Cards that only the old one holds.
    pub removed: Vec<String>,
}

impl Changes {
    /// What it takes to come from `old` to `new`.
    pub fn between(old: &StoredCards, new: &StoredCards) -> Result<Changes> {
        let mut changes = Changes::default();
        let (mut left, mut right) = (0, 0);
        while left < old.len() || right < new.len() {
            let order = order(old, left, new, right)?;
            match order {
                Ordering::Less => changes.removed.push(old.id(left)?.to_owned()),
                Ordering::Greater => changes.added.push(new.id(right)?.to_owned()),
                Ordering::Equal if old.record(left)? != new.record(right)? => {
                    changes.changed.push(new.id(right)?.to_owned());
                }
                Ordering::Equal => {}
            }
            left += usize::from(order.is_le());
            right += usize::from(order.is_ge());
        }
        Ok(changes)
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// How the next ids compare; whoever is at its end comes last.
fn order(old: &StoredCards, left: usize, new: &StoredCards, right: usize) -> Result<Ordering> {
    match (left < old.len(), right < new.len()) {
        (true, true) => Ok(old.id(left)?.cmp(new.id(right)?)),
        (true, false) => Ok(Ordering::Less),
        _ => Ok(Ordering::Greater),
    }
}

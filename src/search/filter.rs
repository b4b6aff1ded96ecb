//! Which cards does a filter let through?

use serde::{Deserialize, Serialize};

use super::allowed::Allowed;
use crate::bytes::Varints;
use crate::sparse::Dictionary;
use crate::text::fold;

/// Conditions on a card's fields: any value within a field, all fields together. Case and accents do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Domains.
    #[serde(deserialize_with = "one_or_many")]
    pub domain: Vec<String>,
    /// Tags.
    #[serde(deserialize_with = "one_or_many")]
    pub tag: Vec<String>,
    /// Risk levels.
    #[serde(deserialize_with = "one_or_many")]
    pub risk_level: Vec<String>,
    /// Maturities.
    #[serde(deserialize_with = "one_or_many")]
    pub maturity: Vec<String>,
}

/// The filter fields, as they are named in queries and options.
pub const FACETS: [&str; 4] = ["domain", "tag", "risk_level", "maturity"];

/// The key of a filter value in the snapshot's filter dictionary.
pub fn facet_key(field: &str, value: &str) -> String {
    format!("{field}\u{0}{}", fold(value.trim()))
}

impl Filter {
    /// The cards that pass, by the lists in the snapshot.
    pub fn allowed(&self, facets: &Dictionary, cards: usize) -> Allowed {
        let conditions = [&self.domain, &self.tag, &self.risk_level, &self.maturity];
        let asked = FACETS.into_iter().zip(conditions).filter(|(_, values)| !values.is_empty());
        asked.fold(Allowed::All, |allowed, (field, values)| allowed.and(any_of(facets, field, values, cards)))
    }
}

/// The cards that have any of `values` in a filter field.
pub fn any_of(facets: &Dictionary, field: &str, values: &[String], cards: usize) -> Vec<bool> {
    let mut marks = vec![false; cards];
    for list in values.iter().filter_map(|value| facets.list(&facet_key(field, value))) {
        mark(&mut marks, list);
    }
    marks
}

/// Marks the cards of one list: a count, then distances.
fn mark(marks: &mut [bool], list: &[u8]) {
    let mut numbers = Varints::new(list);
    let count = numbers.next().unwrap_or(0);
    let mut card = 0usize;
    for distance in numbers.take(count as usize) {
        card = card.saturating_add(distance as usize);
        if let Some(mark) = marks.get_mut(card) {
            *mark = true;
        }
    }
}

/// `"low"` is as good as `["low"]`.
fn one_or_many<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(from)? {
        OneOrMany::One(value) => vec![value],
        OneOrMany::Many(values) => values,
    })
}

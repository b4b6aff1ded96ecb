//! Which cards does a filter let through?

use super::allowed::Allowed;
use crate::bytes::{Fields, FromPacked, Packed, Unpacked, Varints};
use crate::sparse::Dictionary;
use crate::text::fold;

/// Conditions on a card's fields: any value within a field, all fields together. Case and accents do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Domains.
    pub domain: Vec<String>,
    /// Tags.
    pub tag: Vec<String>,
    /// Risk levels.
    pub risk_level: Vec<String>,
    /// Maturities.
    pub maturity: Vec<String>,
    /// Collections of documents.
    pub collection: Vec<String>,
}

/// The filter fields, as they are named in queries and options.
pub const FACETS: [&str; 5] = ["domain", "tag", "risk_level", "maturity", "collection"];

/// The key of a filter value in the snapshot's filter dictionary.
pub fn facet_key(field: &str, value: &str) -> String {
    format!("{field}\u{0}{}", fold(value.trim()))
}

impl Filter {
    /// The cards that pass, by the lists in the snapshot.
    pub fn allowed(&self, facets: &Dictionary, cards: usize) -> Allowed {
        let conditions = [&self.domain, &self.tag, &self.risk_level, &self.maturity, &self.collection];
        let asked = FACETS.into_iter().zip(conditions).filter(|(_, values)| !values.is_empty());
        asked.fold(Allowed::All, |allowed, (field, values)| allowed.and(any_of(facets, field, values, cards)))
    }
}

/// The cards that have any of `values` in a filter field.
pub fn any_of(facets: &Dictionary, field: &str, values: &[String], cards: usize) -> Vec<bool> {
    marked(facets, values.iter().map(|value| facet_key(field, value)), cards)
}

/// What stands under any of the keys.
pub fn marked(facets: &Dictionary, keys: impl Iterator<Item = String>, cards: usize) -> Vec<bool> {
    let mut marks = vec![false; cards];
    keys.for_each(|key| facets.list(&key).into_iter().for_each(|list| mark(&mut marks, list)));
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

impl<'a> FromPacked<'a> for Filter {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let mut fields = Fields::of(value)?;
        let mut values = |name: &str| fields.or_default::<OneOrMany>(name).map(|OneOrMany(values)| values);
        let filter = Filter {
            domain: values("domain")?,
            tag: values("tag")?,
            risk_level: values("risk_level")?,
            maturity: values("maturity")?,
            collection: values("collection")?,
        };
        fields.left().map_or(Ok(filter), |key| Err(format!("expected one of {}, got `{key}`", FACETS.join(", "))))
    }
}

/// `"low"` is as good as `["low"]`.
#[derive(Default)]
struct OneOrMany(Vec<String>);

impl<'a> FromPacked<'a> for OneOrMany {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let many = if value.text().is_some() { Packed::List(vec![value]) } else { value };
        many.to().map(OneOrMany)
    }
}

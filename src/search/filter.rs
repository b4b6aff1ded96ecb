//! Which cards does a filter let through?

use super::allowed::Allowed;
use crate::bytes::{Fields, FromPacked, Packed, Unpacked, Varints};
use crate::card::Source;
use crate::sparse::Dictionary;
use crate::text::fold;
use crate::{Code, Error, Result};

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
    /// Installed cards only, or only those that are not; `None` lets both through.
    pub installed: Option<bool>,
    /// Sources: `local`, `remote`.
    pub source: Vec<String>,
}

/// The filter fields, as they are named in queries and options.
pub const FACETS: [&str; 7] = ["domain", "tag", "risk_level", "maturity", "collection", "installed", "source"];

/// Values that hold of nearly every card are not listed: it has them that is not listed under the other value.
const UNLISTED: [(&str, &str, &str); 2] = [("installed", "true", "false"), ("source", "local", "remote")];

/// Who has one of some values in a field; `None` where nobody knows.
type Having<'a> = &'a dyn Fn(&str, &[String]) -> Option<Vec<bool>>;

/// The key of a filter value in the snapshot's filter dictionary.
pub fn facet_key(field: &str, value: &str) -> String {
    format!("{field}\u{0}{}", fold(value.trim()))
}

impl Filter {
    /// The filter that lets only installed cards through, if `only`; an error where it lets only the others through.
    ///
    /// ```
    /// use skillmesh::search::Filter;
    /// let others = Filter { installed: Some(false), ..Filter::default() };
    /// assert_eq!(Filter::default().and_installed(true)?.installed, Some(true));
    /// assert!(others.and_installed(true).is_err());
    /// # Ok::<(), skillmesh::Error>(())
    /// ```
    pub fn and_installed(self, only: bool) -> Result<Filter> {
        if only && self.installed == Some(false) {
            return Err(Error::new(Code::InvalidArgument, "the filter asks for cards that are not installed")
                .help("leave `installed` out of the filter, or let others than installed cards through"));
        }
        Ok(Filter { installed: self.installed.or(only.then_some(true)), ..self })
    }

    /// The cards that pass, by the lists in the snapshot.
    pub fn allowed(&self, facets: &Dictionary, cards: usize) -> Allowed {
        self.passing(&|field, values| Some(any_of(facets, field, values, cards)))
    }

    /// The shards that may have a card which passes, by the lists in a root. Those with a card under an uncommon value may
    /// have others under the common one, of which the lists say nothing.
    pub fn shards(&self, facets: &Dictionary, shards: usize) -> Allowed {
        self.passing(&|field, values| listed(facets, field, values, shards))
    }

    /// Those that fulfil each condition which `marks` knows.
    fn passing(&self, marks: Having) -> Allowed {
        let installed: Vec<String> = self.installed.iter().map(bool::to_string).collect();
        let Filter { domain, tag, risk_level, maturity, collection, source, .. } = self;
        let conditions = [domain, tag, risk_level, maturity, collection, &installed, source];
        let asked = FACETS.into_iter().zip(conditions).filter(|(_, values)| !values.is_empty());
        let known = asked.filter_map(|(field, values)| marks(field, values));
        known.fold(Allowed::All, Allowed::and)
    }
}

/// The cards that have any of `values` in a filter field.
pub fn any_of(facets: &Dictionary, field: &str, values: &[String], cards: usize) -> Vec<bool> {
    let mut marks = marked(facets, values.iter().map(|value| facet_key(field, value)), cards);
    for other in values.iter().filter_map(|value| unlisted(field, value)) {
        let others = marked(facets, std::iter::once(facet_key(field, other)), cards);
        marks.iter_mut().zip(others).for_each(|(mark, other)| *mark |= !other);
    }
    marks
}

/// The same of shards; `None` where the lists do not tell which of them have one.
pub fn listed(facets: &Dictionary, field: &str, values: &[String], shards: usize) -> Option<Vec<bool>> {
    let are_listed = values.iter().all(|value| unlisted(field, value).is_none());
    are_listed.then(|| any_of(facets, field, values, shards))
}

/// The value under which everything is listed that does not have this unlisted one.
fn unlisted(field: &str, value: &str) -> Option<&'static str> {
    let value = fold(value.trim());
    UNLISTED.into_iter().find(|(name, common, _)| *name == field && *common == value).map(|(_, _, other)| other)
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
        let installed = fields.optional("installed")?;
        let mut values = |name: &str| fields.or_default::<OneOrMany>(name).map(|OneOrMany(values)| values);
        let filter = Filter {
            domain: values("domain")?,
            tag: values("tag")?,
            risk_level: values("risk_level")?,
            maturity: values("maturity")?,
            collection: values("collection")?,
            source: values("source")?,
            installed,
        };
        let sources = Source::ALL.map(|(name, _)| name);
        if let Some(unknown) = filter.source.iter().find(|value| !sources.contains(&fold(value.trim()).as_str())) {
            return Err(format!("`source`: expected one of {}, got `{}`", sources.join(", "), unknown.escape_debug()));
        }
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

//! Which chunks may an asker see? Decided by the snapshot's lists, before anything is ranked.

use super::allowed::Allowed;
use super::filter::marked;
use crate::card::Access;
use crate::sparse::Dictionary;

/// The key under which the chunks stand that are for everybody.
pub const EVERYBODY: &str = "everybody";

/// The key of a skill's or tag's name in the snapshot's filter dictionary: the name as it is, unlike a filter's value.
pub fn access_key(field: &str, name: &str) -> String {
    format!("{field}=\u{0}{name}")
}

impl Access {
    /// The chunks that may be seen: those that [`permits`](Access::permits) lets through.
    pub(super) fn allowed(&self, facets: &Dictionary, chunks: usize) -> Allowed {
        let keys = |field: &'static str, names: &[String]| {
            names.iter().map(|name| access_key(field, name)).collect::<Vec<_>>().into_iter()
        };
        let skills = keys("skill", &self.skills).chain([EVERYBODY.to_owned()]);
        let skilled = if self.all { Allowed::All } else { Allowed::Some(marked(facets, skills, chunks)) };
        match self.tags.is_empty() {
            true => skilled,
            false => skilled.and(marked(facets, keys("tag", &self.tags), chunks)),
        }
    }
}

//! How are things put in order by one sort for all of them? Sorting compiles anew for each kind of thing, and so does
//! collecting into ordered maps and sets: together a seventh of the retriever's size, for lists of a few things.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts stably.
///
/// ```
/// let mut words = vec!["pear", "fig", "plum", "apple"];
/// skillmesh::order::sort_by(&mut words, |a, b| a.len().cmp(&b.len()));
/// assert_eq!(words, ["fig", "pear", "plum", "apple"]);
/// ```
pub fn sort_by<T>(things: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let places = places(things.len(), &mut |one, other| compare(&things[one], &things[other]));
    let mut unsorted: Vec<Option<T>> = things.drain(..).map(Some).collect();
    things.extend(places.into_iter().filter_map(|place| unsorted[place].take()));
}

/// Sorts stably by a key.
pub fn sort_by_key<T, K: Ord>(things: &mut Vec<T>, mut key: impl FnMut(&T) -> K) {
    sort_by(things, |one, other| key(one).cmp(&key(other)));
}

/// A set of these things.
pub fn set<T: Ord>(things: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    things.into_iter().for_each(|thing| {
        set.insert(thing);
    });
    set
}

/// A map of these things; of those with the same key the last.
pub fn map<K: Ord, V>(things: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    things.into_iter().for_each(|(key, value)| {
        map.insert(key, value);
    });
    map
}

/// Who stands where, of this many.
fn places(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

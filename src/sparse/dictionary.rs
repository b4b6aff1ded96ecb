//! Where does the list of this key begin? Ascending keys over one blob of lists, whose bytes are the same on every machine.
//!
//! Keys stand in blocks of sixteen. A table has for each block where its first key and that key's list begin; a key is the
//! bytes that it shares with the one before, the rest, and the length of its list.

use super::near::Nearness;
use crate::bytes::{Slice, Varints, put_u32, put_varint, u32_at};
use crate::{Code, Error, Result};

/// Keys of a block: more make the dictionary smaller and look-ups longer.
const BLOCK: usize = 16;

/// Collects lists under ascending keys.
#[derive(Default)]
pub struct DictionaryWriter {
    count: u32,
    last: String,
    table: Vec<u8>,
    keys: Vec<u8>,
    lists: Vec<u8>,
}

impl DictionaryWriter {
    /// Adds `list` under `key`; keys must come in ascending byte order.
    pub fn push(&mut self, key: &str, list: &[u8]) -> Result<()> {
        if self.count > 0 && key <= self.last.as_str() {
            return Err(Error::new(Code::Internal, "dictionary keys do not ascend").got(key.escape_debug()));
        }
        let shared = if self.begins_block() { 0 } else { shared(&self.last, key) };
        put_varint(&mut self.keys, shared as u32);
        put_varint(&mut self.keys, (key.len() - shared) as u32);
        self.keys.extend_from_slice(&key.as_bytes()[shared..]);
        put_varint(&mut self.keys, list.len() as u32);
        self.lists.extend_from_slice(list);
        self.last = key.to_owned();
        self.count += 1;
        Ok(())
    }

    /// The two sections: dictionary, lists.
    pub fn finish(self) -> (Vec<u8>, Vec<u8>) {
        let mut dictionary = Vec::with_capacity(4 + self.table.len() + self.keys.len());
        put_u32(&mut dictionary, self.count);
        dictionary.extend_from_slice(&self.table);
        dictionary.extend_from_slice(&self.keys);
        (dictionary, self.lists)
    }

    /// Whether the next key is the first of a block, which is then noted.
    fn begins_block(&mut self) -> bool {
        let begins = (self.count as usize).is_multiple_of(BLOCK);
        if begins {
            put_u32(&mut self.table, self.keys.len() as u32);
            put_u32(&mut self.table, self.lists.len() as u32);
        }
        begins
    }
}

/// How many bytes two keys have in common at their beginning.
fn shared(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count()
}

/// A dictionary in a snapshot.
#[derive(Debug)]
pub struct Dictionary {
    bytes: Slice,
    lists: Slice,
    count: usize,
    /// Where the keys begin.
    keys: usize,
}

impl Dictionary {
    /// Views two sections written by [`DictionaryWriter`].
    pub fn open(bytes: Slice, lists: Slice) -> Result<Self> {
        let count = u32_at(&bytes, 0).map(|count| count as usize);
        let keys = count.map(|count| 4 + 8 * count.div_ceil(BLOCK)).filter(|keys| *keys <= bytes.len());
        match count.zip(keys) {
            Some((count, keys)) => Ok(Dictionary { bytes, lists, count, keys }),
            None => {
                Err(Error::new(Code::SnapshotCorrupt, "unreadable dictionary").got(format!("{} bytes", bytes.len())))
            }
        }
    }

    /// The list of `key`.
    pub fn list(&self, key: &str) -> Option<&[u8]> {
        let mut keys = self.from(key.as_bytes());
        let list = keys.next()?;
        if keys.key == key.as_bytes() { self.lists.get(list) } else { None }
    }

    /// The keys at most `edits` letters away from `key` that begin with the same letter, in order.
    pub fn near(&self, key: &str, edits: u32) -> Vec<String> {
        let mut nearness = Nearness::new(key, edits);
        self.each_beginning(key.chars().next().map(String::from).unwrap_or_default(), |key| nearness.has(key))
    }

    /// The keys that begin with `start`, in order.
    pub fn beginning(&self, start: &str) -> Vec<String> {
        self.each_beginning(start.to_owned(), |_| true)
    }

    /// Calls `visit` with each key in order, and with its list.
    pub fn each(&self, visit: &mut dyn FnMut(&str, &[u8]) -> Result<()>) -> Result<()> {
        let corrupt = || Error::new(Code::SnapshotCorrupt, "unreadable dictionary");
        let mut keys = self.block(0);
        for _ in 0..self.count {
            let list = keys.next().and_then(|list| self.lists.get(list)).ok_or_else(corrupt)?;
            visit(std::str::from_utf8(&keys.key).map_err(|_| corrupt())?, list)?;
        }
        Ok(())
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Those of the keys with this beginning that are wanted.
    fn each_beginning(&self, start: String, mut is_wanted: impl FnMut(&str) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        let mut keys = self.from(start.as_bytes());
        while keys.next().is_some() && keys.key.starts_with(start.as_bytes()) {
            found.extend(std::str::from_utf8(&keys.key).ok().filter(|key| is_wanted(key)).map(str::to_owned));
        }
        found
    }

    /// The keys from the first on that is not before `key`.
    fn from(&self, key: &[u8]) -> Keys<'_> {
        let (mut low, mut high) = (0, self.count.div_ceil(BLOCK));
        while low < high {
            let middle = low.midpoint(high);
            let mut block = self.block(middle);
            let is_before = block.next().is_some() && block.key.as_slice() <= key;
            (low, high) = if is_before { (middle + 1, high) } else { (low, middle) };
        }
        let mut keys = self.block(low.saturating_sub(1));
        while let before = keys.clone()
            && keys.next().is_some()
        {
            if keys.key.as_slice() >= key {
                return before;
            }
        }
        keys
    }

    /// The keys from a block on.
    fn block(&self, number: usize) -> Keys<'_> {
        let entry = |half| u32_at(&self.bytes, 1 + 2 * number + half).unwrap_or(u32::MAX) as usize;
        let rest = self.keys.checked_add(entry(0)).and_then(|start| self.bytes.get(start..)).unwrap_or_default();
        let left = self.count.saturating_sub(number * BLOCK);
        Keys { rest: Varints::new(rest), left, key: Vec::new(), list: entry(1) }
    }
}

/// Keys one after the other.
#[derive(Clone)]
struct Keys<'a> {
    rest: Varints<'a>,
    left: usize,
    key: Vec<u8>,
    /// Where the next list begins.
    list: usize,
}

impl Keys<'_> {
    /// Goes on to the next key; gives where its list is.
    fn next(&mut self) -> Option<std::ops::Range<usize>> {
        self.left = self.left.checked_sub(1)?;
        let (shared, more) = (self.rest.next()? as usize, self.rest.next()? as usize);
        self.key.truncate(shared);
        self.key.extend_from_slice(self.rest.take_bytes(more)?);
        let start = self.list;
        self.list = start.checked_add(self.rest.next()? as usize)?;
        Some(start..self.list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn dictionary(lists: &BTreeMap<String, Vec<u8>>) -> Dictionary {
        let mut writer = DictionaryWriter::default();
        lists.iter().for_each(|(key, list)| writer.push(key, list).unwrap());
        let (keys, lists) = writer.finish();
        opened(keys, lists).unwrap()
    }

    fn opened(keys: Vec<u8>, lists: Vec<u8>) -> Result<Dictionary> {
        let slice = |bytes: Vec<u8>| Slice::of(&bytes.clone().into(), 0..bytes.len()).unwrap();
        Dictionary::open(slice(keys), slice(lists))
    }

    proptest! {
        #[test]
        fn it_is_an_ordered_map(
            lists in proptest::collection::btree_map("[abé画]{0,5}", proptest::collection::vec(any::<u8>(), 0..9), 0..90),
            asked in "[abé画]{0,5}",
        ) {
            let dictionary = dictionary(&lists);
            prop_assert_eq!(dictionary.len(), lists.len());
            prop_assert_eq!(dictionary.list(&asked), lists.get(&asked).map(Vec::as_slice));
            for (key, list) in &lists {
                prop_assert_eq!(dictionary.list(key), Some(list.as_slice()));
            }
            let begin: Vec<String> = lists.keys().filter(|key| key.starts_with(&asked)).cloned().collect();
            prop_assert_eq!(dictionary.beginning(&asked), begin);
            let mut all = Vec::new();
            dictionary.each(&mut |key, list| { all.push((key.to_owned(), list.to_vec())); Ok(()) }).unwrap();
            prop_assert_eq!(all, lists.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn damaged_bytes_are_refused_or_harmless(
            lists in proptest::collection::btree_map("[ab]{0,9}", proptest::collection::vec(any::<u8>(), 0..3), 0..60),
            at in any::<usize>(), byte in any::<u8>(), cut in 0usize..40,
        ) {
            let mut writer = DictionaryWriter::default();
            lists.iter().for_each(|(key, list)| writer.push(key, list).unwrap());
            let (mut keys, lists) = writer.finish();
            let length = keys.len();
            keys[at % length] = byte;
            keys.truncate(length - cut.min(length));
            if let Ok(dictionary) = opened(keys, lists) {
                drop((dictionary.list("ab"), dictionary.near("abab", 2), dictionary.beginning("a")));
                drop(dictionary.each(&mut |_, _| Ok(())));
            }
        }
    }

    #[test]
    fn keys_ascend() {
        let mut writer = DictionaryWriter::default();
        writer.push("b", &[]).unwrap();
        assert!(["b", "a", ""].iter().all(|key| writer.push(key, &[]).is_err()));
    }
}

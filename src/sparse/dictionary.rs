//! Where does the list of this key begin? An ordered dictionary over one blob of lists.

use fst::automaton::{Automaton, Levenshtein, Str};
use fst::{IntoStreamer, Map, MapBuilder, Streamer};

use crate::bytes::Slice;
use crate::{Code, Error, Result};

/// Collects lists under ascending keys.
pub struct DictionaryWriter {
    keys: MapBuilder<Vec<u8>>,
    lists: Vec<u8>,
}

impl Default for DictionaryWriter {
    fn default() -> Self {
        DictionaryWriter { keys: MapBuilder::memory(), lists: Vec::new() }
    }
}

impl DictionaryWriter {
    /// Adds `list` under `key`; keys must come in ascending byte order.
    pub fn push(&mut self, key: &str, list: &[u8]) -> Result<()> {
        let offset = self.lists.len() as u64;
        self.keys.insert(key, offset).map_err(|e| Error::new(Code::Internal, "dictionary key").caused_by(e))?;
        self.lists.extend_from_slice(list);
        Ok(())
    }

    /// The two sections: dictionary, lists.
    pub fn finish(self) -> Result<(Vec<u8>, Vec<u8>)> {
        let keys = self.keys.into_inner().map_err(|e| Error::new(Code::Internal, "dictionary").caused_by(e))?;
        Ok((keys, self.lists))
    }
}

/// A dictionary in a snapshot.
pub struct Dictionary {
    keys: Map<Slice>,
    lists: Slice,
}

impl Dictionary {
    /// Views two sections written by [`DictionaryWriter`].
    pub fn open(keys: Slice, lists: Slice) -> Result<Self> {
        let keys =
            Map::new(keys).map_err(|e| Error::new(Code::SnapshotCorrupt, "unreadable dictionary").caused_by(e))?;
        Ok(Dictionary { keys, lists })
    }

    /// The bytes from the list of `key` on; the list itself says where it ends.
    pub fn list(&self, key: &str) -> Option<&[u8]> {
        let offset = usize::try_from(self.keys.get(key)?).ok()?;
        self.lists.get(offset..)
    }

    /// The keys at most `edits` letters away from `key` that begin with the same letter, in order.
    pub fn near(&self, key: &str, edits: u32) -> Vec<String> {
        let Ok(automaton) = Levenshtein::new(key, edits) else { return Vec::new() };
        let first = key.chars().next().map(String::from).unwrap_or_default();
        let within = Str::new(&first).starts_with().intersection(automaton);
        self.keys.search(within).into_stream().into_str_keys().unwrap_or_default()
    }

    /// The keys that begin with `start`, in order.
    pub fn beginning(&self, start: &str) -> Vec<String> {
        let begins = Str::new(start).starts_with();
        self.keys.search(begins).into_stream().into_str_keys().unwrap_or_default()
    }

    /// Calls `visit` with each key in order, and with the bytes from its list on.
    pub fn each(&self, visit: &mut dyn FnMut(&str, &[u8]) -> Result<()>) -> Result<()> {
        let mut keys = self.keys.stream();
        while let Some((key, offset)) = keys.next() {
            let list = usize::try_from(offset).ok().and_then(|offset| self.lists.get(offset..));
            let (Ok(key), Some(list)) = (std::str::from_utf8(key), list) else {
                return Err(Error::new(Code::SnapshotCorrupt, "unreadable dictionary"));
            };
            visit(key, list)?;
        }
        Ok(())
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

//! Which pieces of a vocabulary is a word made of?

use super::pack::Vocabulary;
use super::tokenizer::unfit;
use crate::Result;

/// WordPiece looks at every prefix of a word, so words are bounded.
const MAX_WORD_CHARS: usize = 1000;
/// Slots for each piece; a few more than pieces, so that looking one up ends soon.
const ROOM: usize = 2;
const EMPTY: u32 = u32::MAX;

/// A vocabulary as it lies in the pack, a piece to a line, with a table of hashes over it: maps of strings would take many times as much.
#[derive(Debug)]
pub(super) struct WordPiece {
    pieces: String,
    /// Where each piece begins and ends.
    places: Vec<(u32, u32)>,
    /// Ids by hash, with linear probing.
    slots: Vec<u32>,
    unknown: u32,
    prefix: String,
    /// Bytes; nothing longer is looked for.
    longest: usize,
    most_chars: usize,
}

impl WordPiece {
    /// The pieces of a vocabulary by their lines; of two that are the same the later one counts.
    pub fn new(vocabulary: &Vocabulary) -> Result<Self> {
        let pieces = vocabulary.vocabulary.to_owned();
        let places: Vec<_> = lines(&pieces).collect();
        let longest = places.iter().map(|(start, end)| (end - start) as usize).max().unwrap_or(0);
        let mut words = WordPiece {
            slots: vec![EMPTY; (ROOM * places.len()).next_power_of_two()],
            unknown: 0,
            prefix: vocabulary.prefix.to_owned(),
            most_chars: vocabulary.max_word_chars.min(MAX_WORD_CHARS),
            pieces,
            places,
            longest,
        };
        (0..words.places.len()).for_each(|id| words.insert(id as u32));
        let missing = || unfit("the unknown token is not in the vocabulary").got(vocabulary.unknown);
        words.unknown = words.id(vocabulary.unknown.as_bytes()).ok_or_else(missing)?;
        Ok(words)
    }

    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Adds the ids of a word's pieces, the longest first each time; of one that has no pieces the unknown id.
    pub fn push(&self, word: &str, ids: &mut Vec<u32>) {
        let before = ids.len();
        if word.chars().count() > self.most_chars || self.push_all(word, ids).is_none() {
            ids.truncate(before);
            ids.push(self.unknown);
        }
    }

    /// The same, until a rest has no piece.
    fn push_all(&self, word: &str, ids: &mut Vec<u32>) -> Option<()> {
        let mut piece = Vec::with_capacity(self.longest);
        let mut rest = word;
        while !rest.is_empty() {
            let (id, length) = self.first(rest, &mut piece)?;
            ids.push(id);
            rest = &rest[length..];
            piece.clear();
            piece.extend_from_slice(self.prefix.as_bytes());
        }
        Some(())
    }

    /// The longest piece that `rest` begins with behind what is in `piece`, and its bytes of `rest`.
    fn first(&self, rest: &str, piece: &mut Vec<u8>) -> Option<(u32, usize)> {
        let before = piece.len();
        let most = rest.floor_char_boundary(self.longest.saturating_sub(before));
        piece.extend_from_slice(&rest.as_bytes()[..most]);
        let ends = rest[..most].char_indices().map(|(start, c)| start + c.len_utf8()).rev();
        ends.map(|end| (self.id(&piece[..before + end]), end)).find_map(|(id, end)| Some((id?, end)))
    }

    fn id(&self, piece: &[u8]) -> Option<u32> {
        Some(self.slots[self.slot(piece)]).filter(|id| *id != EMPTY)
    }

    fn insert(&mut self, id: u32) {
        let slot = self.slot(self.piece(id));
        self.slots[slot] = id;
    }

    /// Where a piece is, or would be.
    fn slot(&self, piece: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(piece) & mask;
        while self.slots[slot] != EMPTY && self.piece(self.slots[slot]) != piece {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn piece(&self, id: u32) -> &[u8] {
        let (start, end) = self.places[id as usize];
        &self.pieces.as_bytes()[start as usize..end as usize]
    }
}

/// Where each line of a text begins and ends, without white space at its end.
fn lines(text: &str) -> impl Iterator<Item = (u32, u32)> {
    text.lines().map(|line| {
        let start = line.as_ptr().addr() - text.as_ptr().addr();
        (start as u32, (start + line.trim_end().len()) as u32)
    })
}

/// FNV-1a (Fowler, Noll, Vo).
fn hash(bytes: &[u8]) -> usize {
    let mixed = bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (mixed ^ (mixed >> 15)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;
    use proptest::prelude::*;
    use tokenizers::Model;
    use tokenizers::models::wordpiece::WordPiece as Reference;

    const PIECES: &str = "[UNK]\na\nb\nab\n##a\n##b\n##ab\n##abba\né\n##é\nabé\n中\n\nab  \n##bé";

    fn vocabulary(pieces: &str, most: usize) -> Vocabulary<'_> {
        Vocabulary {
            lowercase: true,
            strip_accents: None,
            handle_chinese_chars: true,
            clean_text: true,
            unknown: "[UNK]",
            prefix: "##",
            max_word_chars: most,
            cls: 0,
            sep: 0,
            added: Vec::new(),
            vocabulary: pieces,
        }
    }

    fn reference(most: usize) -> Reference {
        let words = Reference::read_bytes(PIECES.as_bytes()).unwrap();
        Reference::builder().vocab(words).unk_token("[UNK]".into()).max_input_chars_per_word(most).build().unwrap()
    }

    proptest! {
        #[test]
        fn a_word_has_the_pieces_that_the_reference_gives(word in "[abé中c]{1,12}", most in 1_usize..12) {
            let mut ids = vec![7];
            WordPiece::new(&vocabulary(PIECES, most)).unwrap().push(&word, &mut ids);
            let expected: Vec<u32> = reference(most).tokenize(&word).unwrap().iter().map(|token| token.id).collect();
            prop_assert_eq!(&ids[1..], expected);
        }
    }

    #[test]
    fn of_two_equal_pieces_the_later_counts_and_an_unknown_without_a_piece_is_refused() {
        let mut ids = Vec::new();
        let words = WordPiece::new(&vocabulary("[UNK]\na\na", 10)).unwrap();
        words.push("a", &mut ids);
        assert_eq!((ids, words.len()), (vec![2], 3));
        assert_eq!(WordPiece::new(&vocabulary("a\nb", 10)).unwrap_err().code(), Code::ModelCorrupt);
        assert_eq!(WordPiece::new(&vocabulary("", 10)).unwrap_err().code(), Code::ModelCorrupt);
    }
}

//! How is one character spelled when it is folded? `ß` as `ss`, `Ａ` as `a`, `㍿` as `株式会社`.

use std::sync::LazyLock;

use super::char_map::CharMap;
use super::columns::{Columns, char_of};

/// No character is spelled with more letters.
const MOST_LETTERS: usize = 15;

/// Columns: characters, numbers of letters; then the letters row by row, each as its distance from the letter at the same
/// place in the last row that had one there.
static SPELLINGS: LazyLock<Spellings> = LazyLock::new(|| Spellings::read(Columns::of(include_bytes!("spellings.bin"))));

struct Spellings {
    /// The row of each character, counted from 1.
    rows: CharMap,
    /// Where the letters of each row end; of row 0, which nothing has, at the start.
    ends: Vec<u32>,
    letters: String,
}

impl Spellings {
    fn read(mut table: Columns) -> Self {
        let mut spellings = Spellings { rows: CharMap::default(), ends: vec![0], letters: String::new() };
        let (chars, lengths) = (table.chars(), table.column());
        let mut above = [0; MOST_LETTERS];
        for (c, length) in chars.into_iter().zip(lengths) {
            let letters = above.iter_mut().take(length as usize);
            spellings.letters.extend(letters.map(|letter| char_of(table.step(letter))));
            *spellings.rows.place(c) = spellings.ends.len() as u16;
            spellings.ends.push(spellings.letters.len() as u32);
        }
        spellings
    }

    fn of(&self, c: char) -> Option<&str> {
        let row = usize::from(self.rows.get(c));
        let letters = |before| &self.letters[self.ends[before] as usize..self.ends[row] as usize];
        row.checked_sub(1).map(letters)
    }
}

/// The letters to put in the place of a character; `None` of one that stays.
pub fn spelling(c: char) -> Option<&'static str> {
    SPELLINGS.of(c)
}

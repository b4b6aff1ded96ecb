//! How do tables of characters lie in few bytes? Column by column, each number as its distance from the one above.
//!
//! A module is sent compressed: neighbouring characters are treated alike, so that distances repeat and compress well.
//! The tables are written and compared with Unicode's own by `tests/fold_tables.rs`.

use crate::bytes::Varints;

/// A table: the number of its rows, then distances, each a varint with the sign in the lowest bit.
pub struct Columns {
    numbers: Varints<'static>,
    rows: usize,
}

impl Columns {
    /// A reader before the first column.
    pub fn of(table: &'static [u8]) -> Self {
        let mut numbers = Varints::new(table);
        let rows = numbers.next().unwrap_or_default() as usize;
        Columns { numbers, rows }
    }

    /// The next column.
    pub fn column(&mut self) -> Vec<u32> {
        let mut number = 0;
        (0..self.rows).map(|_| self.step(&mut number)).collect()
    }

    /// The next column, of characters.
    pub fn chars(&mut self) -> Vec<char> {
        self.column().into_iter().map(char_of).collect()
    }

    /// Adds the next distance to a number.
    pub fn step(&mut self, number: &mut u32) -> u32 {
        let distance = self.numbers.next().unwrap_or_default();
        *number = number.wrapping_add((distance >> 1) ^ (distance & 1).wrapping_neg());
        *number
    }
}

/// The tables hold nothing but characters; a test goes over all of them.
pub fn char_of(number: u32) -> char {
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

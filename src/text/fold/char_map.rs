//! What is known of a character? A number, found in two steps; most characters have none.

/// Neighbours share a page, so that only the pages of characters with a number take room.
const PAGE: usize = 128;

/// A number for each of some characters; 0 for all others.
pub struct CharMap {
    /// The page of each [`PAGE`] code points; page 0 is empty and shared.
    pages: Vec<u16>,
    numbers: Vec<u16>,
}

impl Default for CharMap {
    fn default() -> Self {
        CharMap { pages: vec![0; char::MAX as usize / PAGE + 1], numbers: vec![0; PAGE] }
    }
}

impl CharMap {
    /// The number of a character.
    #[inline]
    pub fn get(&self, c: char) -> u16 {
        self.numbers[usize::from(self.pages[c as usize / PAGE]) * PAGE + c as usize % PAGE]
    }

    /// The place for the number of a character.
    pub fn place(&mut self, c: char) -> &mut u16 {
        let page = &mut self.pages[c as usize / PAGE];
        if *page == 0 {
            *page = (self.numbers.len() / PAGE) as u16;
            self.numbers.resize(self.numbers.len() + PAGE, 0);
        }
        &mut self.numbers[usize::from(*page) * PAGE + c as usize % PAGE]
    }
}

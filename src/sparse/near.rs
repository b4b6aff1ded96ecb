//! Which of many ascending words are few letters away from one? What words begin with alike is looked at once.

/// One word, to which others are compared one after the other.
pub struct Nearness {
    word: Vec<char>,
    edits: u32,
    /// What was compared last, letter by letter.
    letters: Vec<char>,
    /// The [Levenshtein](https://doi.org/10.1145/321796.321811) distances of each beginning of the word (columns) from each
    /// beginning of what was compared last (rows).
    rows: Vec<Vec<u32>>,
}

impl Nearness {
    /// Others may be this many insertions, deletions and substitutions of letters away.
    pub fn new(word: &str, edits: u32) -> Nearness {
        let word: Vec<char> = word.chars().collect();
        let rows = vec![(0..=word.len() as u32).collect()];
        Nearness { word, edits, letters: Vec::new(), rows }
    }

    /// Whether another word is near enough.
    pub fn has(&mut self, other: &str) -> bool {
        let same = self.letters.iter().zip(other.chars()).take_while(|(own, letter)| **own == *letter).count();
        self.letters.truncate(same);
        self.rows.truncate(same + 1);
        for letter in other.chars().skip(same) {
            if self.is_lost() {
                return false;
            }
            self.rows.push(self.row(letter));
            self.letters.push(letter);
        }
        self.last().last().is_some_and(|distance| *distance <= self.edits)
    }

    /// Whether nothing that begins like this can be near.
    fn is_lost(&self) -> bool {
        self.last().iter().all(|distance| *distance > self.edits)
    }

    /// The distances after one letter more.
    fn row(&self, letter: char) -> Vec<u32> {
        let above = self.last();
        let mut row = Vec::with_capacity(above.len());
        row.push(above[0] + 1);
        for (column, own) in self.word.iter().enumerate() {
            let substituted = above[column] + u32::from(*own != letter);
            row.push(substituted.min(above[column + 1] + 1).min(row[column] + 1));
        }
        row
    }

    fn last(&self) -> &[u32] {
        self.rows.last().map_or(&[], Vec::as_slice)
    }
}

//! Where in a text do terms stand?

use std::ops::Range;

use super::analyzer::Analyzer;
use super::fold::is_unspaced;
use super::scan::words;

impl Analyzer {
    /// The places, in bytes, of the words with a term that `wanted` accepts: in order, apart from one another. Scripts
    /// without spaces are marked letter by letter.
    ///
    /// ```
    /// let analyzer = skillmesh::text::Analyzer::new();
    /// assert_eq!(analyzer.places("Parsing, then parse()", &|term| term == "pars"), [0..7, 14..19]);
    /// ```
    pub fn places(&self, text: &str, wanted: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        let units = words(text).flat_map(units);
        for unit in units.filter(|unit| self.has(unit, wanted)) {
            let start = unit.as_ptr() as usize - text.as_ptr() as usize;
            match places.last_mut().filter(|last| last.end >= start) {
                Some(last) => last.end = start + unit.len(),
                None => places.push(start..start + unit.len()),
            }
        }
        places
    }

    fn has(&self, unit: &str, wanted: &dyn Fn(&str) -> bool) -> bool {
        let mut has = false;
        self.each_term(unit, &mut |term| has |= wanted(term));
        has
    }
}

/// A word, or in scripts without spaces every two neighbouring letters.
fn units(word: &str) -> Vec<&str> {
    if !word.chars().any(is_unspaced) {
        return vec![word];
    }
    let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    starts.windows(3).map(|pair| &word[pair[0]..pair[2]]).collect()
}

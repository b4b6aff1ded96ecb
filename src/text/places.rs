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

/// What the analyzer takes for one term: runs of one kind of script, and of those without spaces every two neighbours.
fn units(word: &str) -> Vec<&str> {
    if !word.chars().any(is_unspaced) {
        return vec![word];
    }
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let runs = chars.chunk_by(|a, b| is_unspaced(a.1) == is_unspaced(b.1));
    let span = |run: &[(usize, char)]| {
        let ((start, _), (last, c)) = (run[0], run[run.len() - 1]);
        &word[start..last + c.len_utf8()]
    };
    let pairs = |run: &[(usize, char)]| run.windows(2).map(span).collect();
    runs.flat_map(|run| if run.len() > 1 && is_unspaced(run[0].1) { pairs(run) } else { vec![span(run)] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_scripts_are_marked_where_they_match() {
        let marked = |text: &str, term: &str| -> Vec<String> {
            let places = Analyzer::new().places(text, &|own| own == term);
            places.into_iter().map(|place| text[place].to_owned()).collect()
        };
        assert_eq!(marked("使用Python处理数据", "python"), ["Python"]);
        assert_eq!(marked("GPU加速, GPU", "gpu"), ["GPU", "GPU"]);
        assert_eq!(marked("C语言", "c"), ["C"]);
        assert_eq!(marked("猫", "猫"), ["猫"]);
        assert_eq!(marked("数据处理数据", "数据"), ["数据", "数据"]);
    }
}

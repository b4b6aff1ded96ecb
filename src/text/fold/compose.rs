//! Which neighbours become one character? Those that Unicode composes, after their marks are put in order.

use std::sync::LazyLock;

use super::char_map::CharMap;
use super::columns::Columns;
use super::mark::class;

/// Columns: wholes, in ascending order of their parts; first parts; second parts.
static PAIRS: LazyLock<Pairs> = LazyLock::new(|| Pairs::read(Columns::of(include_bytes!("pairs.bin"))));

struct Pairs {
    /// First part, second part and whole, sorted.
    pairs: Vec<(char, char, char)>,
    /// 1 for whatever is the second part of a pair.
    seconds: CharMap,
    /// The pair, counted from 1, that makes each whole.
    wholes: CharMap,
}

impl Pairs {
    fn read(mut table: Columns) -> Self {
        let (wholes, firsts, seconds) = (table.chars(), table.chars(), table.chars());
        let mut read = Pairs { pairs: Vec::new(), seconds: CharMap::default(), wholes: CharMap::default() };
        for ((whole, first), second) in wholes.into_iter().zip(firsts).zip(seconds) {
            read.pairs.push((first, second, whole));
            *read.seconds.place(second) = 1;
            *read.wholes.place(whole) = read.pairs.len() as u16;
        }
        ('\u{1161}'..='\u{1175}').chain('\u{11a8}'..='\u{11c2}').for_each(|jamo| *read.seconds.place(jamo) = 1);
        read
    }

    /// The one character that two neighbours make.
    fn whole(&self, first: char, second: char) -> Option<char> {
        if self.seconds.get(second) == 0 {
            return None;
        }
        let pair = self.pairs.binary_search_by_key(&(first, second), |&(first, second, _)| (first, second));
        pair.map_or_else(|_| syllable(first as u32, second as u32), |at| Some(self.pairs[at].2))
    }

    /// The parts of a character, down to those without parts. Hangul needs none: what composes with a syllable composes
    /// with it as a whole.
    fn parts(&self, c: char, parts: &mut Vec<char>) {
        match usize::from(self.wholes.get(c)).checked_sub(1) {
            None => parts.push(c),
            Some(pair) => {
                self.parts(self.pairs[pair].0, parts);
                parts.push(self.pairs[pair].1);
            }
        }
    }
}

/// The Hangul syllable of a leading consonant and a vowel, or of such a syllable and a trailing consonant.
fn syllable(first: u32, second: u32) -> Option<char> {
    match (first, second) {
        (0x1100..=0x1112, 0x1161..=0x1175) => char::from_u32(0xac00 + ((first - 0x1100) * 21 + second - 0x1161) * 28),
        (0xac00..=0xd7a3, 0x11a8..=0x11c2) if (first - 0xac00).is_multiple_of(28) => {
            char::from_u32(first + second - 0x11a7)
        }
        _ => None,
    }
}

/// Whether the character may change places or become one with what stands before it.
pub fn leans(c: char) -> bool {
    class(c) != 0 || PAIRS.seconds.get(c) != 0
}

/// The text in Unicode's NFC, as far as folded characters need it.
pub fn compose(text: &str) -> String {
    let mut parts = Vec::with_capacity(text.len());
    text.chars().for_each(|c| PAIRS.parts(c, &mut parts));
    let runs = parts.chunk_by_mut(|_, next| class(*next) != 0);
    runs.filter(|run| !run.is_sorted_by_key(|c| class(*c))).for_each(sort);
    joined(&parts).into_iter().collect()
}

/// Puts marks in the order of their classes. Few classes ever meet, and the library's sort is a kilobyte of the module.
fn sort(marked: &mut [char]) {
    let mut sorted = Vec::with_capacity(marked.len());
    let mut lowest = marked.iter().map(|c| class(*c)).min();
    while let Some(wanted) = lowest {
        sorted.extend(marked.iter().filter(|c| class(**c) == wanted));
        lowest = marked.iter().map(|c| class(*c)).filter(|class| *class > wanted).min();
    }
    marked.copy_from_slice(&sorted);
}

/// Each character becomes one with the last that is no mark, unless a mark of its own class or a higher one, or a
/// spacing one, stands between.
fn joined(parts: &[char]) -> Vec<char> {
    let mut joined: Vec<char> = Vec::with_capacity(parts.len());
    let (mut base, mut before) = (None, 0);
    for &c in parts {
        let reaches = base.filter(|_| before == 0 || before < class(c));
        if let Some((at, whole)) = reaches.and_then(|at: usize| Some((at, PAIRS.whole(joined[at], c)?))) {
            joined[at] = whole;
            continue;
        }
        if class(c) == 0 {
            base = Some(joined.len());
        }
        before = class(c);
        joined.push(c);
    }
    joined
}

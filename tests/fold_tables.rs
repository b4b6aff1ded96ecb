//! Do the committed tables of `src/text/fold` hold what Unicode says?
#![allow(clippy::disallowed_methods, reason = "a table that differs is written where it can be taken from")]

mod unicode;

use std::collections::HashMap;

use unicode::{all, fold, has_cases_of_tables};
use unicode_normalization::{UnicodeNormalization, char::canonical_combining_class, char::is_combining_mark};

/// A varint with the sign in its lowest bit, lowest seven bits first.
fn put_distance(out: &mut Vec<u8>, from: u32, to: u32) {
    let distance = to.wrapping_sub(from) as i32;
    let mut left = ((distance << 1) ^ (distance >> 31)) as u32;
    while left >= 0x80 {
        out.push(left as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
}

/// The number of rows, then the columns.
fn table<const N: usize>(columns: [Vec<u32>; N]) -> Vec<u8> {
    let mut out = Vec::new();
    put_rows(&mut out, columns[0].len());
    for column in &columns {
        let above = [0].iter().chain(column);
        column.iter().zip(above).for_each(|(to, from)| put_distance(&mut out, *from, *to));
    }
    out
}

fn put_rows(out: &mut Vec<u8>, rows: usize) {
    assert!((0x80..0x4000).contains(&rows), "a varint of two bytes");
    out.extend([rows as u8 | 0x80, (rows >> 7) as u8]);
}

/// What one character folds to within a text that is not ASCII, which has a rule of its own.
fn spelling(c: char) -> String {
    fold(&format!("{c}é")).strip_suffix('e').unwrap().to_owned()
}

/// The characters that do not fold to themselves, and what they fold to.
fn spellings() -> Vec<u8> {
    let rows: Vec<(char, Vec<char>)> = all().map(|c| (c, spelling(c).chars().collect())).collect();
    let rows: Vec<_> = rows.into_iter().filter(|(c, letters)| letters[..] != [*c]).collect();
    let mut out = table([
        rows.iter().map(|(c, _)| *c as u32).collect(),
        rows.iter().map(|(_, letters)| letters.len() as u32).collect(),
    ]);
    let mut above = HashMap::new();
    for (place, letter) in rows.iter().flat_map(|(_, letters)| letters.iter().enumerate()) {
        put_distance(&mut out, above.insert(place, *letter as u32).unwrap_or(0), *letter as u32);
    }
    out
}

fn marks() -> Vec<u8> {
    let is_known = |c: &char| is_combining_mark(*c) || canonical_combining_class(*c) > 0;
    let marks: Vec<char> = all().filter(is_known).collect();
    let classes = marks.iter().map(|c| canonical_combining_class(*c).into()).collect();
    table([marks.iter().map(|c| *c as u32).collect(), classes])
}

/// First part, second part and whole of what is composed and has no accent that folds away. Hangul is reckoned.
fn pair(whole: char) -> Option<[u32; 3]> {
    let mut parts: Vec<char> = whole.nfd().collect();
    let second = parts.pop()?;
    let first: Vec<char> = parts.into_iter().nfc().collect();
    let composes = whole.nfc().eq([whole]) && first.len() == 1;
    let stays = !('\u{ac00}'..='\u{d7a3}').contains(&whole) && spelling(whole) == whole.to_string();
    (composes && stays).then(|| [first[0] as u32, second as u32, whole as u32])
}

fn pairs() -> Vec<u8> {
    let mut pairs: Vec<[u32; 3]> = all().filter_map(pair).collect();
    pairs.sort_unstable();
    let column = |i: usize| pairs.iter().map(|pair| pair[i]).collect();
    table([column(2), column(0), column(1)])
}

fn assert_committed(name: &str, committed: &[u8], made: &[u8]) {
    let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let place = place.display();
    if committed != made {
        std::fs::write(place.to_string(), made).unwrap();
        panic!("src/text/fold/{name} is not what Unicode says: put {place} there and raise ANALYZER_VERSION");
    }
}

#[test]
fn spellings_are_as_folded_with_whole_tables() {
    if has_cases_of_tables() {
        assert_committed("spellings.bin", include_bytes!("../src/text/fold/spellings.bin"), &spellings());
    }
}

#[test]
fn marks_are_unicode_s() {
    assert_committed("marks.bin", include_bytes!("../src/text/fold/marks.bin"), &marks());
}

#[test]
fn pairs_are_unicode_s() {
    assert_committed("pairs.bin", include_bytes!("../src/text/fold/pairs.bin"), &pairs());
}

//! Is this character a mark upon the one before, and which marks go first?

use std::sync::LazyLock;

use super::char_map::CharMap;
use super::columns::Columns;

/// Columns: marks, their classes. The map holds the class and 1.
static MARKS: LazyLock<CharMap> = LazyLock::new(|| {
    let mut table = Columns::of(include_bytes!("marks.bin"));
    let mut marks = CharMap::default();
    for (mark, class) in table.chars().into_iter().zip(table.column()) {
        *marks.place(mark) = class as u16 + 1;
    }
    marks
});

/// Whether the character is a combining mark (Unicode's category M).
pub fn is_mark(c: char) -> bool {
    MARKS.get(c) != 0
}

/// Unicode's combining class: marks of one class keep their order, those of a lower class but 0 go before.
pub fn class(c: char) -> u16 {
    MARKS.get(c).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

    #[test]
    fn marks_and_classes_are_unicode_s() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_mark(c), is_combining_mark(c), "{c:?}");
            assert_eq!(class(c), u16::from(canonical_combining_class(c)), "{c:?}");
        }
    }
}

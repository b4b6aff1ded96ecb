//! How long may a block be, and how long is it?

use crate::bytes::{Fields, Unpacked};

/// So many small letters of one word count as a token.
const LETTERS: usize = 4;

/// The most that a block may be long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// In characters (Unicode scalar values); `None` sets no bound.
    pub chars: Option<usize>,
    /// In tokens, as [`tokens`] counts them; `None` sets no bound.
    pub tokens: Option<usize>,
}

impl Budget {
    /// Takes the options about it, as JavaScript names them.
    pub fn taken(options: &mut Fields) -> Unpacked<Budget> {
        Ok(Budget { chars: options.optional("maxChars")?, tokens: options.optional("maxTokens")? })
    }

    /// Whether the text is short enough.
    pub fn holds(&self, text: &str) -> bool {
        self.chars.is_none_or(|most| text.chars().count() <= most)
            && self.tokens.is_none_or(|most| tokens(text) <= most)
    }
}

/// How many tokens a text has, counted high: each model has its own encoder, and none is here.
///
/// A word counts as one for each four small letters, capitals, digits and marks as one for each two, two and one, what is not
/// ASCII by its bytes. `node bench/tokens.mjs` compares this with real encoders; rare languages and text without words, such
/// as base64, may have more.
///
/// ```
/// use skillmesh::emit::tokens;
/// assert_eq!(tokens("Draw a map."), 4);
/// assert_eq!(tokens("parseJSON({})"), 2 + 2 + 4);
/// ```
pub fn tokens(text: &str) -> usize {
    let mut halves = 0;
    let mut run = Run { kind: Kind::Mark, len: 0 };
    for c in text.chars() {
        let kind = Kind::of(c);
        if kind == Kind::Lower && run.kind == Kind::Upper && run.len == 1 {
            run.kind = Kind::Lower;
        } else if kind != run.kind {
            halves += run.halves();
            run = Run { kind, len: 0 };
        }
        run.len += 1;
    }
    (halves + run.halves()).div_ceil(2)
}

/// Characters of one kind in a row.
struct Run {
    kind: Kind,
    len: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
    Digit,
    Blank,
    Break,
    Mark,
    /// Not ASCII, by how many bytes it has.
    Foreign(usize),
}

impl Kind {
    fn of(c: char) -> Kind {
        match c {
            'a'..='z' => Kind::Lower,
            'A'..='Z' => Kind::Upper,
            '0'..='9' => Kind::Digit,
            ' ' | '\t' => Kind::Blank,
            '\n' | '\r' => Kind::Break,
            c if c.is_ascii() => Kind::Mark,
            c => Kind::Foreign(c.len_utf8()),
        }
    }
}

impl Run {
    /// Twice the tokens; one blank belongs to the word behind it.
    fn halves(&self) -> usize {
        let each = |characters: usize| 2 * self.len.div_ceil(characters);
        match self.kind {
            Kind::Lower => each(LETTERS),
            Kind::Upper | Kind::Digit => each(2),
            Kind::Blank if self.len == 1 => 0,
            Kind::Blank => each(16),
            Kind::Break => each(4),
            Kind::Mark => each(1),
            Kind::Foreign(2) => 3 * self.len,
            Kind::Foreign(3) => 4 * self.len,
            Kind::Foreign(_) => 8 * self.len,
        }
    }
}

//! How long may a block be, and how long is it?

use crate::bytes::{Fields, Unpacked};

/// So many letters of one word are a token at most, in the words that people write.
const LETTERS: usize = 6;

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
        self.chars.is_none_or(|most| text.chars().count() <= most) && self.tokens.is_none_or(|most| tokens(text) <= most)
    }
}

/// How many tokens a text has at most, as byte-pair encoders count: each has other words, so that this counts high. It is
/// compared with real encoders by `node bench/tokens.mjs`; only text without words, such as base64, may have more.
///
/// ```
/// use skillmesh::emit::tokens;
/// assert_eq!(tokens("Draw a map."), 4);
/// assert_eq!(tokens("parseJSON({})"), 7);
/// ```
pub fn tokens(text: &str) -> usize {
    let mut halves = 0;
    let mut run = Run { kind: Kind::Other, len: 0 };
    for c in text.chars() {
        let kind = Kind::of(c);
        if kind == Kind::Lower && run.kind == Kind::Upper && run.len == 1 {
            run.kind = Kind::Lower;
        } else if kind != run.kind || kind == Kind::Other {
            halves += run.halves();
            run = Run { kind, len: 0 };
        }
        run.len += 1;
        halves += if c.is_ascii() { 0 } else { [0, 0, 2, 3, 8][c.len_utf8()] };
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
    /// Counted by its bytes.
    Foreign,
    Other,
}

impl Kind {
    fn of(c: char) -> Kind {
        match c {
            'a'..='z' => Kind::Lower,
            'A'..='Z' => Kind::Upper,
            '0'..='9' => Kind::Digit,
            ' ' | '\t' => Kind::Blank,
            '\n' | '\r' => Kind::Break,
            c if c.is_ascii() => Kind::Other,
            _ => Kind::Foreign,
        }
    }
}

impl Run {
    /// Twice the tokens; one space belongs to the word behind it.
    fn halves(&self) -> usize {
        match self.kind {
            Kind::Lower => 2 * self.len.div_ceil(LETTERS),
            Kind::Upper | Kind::Digit => 2 * self.len.div_ceil(2),
            Kind::Blank => 2 * usize::from(self.len > 1),
            Kind::Break => 2,
            Kind::Foreign => 0,
            Kind::Other => 2 * self.len,
        }
    }
}

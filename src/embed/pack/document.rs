//! What does a pack look like as MessagePack?
//!
//! Field order is byte order: the checksum covers all that follows it, and so does the fingerprint.

use super::{Config, Pooling};
use serde::{Deserialize, Serialize};

/// The whole map, its strings and binary sections borrowed from the file's bytes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Document<'a> {
    pub magic: &'a str,
    pub format: u32,
    pub checksum: u32,
    pub name: &'a str,
    pub fingerprint: &'a str,
    pub architecture: &'a str,
    pub config: Config,
    pub pooling: Pooling,
    pub normalize: bool,
    pub max_tokens: usize,
    #[serde(borrow)]
    pub tokenizer: Vocabulary<'a>,
    #[serde(borrow)]
    pub tensors: Vec<TensorEntry<'a>>,
}

/// A WordPiece vocabulary and how text is prepared for it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Vocabulary<'a> {
    pub lowercase: bool,
    pub strip_accents: Option<bool>,
    pub handle_chinese_chars: bool,
    pub clean_text: bool,
    pub unknown: &'a str,
    pub prefix: &'a str,
    pub max_word_chars: usize,
    /// The id put before every text.
    pub cls: u32,
    /// The id put after every text.
    pub sep: u32,
    /// Literals that are one token wherever they stand in a text.
    #[serde(borrow)]
    pub added: Vec<Added<'a>>,
    /// One token a line; the line number, from 0, is its id.
    pub vocabulary: &'a str,
}

/// A literal that is one token.
#[derive(Serialize, Deserialize)]
pub(crate) struct Added<'a> {
    pub content: &'a str,
    pub id: u32,
}

/// One tensor.
#[derive(Serialize, Deserialize)]
pub(crate) struct TensorEntry<'a> {
    pub name: &'a str,
    pub shape: Vec<usize>,
    pub kind: Kind,
    /// Little-endian f32, one for each row of a tensor of integers; empty for f32.
    #[serde(with = "serde_bytes")]
    pub scales: &'a [u8],
    /// Rows one after another: integers, or little-endian f32.
    #[serde(with = "serde_bytes")]
    pub data: &'a [u8],
}

/// What a tensor's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Int8,
    /// Two numbers a byte: column `i` of a row in the low half of its byte `i`, column `i + columns / 2` in the high half.
    Int4,
    /// Four odd numbers a byte, −3, −1, 1 and 3 as 0 to 3: column `i + q · columns / 4` in bits `2q` and `2q + 1` of the row's byte `i`.
    Int2,
    F32,
}

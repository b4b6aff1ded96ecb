//! Which ids does a text have?
//!
//! The normaliser and the word splitter are those the model was trained with, from `tokenizers`. A text is taken run by
//! run between white space, so that the end of a long text is never looked at.

use super::pack::{Added, Vocabulary};
use super::word_piece::WordPiece;
use crate::{Code, Error, Result};
use tokenizers::normalizers::bert::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{Normalizer, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer};

/// A run without white space is read up to here; only garbage runs on longer, and it costs memory per character.
const MAX_RUN_CHARS: usize = 1 << 16;

/// Text to ids.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    normalizer: BertNormalizer,
    words: WordPiece,
    added: Vec<(String, u32)>,
    cls: u32,
    sep: u32,
    max_tokens: usize,
}

impl Tokenizer {
    /// Checks that no text can yield an id outside `0..embeddings`.
    pub fn new(vocabulary: &Vocabulary, max_tokens: usize, embeddings: usize) -> Result<Self> {
        let words = WordPiece::new(vocabulary)?;
        let added: Vec<_> = vocabulary.added.iter().map(|a| (a.content.to_owned(), a.id)).collect();
        check_ids(vocabulary, words.len(), embeddings)?;
        check_added(&vocabulary.added)?;
        Ok(Tokenizer {
            normalizer: BertNormalizer::new(
                vocabulary.clean_text,
                vocabulary.handle_chinese_chars,
                vocabulary.strip_accents,
                vocabulary.lowercase,
            ),
            words,
            added,
            cls: vocabulary.cls,
            sep: vocabulary.sep,
            max_tokens,
        })
    }

    /// The most ids a text is given.
    pub fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// The ids of a text: start, as many words as fit, end.
    pub fn encode(&self, text: &str) -> Result<Vec<i64>> {
        let mut ids = vec![self.cls];
        for run in runs(text) {
            self.push_run(run, &mut ids)?;
            if ids.len() >= self.max_tokens {
                break;
            }
        }
        ids.truncate(self.max_tokens - 1);
        ids.push(self.sep);
        Ok(ids.into_iter().map(i64::from).collect())
    }

    /// How many ids the whole text has, start and end included.
    pub fn count(&self, text: &str) -> Result<usize> {
        let mut ids = Vec::new();
        let mut count = 2;
        for run in runs(text) {
            self.push_run(run, &mut ids)?;
            count += ids.len();
            ids.clear();
        }
        Ok(count)
    }

    /// The ids of one run, added literals cut out before the rest is normalised.
    fn push_run(&self, run: &str, ids: &mut Vec<u32>) -> Result<()> {
        let mut rest = head(run);
        while let Some((start, content, id)) = self.first_added(rest) {
            self.push_words(&rest[..start], ids)?;
            ids.push(id);
            rest = &rest[start + content.len()..];
        }
        self.push_words(rest, ids)
    }

    /// The leftmost literal, and the longest of those that start there.
    fn first_added(&self, text: &str) -> Option<(usize, &str, u32)> {
        let found = self.added.iter().filter_map(|(content, id)| Some((text.find(content)?, content.as_str(), *id)));
        found.min_by_key(|(start, content, _)| (*start, std::cmp::Reverse(content.len())))
    }

    fn push_words(&self, text: &str, ids: &mut Vec<u32>) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let mut words = PreTokenizedString::from(text);
        words.normalize(|s| self.normalizer.normalize(s)).map_err(internal)?;
        BertPreTokenizer.pre_tokenize(&mut words).map_err(internal)?;
        let splits = words.get_splits(OffsetReferential::Normalized, OffsetType::None);
        splits.iter().for_each(|(word, ..)| self.words.push(word, ids));
        Ok(())
    }
}

/// Runs between white space that stays white space: BERT deletes control characters, and so they split nothing.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() && (!c.is_control() || matches!(c, '\t' | '\n' | '\r')))
        .filter(|run| !run.is_empty())
}

fn head(run: &str) -> &str {
    run.char_indices().nth(MAX_RUN_CHARS).map_or(run, |(end, _)| &run[..end])
}

fn check_ids(vocabulary: &Vocabulary, pieces: usize, embeddings: usize) -> Result<()> {
    let special = vocabulary.added.iter().map(|a| a.id).chain([vocabulary.cls, vocabulary.sep]);
    let most = special.map(|id| id as usize).fold(pieces.saturating_sub(1), usize::max);
    match most < embeddings {
        true => Ok(()),
        false => Err(unfit("a token id without an embedding").expected(format!("ids below {embeddings}")).got(most)),
    }
}

fn check_added(added: &[Added]) -> Result<()> {
    match added.iter().find(|a| a.content.is_empty() || a.content.contains(char::is_whitespace)) {
        None => Ok(()),
        Some(a) => Err(unfit("an added token is empty or holds white space").got(format!("{:?}", a.content))),
    }
}

pub(super) fn unfit(message: &str) -> Error {
    Error::new(Code::ModelCorrupt, message).at("tokenizer")
}

fn internal(error: tokenizers::Error) -> Error {
    Error::new(Code::Internal, "cannot tokenise").caused_by(error)
}

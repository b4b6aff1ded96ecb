//! Which vocabulary does `tokenizer.json` hold, and how does it prepare text?

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ModelFiles, unsupported};
use crate::Result;
use crate::embed::pack::{Added, Vocabulary};

#[derive(Deserialize)]
struct TokenizerJson {
    normalizer: Normalizer,
    model: Model,
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
}

#[derive(Deserialize)]
struct Normalizer {
    #[serde(rename = "type")]
    kind: String,
    clean_text: bool,
    handle_chinese_chars: bool,
    strip_accents: Option<bool>,
    lowercase: bool,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type", default)]
    kind: String,
    unk_token: String,
    continuing_subword_prefix: String,
    max_input_chars_per_word: usize,
    vocab: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
}

/// A vocabulary with the strings that a pack borrows.
pub struct OwnedVocabulary {
    json: TokenizerJson,
    lines: String,
    cls: u32,
    sep: u32,
}

impl OwnedVocabulary {
    pub fn read(files: &ModelFiles) -> Result<Self> {
        let json: TokenizerJson = files.json("tokenizer.json")?;
        let kind = format!("`{}` with `{}`", json.model.kind, json.normalizer.kind);
        if kind != "`WordPiece` with `BertNormalizer`" {
            let expected = "`WordPiece` with `BertNormalizer`";
            return Err(unsupported("this tokenizer is not supported")
                .at("tokenizer.json")
                .expected(expected)
                .got(kind));
        }
        let special = |token: &str| {
            let id = json.model.vocab.get(token).copied();
            id.ok_or_else(|| unsupported("a special token is missing").at("tokenizer.json").expected(token))
        };
        Ok(OwnedVocabulary { lines: lines(&json.model.vocab)?, cls: special("[CLS]")?, sep: special("[SEP]")?, json })
    }

    pub fn view(&self) -> Vocabulary<'_> {
        let TokenizerJson { normalizer, model, added_tokens } = &self.json;
        Vocabulary {
            lowercase: normalizer.lowercase,
            strip_accents: normalizer.strip_accents,
            handle_chinese_chars: normalizer.handle_chinese_chars,
            clean_text: normalizer.clean_text,
            unknown: &model.unk_token,
            prefix: &model.continuing_subword_prefix,
            max_word_chars: model.max_input_chars_per_word,
            cls: self.cls,
            sep: self.sep,
            added: added_tokens.iter().map(|token| Added { content: &token.content, id: token.id }).collect(),
            vocabulary: &self.lines,
        }
    }
}

/// One token a line, in order of ids, which must run from 0 without a gap.
fn lines(vocabulary: &BTreeMap<String, u32>) -> Result<String> {
    let mut tokens: Vec<(&u32, &str)> = vocabulary.iter().map(|(token, id)| (id, token.as_str())).collect();
    tokens.sort_unstable();
    let dense = tokens.iter().enumerate().all(|(line, (id, _))| **id as usize == line);
    if !dense || tokens.iter().any(|(_, token)| token.contains('\n')) {
        return Err(unsupported("the vocabulary's ids have gaps").at("tokenizer.json"));
    }
    Ok(tokens.iter().map(|(_, token)| *token).collect::<Vec<_>>().join("\n"))
}

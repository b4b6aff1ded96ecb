//! What shape does the model have, and how are its rows pooled?

use serde::Deserialize;

use super::{ModelFiles, unsupported};
use crate::Result;
use crate::embed::pack::{Activation, Config, Pooling};

/// Texts are read up to here where a model names no limit of its own.
const DEFAULT_TOKENS: usize = 256;

/// Everything but weights and vocabulary.
pub struct Facts {
    pub name: String,
    pub config: Config,
    pub pooling: Pooling,
    pub normalize: bool,
    pub max_tokens: usize,
}

#[derive(Deserialize)]
struct BertConfig {
    #[serde(rename = "_name_or_path", default)]
    name: String,
    model_type: String,
    hidden_act: String,
    hidden_size: usize,
    intermediate_size: usize,
    num_attention_heads: usize,
    num_hidden_layers: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    layer_norm_eps: f32,
    /// As in ALBERT: words have rows of this width, which a projection widens.
    embedding_size: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PoolingConfig {
    pooling_mode_cls_token: bool,
    pooling_mode_mean_tokens: bool,
}

#[derive(Deserialize)]
struct Module {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

impl Facts {
    pub fn read(files: &ModelFiles) -> Result<Self> {
        let bert: BertConfig = files.json("config.json")?;
        if bert.model_type != "bert" || bert.hidden_act != "gelu" {
            let got = format!("`{}` with `{}`", bert.model_type, bert.hidden_act);
            return Err(unsupported("this kind of model cannot be imported").expected("`bert` with `gelu`").got(got));
        }
        let config = bert.config();
        config.check()?;
        Ok(Facts {
            pooling: pooling(files)?,
            normalize: normalize(files)?,
            max_tokens: max_tokens(files)?.min(bert.max_position_embeddings),
            name: bert.name.rsplit('/').next().unwrap_or_default().to_owned(),
            config,
        })
    }
}

impl BertConfig {
    fn config(&self) -> Config {
        Config {
            hidden_size: self.hidden_size,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            intermediate_size: self.intermediate_size,
            vocab_size: self.vocab_size,
            embedding_size: self.embedding_size,
            max_positions: self.max_position_embeddings,
            layer_norm_eps: self.layer_norm_eps,
            activation: Activation::Gelu,
        }
    }
}

fn pooling(files: &ModelFiles) -> Result<Pooling> {
    let Some(config) = files.optional_json::<PoolingConfig>("1_Pooling/config.json")? else { return Ok(Pooling::Mean) };
    match (config.pooling_mode_mean_tokens, config.pooling_mode_cls_token) {
        (true, false) => Ok(Pooling::Mean),
        (false, true) => Ok(Pooling::Cls),
        _ => {
            Err(unsupported("this pooling is not supported").at("1_Pooling/config.json").expected("mean or cls alone"))
        }
    }
}

/// Whether the pipeline ends in a normalisation; without a pipeline it is assumed, as cosine needs it.
fn normalize(files: &ModelFiles) -> Result<bool> {
    let modules = files.optional_json::<Vec<Module>>("modules.json")?;
    Ok(modules.is_none_or(|modules| modules.iter().any(|module| module.kind.ends_with("Normalize"))))
}

fn max_tokens(files: &ModelFiles) -> Result<usize> {
    let sentence = files.optional_json::<SentenceConfig>("sentence_bert_config.json")?;
    Ok(sentence.and_then(|config| config.max_seq_length).unwrap_or(DEFAULT_TOKENS))
}

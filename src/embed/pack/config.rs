//! What shape does an encoder have, and which shapes can be run?

use super::corrupt;
use crate::Result;
use serde::{Deserialize, Serialize};

/// The widest row an integer dot product may sum without overflowing 32 bits: 4095 · 128 · 4096 < 2³¹.
const MAX_WIDTH: usize = 4096;
const MAX_LAYERS: usize = 64;
const MAX_POSITIONS: usize = 8192;

/// The dimensions of a BERT encoder, in the words of its `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Config {
    pub hidden_size: usize,
    pub layers: usize,
    pub heads: usize,
    pub intermediate_size: usize,
    pub vocab_size: usize,
    /// The width of a word's row where a projection widens it, as in ALBERT; by default words are as wide as tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding_size: Option<usize>,
    pub max_positions: usize,
    pub layer_norm_eps: f32,
    pub activation: Activation,
}

/// The feed-forward non-linearity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Activation {
    /// `x · Φ(x)`, by the error function.
    Gelu,
}

/// How token vectors become one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pooling {
    /// The average over all tokens.
    Mean,
    /// The first token's vector.
    Cls,
}

impl Config {
    /// Refuses shapes that the kernels do not run: widths are whole vectors of 8, heads whole vectors of 4.
    pub fn check(&self) -> Result<()> {
        width("hidden_size", self.hidden_size)?;
        width("intermediate_size", self.intermediate_size)?;
        self.embedding_size.map_or(Ok(()), |size| width("embedding_size", size))?;
        range("layers", self.layers, MAX_LAYERS)?;
        range("max_positions", self.max_positions, MAX_POSITIONS)?;
        range("heads", self.heads, self.hidden_size / 4)?;
        self.check_heads()?;
        self.check_eps()
    }

    fn check_heads(&self) -> Result<()> {
        match self.hidden_size.is_multiple_of(self.heads * 4) {
            true => Ok(()),
            false => Err(corrupt("hidden_size cannot be split into heads")
                .expected("hidden_size to be a multiple of 4 × heads")
                .got(format!("{} and {} heads", self.hidden_size, self.heads))),
        }
    }

    fn check_eps(&self) -> Result<()> {
        match (0.0..1.0).contains(&self.layer_norm_eps) {
            true => Ok(()),
            false => Err(corrupt("layer_norm_eps is out of range").expected("0 to 1").got(self.layer_norm_eps)),
        }
    }
}

fn width(field: &str, value: usize) -> Result<()> {
    match value.is_multiple_of(8) {
        true => range(field, value, MAX_WIDTH),
        false => Err(corrupt(format!("{field} is not supported")).expected("a multiple of 8").got(value)),
    }
}

fn range(field: &str, value: usize, most: usize) -> Result<()> {
    match (1..=most).contains(&value) {
        true => Ok(()),
        false => Err(corrupt(format!("{field} is out of range")).expected(format!("1 to {most}")).got(value)),
    }
}

//! How do a pack's tensors become an encoder, and ids become rows?

use super::attention::Attention;
use super::embedding::{Positions, Words};
use super::gelu::Gelu;
use super::layer::Layer;
use super::layer_norm::LayerNorm;
use super::linear::Linear;
use crate::Result;
use crate::embed::pack::{Activation, Pack};

/// A BERT encoder (Devlin et al. 2019) that is ready to run.
#[derive(Debug)]
pub(crate) struct Encoder {
    words: Words,
    /// Widens the words' rows, where they are narrower than the encoder's.
    projection: Option<Linear>,
    positions: Positions,
    norm: LayerNorm,
    blocks: Vec<Block>,
}

impl Encoder {
    /// The encoder of a pack, whose weights stay where they lie.
    pub fn new(pack: &Pack) -> Result<Self> {
        let config = &pack.config;
        let project = |width| Linear::projection(pack, "embeddings.projection", config.hidden_size, width);
        Ok(Encoder {
            words: Words::new(pack, config.embedding_size.unwrap_or(config.hidden_size))?,
            projection: config.embedding_size.map(project).transpose()?,
            positions: Positions::new(pack)?,
            norm: LayerNorm::new(pack, "embeddings.norm")?,
            blocks: (0..config.layers)
                .map(|layer| Block::new(pack, &format!("layer.{layer}")))
                .collect::<Result<_>>()?,
        })
    }

    /// The last layer's rows, one for each id.
    pub fn run(&self, ids: &[i64]) -> Vec<f32> {
        let tokens = ids.len();
        let narrow = self.words.rows(tokens, ids);
        let words = match &self.projection {
            Some(projection) => projection.rows(tokens, &narrow),
            None => narrow,
        };
        let rows = self.norm.rows(tokens, &self.positions.rows(tokens, &words));
        self.blocks.iter().fold(rows, |rows, block| block.rows(tokens, &rows))
    }
}

/// One transformer layer: attention and feed-forward, each added to its input and normalised.
#[derive(Debug)]
struct Block {
    qkv: Linear,
    heads: Attention,
    output: Linear,
    attended: LayerNorm,
    up: Linear,
    activation: Gelu,
    down: Linear,
    fed: LayerNorm,
}

impl Block {
    fn new(pack: &Pack, name: &str) -> Result<Self> {
        let (hidden, inner) = (pack.config.hidden_size, pack.config.intermediate_size);
        let linear = |part: &str, outputs, inputs| Linear::new(pack, &format!("{name}.{part}"), outputs, inputs);
        let Activation::Gelu = pack.config.activation;
        Ok(Block {
            qkv: linear("attention.qkv", 3 * hidden, hidden)?,
            heads: Attention::new(hidden, pack.config.heads),
            output: linear("attention.output", hidden, hidden)?,
            attended: LayerNorm::new(pack, &format!("{name}.attention.norm"))?,
            up: linear("feed_forward.up", inner, hidden)?,
            activation: Gelu::new(inner),
            down: linear("feed_forward.down", hidden, inner)?,
            fed: LayerNorm::new(pack, &format!("{name}.feed_forward.norm"))?,
        })
    }

    fn rows(&self, tokens: usize, rows: &[f32]) -> Vec<f32> {
        let mixed = self.heads.rows(tokens, &self.qkv.rows(tokens, rows));
        let rows = self.attended.rows(tokens, &sum(rows, self.output.rows(tokens, &mixed)));
        let active = self.activation.rows(tokens, &self.up.rows(tokens, &rows));
        self.fed.rows(tokens, &sum(&rows, self.down.rows(tokens, &active)))
    }
}

fn sum(rows: &[f32], mut change: Vec<f32>) -> Vec<f32> {
    change.iter_mut().zip(rows).for_each(|(change, row)| *change += row);
    change
}

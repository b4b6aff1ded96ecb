//! How do a pack's tensors become a graph, and ids become rows?

use super::attention::Attention;
use super::embedding::{Positions, Words};
use super::gelu::Gelu;
use super::layer::{Layer, Node};
use super::layer_norm::LayerNorm;
use super::linear::Linear;
use crate::embed::pack::{Activation, Pack};
use crate::{Code, Error, Result};
use std::sync::Arc;
use tract_core::internal::*;
use tract_core::ops::math::add;

/// A graph that is ready to run.
pub(crate) struct Encoder(Arc<TypedRunnableModel>);

impl Encoder {
    /// Builds the graph of a pack.
    pub fn new(pack: &Pack) -> Result<Self> {
        let mut graph = Graph { pack, model: TypedModel::default() };
        let output = graph.encoder()?;
        graph.model.select_output_outlets(&[output]).map_err(internal)?;
        Ok(Encoder(graph.model.into_runnable().map_err(internal)?))
    }

    /// The last layer's rows, one for each id.
    pub fn run(&self, ids: &[i64]) -> Result<Vec<f32>> {
        let rows = self.0.run(tvec!(tensor1(ids).into_tvalue())).and_then(|outputs| {
            let view = outputs[0].try_as_plain_ram()?;
            Ok(view.as_slice::<f32>()?.to_vec())
        });
        rows.map_err(internal)
    }
}

/// A graph being laid.
struct Graph<'a> {
    pack: &'a Pack,
    model: TypedModel,
}

impl Graph<'_> {
    fn encoder(&mut self) -> Result<OutletId> {
        let tokens = self.model.symbols.sym("tokens");
        let ids = self.model.add_source("ids", i64::fact([tokens])).map_err(internal)?;
        let words = self.words(ids)?;
        let sum = self.wire("embeddings", Positions::new(self.pack)?, words)?;
        let mut rows = self.norm("embeddings.norm", sum)?;
        for layer in 0..self.pack.config.layers {
            rows = self.block(&format!("layer.{layer}"), rows)?;
        }
        Ok(rows)
    }

    /// The row of each word, as wide as the encoder's.
    fn words(&mut self, ids: OutletId) -> Result<OutletId> {
        let hidden = self.pack.config.hidden_size;
        let Some(width) = self.pack.config.embedding_size else {
            return self.wire("embeddings.word", Words::new(self.pack, hidden)?, ids);
        };
        let rows = self.wire("embeddings.word", Words::new(self.pack, width)?, ids)?;
        let name = "embeddings.projection";
        self.wire(name, Linear::projection(self.pack, name, hidden, width)?, rows)
    }

    /// One transformer layer: attention and feed-forward, each added to its input and normalised.
    fn block(&mut self, name: &str, rows: OutletId) -> Result<OutletId> {
        let attended = self.attention(&format!("{name}.attention"), rows)?;
        let rows = self.residual(&format!("{name}.attention"), rows, attended)?;
        let fed = self.feed_forward(&format!("{name}.feed_forward"), rows)?;
        self.residual(&format!("{name}.feed_forward"), rows, fed)
    }

    fn attention(&mut self, name: &str, rows: OutletId) -> Result<OutletId> {
        let (hidden, heads) = (self.pack.config.hidden_size, self.pack.config.heads);
        let qkv = self.linear(&format!("{name}.qkv"), 3 * hidden, hidden, rows)?;
        let mixed = self.wire(&format!("{name}.heads"), Attention::new(hidden, heads), qkv)?;
        self.linear(&format!("{name}.output"), hidden, hidden, mixed)
    }

    fn feed_forward(&mut self, name: &str, rows: OutletId) -> Result<OutletId> {
        let (hidden, inner) = (self.pack.config.hidden_size, self.pack.config.intermediate_size);
        let up = self.linear(&format!("{name}.up"), inner, hidden, rows)?;
        let active = match self.pack.config.activation {
            Activation::Gelu => self.wire(&format!("{name}.gelu"), Gelu::new(inner), up)?,
        };
        self.linear(&format!("{name}.down"), hidden, inner, active)
    }

    fn residual(&mut self, name: &str, rows: OutletId, change: OutletId) -> Result<OutletId> {
        let sum = self.model.wire_node(format!("{name}.add"), add(), &[rows, change]).map_err(internal)?[0];
        self.norm(&format!("{name}.norm"), sum)
    }

    fn norm(&mut self, name: &str, rows: OutletId) -> Result<OutletId> {
        self.wire(name, LayerNorm::new(self.pack, name)?, rows)
    }

    fn linear(&mut self, name: &str, outputs: usize, inputs: usize, rows: OutletId) -> Result<OutletId> {
        self.wire(name, Linear::new(self.pack, name, outputs, inputs)?, rows)
    }

    fn wire<L: Layer>(&mut self, name: &str, layer: L, input: OutletId) -> Result<OutletId> {
        Ok(self.model.wire_node(name, Node::new(layer), &[input]).map_err(internal)?[0])
    }
}

fn internal(error: TractError) -> Error {
    Error::new(Code::Internal, "cannot run the model").caused_by(format!("{error:#}"))
}

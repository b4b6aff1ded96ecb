//! Which tensors does a pack hold, and how are their rows rounded to int8?

use super::weights::Weights;
use crate::Result;
use crate::embed::pack::{Config, Kind, TensorEntry};

/// A tensor of the pack with its bytes.
pub struct NamedTensor {
    name: String,
    shape: Vec<usize>,
    kind: Kind,
    scales: Vec<u8>,
    data: Vec<u8>,
}

impl NamedTensor {
    pub fn entry(&self) -> TensorEntry<'_> {
        TensorEntry {
            name: &self.name,
            shape: self.shape.clone(),
            kind: self.kind,
            scales: &self.scales,
            data: &self.data,
        }
    }

    fn f32(name: String, values: &[f32]) -> Self {
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        NamedTensor { name, shape: vec![values.len()], kind: Kind::F32, scales: Vec::new(), data }
    }

    /// Each row with a scale of its own: its largest value becomes 127.
    fn int8(name: String, values: &[f32], columns: usize) -> Self {
        let (mut scales, mut data) = (Vec::new(), Vec::with_capacity(values.len()));
        for row in values.chunks_exact(columns) {
            let largest = row.iter().fold(0.0f32, |max, value| max.max(value.abs()));
            let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
            scales.extend_from_slice(&scale.to_le_bytes());
            data.extend(row.iter().map(|value| (value / scale).round() as i8 as u8));
        }
        NamedTensor { name, shape: vec![values.len() / columns, columns], kind: Kind::Int8, scales, data }
    }
}

/// Every tensor of the encoder, in the order of the pack.
pub fn all(weights: &Weights, config: &Config) -> Result<Vec<NamedTensor>> {
    let layout = Layout { weights, hidden: config.hidden_size, inner: config.intermediate_size };
    let mut tensors = layout.embeddings(config)?;
    for layer in 0..config.layers {
        tensors.extend(layout.layer(layer)?);
    }
    Ok(tensors)
}

struct Layout<'a> {
    weights: &'a Weights,
    hidden: usize,
    inner: usize,
}

impl Layout<'_> {
    fn embeddings(&self, config: &Config) -> Result<Vec<NamedTensor>> {
        let rows =
            |name: &str, rows| self.weights.values(&format!("embeddings.{name}_embeddings.weight"), rows * self.hidden);
        let word = rows("word", config.vocab_size)?;
        let position = rows("position", config.max_positions)?;
        let segments = rows("token_type", 2).or_else(|_| rows("token_type", 1))?;
        let mut tensors = vec![
            NamedTensor::int8("embeddings.word".into(), word, self.hidden),
            NamedTensor::int8("embeddings.position".into(), position, self.hidden),
            NamedTensor::f32("embeddings.segment".into(), &segments[..self.hidden]),
        ];
        tensors.extend(self.norm("embeddings.norm", "embeddings.LayerNorm")?);
        Ok(tensors)
    }

    fn layer(&self, layer: usize) -> Result<Vec<NamedTensor>> {
        let (to, from) = (format!("layer.{layer}"), format!("encoder.layer.{layer}"));
        let (hidden, inner) = (self.hidden, self.inner);
        let parts = [
            self.qkv(&format!("{to}.attention.qkv"), &format!("{from}.attention.self"))?,
            self.linear(&format!("{to}.attention.output"), &format!("{from}.attention.output.dense"), hidden, hidden)?,
            self.norm(&format!("{to}.attention.norm"), &format!("{from}.attention.output.LayerNorm"))?,
            self.linear(&format!("{to}.feed_forward.up"), &format!("{from}.intermediate.dense"), inner, hidden)?,
            self.linear(&format!("{to}.feed_forward.down"), &format!("{from}.output.dense"), hidden, inner)?,
            self.norm(&format!("{to}.feed_forward.norm"), &format!("{from}.output.LayerNorm"))?,
        ];
        Ok(parts.into_iter().flatten().collect())
    }

    /// Query, key and value as one matrix: one pass over the tokens instead of three.
    fn qkv(&self, to: &str, from: &str) -> Result<[NamedTensor; 2]> {
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for part in ["query", "key", "value"] {
            weight.extend(self.weights.values(&format!("{from}.{part}.weight"), self.hidden * self.hidden)?);
            bias.extend(self.weights.values(&format!("{from}.{part}.bias"), self.hidden)?);
        }
        Ok([
            NamedTensor::int8(format!("{to}.weight"), &weight, self.hidden),
            NamedTensor::f32(format!("{to}.bias"), &bias),
        ])
    }

    fn linear(&self, to: &str, from: &str, outputs: usize, inputs: usize) -> Result<[NamedTensor; 2]> {
        let weight = self.weights.values(&format!("{from}.weight"), outputs * inputs)?;
        let bias = self.weights.values(&format!("{from}.bias"), outputs)?;
        Ok([NamedTensor::int8(format!("{to}.weight"), weight, inputs), NamedTensor::f32(format!("{to}.bias"), bias)])
    }

    fn norm(&self, to: &str, from: &str) -> Result<[NamedTensor; 2]> {
        let values = |part: &str| self.weights.values(&format!("{from}.{part}"), self.hidden);
        Ok([
            NamedTensor::f32(format!("{to}.weight"), values("weight")?),
            NamedTensor::f32(format!("{to}.bias"), values("bias")?),
        ])
    }
}

//! Which tensors does a pack hold, and in how many bits?

use super::weights::{Rows, Weights};
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

    /// In the narrowest kind that holds every number as it is.
    fn matrix(name: String, rows: &Rows, columns: usize) -> Self {
        let all = |fit: fn(&i8) -> bool| rows.integers.iter().all(fit);
        let packed = |pack: fn(&[i8]) -> Vec<u8>| rows.integers.chunks_exact(columns).flat_map(pack).collect();
        let (kind, data) = match columns {
            c if c.is_multiple_of(4) && all(is_odd_and_small) => (Kind::Int2, packed(quartered)),
            c if c.is_multiple_of(2) && all(|value| (-8..8).contains(value)) => (Kind::Int4, packed(halved)),
            _ => (Kind::Int8, bytemuck::cast_slice(&rows.integers).to_vec()),
        };
        let scales = rows.scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
        NamedTensor { name, shape: vec![rows.scales.len(), columns], kind, scales, data }
    }
}

/// What [`Kind::Int2`] holds: none of its four levels is zero, so that there are as many above as below.
fn is_odd_and_small(value: &i8) -> bool {
    matches!(value, -3 | -1 | 1 | 3)
}

/// A row's first half in the low halves of its bytes, the second in the high ones.
fn halved(row: &[i8]) -> Vec<u8> {
    let (low, high) = row.split_at(row.len() / 2);
    low.iter().zip(high).map(|(low, high)| (low & 15) as u8 | (high << 4) as u8).collect()
}

/// A row's first quarter in the lowest two bits of its bytes, and so on.
fn quartered(row: &[i8]) -> Vec<u8> {
    let bytes = row.len() / 4;
    let level = |at: usize| (row[at] + 3) as u8 / 2;
    (0..bytes).map(|byte| (0..4).fold(0, |sum, quarter| sum | level(byte + quarter * bytes) << (2 * quarter))).collect()
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
        let width = config.embedding_size.unwrap_or(self.hidden);
        let mut tensors =
            vec![self.matrix("embeddings.word", "embeddings.word_embeddings", config.vocab_size, width)?];
        if config.embedding_size.is_some() {
            tensors.push(self.matrix("embeddings.projection", "embeddings.projection", self.hidden, width)?);
        }
        let position = "embeddings.position_embeddings";
        tensors.push(self.matrix("embeddings.position", position, config.max_positions, self.hidden)?);
        tensors.push(NamedTensor::f32("embeddings.segment".into(), &self.segments()?[..self.hidden]));
        tensors.extend(self.norm("embeddings.norm", "embeddings.LayerNorm")?);
        Ok(tensors)
    }

    fn segments(&self) -> Result<&[f32]> {
        let rows = |rows| self.weights.values("embeddings.token_type_embeddings.weight", rows * self.hidden);
        rows(2).or_else(|_| rows(1))
    }

    fn matrix(&self, to: &str, from: &str, rows: usize, columns: usize) -> Result<NamedTensor> {
        let rows = self.weights.rows(&format!("{from}.weight"), rows, columns)?;
        Ok(NamedTensor::matrix(to.into(), &rows, columns))
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
        let (mut weight, mut bias) = (Rows::default(), Vec::new());
        for part in ["query", "key", "value"] {
            weight.extend(self.weights.rows(&format!("{from}.{part}.weight"), self.hidden, self.hidden)?);
            bias.extend(self.weights.values(&format!("{from}.{part}.bias"), self.hidden)?);
        }
        Ok([
            NamedTensor::matrix(format!("{to}.weight"), &weight, self.hidden),
            NamedTensor::f32(format!("{to}.bias"), &bias),
        ])
    }

    fn linear(&self, to: &str, from: &str, outputs: usize, inputs: usize) -> Result<[NamedTensor; 2]> {
        let bias = self.weights.values(&format!("{from}.bias"), outputs)?;
        let weight = self.matrix(&format!("{to}.weight"), from, outputs, inputs)?;
        Ok([weight, NamedTensor::f32(format!("{to}.bias"), bias)])
    }

    fn norm(&self, to: &str, from: &str) -> Result<[NamedTensor; 2]> {
        let values = |part: &str| self.weights.values(&format!("{from}.{part}"), self.hidden);
        Ok([
            NamedTensor::f32(format!("{to}.weight"), values("weight")?),
            NamedTensor::f32(format!("{to}.bias"), values("bias")?),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_packed_as_narrowly_as_all_of_them_allow() {
        let kind = |integers: &[i8]| {
            let rows = Rows { integers: integers.to_vec(), scales: vec![1.0] };
            let tensor = NamedTensor::matrix("words".into(), &rows, integers.len());
            (tensor.kind, tensor.data.len())
        };
        assert_eq!(kind(&[-3, -1, 1, 3]), (Kind::Int2, 1));
        assert_eq!(kind(&[-3, -1, 1, 0]), (Kind::Int4, 2));
        assert_eq!(kind(&[-3, -1, 1, 3, 1, 1]), (Kind::Int4, 3));
        assert_eq!(kind(&[-8, 7, 1]), (Kind::Int8, 3));
        assert_eq!(kind(&[-8, 8]), (Kind::Int8, 2));
    }
}

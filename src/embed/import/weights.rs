//! Which numbers stand under a published name?

use std::collections::BTreeMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::{ModelFiles, onnx, unsupported};
use crate::Result;

/// What exporters put before the names of BERT's parts.
const PREFIXES: [&str; 4] = ["", "bert.", "0.auto_model.", "model."];

/// What a matrix of integers is called that has one scale a row: its own name and this.
const SCALE: &str = "_scale";

/// A model's numbers by the published names of BERT's parts.
pub struct Weights {
    values: Values,
    /// Those that were published as integers.
    rounded: Rounded,
}

type Values = BTreeMap<String, Vec<f32>>;
type Rounded = BTreeMap<String, Rows>;

/// Rows of integers with a scale each.
#[derive(Clone, Default)]
pub struct Rows {
    pub integers: Vec<i8>,
    pub scales: Vec<f32>,
}

impl Rows {
    /// Each row with a scale of its own: its largest value becomes 127.
    fn round(values: &[f32], columns: usize) -> Self {
        let mut rows = Rows::default();
        for row in values.chunks_exact(columns) {
            let largest = row.iter().fold(0.0f32, |max, value| max.max(value.abs()));
            let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
            rows.scales.push(scale);
            rows.integers.extend(row.iter().map(|value| (value / scale).round() as i8));
        }
        rows
    }

    fn values(&self) -> Vec<f32> {
        let columns = self.integers.len() / self.scales.len().max(1);
        let rows = self.integers.chunks_exact(columns.max(1)).zip(&self.scales);
        rows.flat_map(|(row, scale)| row.iter().map(move |value| scale * f32::from(*value))).collect()
    }

    pub fn extend(&mut self, rows: Rows) {
        self.integers.extend(rows.integers);
        self.scales.extend(rows.scales);
    }
}

impl Weights {
    /// The weights of whichever file the model has.
    pub fn read(files: &ModelFiles) -> Result<Self> {
        let (values, rounded) = match files.onnx() {
            Some(graph) => (onnx::weights(graph)?, BTreeMap::new()),
            None => from_safetensors(files.file("model.safetensors")?)?,
        };
        let has = |prefix: &&str| values.contains_key(&format!("{prefix}embeddings.word_embeddings.weight"));
        let prefix = PREFIXES.into_iter().find(has);
        let prefix = prefix.ok_or_else(|| unsupported("the weights are not a BERT encoder's"))?;
        Ok(Weights { values: bare(values, prefix), rounded: bare(rounded, prefix) })
    }

    /// The matrix of this name and shape as integers: those that were published, or its numbers rounded.
    pub fn rows(&self, name: &str, rows: usize, columns: usize) -> Result<Rows> {
        let values = self.values(name, rows * columns)?;
        Ok(self.rounded.get(name).cloned().unwrap_or_else(|| Rows::round(values, columns)))
    }

    /// The tensor of this name and number of values.
    pub fn values(&self, name: &str, length: usize) -> Result<&[f32]> {
        match self.values.get(name) {
            Some(values) if values.len() == length => Ok(values),
            Some(values) => Err(unsupported("a tensor has another size").at(name).expected(length).got(values.len())),
            None => Err(unsupported("a tensor is missing").at(name)),
        }
    }
}

fn bare<T>(named: BTreeMap<String, T>, prefix: &str) -> BTreeMap<String, T> {
    named.into_iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value))).collect()
}

/// All numbers, and those again that are integers with scales.
fn from_safetensors(file: &[u8]) -> Result<(Values, Rounded)> {
    let unreadable = |e| unsupported("unreadable weights").at("model.safetensors").caused_by(e);
    let tensors = SafeTensors::deserialize(file).map_err(unreadable)?.tensors();
    let floats =
        |(name, tensor): &(String, TensorView)| Some((name.clone(), f32_values(tensor.dtype(), tensor.data())?));
    let mut values: Values = tensors.iter().filter_map(floats).collect();
    let integers = |(name, tensor): &(String, TensorView)| {
        let scales = values.get(&format!("{name}{SCALE}")).filter(|_| tensor.dtype() == Dtype::I8)?;
        Some(rounded(name, tensor, scales).map(|rows| (name.clone(), rows)))
    };
    let rounded = tensors.iter().filter_map(integers).collect::<Result<Rounded>>()?;
    values.extend(rounded.iter().map(|(name, rows)| (name.clone(), rows.values())));
    Ok((values, rounded))
}

fn rounded(name: &str, tensor: &TensorView, scales: &[f32]) -> Result<Rows> {
    match tensor.shape().first() {
        Some(rows) if *rows == scales.len() => {
            Ok(Rows { integers: bytemuck::cast_slice(tensor.data()).to_vec(), scales: scales.to_vec() })
        }
        rows => Err(unsupported("a matrix has another number of scales than of rows")
            .at(format!("{name}{SCALE}"))
            .expected(rows.copied().unwrap_or_default())
            .got(scales.len())),
    }
}

fn f32_values(dtype: Dtype, data: &[u8]) -> Option<Vec<f32>> {
    let (pairs, quads) = (data.as_chunks::<2>().0, data.as_chunks::<4>().0);
    match dtype {
        Dtype::F32 => Some(quads.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()),
        Dtype::BF16 => {
            Some(pairs.iter().map(|bytes| f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16)).collect())
        }
        Dtype::F16 => Some(pairs.iter().map(|bytes| half(u16::from_le_bytes(*bytes))).collect()),
        _ => None,
    }
}

/// IEEE half precision, whose normal and subnormal numbers are all `f32` numbers.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        31 => sign * if fraction == 0.0 { f32::INFINITY } else { f32::NAN },
        _ => sign * (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn half_precision_reads_exactly() {
        for (bits, value) in
            [(0x3c00, 1.0), (0xc000, -2.0), (0x0001, 5.960_464_5e-8), (0x7bff, 65504.0), (0x3555, 0.333_251_95)]
        {
            assert_eq!(super::half(bits), value);
        }
    }
}

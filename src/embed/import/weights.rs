//! Which numbers stand under a published name?

use std::collections::BTreeMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::{ModelFiles, onnx, unsupported};
use crate::Result;

/// What exporters put before the names of BERT's parts.
const PREFIXES: [&str; 4] = ["", "bert.", "0.auto_model.", "model."];

/// A model's numbers by the published names of BERT's parts.
pub struct Weights(BTreeMap<String, Vec<f32>>);

impl Weights {
    /// The weights of whichever file the model has.
    pub fn read(files: &ModelFiles) -> Result<Self> {
        let tensors = match files.onnx() {
            Some(graph) => onnx::weights(graph)?,
            None => from_safetensors(files.file("model.safetensors")?)?,
        };
        let has = |prefix: &&str| tensors.contains_key(&format!("{prefix}embeddings.word_embeddings.weight"));
        let prefix = PREFIXES.into_iter().find(has);
        let prefix = prefix.ok_or_else(|| unsupported("the weights are not a BERT encoder's"))?;
        let bare = |(name, values): (String, Vec<f32>)| Some((name.strip_prefix(prefix)?.to_owned(), values));
        Ok(Weights(tensors.into_iter().filter_map(bare).collect()))
    }

    /// The tensor of this name and number of values.
    pub fn values(&self, name: &str, length: usize) -> Result<&[f32]> {
        match self.0.get(name) {
            Some(values) if values.len() == length => Ok(values),
            Some(values) => Err(unsupported("a tensor has another size").at(name).expected(length).got(values.len())),
            None => Err(unsupported("a tensor is missing").at(name)),
        }
    }
}

fn from_safetensors(file: &[u8]) -> Result<BTreeMap<String, Vec<f32>>> {
    let unreadable = |e| unsupported("unreadable weights").at("model.safetensors").caused_by(e);
    let tensors = SafeTensors::deserialize(file).map_err(unreadable)?;
    let floats = |(name, tensor): (String, TensorView)| Some((name, f32_values(tensor.dtype(), tensor.data())?));
    Ok(tensors.tensors().into_iter().filter_map(floats).collect())
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

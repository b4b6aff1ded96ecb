//! Which numbers stand under a published name?

use safetensors::{Dtype, SafeTensors};

use super::unsupported;
use crate::Result;

/// What exporters put before the names of BERT's parts.
const PREFIXES: [&str; 4] = ["", "bert.", "0.auto_model.", "model."];

/// The tensors of a safetensors file.
pub struct Weights<'a> {
    tensors: SafeTensors<'a>,
    prefix: &'static str,
}

impl<'a> Weights<'a> {
    pub fn read(file: &'a [u8]) -> Result<Self> {
        let tensors = SafeTensors::deserialize(file)
            .map_err(|e| unsupported("unreadable weights").at("model.safetensors").caused_by(e))?;
        let has = |prefix: &&str| tensors.tensor(&format!("{prefix}embeddings.word_embeddings.weight")).is_ok();
        let prefix = PREFIXES.into_iter().find(has);
        let prefix =
            prefix.ok_or_else(|| unsupported("the weights are not a BERT encoder's").at("model.safetensors"))?;
        Ok(Weights { tensors, prefix })
    }

    /// The tensor of this name and number of values, as `f32`.
    pub fn values(&self, name: &str, length: usize) -> Result<Vec<f32>> {
        let name = format!("{}{name}", self.prefix);
        let tensor =
            self.tensors.tensor(&name).map_err(|e| unsupported("a tensor is missing").at(&name).caused_by(e))?;
        let values = f32_values(tensor.dtype(), tensor.data());
        match values {
            Some(values) if values.len() == length => Ok(values),
            Some(values) => Err(unsupported("a tensor has another size").at(&name).expected(length).got(values.len())),
            None => {
                let got = format!("{:?}", tensor.dtype());
                Err(unsupported("unsupported numbers").at(&name).expected("F32, F16 or BF16").got(got))
            }
        }
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

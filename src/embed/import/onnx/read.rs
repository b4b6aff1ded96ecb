//! Which weights does an ONNX graph of a BERT encoder hold?
//!
//! Exporters keep the names of biases, norms and embeddings. The matrices beside the biases may have lost theirs and
//! stand transposed; they are found through the node that adds the bias.

use std::collections::BTreeMap;

use prost::Message;
use tract_onnx::pb::{GraphProto, ModelProto, TensorProto};

use super::write::transposed;
use crate::Result;
use crate::embed::import::unsupported;

/// Every weight by its published name.
pub fn weights(file: &[u8]) -> Result<BTreeMap<String, Vec<f32>>> {
    let model = ModelProto::decode(file).map_err(|e| unsupported("unreadable graph").at("model.onnx").caused_by(e))?;
    let graph = model.graph.unwrap_or_default();
    let mut weights: BTreeMap<String, Vec<f32>> =
        graph.initializer.iter().filter_map(|tensor| Some((tensor.name.clone(), values(tensor)?))).collect();
    for (name, matrix) in matrices(&graph) {
        weights.entry(name).or_insert(matrix);
    }
    Ok(weights)
}

fn values(tensor: &TensorProto) -> Option<Vec<f32>> {
    if tensor.data_type != tract_onnx::pb::tensor_proto::DataType::Float as i32 {
        return None;
    }
    let raw = tensor.raw_data.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
    Some(if tensor.raw_data.is_empty() { tensor.float_data.clone() } else { raw.collect() })
}

/// `X.weight` for each `Add` of `X.bias` to a product with a constant matrix.
fn matrices(graph: &GraphProto) -> Vec<(String, Vec<f32>)> {
    let constants: BTreeMap<&str, &TensorProto> = graph.initializer.iter().map(|t| (t.name.as_str(), t)).collect();
    let products = graph.node.iter().filter(|node| node.op_type == "MatMul");
    let products: BTreeMap<&str, &str> =
        products.filter_map(|node| Some((node.output.first()?.as_str(), node.input.get(1)?.as_str()))).collect();
    let matrix = |inputs: &[String]| {
        let name = inputs.iter().find_map(|input| input.strip_suffix(".bias"))?;
        let product = inputs.iter().find_map(|input| products.get(input.as_str()))?;
        let tensor = constants.get(product)?;
        let columns = *tensor.dims.get(1)? as usize;
        Some((format!("{name}.weight"), transposed(&values(tensor)?, columns)))
    };
    graph.node.iter().filter(|node| node.op_type == "Add").filter_map(|node| matrix(&node.input)).collect()
}

//! Which graph computes a BERT encoder at full precision? Opset 17, batch and sequence free.

use prost::Message;
use tract_onnx::pb::{
    GraphProto, ModelProto, OperatorSetIdProto, TensorShapeProto, TypeProto, ValueInfoProto, tensor_proto::DataType,
    tensor_shape_proto, type_proto,
};

use super::graph::{Graph, float, integer, integers};
use crate::Result;
use crate::embed::import::weights::Weights;
use crate::embed::pack::Config;

const OPSET: i64 = 17;
const IR_VERSION: i64 = 8;

/// Added to scores of padding, so that its share is nothing.
const MASKED: f32 = -1e9;

/// The graph's file: inputs `input_ids`, `attention_mask`, `token_type_ids`, output `last_hidden_state`.
pub fn write(weights: &Weights, config: &Config) -> Result<Vec<u8>> {
    let mut bert = Bert { graph: Graph::default(), weights, config };
    bert.encoder()?;
    let mut graph = bert.graph.proto;
    graph.name = "bert".to_owned();
    describe(&mut graph, config.hidden_size);
    let model = ModelProto {
        ir_version: IR_VERSION,
        opset_import: vec![OperatorSetIdProto { domain: String::new(), version: OPSET }],
        producer_name: "skillmesh".to_owned(),
        graph: Some(graph),
        ..ModelProto::default()
    };
    Ok(model.encode_to_vec())
}

struct Bert<'a> {
    graph: Graph,
    weights: &'a Weights,
    config: &'a Config,
}

impl Bert<'_> {
    fn encoder(&mut self) -> Result<()> {
        let mask = self.mask();
        let mut rows = self.embeddings()?;
        for layer in 0..self.config.layers {
            let name = format!("encoder.layer.{layer}");
            let attended = self.attention(&format!("{name}.attention"), &rows, &mask)?;
            rows = self.residual(&format!("{name}.attention.output.LayerNorm"), &rows, &attended)?;
            let fed = self.feed_forward(&name, &rows)?;
            rows = self.residual(&format!("{name}.output.LayerNorm"), &rows, &fed)?;
        }
        self.graph.node("Identity", &[&rows]);
        self.graph.proto.node.last_mut().expect("just added").output = vec!["last_hidden_state".to_owned()];
        Ok(())
    }

    fn mask(&mut self) -> String {
        let (axes, one, masked) = (self.graph.integers(&[1, 2]), self.graph.scalar(1.0), self.graph.scalar(MASKED));
        let mask = self.graph.node_with("Cast", &["attention_mask"], vec![integer("to", DataType::Float as i64)]);
        let mask = self.graph.node("Unsqueeze", &[&mask, &axes]);
        let hidden = self.graph.node("Sub", &[&one, &mask]);
        self.graph.node("Mul", &[&hidden, &masked])
    }

    fn embeddings(&mut self) -> Result<String> {
        let segments = self.table("token_type", 2)?;
        let positions = self.table("position", self.config.max_positions)?;
        let words = self.words()?;
        let segments = self.graph.node("Gather", &[&segments, "token_type_ids"]);
        let positions = self.first_positions(&positions);
        let sum = self.graph.node("Add", &[&words, &segments]);
        let sum = self.graph.node("Add", &[&sum, &positions]);
        self.norm("embeddings.LayerNorm", &sum)
    }

    /// The row of each word, as wide as the encoder's.
    fn words(&mut self) -> Result<String> {
        let Config { vocab_size, hidden_size, embedding_size, .. } = *self.config;
        let width = embedding_size.unwrap_or(hidden_size);
        let table = self.matrix("embeddings.word_embeddings.weight", vocab_size, width)?;
        let rows = self.graph.node("Gather", &[&table, "input_ids"]);
        if embedding_size.is_none() {
            return Ok(rows);
        }
        let projection = transposed(self.weights.values("embeddings.projection.weight", hidden_size * width)?, width);
        let projection = self.graph.tensor("embeddings.projection.matmul", &[width, hidden_size], &projection);
        Ok(self.graph.node("MatMul", &[&rows, &projection]))
    }

    fn table(&mut self, kind: &str, rows: usize) -> Result<String> {
        self.matrix(&format!("embeddings.{kind}_embeddings.weight"), rows, self.config.hidden_size)
    }

    fn matrix(&mut self, name: &str, rows: usize, columns: usize) -> Result<String> {
        let values = self.weights.values(name, rows * columns)?;
        Ok(self.graph.tensor(name, &[rows, columns], values))
    }

    /// As many rows of the table as there are tokens.
    fn first_positions(&mut self, table: &str) -> String {
        let (zero, one) = (self.graph.integers(&[0]), self.graph.integers(&[1]));
        let shape = self.graph.node("Shape", &["input_ids"]);
        let tokens = self.graph.node("Gather", &[&shape, &one]);
        self.graph.node("Slice", &[table, &zero, &tokens, &zero])
    }

    fn attention(&mut self, name: &str, rows: &str, mask: &str) -> Result<String> {
        let scale = 1.0 / ((self.config.hidden_size / self.config.heads) as f32).sqrt();
        let query = self.heads(&format!("{name}.self.query"), rows, [0, 2, 1, 3])?;
        let key = self.heads(&format!("{name}.self.key"), rows, [0, 2, 3, 1])?;
        let value = self.heads(&format!("{name}.self.value"), rows, [0, 2, 1, 3])?;
        let (scale, shape) = (self.graph.scalar(scale), self.graph.integers(&[0, 0, self.config.hidden_size as i64]));
        let scores = self.graph.node("MatMul", &[&query, &key]);
        let scores = self.graph.node("Mul", &[&scores, &scale]);
        let scores = self.graph.node("Add", &[&scores, mask]);
        let shares = self.graph.node_with("Softmax", &[&scores], vec![integer("axis", -1)]);
        let mixed = self.graph.node("MatMul", &[&shares, &value]);
        let mixed = self.graph.node_with("Transpose", &[&mixed], vec![integers("perm", &[0, 2, 1, 3])]);
        let mixed = self.graph.node("Reshape", &[&mixed, &shape]);
        let hidden = self.config.hidden_size;
        self.linear(&format!("{name}.output.dense"), &mixed, hidden, hidden)
    }

    fn heads(&mut self, name: &str, rows: &str, order: [i64; 4]) -> Result<String> {
        let Config { hidden_size, heads, .. } = *self.config;
        let projected = self.linear(name, rows, hidden_size, hidden_size)?;
        let shape = self.graph.integers(&[0, 0, heads as i64, (hidden_size / heads) as i64]);
        let split = self.graph.node("Reshape", &[&projected, &shape]);
        Ok(self.graph.node_with("Transpose", &[&split], vec![integers("perm", &order)]))
    }

    fn feed_forward(&mut self, name: &str, rows: &str) -> Result<String> {
        let Config { hidden_size, intermediate_size, .. } = *self.config;
        let up = self.linear(&format!("{name}.intermediate.dense"), rows, intermediate_size, hidden_size)?;
        let active = self.gelu(&up);
        self.linear(&format!("{name}.output.dense"), &active, hidden_size, intermediate_size)
    }

    /// `x · (1 + erf(x / √2)) / 2`.
    fn gelu(&mut self, x: &str) -> String {
        let (root, one, half) = (self.graph.scalar(2f32.sqrt()), self.graph.scalar(1.0), self.graph.scalar(0.5));
        let scaled = self.graph.node("Div", &[x, &root]);
        let erf = self.graph.node("Erf", &[&scaled]);
        let share = self.graph.node("Add", &[&erf, &one]);
        let doubled = self.graph.node("Mul", &[x, &share]);
        self.graph.node("Mul", &[&doubled, &half])
    }

    fn residual(&mut self, norm: &str, rows: &str, change: &str) -> Result<String> {
        let sum = self.graph.node("Add", &[rows, change]);
        self.norm(norm, &sum)
    }

    fn norm(&mut self, name: &str, rows: &str) -> Result<String> {
        let weight = self.vector(&format!("{name}.weight"), self.config.hidden_size)?;
        let bias = self.vector(&format!("{name}.bias"), self.config.hidden_size)?;
        let attributes = vec![integer("axis", -1), float("epsilon", self.config.layer_norm_eps)];
        Ok(self.graph.node_with("LayerNormalization", &[rows, &weight, &bias], attributes))
    }

    fn linear(&mut self, name: &str, rows: &str, outputs: usize, inputs: usize) -> Result<String> {
        let weight = transposed(self.weights.values(&format!("{name}.weight"), outputs * inputs)?, inputs);
        let weight = self.graph.tensor(&format!("{name}.matmul"), &[inputs, outputs], &weight);
        let bias = self.vector(&format!("{name}.bias"), outputs)?;
        let product = self.graph.node("MatMul", &[rows, &weight]);
        Ok(self.graph.node("Add", &[&product, &bias]))
    }

    fn vector(&mut self, name: &str, length: usize) -> Result<String> {
        let values = self.weights.values(name, length)?;
        Ok(self.graph.tensor(name, &[length], values))
    }
}

/// A matrix of `columns` columns, turned over its diagonal.
pub fn transposed(matrix: &[f32], columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| matrix.iter().skip(column).step_by(columns).copied()).collect()
}

fn describe(graph: &mut GraphProto, hidden: usize) {
    let free = |name: &str| dimension(tensor_shape_proto::dimension::Value::DimParam(name.to_owned()));
    let plane = || vec![free("batch"), free("sequence")];
    let inputs = ["input_ids", "attention_mask", "token_type_ids"];
    graph.input = inputs.iter().map(|name| value(name, DataType::Int64, plane())).collect();
    let mut rows = plane();
    rows.push(dimension(tensor_shape_proto::dimension::Value::DimValue(hidden as i64)));
    graph.output = vec![value("last_hidden_state", DataType::Float, rows)];
}

fn dimension(value: tensor_shape_proto::dimension::Value) -> tensor_shape_proto::Dimension {
    tensor_shape_proto::Dimension { value: Some(value), ..Default::default() }
}

fn value(name: &str, kind: DataType, dim: Vec<tensor_shape_proto::Dimension>) -> ValueInfoProto {
    let tensor = type_proto::Tensor { elem_type: kind as i32, shape: Some(TensorShapeProto { dim }) };
    let r#type = TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..TypeProto::default() };
    ValueInfoProto { name: name.to_owned(), r#type: Some(r#type), ..ValueInfoProto::default() }
}

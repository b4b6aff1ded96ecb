//! How is an ONNX graph put together, node by node?

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto, TensorProto, attribute_proto::AttributeType};

/// A graph being written; every method returns the name of the value it adds.
#[derive(Default)]
pub struct Graph {
    pub proto: GraphProto,
}

impl Graph {
    /// A node without attributes.
    pub fn node(&mut self, op: &str, inputs: &[&str]) -> String {
        self.node_with(op, inputs, Vec::new())
    }

    /// A node with attributes.
    pub fn node_with(&mut self, op: &str, inputs: &[&str], attribute: Vec<AttributeProto>) -> String {
        let name = format!("{op}_{}", self.proto.node.len());
        self.proto.node.push(NodeProto {
            input: inputs.iter().map(|input| (*input).to_owned()).collect(),
            output: vec![name.clone()],
            name: name.clone(),
            op_type: op.to_owned(),
            attribute,
            ..NodeProto::default()
        });
        name
    }

    /// A tensor of numbers under this name.
    pub fn tensor(&mut self, name: &str, dims: &[usize], values: &[f32]) -> String {
        let raw_data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.initializer(name, dims, DataType::Float, raw_data)
    }

    /// One number.
    pub fn scalar(&mut self, value: f32) -> String {
        let name = format!("constant_{}", self.proto.initializer.len());
        self.tensor(&name, &[], &[value])
    }

    /// A list of integers, such as a shape.
    pub fn integers(&mut self, values: &[i64]) -> String {
        let name = format!("constant_{}", self.proto.initializer.len());
        let raw_data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.initializer(&name, &[values.len()], DataType::Int64, raw_data)
    }

    fn initializer(&mut self, name: &str, dims: &[usize], kind: DataType, raw_data: Vec<u8>) -> String {
        self.proto.initializer.push(TensorProto {
            name: name.to_owned(),
            dims: dims.iter().map(|dim| *dim as i64).collect(),
            data_type: kind as i32,
            raw_data,
            ..TensorProto::default()
        });
        name.to_owned()
    }
}

/// An integer attribute.
pub fn integer(name: &str, i: i64) -> AttributeProto {
    AttributeProto { name: name.to_owned(), r#type: AttributeType::Int as i32, i, ..AttributeProto::default() }
}

/// A float attribute.
pub fn float(name: &str, f: f32) -> AttributeProto {
    AttributeProto { name: name.to_owned(), r#type: AttributeType::Float as i32, f, ..AttributeProto::default() }
}

/// An attribute of several integers.
pub fn integers(name: &str, ints: &[i64]) -> AttributeProto {
    let (name, ints) = (name.to_owned(), ints.to_vec());
    AttributeProto { name, r#type: AttributeType::Ints as i32, ints, ..AttributeProto::default() }
}

//! How does a BERT encoder look as an ONNX graph, and which encoder is an ONNX graph?

mod graph;
mod oracle;
mod read;
mod write;

pub use oracle::Oracle;
pub use read::weights;
pub use write::write;

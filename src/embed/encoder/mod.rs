//! How is a BERT encoder run over weights of 8 or 4 bits?
//!
//! `graph` lays the model out as a tract graph. Its heavy nodes are layers of ours that read rows of integers straight
//! from the pack; tract plans, orders and runs them and does the residual additions. All arithmetic is
//! exact-integer or single-rounded f32 in a fixed order, so that every platform gets the same bits.

mod attention;
mod dot;
mod embedding;
mod gelu;
mod graph;
mod layer;
mod layer_norm;
mod linear;
mod math;
mod quantised;

pub(crate) use graph::Encoder;

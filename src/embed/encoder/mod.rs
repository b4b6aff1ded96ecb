//! How is a BERT encoder run over weights of 8, 4 or 2 bits?
//!
//! Layers read rows of integers straight from the pack. All arithmetic is exact-integer or single-rounded f32 in a fixed
//! order, so that every platform gets the same bits; tract's run of the published graph is what they are measured by.

mod attention;
mod bert;
mod dot;
mod embedding;
mod gelu;
mod layer;
mod layer_norm;
mod linear;
mod math;
mod quantised;

pub(crate) use bert::Encoder;

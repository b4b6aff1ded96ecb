//! How does text become a vector?
//!
//! A *model pack* (specified in `docs/model-pack.md`) holds a BERT-shaped sentence encoder: configuration,
//! vocabulary and weights of 8, 4 or 2 bits. [`Embedder::open`] lays an encoder over its bytes without copying them;
//! [`Embedder::embed`] tokenises, runs the encoder, pools and normalises. Native and wasm do the same arithmetic
//! in the same order, so that the same text has the same bits everywhere.

mod embedder;
mod encoder;
#[cfg(feature = "import")]
pub mod import;
mod pack;
mod pooling;
mod tokenizer;
mod word_piece;

pub use embedder::Embedder;

//! How do numbers and records lie in bytes? Little-endian tables and varints, read without trust.

mod numbers;
mod records;
mod slice;
mod varint;

pub use numbers::{f32_at, put_f32, put_u32, u32_at};
pub use records::{RecordWriter, Records};
pub use slice::Slice;
pub use varint::{Varints, put_varint};

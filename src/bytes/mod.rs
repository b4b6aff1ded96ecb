//! How do numbers and records lie in bytes? Little-endian tables and varints, read without trust.

mod from_packed;
mod hex;
mod numbers;
mod packed;
mod records;
mod slice;
mod varint;

pub use crate::from_packed;
pub use from_packed::{Fields, FromPacked, Unpacked};
pub use hex::{hex, sha256};
pub use numbers::{f32_at, put_f32, put_u32, u32_at};
pub use packed::Packed;
pub use records::{RecordWriter, Records};
pub use slice::Slice;
pub use varint::{Varints, put_varint};

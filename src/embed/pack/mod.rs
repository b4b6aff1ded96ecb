//! What is in a model pack?
//!
//! One MessagePack map; `docs/model-pack.md` is its specification.

mod config;
mod document;
mod open;
mod section;
mod tensor;
mod verify;
#[cfg(feature = "import")]
mod write;

pub(crate) use config::{Activation, Config, Pooling};
pub(crate) use document::{Added, Kind, Vocabulary};
#[cfg(feature = "import")]
pub(crate) use document::{Document, TensorEntry};
pub(crate) use open::Pack;
pub(crate) use tensor::Matrix;
#[cfg(feature = "import")]
pub(crate) use write::{NO_CHECKSUM, NO_FINGERPRINT, write};

use crate::{Code, Error};

/// What the first field of every pack says.
pub(crate) const MAGIC: &str = "skillmesh-model";
/// The format version written, and the only one read.
pub(crate) const FORMAT: u32 = 1;
/// The only architecture understood.
pub(crate) const ARCHITECTURE: &str = "bert";

/// The bytes every pack of this version starts with; the checksum's four big-endian bytes follow.
pub(crate) const PREFIX: &[u8] = b"\x8c\xa5magic\xafskillmesh-model\xa6format\x01\xa8checksum\xce";
/// Where the bytes begin that the checksum covers.
pub(crate) const BODY: usize = PREFIX.len() + 4;

fn corrupt(message: impl Into<String>) -> Error {
    Error::new(Code::ModelCorrupt, message).help("import or download the model pack again")
}

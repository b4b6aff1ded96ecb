//! Is every byte of the pack as it was written?

use super::{BODY, PREFIX, Pack, corrupt};
use crate::Result;
use crate::bytes::sha256;

impl Pack {
    /// Recomputes the checksum over the file and the fingerprint over the model.
    pub fn verify(&self) -> Result<()> {
        let expected = u32::from_be_bytes(std::array::from_fn(|i| self.bytes[PREFIX.len() + i]));
        let got = checksum(&self.bytes);
        if expected != got {
            return Err(corrupt("wrong checksum").expected(format!("{expected:08x}")).got(format!("{got:08x}")));
        }
        let got = fingerprint(&self.bytes, &self.name);
        match self.fingerprint == got {
            true => Ok(()),
            false => Err(corrupt("wrong fingerprint").expected(&self.fingerprint).got(got)),
        }
    }
}

/// CRC-32 of all that follows the checksum.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(&bytes[BODY..])
}

/// SHA-256, in hexadecimal, of all that follows the fingerprint: architecture, tokenizer, pooling and weights.
pub(super) fn fingerprint(bytes: &[u8], name: &str) -> String {
    sha256(&bytes[fingerprint_at(name) + 64..])
}

/// Where the fingerprint's digits begin: behind `name`, its value, `fingerprint` and the marker of a 64-byte string.
pub(super) fn fingerprint_at(name: &str) -> usize {
    let marker = match name.len() {
        0..32 => 1,
        32..256 => 2,
        256..65_536 => 3,
        _ => 5,
    };
    BODY + "_name".len() + marker + name.len() + "_fingerprint".len() + 2
}

//! How is a pack written?

use super::verify::{checksum, fingerprint, fingerprint_at};
use super::{BODY, Document, PREFIX};
use crate::{Code, Error, Result};

/// What stands in a document until the bytes that follow it are known; as wide as any checksum.
pub(crate) const NO_CHECKSUM: u32 = u32::MAX;
/// As wide as any fingerprint.
pub(crate) const NO_FINGERPRINT: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The document's bytes, its fingerprint and then its checksum filled in.
pub(crate) fn write(document: &Document) -> Result<Vec<u8>> {
    let mut bytes = rmp_serde::to_vec_named(document)
        .map_err(|e| Error::new(Code::Internal, "cannot write the model pack").caused_by(e))?;
    let digits = fingerprint(&bytes, document.name);
    let start = fingerprint_at(document.name);
    bytes[start..start + 64].copy_from_slice(digits.as_bytes());
    let sum = checksum(&bytes);
    bytes[PREFIX.len()..BODY].copy_from_slice(&sum.to_be_bytes());
    Ok(bytes)
}

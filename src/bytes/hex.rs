//! How are bytes shown to people, and how are many told apart by few?

use sha2::{Digest, Sha256};

/// Two hexadecimal digits a byte.
///
/// ```
/// assert_eq!(skillmesh::bytes::hex(&[0, 255]), "00ff");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 in 64 hexadecimal digits.
///
/// ```
/// assert!(skillmesh::bytes::sha256(b"abc").starts_with("ba7816bf"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

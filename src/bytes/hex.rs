//! How are bytes shown to people?

/// Two hexadecimal digits a byte.
///
/// ```
/// assert_eq!(skillmesh::bytes::hex(&[0, 255]), "00ff");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

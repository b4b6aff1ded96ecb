//! How does a heading's own id stand in an address?

use std::fmt::Write;

/// The id without anything that could end an attribute or an address; what is percent-encoded already stays so.
pub fn encoded(id: &str) -> String {
    let mut anchor = String::with_capacity(id.len());
    for c in id.chars() {
        if c.is_whitespace() || c.is_control() || "{}<>\\\"'`&".contains(c) {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| _ = write!(anchor, "%{byte:02X}"));
        } else {
            anchor.push(c);
        }
    }
    anchor
}

//! How does an address stand in Markdown?

use crate::emit::cut::one_line;

/// Schemes of addresses that are read; another one may do something.
const READ: [&str; 4] = ["file", "http", "https", "skill"];

/// The address on its line; what could end it there, or begin something else, is encoded: escaping it would name another page.
pub fn address(target: &str) -> String {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#']));
    let is_read = scheme.is_none_or(|scheme| READ.iter().any(|read| scheme.eq_ignore_ascii_case(read)));
    let is_encoded = |c: char| " ()<>\\`\"[]&".contains(c) || (c == ':' && !is_read);
    let encoded = |c: char| if is_encoded(c) { format!("%{:02X}", u32::from(c)) } else { c.to_string() };
    one_line(target).chars().map(encoded).collect()
}

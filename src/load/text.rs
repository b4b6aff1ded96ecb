//! Which text do these bytes hold? UTF-8, with what editors and accidents leave behind taken away and reported.

use super::finding::{Finding, Source};

/// The text with `\n` line ends, without byte order mark and NUL characters.
pub fn text(source: &Source, findings: &mut Vec<Finding>) -> String {
    let mut warn = |found: bool, code, message: &str| {
        if found {
            findings.push(Finding::warning(&source.path, code, message));
        }
    };
    let decoded = String::from_utf8_lossy(&source.bytes);
    warn(
        matches!(decoded, std::borrow::Cow::Owned(_)),
        "invalid-utf8",
        "not UTF-8 throughout; bytes that are not were replaced by U+FFFD; save the file as UTF-8",
    );
    let bare = decoded.strip_prefix('\u{feff}');
    warn(
        bare.is_some(),
        "byte-order-mark",
        "begins with a byte order mark, which was ignored; save the file without it",
    );
    let bare = bare.unwrap_or(&decoded);
    warn(bare.contains('\r'), "crlf", "lines end in CR LF, which were read as LF");
    warn(bare.contains('\0'), "nul", "holds NUL characters, which were removed");
    bare.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

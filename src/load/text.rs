//! Which text do these bytes hold? UTF-8, with what editors and accidents leave behind taken away and reported.

use super::finding::{Finding, Source};

/// The text with `\n` line ends, without byte order mark and NUL characters.
pub fn text(source: &Source, findings: &mut Vec<Finding>) -> String {
    let decoded = String::from_utf8_lossy(&source.bytes);
    let bare = decoded.strip_prefix('\u{feff}');
    let mut warn = |at: Option<usize>, code, message: &str| {
        findings.extend(at.map(|at| Finding::warning(&source.path, code, message).line(line(&source.bytes, at))));
    };
    warn(
        std::str::from_utf8(&source.bytes).err().map(|e| e.valid_up_to()),
        "invalid-utf8",
        "not UTF-8 throughout; bytes that are not were replaced by U+FFFD; save the file as UTF-8",
    );
    warn(
        bare.map(|_| 0),
        "byte-order-mark",
        "begins with a byte order mark, which was ignored; save the file without it",
    );
    warn(first(source, b'\r'), "crlf", "lines end in CR LF, which were read as LF; save the file with LF");
    warn(first(source, 0), "nul", "holds NUL characters, which were removed; delete them");
    bare.unwrap_or(&decoded).replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

fn first(source: &Source, byte: u8) -> Option<usize> {
    source.bytes.iter().position(|b| *b == byte)
}

/// The line, from 1, of this byte.
fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}

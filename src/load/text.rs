//! Which text do these bytes hold? UTF-8, with what editors and accidents leave behind taken away and reported.

use super::finding::{Finding, Source};

/// The text with `\n` line ends, without byte order mark and NUL characters.
pub fn text(source: &Source, findings: &mut Vec<Finding>) -> String {
    let text = page(source, findings);
    let mut warn = |at: Option<usize>, code, message| {
        findings.extend(at.map(|at| warning(source, at, code, message)));
    };
    warn(
        source.bytes.starts_with(MARK).then_some(0),
        "byte-order-mark",
        "begins with a byte order mark, which was ignored; save the file without it",
    );
    warn(first(source, b'\r'), "crlf", "lines end in CR LF, which were read as LF; save the file with LF");
    warn(first(source, 0), "nul", "holds NUL characters, which were removed; delete them");
    text
}

/// The same of a page, which may be written on any system: only what is lost is reported.
pub fn page(source: &Source, findings: &mut Vec<Finding>) -> String {
    let invalid = std::str::from_utf8(&source.bytes).err().map(|error| error.valid_up_to());
    let message = "not UTF-8 throughout; bytes that are not were replaced by U+FFFD; save the file as UTF-8";
    findings.extend(invalid.map(|at| warning(source, at, "invalid-utf8", message)));
    let decoded = String::from_utf8_lossy(source.bytes.strip_prefix(MARK).unwrap_or(&source.bytes));
    decoded.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

/// A byte order mark in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

fn warning(source: &Source, at: usize, code: &'static str, message: &str) -> Finding {
    Finding::warning(&source.path, code, message).line(line(&source.bytes, at))
}

fn first(source: &Source, byte: u8) -> Option<usize> {
    source.bytes.iter().position(|b| *b == byte)
}

/// The line, from 1, of this byte.
fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}

//! How is text shortened and kept on its line?

use crate::text::{escape_markdown, steers};

/// At most `limit` characters; cut text ends in ` ...`, which is not counted.
pub fn cut(text: &str, limit: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{} ...", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// White space and line breaks as single spaces, control characters gone.
pub fn one_line(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(printable).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// On one line, and no mark of it counts.
pub fn inert(text: &str) -> String {
    escape_markdown(&one_line(text))
}

/// Without control characters other than tab and line feed: neither XML nor Markdown has a place for them. What ends a line
/// elsewhere ends it with a line feed.
pub fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}'], "\n");
    text.chars().filter(|c| !(steers(*c) || is_noncharacter(*c))).collect()
}

/// JSON without characters that end a line or steer a terminal, and that YAML does not print: both know `\u`.
pub fn escaped(json: String) -> String {
    let is_plain =
        |c: char| !matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let written = |c: char| if is_plain(c) { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) };
    if json.chars().all(is_plain) { json } else { json.chars().map(written).collect() }
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}

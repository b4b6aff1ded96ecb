//! What does a Markdown text say, without its marks?

/// The words of a Markdown text, line by line: headings, lists, tables, links and emphasis without their marks. Code in
/// fences stays as it is.
///
/// ```
/// use skillmesh::text::plain;
/// assert_eq!(plain("## Set *up* {#setup}\n\n- see [the `docs`](a.md) & snake_case"), "Set up\n\nsee the docs & snake_case");
/// assert_eq!(plain("| a | b |\n|---|---|\n| 1 | 2 |"), "a  b\n1  2");
/// assert_eq!(plain("```rust\nlet x = a * b;\n```\n<b>bold</b> 1 < 2"), "let x = a * b;\nbold 1 < 2");
/// ```
pub fn plain(markdown: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut lines: Vec<String> = Vec::new();
    for line in markdown.lines() {
        match (fence, fence_of(line)) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if mark.starts_with(open) => fence = None,
            (Some(_), _) => lines.push(line.to_owned()),
            (None, None) => lines.extend(said(line)),
        }
    }
    lines.join("\n")
}

/// The run of marks with which a fence begins or ends.
fn fence_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let run = &line[..line.find(|c| c != mark).unwrap_or(line.len())];
    (run.len() >= 3 && !line[run.len()..].contains('`')).then_some(run)
}

/// What a line outside of code says; `None` of a line that only rules.
fn said(line: &str) -> Option<String> {
    let line = line.trim();
    let rules = line.len() > 2 && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '=' | '*' | '_'));
    (!rules).then(|| inline(without_prefix(line)))
}

/// Without what begins headings, quotes, lists and table rows.
fn without_prefix(line: &str) -> &str {
    let bare = line.trim_start_matches(['#', '>', '|', ' ']);
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| bare.strip_prefix(mark)).unwrap_or(bare);
    let item = item.strip_prefix("[ ] ").or(item.strip_prefix("[x] ")).unwrap_or(item);
    let attributes = item.rfind(" {#").filter(|_| line.starts_with('#') && item.ends_with('}'));
    attributes.map_or(item, |at| &item[..at]).trim_end_matches(['|', ' '])
}

/// Without the marks of links, code, emphasis, tags and cells.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (kept, length) = piece(rest, c, out.chars().next_back());
        out.push_str(kept);
        rest = &rest[length..];
    }
    out
}

/// What is kept of the first mark or letter of `rest`, and how many bytes it takes.
fn piece(rest: &str, c: char, before: Option<char>) -> (&str, usize) {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let after = rest[c.len_utf8()..].chars().next();
    match c {
        '\\' if after.is_some_and(|c| c.is_ascii_punctuation()) => (&rest[1..2], 2),
        '`' | '|' => ("", 1),
        '[' if rest.contains("](") || rest.contains("][") => ("", 1),
        '!' if after == Some('[') => ("", 2),
        ']' if target(&rest[1..]) > 0 => ("", 1 + target(&rest[1..])),
        '<' => tag(rest).map_or(("<", 1), |length| (autolink(&rest[1..length - 1]), length)),
        '*' | '~' if inner(before) || inner(after) || after == Some(c) => ("", 1),
        '_' if inner(before) != inner(after) || !(inner(before) || is_space(before) && is_space(after)) => ("", 1),
        _ => (&rest[..c.len_utf8()], c.len_utf8()),
    }
}

/// The length of `(url)` or `[reference]` behind a link's text.
fn target(rest: &str) -> usize {
    let close = match rest.chars().next() {
        Some('(') => ')',
        Some('[') => ']',
        _ => return 0,
    };
    rest.find(close).map_or(0, |at| at + 1)
}

/// The length of the tag or autolink that begins here.
fn tag(rest: &str) -> Option<usize> {
    let named = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    rest.find('>').filter(|_| named).map(|at| at + 1)
}

/// An address is read, a tag is not.
fn autolink(inner: &str) -> &str {
    if inner.contains("://") && !inner.contains(' ') { inner } else { "" }
}

#[cfg(test)]
mod tests {
    use super::plain;
    use proptest::prelude::*;

    #[test]
    fn marks_go_and_words_stay() {
        assert_eq!(plain("**Bold** and __strong__ and ~~gone~~"), "Bold and strong and gone");
        assert_eq!(plain("![a chart](x.png) of [it][ref]"), "a chart of it");
        assert_eq!(plain("<https://a.example/x> \\*plain\\*"), "https://a.example/x *plain*");
        assert_eq!(plain("> quoted\n\n***\n\n+ item\n- [x] done"), "quoted\n\n\nitem\ndone");
        assert_eq!(plain("~~~\n# not a heading\n~~~"), "# not a heading");
        assert_eq!(plain("2 * 3 and array[0]"), "2 * 3 and array[0]");
    }

    proptest! {
        #[test]
        fn any_text_is_taken_and_letters_stay(text in "[a-zé画 \\n]{0,80}|\\PC{0,80}") {
            let said = plain(&text);
            prop_assert!(said.len() <= text.len());
            if text.chars().all(|c| c.is_alphabetic() || c.is_whitespace()) {
                prop_assert_eq!(said.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
            }
        }
    }
}

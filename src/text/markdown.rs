//! What does a Markdown text say, without its marks?

/// Elements of HTML that Markdown is written with. Other names in angle brackets are words: `Vec<Key>`, `<ARGUMENT>`.
const ELEMENTS: [&str; 70] = [
    "a",
    "abbr",
    "article",
    "aside",
    "audio",
    "b",
    "blockquote",
    "br",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

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
    if let Some(name) = dunder(rest, before) {
        return (name, name.len());
    }
    match c {
        '\\' if after.is_some_and(|c| c.is_ascii_punctuation()) => (&rest[1..2], 2),
        '`' => code(rest),
        '|' => ("", 1),
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

/// Code between two runs of as many backticks, as it is written; a run without its like says nothing.
fn code(rest: &str) -> (&str, usize) {
    let inside = rest.trim_start_matches('`');
    let run = rest.len() - inside.len();
    let mut from = 0;
    while let Some(start) = inside[from..].find('`').map(|at| from + at) {
        let end = inside[start..].find(|c| c != '`').map_or(inside.len(), |at| start + at);
        if end - start == run {
            return (padded(&inside[..start]), run + end);
        }
        from = end;
    }
    ("", run)
}

/// Without the one space on each side that parts code from its marks.
fn padded(code: &str) -> &str {
    let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
    inner.filter(|inner| !inner.trim().is_empty()).unwrap_or(code)
}

/// A name such as `__init__`, where what stands around it shows that its lines are not emphasis.
fn dunder(rest: &str, before: Option<char>) -> Option<&str> {
    let inside = rest.strip_prefix("__")?;
    let length = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
    let (name, behind) = rest.split_at(2 + length);
    let is_path = |behind: &str| behind.strip_prefix('.').is_some_and(|file| file.starts_with(char::is_alphanumeric));
    let attached =
        before.is_some_and(|c| c == '.' || c.is_alphanumeric()) || behind.starts_with('(') || is_path(behind);
    (attached && name.len() > 4 && name.ends_with("__")).then_some(name)
}

/// The length of the tag, comment or autolink that begins here.
fn tag(rest: &str) -> Option<usize> {
    let end = rest.find('>')?;
    let inner = &rest[1..end];
    let says_nothing = inner.starts_with('!') || is_element(inner) || !autolink(inner).is_empty();
    says_nothing.then_some(end + 1)
}

/// Whether this begins with an element's name.
fn is_element(inner: &str) -> bool {
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name = inner.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name))
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

    #[test]
    fn names_in_angle_brackets_and_code_stay() {
        assert_eq!(plain("Use the `<main>` element and `Vec<Quokka>`"), "Use the <main> element and Vec<Quokka>");
        assert_eq!(plain("`` a*b*c ` x[0](y) `` `__dunder__`"), "a*b*c ` x[0](y) __dunder__");
        assert_eq!(plain("List<Narwhal>, <ARGUMENT> and <b>bold</b><br/>"), "List<Narwhal>, <ARGUMENT> and bold");
        assert_eq!(plain("#include <echidna>\nstd::vector<Quokka>"), "include <echidna>\nstd::vector<Quokka>");
        assert_eq!(plain("__init__.py, self.__call__ and __strong__"), "__init__.py, self.__call__ and strong");
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

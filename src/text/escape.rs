//! How does text stand in XML, HTML, Markdown or a terminal without being read as part of it?

/// The text as the content of an element; `>` is escaped too, so that `]]>` cannot appear.
///
/// ```
/// assert_eq!(skillmesh::text::escape("a < b && b > c"), "a &lt; b &amp;&amp; b &gt; c");
/// ```
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

/// Whether the character steers a terminal: a control character other than line feed and tab.
///
/// ```
/// use skillmesh::text::steers;
/// assert!("\u{1b}[2J".contains(steers) && !"a\n\tb".contains(steers));
/// ```
pub fn steers(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// The text as part of a line of Markdown: no mark in it makes a heading, link, picture, code or tag. It must be on one
/// line, and not at its beginning.
///
/// ```
/// use skillmesh::text::escape_markdown;
/// assert_eq!(escape_markdown("![x](http://a) # *b*"), r"\!\[x\]\(http://a\) \# \*b\*");
/// ```
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\`*_{}[]()<>#!|~&".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

//! How does text stand in XML or HTML without being read as part of it?

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

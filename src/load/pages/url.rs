//! Where is a document read? At its path below the site's address, as a static host serves it.

use std::fmt::Write;

/// The address of a file below the site's root: `guide/index.html` is served as `guide/`.
pub fn of_path(path: &str) -> String {
    let (folder, file) = path.rfind('/').map_or(("", path), |at| path.split_at(at + 1));
    let served = if matches!(file, "index.html" | "index.htm") { folder } else { path };
    // A colon in the first segment would make a scheme of what stands before it.
    encoded(served, |_| false).replace(':', "%3A")
}

/// An address as an author wrote it; none if it would make a browser do anything but go there.
pub fn as_written(written: &str) -> Option<String> {
    let before_path = written.split(['/', '?', '#']).next().unwrap_or_default();
    let web = ["http:", "https:"].iter().any(|scheme| before_path.eq_ignore_ascii_case(scheme));
    let without_anchor = written.split('#').next().unwrap_or_default();
    (web || !before_path.contains(':')).then(|| encoded(without_anchor, |c| matches!(c, '?' | '%')))
}

/// The address below the base; one that names a host stays as it is.
pub fn joined(base: &str, url: &str) -> String {
    let names_host = url.starts_with("//") || url.split(['/', '?']).next().is_some_and(|first| first.ends_with(':'));
    match base.trim_end_matches('/') {
        _ if names_host => url.to_owned(),
        "" if url.is_empty() => "./".to_owned(),
        "" => url.to_owned(),
        base => format!("{base}/{}", url.trim_start_matches('/')),
    }
}

/// The base, without a slash at its end, with which `url` joins to this; `None` if there is none.
pub fn base<'a>(joined_url: &'a str, url: &str) -> Option<&'a str> {
    let rest = joined_url.strip_suffix(url.trim_start_matches('/')).and_then(|rest| rest.strip_suffix('/'));
    ["", rest.unwrap_or_default()].into_iter().find(|base| joined(base, url) == joined_url)
}

/// Percent-encoded but for what an address may hold, and what is `kept` besides.
fn encoded(text: &str, kept: impl Fn(char) -> bool) -> String {
    let mut url = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/".contains(c) || kept(c) {
            url.push(c);
        } else {
            let bytes = c.encode_utf8(&mut [0; 4]).to_owned();
            bytes.bytes().for_each(|byte| _ = write!(url, "%{byte:02X}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::{as_written, base, joined, of_path};

    #[test]
    fn addresses_are_those_of_a_static_host() {
        let served = ["index.html", "guide/index.html", "a.html", "guide/a b.md", "100%/ü?.txt"].map(of_path);
        assert_eq!(served, ["", "guide/", "a.html", "guide/a%20b.md", "100%25/%C3%BC%3F.txt"]);
        assert_eq!(of_path("javascript:alert(1).md"), "javascript%3Aalert(1).md");
        let urls = [
            ("", ""),
            ("", "a/"),
            ("https://x.org/docs/", "a/"),
            ("https://x.org", ""),
            ("https://x.org", "/a"),
            ("https://x.org", "https://y.org/b"),
            ("https://x.org", "/go?to=https://y.org/"),
        ];
        let joined = urls.map(|(base, url)| joined(base, url));
        let bases = urls.iter().zip(&joined).map(|((_, url), joined)| base(joined, url));
        let expected = ["", "", "https://x.org/docs", "https://x.org", "https://x.org", "", "https://x.org"];
        assert_eq!(bases.collect::<Vec<_>>(), expected.map(Some));
        assert_eq!([base("https://x.org/b.md", "a.md"), base("xa.md", "a.md")], [None, None]);
        assert_eq!(
            joined,
            [
                "./",
                "a/",
                "https://x.org/docs/a/",
                "https://x.org/",
                "https://x.org/a",
                "https://y.org/b",
                "https://x.org/go?to=https://y.org/"
            ]
        );
    }

    #[test]
    fn a_written_address_leads_somewhere_and_does_nothing_else() {
        assert_eq!(as_written("/guide/a b?x=%20#c").as_deref(), Some("/guide/a%20b?x=%20"));
        assert_eq!(as_written("HTTPS://x.org/ü").as_deref(), Some("HTTPS://x.org/%C3%BC"));
        assert_eq!(["javascript:alert(1)", " data:text/html,x", "java\nscript:x"].map(as_written), [None, None, None]);
    }
}

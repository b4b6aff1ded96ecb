//! What does a skill's text say about itself? Its first heading is a title, its first paragraph a description.

/// A first heading longer than this is a sentence, not a title.
const TITLE_CHARS: usize = 80;

/// The first heading of the first level, if it is short enough to be a title.
pub fn title(body: &str) -> Option<String> {
    let heading = prose(body).find_map(|line| line.strip_prefix("# "))?.trim();
    (!heading.is_empty() && heading.chars().count() <= TITLE_CHARS).then(|| heading.to_owned())
}

/// The first lines that are neither heading, rule, code nor empty, up to this many characters.
pub fn first_paragraph(body: &str, chars: usize) -> String {
    let lines: Vec<&str> =
        prose(body).map(str::trim).skip_while(|line| !speaks(line)).take_while(|line| speaks(line)).collect();
    lines.join(" ").chars().take(chars).collect()
}

/// The lines outside fenced code, where `# ` would be a comment; a fence is an empty line.
fn prose(body: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    body.lines().filter_map(move |line| {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        fenced ^= fence;
        if fence { Some("") } else { (!fenced).then_some(line) }
    })
}

fn speaks(line: &str) -> bool {
    !line.starts_with('#') && line.chars().any(|c| !matches!(c, '-' | '_' | '*' | '=' | ' '))
}

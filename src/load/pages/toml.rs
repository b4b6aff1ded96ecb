//! What does front matter in TOML say, as Hugo and Zola write it?

use serde_json::{Map, Value};

use crate::load::Finding;
use crate::load::frontmatter::FrontMatter;

const FENCE: &str = "+++";

/// The front matter between two lines of `+++`, if the page begins with one. What cannot be read is refused, since it
/// might say who may read the page.
pub fn front<'a>(path: &str, text: &'a str) -> Option<Result<FrontMatter<'a>, Finding>> {
    let rest = text.trim_start().strip_prefix(FENCE)?.trim_start_matches([' ', '\t']).strip_prefix('\n')?;
    Some(fields(rest).map_err(|why| {
        let message = format!("expected front matter in TOML between two lines of `{FENCE}`, got {why}; mend it");
        Finding::error(path, "front-matter-toml", message).line(1)
    }))
}

fn fields(rest: &str) -> Result<FrontMatter<'_>, String> {
    let closing = |line: &&str| line.trim_end() == FENCE;
    let line = rest.split_inclusive('\n').find(closing).ok_or("no line that ends it")?;
    let at = line.as_ptr() as usize - rest.as_ptr() as usize;
    let fields: Map<String, Value> = toml::from_str(&rest[..at]).map_err(|e| e.message().to_owned())?;
    let (head, body) = (&rest[..at], &rest[at + line.len()..]);
    Ok(FrontMatter { fields, body, head, is_plain: true, ..FrontMatter::default() })
}

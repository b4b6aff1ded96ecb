//! How is code quoted in Markdown, whatever marks it holds?

/// A fenced block; empty for empty code.
pub fn code_block(code: &str, language: Option<&str>) -> String {
    if code.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(code).max(2) + 1);
    let language = language.filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "+-#_".contains(c)));
    format!("{fence}{}\n{}\n{fence}", language.unwrap_or_default(), code.trim_matches('\n'))
}

/// Code within a line; empty for empty code.
pub fn inline_code(code: &str) -> String {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let ticks = "`".repeat(longest_run(&code) + 1);
    let padding = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    if code.is_empty() { code } else { format!("{ticks}{padding}{code}{padding}{ticks}") }
}

/// The most backticks in a row.
fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{code_block, inline_code};

    #[test]
    fn the_marks_around_code_are_longer_than_those_in_it() {
        assert_eq!(code_block("a\n```\n", Some("c++")), "````c++\na\n```\n````");
        assert_eq!(code_block(" \n", None), "");
        assert_eq!(["a", "a``b", "`", " "].map(inline_code), ["`a`", "```a``b```", "`` ` ``", ""]);
    }
}

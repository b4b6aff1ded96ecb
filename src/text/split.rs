//! Which parts does an identifier have? Those between its marks and its changes of case.

use super::scan::is_connector;

/// The parts of one word: `snake_case` and `camelCase` fall apart, `C++` and `user's` (as `user`) do not.
pub fn parts(word: &str) -> Vec<&str> {
    let word = without_possessive(word);
    word.split(is_separator).flat_map(humps).filter(|part| part.contains(|c| !is_connector(c))).collect()
}

fn without_possessive(word: &str) -> &str {
    ["'s", "’s", "'S", "’S"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word)
}

/// `+` and `#` end a name (`C++`, `F#`) and an apostrophe is silent (`don't`): neither parts it.
pub fn is_separator(c: char) -> bool {
    matches!(c, '_' | '-' | '.')
}

/// Cuts before a capital that follows a small letter or digit, and before the last capital of an acronym (`JSONParser`).
fn humps(part: &str) -> Vec<&str> {
    let mut humps = Vec::new();
    let mut start = 0;
    for cut in hump_starts(part) {
        humps.push(&part[start..cut]);
        start = cut;
    }
    humps.push(&part[start..]);
    humps
}

fn hump_starts(part: &str) -> Vec<usize> {
    let chars: Vec<(usize, char)> = part.char_indices().collect();
    (1..chars.len())
        .filter(|&i| {
            let (before, here) = (chars[i - 1].1, chars[i].1);
            let small_follows = chars.get(i + 1).is_some_and(|(_, c)| c.is_lowercase());
            here.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && small_follows))
        })
        .map(|i| chars[i].0)
        .collect()
}

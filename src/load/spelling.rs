//! Which key was meant by this one?

/// The known key that `key` is probably a slip of: at most two edits away, and fewer than it has letters.
pub fn nearest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    // A longer key cannot be two edits away from any that is known; counting edits would only cost time.
    let longest = known.iter().map(|name| name.len()).max()? + 2;
    if key.chars().count() > longest {
        return None;
    }
    let (distance, name) = known.iter().map(|name| (edits(key, name), *name)).min()?;
    (distance <= 2 && distance < key.chars().count()).then_some(name)
}

/// The end of a message that names the known key meant by `key`; empty where nothing is near.
pub fn hint(key: &str, known: &[&str]) -> String {
    nearest(key, known).map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}

/// Levenshtein's distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

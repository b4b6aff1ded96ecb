//! Which anchor does a heading get that has no id? The one that GitHub gives it.

use std::collections::BTreeMap;

use crate::text::is_mark;

/// The anchors of one page, each given once.
#[derive(Default)]
pub struct Slugs {
    /// How often each was asked for.
    given: BTreeMap<String, usize>,
}

impl Slugs {
    /// Keeps an anchor that a heading has already from being given to another.
    pub fn reserve(&mut self, anchor: &str) {
        self.given.entry(anchor.to_owned()).or_default();
    }

    /// The anchor of a heading: its letters in lower case, `-` for a space; the second of a kind ends in `-1`.
    pub fn of(&mut self, heading: &str) -> String {
        let plain = slug(heading);
        let mut anchor = plain.clone();
        while self.given.contains_key(&anchor) {
            let times = self.given.entry(plain.clone()).or_default();
            *times += 1;
            anchor = format!("{plain}-{times}");
        }
        self.reserve(&anchor);
        anchor
    }
}

fn slug(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || is_mark(*c) || matches!(c, '-' | '_' | ' ');
    let lower = heading.trim().chars().flat_map(char::to_lowercase);
    lower.filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::Slugs;

    #[test]
    fn anchors_are_those_that_github_gives() {
        let mut slugs = Slugs::default();
        let given =
            ["C++ & Rust: a Guide!", "Über uns", "设置", "Setup", "Setup", "Setup-1", "Setup", "🚀 Go", "snake_case"];
        let anchors = given.map(|heading| slugs.of(heading));
        let expected =
            ["c--rust-a-guide", "über-uns", "设置", "setup", "setup-1", "setup-1-1", "setup-2", "-go", "snake_case"];
        assert_eq!(anchors, expected);
    }
}

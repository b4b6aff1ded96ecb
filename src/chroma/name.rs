//! What is the collection of a registry called?

use crate::bytes::sha256;

/// How records are laid out: one of another version is another collection.
pub const LAYOUT: u32 = 1;

/// Chroma takes 512 characters; more than these nobody reads.
const READABLE: usize = 100;

/// The shortest name there is.
const LEAST: usize = 3;

/// So much of a hash tells names apart that look alike.
const HASH: usize = 10;

/// The collection of the registry with this name: the name, and the version of the records in it. What Chroma would
/// refuse is replaced, and told apart by a hash.
///
/// ```
/// use skillmesh::chroma::collection_name;
/// assert_eq!(collection_name("skills"), "skills-v1");
/// assert_eq!(collection_name("my skills"), "my-skills-82c5419b0d-v1");
/// assert_ne!(collection_name("技能"), collection_name("工具"));
/// ```
pub fn collection_name(registry: &str) -> String {
    let plain: String = registry.chars().map(|c| if is_plain(c) { c } else { '-' }).take(READABLE).collect();
    let plain = plain.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let name = if plain.is_empty() { "registry" } else { plain };
    let hash = if name == registry { String::new() } else { format!("-{}", &sha256(registry.as_bytes())[..HASH]) };
    format!("{name}{hash}-v{LAYOUT}")
}

/// Whether Chroma takes this for a collection's name.
pub fn is_name(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    (LEAST..=512).contains(&name.len())
        && name.chars().all(is_plain)
        && ends(name.chars().next())
        && ends(name.chars().next_back())
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_registry_has_a_name_that_chroma_takes(registry in "\\PC{0,200}|[a-zA-Z0-9._ -]{0,700}") {
            let name = collection_name(&registry);
            prop_assert!(is_name(&name), "{name}");
            prop_assert!(name.len() < 150);
        }

        #[test]
        fn two_registries_have_two_names(one in "[a-c. -]{0,4}", other in "[a-c. -]{0,4}") {
            prop_assert_eq!(collection_name(&one) == collection_name(&other), one == other);
        }
    }

    #[test]
    fn what_chroma_refuses_is_no_name() {
        assert!(["abc", "a-1", "x.y_z"].into_iter().all(is_name));
        assert!(!["", "ab", "-ab", "ab.", "a b", "añb", &"x".repeat(513)].into_iter().any(is_name));
    }
}

//! What is the collection of a registry called?

use std::net::IpAddr;

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
    let plain = plain.replace("..", ".-");
    let plain = plain.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let name = if plain.is_empty() { "registry" } else { plain };
    let hash = if name == registry && !ends_like_a_hash(name) {
        String::new()
    } else {
        format!("-{}", &sha256(registry.as_bytes())[..HASH])
    };
    format!("{name}{hash}-v{LAYOUT}")
}

/// Whether Chroma takes this for a collection's name.
pub fn is_name(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    (LEAST..=512).contains(&name.len())
        && name.chars().all(is_plain)
        && !name.contains("..")
        && name.parse::<IpAddr>().is_err()
        && ends(name.chars().next())
        && ends(name.chars().next_back())
}

/// Whether it might be the name of another registry with that one's hash.
fn ends_like_a_hash(name: &str) -> bool {
    let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    name.rsplit_once('-').is_some_and(|(_, end)| end.len() == HASH && end.chars().all(is_digit))
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Chroma's own rule, as its `validators.rs` has it.
    fn chroma_takes(name: &str) -> bool {
        let bytes = name.as_bytes();
        let ends = [bytes.first(), bytes.last()].into_iter().flatten();
        (3..=512).contains(&bytes.len())
            && ends.copied().all(|b| b.is_ascii_alphanumeric())
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
            && !bytes.windows(2).any(|two| two == b"..")
            && name.parse::<std::net::Ipv4Addr>().is_err()
    }

    proptest! {
        #[test]
        fn a_name_is_what_chroma_takes_for_one(name in "[a-b0-1._ -]{0,6}|[0-9]{1,3}(\\.[0-9]{1,3}){3}") {
            prop_assert_eq!(is_name(&name), chroma_takes(&name));
        }

        #[test]
        fn every_registry_has_a_name_that_chroma_takes(registry in "\\PC{0,200}|[a-zA-Z0-9._ -]{0,700}|[a.]{0,9}") {
            let name = collection_name(&registry);
            prop_assert!(chroma_takes(&name), "{name}");
            prop_assert!(name.len() < 150);
        }

        #[test]
        fn two_registries_have_two_names(one in "[a-c. -]{0,4}", other in "[a-c. -]{0,4}") {
            prop_assert_eq!(collection_name(&one) == collection_name(&other), one == other);
        }

        #[test]
        fn no_registry_has_the_name_of_anothers_collection(one in "[a-c. -]{0,9}") {
            let name = collection_name(&one);
            let other = name.strip_suffix("-v1").unwrap_or_default();
            prop_assert_eq!(collection_name(other) == name, one == other);
        }
    }

    #[test]
    fn what_chroma_refuses_is_no_name() {
        assert!(["abc", "a-1", "x.y_z"].into_iter().all(is_name));
        assert!(!["", "ab", "-ab", "ab.", "a b", "añb", "a..b", "10.0.0.1", &"x".repeat(513)].into_iter().any(is_name));
    }
}

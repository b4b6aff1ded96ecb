//! As what is a file read?

/// What a registry within a folder is called; of twins the first is read.
pub const REGISTRIES: [&str; 6] =
    ["tools.enriched.json", "experts.yaml", "experts.json", "registry.json", "registry.yaml", "registry.yml"];

/// What a skill's file is called.
pub const SKILL: &str = "SKILL.md";

/// The kinds of files that hold cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Cards in YAML or JSON, with instruction files beside it.
    Registry,
    /// Cards in JSON lines.
    Corpus,
    /// One card.
    Skill,
}

impl Role {
    /// What a file that is named itself is, by how its name ends; `None` where it holds no cards.
    ///
    /// ```
    /// use skillmesh::load::Role;
    /// assert_eq!(Role::of("a/pdf.MD"), Some(Role::Skill));
    /// assert_eq!(Role::of("a/.json"), None);
    /// ```
    pub fn of(path: &str) -> Option<Role> {
        let (stem, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            _ if stem.is_empty() => None,
            "md" => Some(Role::Skill),
            "json" | "yaml" | "yml" => Some(Role::Registry),
            "jsonl" => Some(Role::Corpus),
            _ => None,
        }
    }
}

//! Which documents does a skill want beside its instructions?

use serde::{Deserialize, Serialize};

use super::Access;
use crate::bytes::{Fields, FromPacked, Packed, Unpacked};

/// The documents that belong into a skill's context. What is left out has its default.
///
/// ```
/// use skillmesh::card::{Access, RagContext};
/// let context = RagContext::default();
/// assert_eq!((context.enabled, context.top_k), (true, 3));
/// assert_eq!(context.access("code_assistant"), Access::of(&["code_assistant"]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RagContext {
    /// Whether it wants any; default true.
    pub enabled: bool,
    /// Whose documents, besides everybody's; default the skill's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// If there are any, a document must have one of these tags as well.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How many chunks at most; default 3.
    pub top_k: usize,
}

impl<'a> FromPacked<'a> for RagContext {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let (mut fields, default) = (Fields::of(value)?, RagContext::default());
        Ok(RagContext {
            enabled: fields.optional("enabled")?.unwrap_or(default.enabled),
            skills: fields.or_default("skills")?,
            tags: fields.or_default("tags")?,
            top_k: fields.optional("top_k")?.unwrap_or(default.top_k),
        })
    }
}

impl Default for RagContext {
    fn default() -> Self {
        RagContext { enabled: true, skills: Vec::new(), tags: Vec::new(), top_k: 3 }
    }
}

impl RagContext {
    /// What the skill of this name may see.
    pub fn access(&self, skill: &str) -> Access {
        let skills = if self.skills.is_empty() { vec![skill.to_owned()] } else { self.skills.clone() };
        Access { all: false, skills, tags: self.tags.clone() }
    }
}

//! What does the caller's own routing function say, and is that worth anything?

use crate::bytes::from_packed;
use crate::{Code, Error, Result};

/// Below this confidence, a second opinion is asked for.
const SURE_FROM: f32 = 0.5;

/// What a routing function, mostly a language model, said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The ids of the skills that it chose.
    pub selected_skills: Vec<String>,
    /// How sure it is, 0 to 1.
    pub confidence: f32,
    /// What is to be done, in its words.
    pub mission_brief: String,
    /// Why it chose them.
    pub reasoning: String,
}

from_packed!(Said { selected_skills, confidence } default { mission_brief, reasoning });

/// Why a route is not good enough to be left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// No skill that it names is known and allowed.
    NoneValid,
    /// It is not sure.
    Unsure,
    /// It names nothing but a skill that fits everything.
    OnlyGeneric,
}

impl std::fmt::Display for Weakness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Weakness::NoneValid => f.write_str("it named no skill that is known and allowed"),
            Weakness::Unsure => write!(f, "its confidence was below {SURE_FROM}"),
            Weakness::OnlyGeneric => f.write_str("it named only a generic skill"),
        }
    }
}

impl Said {
    /// Refuses a confidence that is none.
    pub fn check(&self) -> Result<()> {
        if (0.0..=1.0).contains(&self.confidence) {
            return Ok(());
        }
        Err(Error::new(Code::InvalidArgument, "unusable answer of the routing function")
            .at("confidence")
            .expected("0 to 1")
            .got(self.confidence))
    }

    /// Why it is weak, if it is; `generic` are the ids that fit everything.
    ///
    /// ```
    /// use skillmesh::route::{Said, Weakness};
    /// let said = |skills: &[&str], confidence| Said {
    ///     selected_skills: skills.iter().map(|id| (*id).to_owned()).collect(),
    ///     confidence,
    ///     ..Said::default()
    /// };
    /// let generic = ["writer".to_owned()];
    /// assert_eq!(said(&[], 0.9).weakness(&generic), Some(Weakness::NoneValid));
    /// assert_eq!(said(&["git"], 0.4).weakness(&generic), Some(Weakness::Unsure));
    /// assert_eq!(said(&["writer"], 0.9).weakness(&generic), Some(Weakness::OnlyGeneric));
    /// assert_eq!(said(&["writer", "git"], 0.5).weakness(&generic), None);
    /// ```
    pub fn weakness(&self, generic: &[String]) -> Option<Weakness> {
        match &self.selected_skills[..] {
            [] => Some(Weakness::NoneValid),
            _ if self.confidence < SURE_FROM => Some(Weakness::Unsure),
            [only] if generic.contains(only) => Some(Weakness::OnlyGeneric),
            _ => None,
        }
    }
}

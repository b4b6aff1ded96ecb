//! Who may read which document?

/// What an asker may see. Names are compared as they are, letter for letter.
///
/// ```
/// use skillmesh::card::Access;
/// let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
/// let coder = Access::of(&["code_assistant"]);
/// assert!(coder.permits(&names(&["code_assistant"]), &[]) && coder.permits(&[], &[]), "its own, and everybody's");
/// assert!(!coder.permits(&names(&["hr_assistant"]), &[]));
/// assert!(!Access::default().permits(&names(&["code_assistant"]), &[]), "who says no skill sees what is everybody's");
/// assert!(Access::all().permits(&names(&["hr_assistant"]), &[]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Whether every document may be seen, whoever it is for.
    pub all: bool,
    /// The skills that ask: a document is seen if it is for any of them, or for everybody.
    pub skills: Vec<String>,
    /// If there are any, a document must have one of these tags as well.
    pub tags: Vec<String>,
}

impl Access {
    /// The access of these skills.
    pub fn of(skills: &[&str]) -> Access {
        Access { skills: skills.iter().map(|skill| skill.to_string()).collect(), ..Access::default() }
    }

    /// Every document, whoever it is for.
    pub fn all() -> Access {
        Access { all: true, ..Access::default() }
    }

    /// Whether a document for these skills and with these tags may be seen.
    pub fn permits(&self, skills: &[String], tags: &[String]) -> bool {
        let skilled = self.all || skills.is_empty() || skills.iter().any(|skill| self.skills.contains(skill));
        skilled && (self.tags.is_empty() || tags.iter().any(|tag| self.tags.contains(tag)))
    }
}

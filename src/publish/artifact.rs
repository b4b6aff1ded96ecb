//! What is fetched of a skill? Its file alone, or an archive where there is more.

use serde::Serialize;

use super::archive::{Member, tar_gz};
use super::file::Fitted;
use crate::bytes::sha256;
use crate::load::{SKILL, is_skill_name};
use crate::{Code, Error, Result};

/// Ends an archive's name.
const ARCHIVE: &str = ".tar.gz";

/// As what a skill is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A `SKILL.md`.
    SkillMd,
    /// A gzip file of a tar archive, with the `SKILL.md` at its root.
    Archive,
}

/// What is fetched of one skill.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    /// The skill's name, unique in an index.
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// As what it is fetched.
    pub kind: Kind,
    /// Every byte of it.
    pub bytes: Vec<u8>,
}

impl Artifact {
    /// The skill of this name: its own file, and what lies beside it.
    ///
    /// ```
    /// use skillmesh::publish::{Artifact, Fitted, Kind};
    /// let file = Fitted { bytes: b"---\nname: git\n---\n".to_vec(), description: "Commits".into(), reasons: vec![] };
    /// let artifact = Artifact::new("git", file, vec![]).unwrap();
    /// assert_eq!((artifact.kind, artifact.path().as_str()), (Kind::SkillMd, "git/SKILL.md"));
    /// assert!(artifact.digest().starts_with("sha256:"));
    /// # let file = Fitted { bytes: vec![], description: String::new(), reasons: vec![] };
    /// assert!(Artifact::new("../git", file, vec![]).is_err());
    /// ```
    pub fn new(name: &str, file: Fitted, beside: Vec<Member>) -> Result<Artifact> {
        check_name(name)?;
        let Fitted { bytes, description, .. } = file;
        let (kind, bytes) = match beside {
            none if none.is_empty() => (Kind::SkillMd, bytes),
            mut files => {
                files.push(Member { path: SKILL.to_owned(), bytes, is_executable: false });
                (Kind::Archive, tar_gz(files)?)
            }
        };
        Ok(Artifact { name: name.to_owned(), description, kind, bytes })
    }

    /// Where it lies, seen from the index.
    pub fn path(&self) -> String {
        match self.kind {
            Kind::SkillMd => format!("{}/{SKILL}", self.name),
            Kind::Archive => format!("{}{ARCHIVE}", self.name),
        }
    }

    /// What tells it from all others, as an index says it.
    pub fn digest(&self) -> String {
        format!("sha256:{}", sha256(&self.bytes))
    }
}

/// Whether an artifact may lie here, seen from the index.
///
/// ```
/// use skillmesh::publish::is_artifact_path;
/// assert!(is_artifact_path("git/SKILL.md") && is_artifact_path("git.tar.gz"));
/// assert!(!is_artifact_path("../git/SKILL.md") && !is_artifact_path("git.zip") && !is_artifact_path("/SKILL.md"));
/// ```
pub fn is_artifact_path(path: &str) -> bool {
    let file = path.strip_suffix(SKILL).and_then(|folder| folder.strip_suffix('/'));
    file.or_else(|| path.strip_suffix(ARCHIVE)).is_some_and(is_skill_name)
}

/// Refuses a name that would be the path to another place.
pub(super) fn check_name(name: &str) -> Result<()> {
    if is_skill_name(name) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "no name that a skill may have")
        .expected("at most 64 of a-z, 0-9 and single inner `-`")
        .got(format!("`{}`", name.escape_debug()))
        .help("give it another one"))
}

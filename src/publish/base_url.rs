//! With what do the addresses of artifacts begin?

use crate::{Code, Error, Result};

/// What stands before an artifact's path in the index; nothing, so that it is looked for beside the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// An address of `http` or `https`, or a path.
    ///
    /// ```
    /// use skillmesh::publish::BaseUrl;
    /// assert_eq!(BaseUrl::new("https://cdn.example.com/v2").unwrap().join("git/SKILL.md"), "https://cdn.example.com/v2/git/SKILL.md");
    /// assert_eq!(BaseUrl::new("/skills/").unwrap().join("git.tar.gz"), "/skills/git.tar.gz");
    /// assert_eq!(BaseUrl::default().join("git/SKILL.md"), "git/SKILL.md");
    /// for wrong in ["ftp://x", "javascript:x", "https://", "https://x/?a", "/a b", "//x/", "x"] {
    ///     assert!(BaseUrl::new(wrong).is_err(), "{wrong}");
    /// }
    /// ```
    pub fn new(base: &str) -> Result<BaseUrl> {
        let host = ["https://", "http://"].iter().find_map(|scheme| base.strip_prefix(scheme));
        let is_address = host.is_some_and(|host| host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['));
        let is_path = base.starts_with("./") || (base.starts_with('/') && !base.starts_with("//"));
        let has_odd = base.contains(|c: char| !c.is_ascii_graphic() || "?#\"<>\\^`{|}".contains(c));
        if has_odd || !(is_address || is_path) {
            return Err(wrong(base));
        }
        Ok(BaseUrl(format!("{}/", base.trim_end_matches('/'))))
    }

    /// The address of what lies at this path.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

fn wrong(base: &str) -> Error {
    Error::new(Code::InvalidArgument, "no address that artifacts could have")
        .at("--url")
        .expected("https://…, http://…, or a path that begins with / or ./, without query, fragment and spaces")
        .got(format!("`{}`", base.escape_debug()))
        .help("name the folder in which the artifacts are served, or leave it out for addresses beside the index")
}

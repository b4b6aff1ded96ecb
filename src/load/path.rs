//! May a registry name this instruction file? Only by a relative path that stays below its folder.

use crate::{Code, Error, Result};

/// The parts of an `instruction_file`, or why it is refused. Symbolic links are the host's to check.
///
/// ```
/// use skillmesh::load::instruction_path;
/// assert_eq!(instruction_path("./instructions/s3.md").unwrap(), ["instructions", "s3.md"]);
/// for outside in ["../x.md", "/etc/passwd", "a/../../x", "C:\\x.md", "C:x.md", "\\\\host\\x", "a\\..\\..\\x"] {
///     assert!(instruction_path(outside).is_err(), "{outside}");
/// }
/// ```
pub fn instruction_path(file: &str) -> Result<Vec<&str>> {
    let parts: Vec<&str> = file.split('/').filter(|part| *part != ".").collect();
    let unsafe_part = |part: &&str| matches!(*part, "" | "..");
    // A backslash parts folders on one system and is a letter on another; a colon may name a drive or a stream.
    if parts.is_empty() || parts.iter().any(unsafe_part) || file.contains(['\\', ':', '\0']) {
        return Err(refused(file));
    }
    Ok(parts)
}

fn refused(file: &str) -> Error {
    Error::new(Code::PathEscape, "an instruction file must lie in the registry's folder")
        .expected("a relative path with `/`, without `..`, backslashes and drives")
        .got(format!("`{}`", file.escape_debug()))
        .help("move the file below the registry and name it from there")
}

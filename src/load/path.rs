//! May a registry name this instruction file? Only by a relative path that stays below its folder.

use crate::{Code, Error, Result};

/// The parts of an `instruction_file`, or why it is refused. Symbolic links are the host's to check.
///
/// ```
/// use skillmesh::load::instruction_path;
/// assert_eq!(instruction_path("instructions/s3.md").unwrap(), ["instructions", "s3.md"]);
/// for outside in ["../x.md", "/etc/passwd", "a/../../x", "C:\\x.md", "\\\\host\\x"] {
///     assert!(instruction_path(outside).is_err(), "{outside}");
/// }
/// ```
pub fn instruction_path(file: &str) -> Result<Vec<&str>> {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    let drive = file.as_bytes().get(1) == Some(&b':');
    let refused = drive || file.contains('\0') || parts.iter().any(|part| matches!(*part, "" | "." | ".."));
    if !refused {
        return Ok(parts);
    }
    Err(Error::new(Code::PathEscape, "an instruction file must lie in the registry's folder")
        .expected("a relative path without `.` and `..`")
        .got(format!("`{}`", file.escape_debug()))
        .help("move the file below the registry and name it from there"))
}

//! Under which name is a file remembered? By the number of the path that was typed and the way from there: a project that
//! was moved, or is reached in another way, has the same files.

use std::path::{Component, Path, PathBuf};

use crate::host::files::shown;

/// The folders of the paths that were typed.
pub struct Roots {
    folders: Vec<PathBuf>,
    real: Vec<PathBuf>,
}

impl Roots {
    /// Of these paths: a folder is its own, a file's is the one that holds it.
    pub fn new(paths: &[PathBuf]) -> Roots {
        let folder = |path: &PathBuf| if path.is_dir() { path.clone() } else { parent(path).to_owned() };
        let folders: Vec<PathBuf> = paths.iter().map(folder).collect();
        Roots { real: folders.iter().map(|folder| real(folder)).collect(), folders }
    }

    /// The name of a file: the number of the folder nearest to it, and the way from there.
    pub fn name(&self, file: &Path) -> String {
        let (number, way) = self.way(file);
        format!("{number}/{}", escaped(way))
    }

    /// Where the file of this name lies; nowhere if there is no such folder.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        let (number, way) = name.split_once('/')?;
        Some(self.folders.get(number.parse::<usize>().ok()?)?.join(unescaped(way)))
    }

    /// Where a link leads that the file is, or lies behind; nothing for a file that lies where its name says.
    pub fn link(&self, file: &Path) -> Option<String> {
        let (number, way) = self.way(file);
        let (folder, real) = (self.real.get(number)?, file.canonicalize().ok()?);
        (real != folder.join(way)).then(|| shown(&way_to(folder, &real)))
    }

    fn way<'a>(&self, file: &'a Path) -> (usize, &'a Path) {
        let ways = self.folders.iter().enumerate();
        let ways = ways.filter_map(|(number, folder)| Some((number, file.strip_prefix(folder).ok()?)));
        ways.min_by_key(|(_, way)| way.components().count()).unwrap_or((0, file))
    }
}

/// Where a path lies, seen from the folder of `file`; a link is not followed, since it may lead elsewhere tomorrow.
pub fn seen_from(file: &Path, path: &Path) -> PathBuf {
    let name = path.file_name().filter(|_| !matches!(path.components().next_back(), Some(Component::ParentDir)));
    let lies = name.map_or_else(|| real(path), |name| real(parent(path)).join(name));
    way_to(&real(parent(file)), &lies)
}

/// The path that was seen from the folder of `file`.
pub fn reached_from(file: &Path, way: &Path) -> PathBuf {
    parent(file).join(way)
}

/// The way from a folder to a path, both without links.
fn way_to(folder: &Path, path: &Path) -> PathBuf {
    let shared = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return path.to_owned();
    }
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(if path.has_root() {
        "/"
    } else {
        ""
    }))
}

/// A folder without links; one that is missing as it is written.
fn real(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_owned())
}

/// The path as text with forward slashes, in which no two paths are one: bytes that are no text stand as `%FF`.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text += &chunk.valid().replace('%', "%25");
        chunk.invalid().iter().for_each(|byte| text += &format!("%{byte:02X}"));
    }
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

#[cfg(unix)]
fn unescaped(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes(text)).into()
}

#[cfg(not(unix))]
fn unescaped(text: &str) -> PathBuf {
    String::from_utf8_lossy(&bytes(text)).into_owned().into()
}

fn bytes(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(code, 16));
        bytes.extend(rest.as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_name_leads_back(way in "[a-z%./é ]{0,12}") {
            prop_assert_eq!(unescaped(&escaped(Path::new(&way))), Path::new(&way));
        }
    }

    #[test]
    fn the_nearest_folder_names_a_file() {
        let roots = Roots { folders: vec!["a".into(), "a/b".into()], real: Vec::new() };
        assert_eq!(roots.name(Path::new("a/b/c.md")), "1/c.md");
        assert_eq!(roots.path("1/c.md"), Some("a/b/c.md".into()));
        assert_eq!((roots.path("2/c.md"), roots.path("-1/c.md"), roots.path("")), (None, None, None));
    }

    #[test]
    fn ways_go_up_and_down() {
        assert_eq!(way_to(Path::new("/p/public"), Path::new("/p/skills/x")), Path::new("../skills/x"));
        assert_eq!(way_to(Path::new("/p"), Path::new("/p")), Path::new(""));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_differ() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let paths = [b"a\xff".as_slice(), b"a\xfe"].map(|bytes| Path::new(OsStr::from_bytes(bytes)));
        assert_ne!(escaped(paths[0]), escaped(paths[1]));
        assert_eq!(unescaped(&escaped(paths[0])), paths[0]);
    }
}

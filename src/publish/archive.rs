//! How do several files become one archive, with the same bytes on every machine?

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec;
use tar::{Builder, EntryType, Header};

use crate::bytes::put_u32;
use crate::order::sort_by_key;
use crate::{Code, Error, Result};

/// Midnight of 1 January 1980, in UTC: nothing that unpacks archives takes offence at it.
const TIME: u64 = 315_532_800;

/// A gzip file's first bytes: deflate, no name, no time, the slowest compression, a system that nobody knows.
const GZIP: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/// Names that are a device on Windows, whatever follows a dot in them.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The slowest compression that zlib knows too.
const LEVEL: u8 = 9;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Where it lies in the archive, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Whether it can be run.
    pub is_executable: bool,
}

/// The files, in order of their paths, as a gzip file of a tar archive.
///
/// ```
/// use skillmesh::publish::{Member, tar_gz};
/// let file = |path: &str| Member { path: path.into(), bytes: b"x".to_vec(), is_executable: false };
/// let archive = tar_gz(vec![file("b"), file("a")]).unwrap();
/// assert_eq!(archive, tar_gz(vec![file("a"), file("b")]).unwrap());
/// assert!(tar_gz(vec![file("../a")]).is_err() && tar_gz(vec![file("a"), file("A")]).is_err());
/// ```
pub fn tar_gz(mut files: Vec<Member>) -> Result<Vec<u8>> {
    sort_by_key(&mut files, |file| file.path.clone());
    check_distinct(&files)?;
    let mut builder = Builder::new(Vec::new());
    for file in &files {
        check_path(&file.path).map_err(|error| error.at(file.path.escape_debug().to_string()))?;
        let mut header = header(file);
        builder.append_data(&mut header, &file.path, &*file.bytes).map_err(|error| unpackable(&file.path, error))?;
    }
    let tar = builder.into_inner().map_err(|error| unpackable("archive", error))?;
    Ok(gzip(&tar))
}

/// Owner, group and time are nobody's.
fn header(file: &Member) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(file.bytes.len() as u64);
    header.set_mode(if file.is_executable { 0o755 } else { 0o644 });
    header.set_mtime(TIME);
    header.set_uid(0);
    header.set_gid(0);
    header
}

/// Compressed by one compressor without a thought for the machine: others choose by what the processor can.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = GZIP.to_vec();
    file.extend(compress_to_vec(bytes, LEVEL));
    put_u32(&mut file, crc32fast::hash(bytes));
    put_u32(&mut file, bytes.len() as u32);
    file
}

/// Refuses paths that are one and the same where upper and lower case are, and a file in the place of a folder.
fn check_distinct(files: &[Member]) -> Result<()> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for path in files.iter().map(|file| file.path.as_str()) {
        let folders = path.match_indices('/').map(|(end, _)| &path[..=end]);
        for way in folders.chain([path]) {
            let other = seen.insert(way.trim_end_matches('/').to_lowercase(), way);
            if let Some(other) = other.filter(|other| *other != way || way == path) {
                return Err(same(path, other));
            }
        }
    }
    Ok(())
}

/// Refuses paths that lead out of the folder somewhere, or name no file somewhere.
///
/// A backslash parts folders on one system and is a letter on another; a colon may name a drive or a stream.
///
/// ```
/// use skillmesh::publish::check_path;
/// assert!(check_path("scripts/fill.sh").is_ok());
/// for wrong in ["../a", "/a", "a\\b", "c:a", "a.", "a ", "a?", "Aux.md"] {
///     assert!(check_path(wrong).is_err(), "{wrong}");
/// }
/// ```
pub fn check_path(path: &str) -> Result<()> {
    let is_name = |part: &str| !part.is_empty() && !part.ends_with(['.', ' ']) && !part.contains(is_unsafe);
    if path.split('/').all(|part| is_name(part) && !is_reserved(part)) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "a file of a skill has a name that means something else on other systems")
        .expected(
            "a relative path with `/`, whose parts end in no dot or space, are no devices of Windows, and hold no \
             `\\:<>\"|?*` and no control characters",
        )
        .got(format!("`{}`", path.escape_debug()))
        .help("rename the file"))
}

/// Whether Windows takes a file of this name for a device.
///
/// ```
/// use skillmesh::publish::is_reserved;
/// assert!(is_reserved("aux") && is_reserved("COM1.txt") && !is_reserved("com") && !is_reserved("auxiliary"));
/// ```
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']));
    is_port || DEVICES.contains(&stem.as_str())
}

fn is_unsafe(c: char) -> bool {
    r#"\:<>"|?*"#.contains(c) || c.is_control()
}

fn same(path: &str, other: &str) -> Error {
    Error::new(Code::InvalidArgument, "two files of a skill are one where upper and lower case are the same")
        .at(path.escape_debug().to_string())
        .got(format!("also `{}`", other.escape_debug()))
        .help("rename one of them")
}

fn unpackable(path: &str, error: std::io::Error) -> Error {
    Error::new(Code::Internal, "a file cannot be packed").at(path).caused_by(error)
}

//! Is this a snapshot that this library can read, and where do its sections lie?

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::header::{FORMAT, Header, Kind, MAGIC, Ranking};
use super::section::Section;
use super::write::write;
use crate::bytes::{Packed, Slice, from_packed, hex};
use crate::text::ANALYZER_VERSION;
use crate::{Code, Error, Result};

/// The checksum is the last value of the map, and so the last bytes of the file.
const CHECKSUM_BYTES: usize = 4;

const REBUILD: &str = "build it again with `skillmesh build`";

/// An open snapshot: its header, and its sections as views of the file's bytes.
#[derive(Debug)]
pub struct Snapshot {
    bytes: Arc<Vec<u8>>,
    header: Header,
    sections: Vec<(Section, Range<usize>, u32)>,
}

/// Read before all else, so that a file of another version is told from a broken one.
struct Identity {
    magic: String,
    format: u32,
}

from_packed!(Identity {} default { magic, format });

struct Sections<'a> {
    sections: Vec<Entry<'a>>,
}

from_packed!(Sections<'a> { sections });

struct Entry<'a> {
    name: String,
    crc32: u32,
    data: Cow<'a, [u8]>,
}

from_packed!(Entry<'a> { name, crc32, data });

impl Snapshot {
    /// Checks magic, versions, completeness and the dictionaries' checksums; [`Snapshot::verify`] checks the rest.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let file = identified(&bytes)?;
        let header: Header = file.clone().to().map_err(corrupt)?;
        check_analyzer(&header)?;
        let sections = locate(file, bytes.as_ptr() as usize)?;
        let snapshot = Snapshot { bytes: Arc::new(bytes), header, sections };
        snapshot.check_sections(Section::is_structural)?;
        Ok(snapshot)
    }

    /// What the snapshot in these bytes holds; nothing else of it is looked at.
    pub fn kind(bytes: &[u8]) -> Result<Kind> {
        identified(bytes)?.to().map(|header: Header| header.kind).map_err(corrupt)
    }

    /// Compares the checksums of the file and of every section.
    pub fn verify(&self) -> Result<()> {
        self.check_sections(|_| true)?;
        let (covered, checksum) = self.bytes.split_at(self.bytes.len() - CHECKSUM_BYTES);
        let (expected, got) = (crc32fast::hash(covered).to_be_bytes(), checksum);
        if expected != got {
            return Err(corrupt_file("the checksum does not match").expected(hex(&expected)).got(hex(got)));
        }
        Ok(())
    }

    /// What the snapshot says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The bytes of a snapshot that differs in its ranking settings only.
    pub fn with_ranking(&self, ranking: Ranking) -> Result<Vec<u8>> {
        self.with_header(&Header { ranking, ..self.header.clone() })
    }

    /// The bytes of a snapshot of the same sections under another header.
    pub fn with_header(&self, header: &Header) -> Result<Vec<u8>> {
        let sections: Vec<(Section, &[u8])> =
            self.sections.iter().map(|(section, range, _)| (*section, &self.bytes[range.clone()])).collect();
        write(header, &sections)
    }

    /// What tells this snapshot from others: what went in, which model, and the checksum of the file.
    pub fn stamp(&self) -> String {
        let model = self.header.model.as_ref().map_or("", |model| &model.fingerprint);
        let checksum = &self.bytes[self.bytes.len() - CHECKSUM_BYTES..];
        format!("{} {model} {}", self.header.inputs, hex(checksum))
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The size of the file in bytes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// A section's bytes; empty when the snapshot has none of that name.
    pub fn section(&self, section: Section) -> Slice {
        let found = self.sections.iter().find(|(name, ..)| *name == section);
        found.and_then(|(_, range, _)| Slice::of(&self.bytes, range.clone())).unwrap_or_default()
    }

    fn check_sections(&self, wanted: impl Fn(Section) -> bool) -> Result<()> {
        for (section, range, crc) in self.sections.iter().filter(|(section, ..)| wanted(*section)) {
            if crc32fast::hash(&self.bytes[range.clone()]) != *crc {
                return Err(corrupt_file("a section's checksum does not match").at(section.name()));
            }
        }
        Ok(())
    }
}

/// The file's map, if it is a snapshot of this format.
fn identified(bytes: &[u8]) -> Result<Packed<'_>> {
    if bytes.is_empty() {
        return Err(not_a_snapshot("an empty file"));
    }
    let file = Packed::read(bytes).map_err(|e| {
        let cut = bytes.windows(MAGIC.len()).take(64).any(|window| window == MAGIC.as_bytes());
        if cut { corrupt(e) } else { not_a_snapshot("other bytes").caused_by(e) }
    })?;
    let identity: Identity = file.clone().to().map_err(|e| not_a_snapshot("other bytes").caused_by(e))?;
    if identity.magic != MAGIC {
        return Err(not_a_snapshot(&format!("magic `{}`", identity.magic.escape_debug())));
    }
    if identity.format != FORMAT {
        return Err(Error::new(Code::SnapshotVersion, "the snapshot has another format version")
            .expected(FORMAT)
            .got(identity.format)
            .help(format!("{REBUILD}, or use the skillmesh version that wrote it")));
    }
    Ok(file)
}

fn check_analyzer(header: &Header) -> Result<()> {
    if header.analyzer == ANALYZER_VERSION {
        return Ok(());
    }
    Err(Error::new(Code::SnapshotVersion, "the snapshot was analysed by another version")
        .expected(format!("analyzer {ANALYZER_VERSION}"))
        .got(format!("analyzer {}", header.analyzer))
        .help(REBUILD))
}

/// Where each section lies: the decoder lends slices of the file, whose addresses tell.
fn locate(file: Packed, base: usize) -> Result<Vec<(Section, Range<usize>, u32)>> {
    let found: Sections = file.to().map_err(corrupt)?;
    let place = |entry: &Entry| {
        let start = entry.data.as_ptr() as usize - base;
        let section = Section::ALL.into_iter().find(|section| section.name() == entry.name)?;
        Some((section, start..start + entry.data.len(), entry.crc32))
    };
    Ok(found.sections.iter().filter_map(place).collect())
}

fn not_a_snapshot(got: &str) -> Error {
    Error::new(Code::SnapshotFormat, "this is not a skillmesh snapshot")
        .expected("a file written by `skillmesh build`")
        .got(got)
}

fn corrupt(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    corrupt_file("the snapshot is cut or damaged").caused_by(error)
}

fn corrupt_file(message: &str) -> Error {
    Error::new(Code::SnapshotCorrupt, message).help(format!("fetch it again, or {REBUILD}"))
}

//! How are header and sections laid out in the file?

use serde::Serialize;
use serde_bytes::Bytes;

use super::header::Header;
use super::section::Section;
use crate::{Code, Error, Result};

/// The file: an array would do, but a map with names can be read by people and other tools.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    header: &'a Header,
    sections: Vec<Entry<'a>>,
    checksum: u32,
}

/// Stands where the checksum will; every `u32` above 65,535 takes a marker and four bytes.
const PLACEHOLDER: u32 = u32::MAX;

#[derive(Serialize)]
struct Entry<'a> {
    name: &'static str,
    crc32: u32,
    data: &'a Bytes,
}

/// The bytes of a snapshot: the same header and sections give the same bytes.
pub fn write<B: AsRef<[u8]>>(header: &Header, sections: &[(Section, B)]) -> Result<Vec<u8>> {
    sections.iter().try_for_each(|(section, data)| check_size(*section, data.as_ref().len() as u64))?;
    let entries = sections.iter().map(|(section, data)| entry(*section, data.as_ref())).collect();
    let mut bytes = rmp_serde::to_vec_named(&Document { header, sections: entries, checksum: PLACEHOLDER })
        .map_err(|e| Error::new(Code::Internal, "the snapshot cannot be written").caused_by(e))?;
    let end = bytes.len() - size_of::<u32>();
    let checksum = crc32fast::hash(&bytes[..end]);
    bytes[end..].copy_from_slice(&checksum.to_be_bytes());
    Ok(bytes)
}

/// Places inside a section are `u32`, as the length of a MessagePack `bin` is: what is larger would be written wrongly.
fn check_size(section: Section, bytes: u64) -> Result<()> {
    if bytes <= u64::from(u32::MAX) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "too much for one snapshot")
        .at(format!("section `{}`", section.name()))
        .expected(format!("at most {} bytes", u32::MAX))
        .got(format!("{bytes} bytes"))
        .help("make several snapshots of it"))
}

fn entry(section: Section, data: &[u8]) -> Entry<'_> {
    Entry { name: section.name(), crc32: crc32fast::hash(data), data: Bytes::new(data) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_beyond_32_bits_is_refused() {
        assert!(check_size(Section::Postings, u64::from(u32::MAX)).is_ok());
        let error = check_size(Section::Postings, u64::from(u32::MAX) + 1).unwrap_err().to_string();
        assert!(error.contains("section `postings`") && error.contains("4294967296 bytes"), "{error}");
    }
}

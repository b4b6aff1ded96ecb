//! On which line stands what a JSON pointer names?

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::document::Notation;
use super::finding::Finding;
use super::pointer;

/// Each finding costs a walk through the text; past this many bytes, findings keep their pointer alone.
const WORK_BYTES: usize = 16 << 20;

/// Adds lines to findings that have only a pointer.
pub fn add_lines(text: &str, notation: Notation, findings: &mut [Finding]) {
    let affordable = WORK_BYTES / text.len().max(1);
    let unplaced = findings.iter_mut().filter(|finding| finding.line.is_none() && finding.pointer.is_some());
    for finding in unplaced.take(affordable) {
        finding.line = finding.pointer.as_deref().and_then(|pointer| line(text, notation, pointer));
    }
}

/// The line, from 1, where the value begins.
fn line(text: &str, notation: Notation, pointer: &str) -> Option<usize> {
    let path = pointer::split(pointer);
    let seek = Seek { path: &path, notation };
    match notation {
        Notation::Json => seek.deserialize(&mut serde_json::Deserializer::from_str(text)).err().map(|e| e.line()),
        Notation::Yaml => {
            seek.deserialize(serde_yaml_ng::Deserializer::from_str(text)).err()?.location().map(|l| l.line())
        }
    }
    .filter(|line| *line > 0)
}

/// Follows a path and fails at its end, since parsers tell their place only in errors.
struct Seek<'a> {
    path: &'a [String],
    notation: Notation,
}

impl Seek<'_> {
    fn rest(&self) -> Self {
        Seek { path: &self.path[1..], notation: self.notation }
    }
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        // The JSON parser steps past the opening brace and its white space before it says where it is.
        if self.path.is_empty() && self.notation == Notation::Json {
            return Err(D::Error::custom("here"));
        }
        parser.deserialize_any(self)
    }
}

/// Scalars end the walk as well: a visitor refuses what it has no method for.
impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a way down")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let wanted = self.path.first().ok_or_else(|| A::Error::custom("here"))?;
        while let Some(key) = entries.next_key::<String>()? {
            if key == *wanted {
                entries.next_value_seed(self.rest())?;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let wanted = self.path.first().ok_or_else(|| A::Error::custom("here"))?;
        let index: usize = wanted.parse().map_err(A::Error::custom)?;
        for _ in 0..index {
            items.next_element::<IgnoredAny>()?;
        }
        items.next_element_seed(self.rest()).map(|_| ())
    }
}

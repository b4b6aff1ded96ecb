//! What does a YAML or JSON text say? One value, and the keys that it says twice.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::pointer;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    Json,
    Yaml,
}

/// A parsed text.
pub struct Document {
    /// What it says; of a repeated key the last value counts.
    pub value: Value,
    /// JSON pointers of keys that stand twice in one map.
    pub repeated: BTreeSet<String>,
}

/// Why a text cannot be parsed.
pub struct SyntaxError {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The parser's words, with line and column.
    pub message: String,
}

/// Values and bytes of strings that a document may hold for each byte of its text. Without aliases it is two at most;
/// aliases may repeat things, but a kilobyte must not become a gigabyte.
const EXPANSION: usize = 4;

/// What a short document may hold in any case.
const ALLOWANCE: usize = 1 << 16;

/// The YAML parser looks at every open bracket again for each token, so that bare brackets cost their square.
const OPEN_BRACKETS: usize = 512;

/// Parses the text. Both parsers stop at 128 levels of nesting.
pub fn parse(text: &str, notation: Notation) -> Result<Document, SyntaxError> {
    let budget = text.len().saturating_mul(EXPANSION).saturating_add(ALLOWANCE);
    let mut progress = Progress { budget, ..Progress::default() };
    let value = match notation {
        Notation::Json => json(text, &mut progress)?,
        Notation::Yaml => yaml(text, &mut progress)?,
    };
    Ok(Document { value, repeated: progress.repeated })
}

fn json(text: &str, progress: &mut Progress) -> Result<Value, SyntaxError> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let parsed = Reading(progress).deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    parsed.map_err(|e| SyntaxError { line: Some(e.line()), message: e.to_string() })
}

fn yaml(text: &str, progress: &mut Progress) -> Result<Value, SyntaxError> {
    if let Some(line) = too_many_brackets(text) {
        let message = format!("expected at most {OPEN_BRACKETS} open brackets, got more at line {line}");
        return Err(SyntaxError { line: Some(line), message });
    }
    let parsed = Reading(progress).deserialize(serde_yaml_ng::Deserializer::from_str(text));
    parsed.map_err(|e| SyntaxError { line: e.location().map(|place| place.line()), message: e.to_string() })
}

/// The line, from 1, where too many brackets are open. Those in quotes count too: real text closes its own.
fn too_many_brackets(text: &str) -> Option<usize> {
    let (mut line, mut open) = (1, 0usize);
    for byte in text.bytes() {
        match byte {
            b'\n' => line += 1,
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > OPEN_BRACKETS {
            return Some(line);
        }
    }
    None
}

/// Where the parser stands, what it may still read, and which keys came twice.
#[derive(Default)]
struct Progress {
    place: Vec<String>,
    repeated: BTreeSet<String>,
    budget: usize,
}

impl Progress {
    fn spend<E: serde::de::Error>(&mut self, amount: usize) -> Result<(), E> {
        let left = self.budget.checked_sub(amount);
        self.budget = left.ok_or_else(|| E::custom("aliases repeat too much; write less or repeat less"))?;
        Ok(())
    }

    /// Ends the reading of the entry at this place.
    fn insert(&mut self, map: &mut Map<String, Value>, value: Value) {
        let pointer = pointer::join(&self.place);
        let key = self.place.pop().unwrap_or_default();
        if map.insert(key, value).is_some() {
            self.repeated.insert(pointer);
        }
    }
}

/// Reads any value, unlike [`Value`]'s own reader without losing repeated keys, YAML tags' contents and large numbers.
struct Reading<'a>(&'a mut Progress);

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<Value, D::Error> {
        self.0.spend(1)?;
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.0.spend(key.len())?;
            self.0.place.push(key);
            let value = entries.next_value_seed(Reading(self.0))?;
            self.0.insert(&mut map, value);
        }
        Ok(Value::Object(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.0.place.push(list.len().to_string());
            let item = items.next_element_seed(Reading(self.0))?;
            self.0.place.pop();
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    /// A YAML tag, which says nothing here: what it marks is read.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_, value) = tagged.variant::<serde::de::IgnoredAny>()?;
        value.newtype_variant_seed(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, parser: D) -> Result<Value, D::Error> {
        Value::deserialize(parser)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    /// Infinities and NaN have no JSON number.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(if value.is_finite() { value.into() } else { value.to_string().into() })
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.0.spend(value.len())?;
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

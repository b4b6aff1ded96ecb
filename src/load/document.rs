//! What does a YAML or JSON text say? One value, and the keys that it says twice.

use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor};
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
    pub repeated: Vec<String>,
}

/// Why a text cannot be parsed.
pub struct SyntaxError {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The parser's words, with line and column.
    pub message: String,
}

/// Parses the text. Both parsers stop at 128 levels, and YAML's at aliases that multiply.
pub fn parse(text: &str, notation: Notation) -> Result<Document, SyntaxError> {
    let mut keys = Keys::default();
    let value = match notation {
        Notation::Json => json(text, &mut keys)?,
        Notation::Yaml => yaml(text, &mut keys)?,
    };
    Ok(Document { value, repeated: keys.repeated })
}

fn json(text: &str, keys: &mut Keys) -> Result<Value, SyntaxError> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let parsed = Reading(keys).deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    parsed.map_err(|e| SyntaxError { line: Some(e.line()), message: e.to_string() })
}

fn yaml(text: &str, keys: &mut Keys) -> Result<Value, SyntaxError> {
    let parsed = Reading(keys).deserialize(serde_yaml_ng::Deserializer::from_str(text));
    parsed.map_err(|e| SyntaxError { line: e.location().map(|place| place.line()), message: e.to_string() })
}

/// Where the parser stands, and which keys came twice.
#[derive(Default)]
struct Keys {
    place: Vec<String>,
    repeated: Vec<String>,
}

impl Keys {
    fn check(&mut self, map: &Map<String, Value>, key: &str) {
        if map.contains_key(key) {
            self.repeated.push(pointer::join(&self.place));
        }
    }
}

/// Reads any value, unlike [`Value`]'s own reader without losing repeated keys, YAML tags' contents and large numbers.
struct Reading<'a>(&'a mut Keys);

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<Value, D::Error> {
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
            self.0.place.push(key);
            let value = entries.next_value_seed(Reading(self.0))?;
            let key = self.0.place.last().cloned().ok_or_else(|| A::Error::custom("unbalanced map"))?;
            self.0.check(&map, &key);
            map.insert(key, value);
            self.0.place.pop();
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

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

//! How does a value become a structure? Field by field, by one reader that all structures share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::packed::Packed;
use crate::order;

/// A structure, or what was expected and what is there instead.
pub type Unpacked<T> = std::result::Result<T, String>;

/// What can be read from a value; the error says what was expected and what is there.
pub trait FromPacked<'a>: Sized {
    /// Reads it.
    fn from_packed(value: Packed<'a>) -> Unpacked<Self>;
}

/// Reads a structure of the named fields: those that must be there, then those that have a default; a key that is not
/// the field's name follows it, and so does a default that is not the type's.
///
/// ```
/// use skillmesh::bytes::{FromPacked, Packed, from_packed};
/// #[derive(Debug)]
/// struct Read { a: Vec<u32>, b: String, c: bool }
/// from_packed!(Read { a } default { b = "bee", c or true });
/// let bytes = [0x81, 0xa1, b'a', 0x92, 1, 2]; // {"a": [1, 2]}
/// let read = Read::from_packed(Packed::read(&bytes).unwrap()).unwrap();
/// assert_eq!((read.a, read.b.as_str(), read.c), (vec![1, 2], "", true));
/// assert_eq!(Read::from_packed(Packed::Map(Vec::new())).unwrap_err(), "`a` is missing");
/// ```
#[macro_export]
macro_rules! from_packed {
    ($type:ty { $($needed:ident),* } $(default { $($field:ident $(= $key:literal)? $(or $value:expr)?),* })?) => {
        impl<'a> $crate::bytes::FromPacked<'a> for $type {
            fn from_packed(value: $crate::bytes::Packed<'a>) -> $crate::bytes::Unpacked<Self> {
                let mut fields = $crate::bytes::Fields::of(value)?;
                Ok(Self {
                    $($needed: fields.needed(stringify!($needed))?,)*
                    $($($field: $crate::from_packed!(@read fields $crate::from_packed!(@key $field $($key)?), $($value)?),)*)?
                })
            }
        }
    };
    (@read $fields:ident $key:expr,) => { $fields.or_default($key)? };
    (@read $fields:ident $key:expr, $value:expr) => { $fields.optional($key)?.unwrap_or($value) };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

/// The fields of a map, taken out one by one.
#[derive(Clone, Debug)]
pub struct Fields<'a>(Vec<(Packed<'a>, Packed<'a>)>);

impl<'a> Fields<'a> {
    /// The fields of a map.
    pub fn of(value: Packed<'a>) -> Unpacked<Fields<'a>> {
        match value {
            Packed::Map(fields) => Ok(Fields(fields)),
            other => Err(other.unexpected("a map")),
        }
    }

    /// A field that must be there.
    pub fn needed<T: FromPacked<'a>>(&mut self, key: &str) -> Unpacked<T> {
        let value = self.take(key).ok_or_else(|| format!("`{key}` is missing"))?;
        T::from_packed(value).map_err(|error| under(key, error))
    }

    /// A field that may be left out.
    pub fn optional<T: FromPacked<'a>>(&mut self, key: &str) -> Unpacked<Option<T>> {
        self.take(key).map(T::from_packed).transpose().map_err(|error| under(key, error))
    }

    /// A field that may be left out, with its type's default.
    pub fn or_default<T: FromPacked<'a> + Default>(&mut self, key: &str) -> Unpacked<T> {
        Ok(self.optional(key)?.unwrap_or_default())
    }

    /// The keys that nobody took.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.text().unwrap_or_default())
    }

    /// One of them.
    pub fn left(&self) -> Option<String> {
        self.names().next().map(str::to_owned)
    }

    fn take(&mut self, key: &str) -> Option<Packed<'a>> {
        let at = self.0.iter().position(|(own, _)| own.text() == Some(key))?;
        Some(self.0.swap_remove(at).1).filter(|value| *value != Packed::Nil)
    }
}

fn under(key: &str, error: String) -> String {
    format!("`{key}`: {error}")
}

impl<'a> Packed<'a> {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Packed::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Packed::Unsigned(value) => Some(*value as f64),
            Packed::Signed(value) => Some(*value as f64),
            Packed::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// What to say of a value that is of another type.
    pub fn unexpected(&self, expected: &str) -> String {
        let got = match self {
            Packed::Nil => "nothing".to_owned(),
            Packed::Bool(value) => value.to_string(),
            Packed::Text(text) => format!("`{}`", text.escape_debug()),
            Packed::Bytes(_) => "bytes".to_owned(),
            Packed::List(_) => "a list".to_owned(),
            Packed::Map(_) => "a map".to_owned(),
            number => number.number().unwrap_or_default().to_string(),
        };
        format!("expected {expected}, got {got}")
    }

    /// One of a few words.
    pub fn one_of<T: Copy>(&self, words: &[(&str, T)]) -> Unpacked<T> {
        let found = words.iter().find(|(word, _)| self.text() == Some(word));
        let names = || words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        found.map(|(_, value)| *value).ok_or_else(|| self.unexpected(&names()))
    }

    fn whole(&self) -> Unpacked<u64> {
        match self {
            Packed::Unsigned(value) => Ok(*value),
            other => Err(other.unexpected("a whole number from 0 on")),
        }
    }
}

impl<'a> FromPacked<'a> for Packed<'a> {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        Ok(value)
    }
}

impl<'a> FromPacked<'a> for String {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        match value {
            Packed::Text(text) => Ok(text.into_owned()),
            other => Err(other.unexpected("a text")),
        }
    }
}

impl<'a> FromPacked<'a> for Cow<'a, [u8]> {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        match value {
            Packed::Bytes(bytes) => Ok(bytes),
            other => Err(other.unexpected("bytes")),
        }
    }
}

impl<'a> FromPacked<'a> for bool {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        match value {
            Packed::Bool(value) => Ok(value),
            other => Err(other.unexpected("true or false")),
        }
    }
}

impl<'a> FromPacked<'a> for u64 {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        value.whole()
    }
}

impl<'a> FromPacked<'a> for u32 {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        u32::try_from(value.whole()?).map_err(|_| value.unexpected("a number below 2^32"))
    }
}

impl<'a> FromPacked<'a> for usize {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        Ok(usize::try_from(value.whole()?).unwrap_or(usize::MAX))
    }
}

impl<'a> FromPacked<'a> for f64 {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        value.number().ok_or_else(|| value.unexpected("a number"))
    }
}

impl<'a> FromPacked<'a> for f32 {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        f64::from_packed(value).map(|number| number as f32)
    }
}

impl<'a, T: FromPacked<'a>> FromPacked<'a> for Option<T> {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        if value == Packed::Nil { Ok(None) } else { T::from_packed(value).map(Some) }
    }
}

impl<'a, T: FromPacked<'a>> FromPacked<'a> for Vec<T> {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        match value {
            Packed::List(values) => values.into_iter().map(T::from_packed).collect(),
            other => Err(other.unexpected("a list")),
        }
    }
}

impl<'a> FromPacked<'a> for BTreeMap<String, Value> {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        match json(value) {
            Value::Object(map) => Ok(order::map(map)),
            _ => Err("expected a map".to_owned()),
        }
    }
}

impl<'a> FromPacked<'a> for Value {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        Ok(json(value))
    }
}

/// The value as JSON has it; bytes, which JSON lacks, as numbers.
fn json(value: Packed) -> Value {
    match value {
        Packed::Nil => Value::Null,
        Packed::Bool(value) => value.into(),
        Packed::Unsigned(value) => value.into(),
        Packed::Signed(value) => value.into(),
        Packed::Float(value) => value.into(),
        Packed::Text(text) => text.into_owned().into(),
        Packed::Bytes(bytes) => Value::Array(bytes.iter().map(|byte| (*byte).into()).collect()),
        Packed::List(values) => Value::Array(values.into_iter().map(json).collect()),
        Packed::Map(entries) => {
            let entry = |(key, value): (Packed, Packed)| (key.text().unwrap_or_default().to_owned(), json(value));
            Value::Object(entries.into_iter().map(entry).collect())
        }
    }
}

//! What does a MessagePack value say, before it is known what it should say?
//!
//! Structures are read from this one type. Reading each of them straight from MessagePack, or from JavaScript, would
//! compile the whole reader again for every field: a third of a small wasm module.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::from_packed::{FromPacked, Unpacked};

/// One value; texts and bytes are lent where the source lends them.
///
/// ```
/// use skillmesh::bytes::Packed;
/// let bytes = [0x92, 0xa1, b'a', 0xc0]; // ["a", nil]
/// assert_eq!(Packed::read(&bytes).unwrap(), Packed::List(vec![Packed::Text("a".into()), Packed::Nil]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Packed<'a> {
    /// Nothing.
    Nil,
    /// True or false.
    Bool(bool),
    /// A whole number from 0 on.
    Unsigned(u64),
    /// A whole number below 0.
    Signed(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// Values in order.
    List(Vec<Packed<'a>>),
    /// Keys with values, in order.
    Map(Vec<(Packed<'a>, Packed<'a>)>),
}

impl<'a> Packed<'a> {
    /// The value that these bytes begin with.
    pub fn read(bytes: &'a [u8]) -> Result<Packed<'a>, rmp_serde::decode::Error> {
        rmp_serde::from_slice(bytes)
    }

    /// The value as a structure.
    pub fn to<T: FromPacked<'a>>(self) -> Unpacked<T> {
        T::from_packed(self)
    }
}

struct Any;

impl<'de> Deserialize<'de> for Packed<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Any)
    }
}

impl<'de> Visitor<'de> for Any {
    type Value = Packed<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Packed::Nil)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Packed::Nil)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Packed::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Packed::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(u64::try_from(value).map_or(Packed::Signed(value), Packed::Unsigned))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Packed::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Packed::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Packed::Text(text.to_owned().into()))
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Packed::Bytes(bytes.into()))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(Packed::Bytes(bytes.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Packed::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Packed::Map(entries))
    }
}

//! Is a card at hand, or does it have to be fetched from elsewhere?

use serde::{Deserialize, Serialize};

use crate::bytes::{FromPacked, Packed, Unpacked};

/// Where what a card stands for comes from.
///
/// ```
/// use skillmesh::card::Source;
/// assert_eq!((Source::default(), Source::Remote.name()), (Source::Local, "remote"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// From this machine.
    #[default]
    Local,
    /// From a catalogue elsewhere; nothing is fetched unless somebody installs it.
    Remote,
}

impl Source {
    /// Both, by name.
    pub const ALL: [(&'static str, Source); 2] = [("local", Source::Local), ("remote", Source::Remote)];

    /// The source in one word.
    pub fn name(self) -> &'static str {
        match self {
            Source::Local => "local",
            Source::Remote => "remote",
        }
    }

    /// Whether it is the default, which a written card leaves out.
    pub(super) fn is_local(&self) -> bool {
        *self == Source::Local
    }
}

impl<'a> FromPacked<'a> for Source {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        value.one_of(&Source::ALL)
    }
}

//! Finds the right skill, tool or document for an AI agent: a registry becomes one MessagePack snapshot,
//! and the snapshot answers `retrieve` and `emit` wherever it is opened.

pub mod bytes;
pub mod card;
pub mod dense;
#[cfg(feature = "embed")]
pub mod embed;
mod error;
#[cfg(feature = "load")]
pub mod load;
pub mod sparse;
pub mod text;

pub use card::ExpertCard;
pub use error::{Code, Error, Result};

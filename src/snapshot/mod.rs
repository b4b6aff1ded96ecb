//! What is in a snapshot file, and can these bytes be trusted to be one? `docs/snapshot-format.md` specifies it.

mod calibration;
mod chunk;
mod header;
mod open;
mod section;
mod write;

pub use calibration::{Calibration, Calibrations};
pub use chunk::ChunkHead;
pub use header::{BUILDER, FORMAT, Header, Kind, Lead, MAGIC, ModelInfo, Ranking};
pub use open::Snapshot;
pub use section::Section;
pub use write::write;

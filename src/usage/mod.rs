//! What does one use of a skill say, and what do many say together?

mod evidence;
mod instant;
mod leads;
mod read;
mod record;
mod verdict;

pub use evidence::{Evidence, JUDGED_ENOUGH};
pub use instant::{Clock, MICROS_A_DAY};
pub use leads::{Leads, leads};
pub use read::{READER, Read, Remark, read};
pub use record::Use;
pub use verdict::{Counted, Durations, Effectiveness, Facts, Verdict};

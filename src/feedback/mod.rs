//! Which skill did well for which question, and what is that worth the next time?

mod memory;
mod question;
mod state;

pub use memory::{Feedback, MAX_SHARE, Outcome, STEP, check_half_life};
pub use question::{Comparer, Gist, Meaning, Question};

/// The last millisecond that JavaScript's dates can tell.
const LAST: f64 = 8.64e15;

/// Checks a time that a caller passes: milliseconds since 1970.
pub(crate) fn millis(now: f64) -> crate::Result<u64> {
    if (0.0..=LAST).contains(&now) {
        return Ok(now as u64);
    }
    Err(crate::Error::new(crate::Code::InvalidArgument, "unusable time")
        .at("now")
        .expected("milliseconds since 1970")
        .got(now)
        .help("pass `Date.now()`"))
}

//! What time is it?

use std::time::{SystemTime, UNIX_EPOCH};

/// Microseconds since 1970.
#[cfg(feature = "metrics")]
pub fn now_micros() -> i64 {
    (now() * 1000.0) as i64
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_millis() as f64)
}

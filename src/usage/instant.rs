//! When was it, as programs write it?

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Microseconds of a day.
pub const MICROS_A_DAY: i64 = 86_400_000_000;

/// What the reader's clock says: which time it is, and how times without a zone are to be taken.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Microseconds since 1970.
    pub now: i64,
    zone: TimeZone,
}

impl Clock {
    /// Times without a zone are UTC.
    pub fn utc(now: i64) -> Clock {
        Clock { now, zone: TimeZone::UTC }
    }

    /// Times without a zone are this machine's.
    pub fn local(now: i64) -> Clock {
        Clock { now, zone: TimeZone::system() }
    }

    /// Microseconds since 1970 of an ISO 8601 time.
    ///
    /// ```
    /// use skillmesh::usage::Clock;
    /// let clock = Clock::utc(0);
    /// assert_eq!(clock.instant("1970-01-01T01:00:00+01:00"), Some(0));
    /// assert_eq!(clock.instant("1970-01-01 00:00:01.5"), Some(1_500_000));
    /// assert_eq!(clock.instant("yesterday"), None);
    /// ```
    pub fn instant(&self, text: &str) -> Option<i64> {
        let zoned = text.parse::<Timestamp>();
        let at = zoned.or_else(|_| self.zone.to_timestamp(text.parse::<DateTime>()?));
        Some(at.ok()?.as_microsecond())
    }
}

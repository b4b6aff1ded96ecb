//! When was it, as programs write it?

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Microseconds of a day.
pub const MICROS_A_DAY: i64 = 86_400_000_000;

/// Microseconds since 1970 of an ISO 8601 time; one without a zone is taken as UTC.
///
/// ```
/// use skillmesh::usage::instant;
/// assert_eq!(instant("1970-01-01T01:00:00+01:00"), Some(0));
/// assert_eq!(instant("1970-01-01 00:00:01.5"), Some(1_500_000));
/// assert_eq!(instant("yesterday"), None);
/// ```
pub fn instant(text: &str) -> Option<i64> {
    let zoned = text.parse::<Timestamp>();
    let at = zoned.or_else(|_| text.parse::<DateTime>()?.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()));
    Some(at.ok()?.as_microsecond())
}

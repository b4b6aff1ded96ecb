//! What is deleted, and when?

use super::store::Store;
use crate::Result;
use crate::usage::MICROS_A_DAY;

/// The setting with the time, in microseconds since 1970, before which nothing is collected any more.
const KEPT_AFTER: &str = "kept_after";

impl Store {
    /// Deletes uses older than these days, and what they added to rollups; says how many. Files that still tell of them are
    /// not asked again, until they have changed and more days are to be kept.
    pub fn prune(&self, days: u32, now: i64) -> Result<usize> {
        let kept = now.saturating_sub(i64::from(days).saturating_mul(MICROS_A_DAY));
        let old = "invoked_at < make_timestamp(?)";
        let pruned = self.whole(|| {
            self.mark_stale(&format!("skill_usage WHERE {old}"), [kept])?;
            let deleted = self.execute(&format!("DELETE FROM skill_usage WHERE {old}"), [kept])?;
            self.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [KEPT_AFTER, &kept.to_string()])?;
            Ok(deleted)
        })?;
        self.execute("CHECKPOINT", [])?;
        Ok(pruned)
    }

    /// Earlier uses are not kept.
    pub(super) fn kept_after(&self) -> Result<i64> {
        Ok(self.setting(KEPT_AFTER)?.and_then(|micros| micros.parse().ok()).unwrap_or(i64::MIN))
    }
}

//! What is deleted, and when?

use serde::Serialize;

use super::store::Store;
use crate::Result;
use crate::usage::MICROS_A_DAY;

/// The setting with the time, in microseconds since 1970, before which nothing is collected any more.
const KEPT_AFTER: &str = "kept_after";

/// What was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pruned {
    pub uses: usize,
    pub workflows: usize,
}

impl Store {
    /// Deletes uses older than these days, and what they added to rollups. Files that still tell of them are not asked again.
    pub fn prune(&self, days: u32, now: i64) -> Result<Pruned> {
        let kept = self.kept_after()?.max(now - i64::from(days) * MICROS_A_DAY);
        let old = "invoked_at < make_timestamp(?)";
        let pruned = self.whole(|| {
            self.mark_stale(&format!("skill_usage WHERE {old}"), [kept])?;
            let uses = self.execute(&format!("DELETE FROM skill_usage WHERE {old}"), [kept])?;
            let workflows =
                self.execute("DELETE FROM workflow_executions WHERE started_at < make_timestamp(?)", [kept])?;
            self.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [KEPT_AFTER, &kept.to_string()])?;
            Ok(Pruned { uses, workflows })
        })?;
        self.execute("CHECKPOINT", [])?;
        Ok(pruned)
    }

    /// Earlier uses are not kept.
    pub(super) fn kept_after(&self) -> Result<i64> {
        Ok(self.setting(KEPT_AFTER)?.and_then(|micros| micros.parse().ok()).unwrap_or(i64::MIN))
    }
}

//! How often was each skill used in each window, and how did it do?

use duckdb::Params;
use serde::Deserialize;

use super::store::Store;
use crate::Result;

/// How long a rollup's window is, in UTC; weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    Daily,
    Weekly,
    Monthly,
    All,
}

impl Window {
    /// All windows.
    pub const ALL: [Window; 4] = [Window::Daily, Window::Weekly, Window::Monthly, Window::All];

    /// The window as it is typed and stored.
    pub fn name(self) -> &'static str {
        match self {
            Window::Daily => "daily",
            Window::Weekly => "weekly",
            Window::Monthly => "monthly",
            Window::All => "all",
        }
    }

    /// SQL of the time from one window to the next; there is one window of everything.
    pub(super) fn step(self) -> &'static str {
        match self {
            Window::Daily => "INTERVAL 1 DAY",
            Window::Weekly => "INTERVAL 7 DAYS",
            Window::Monthly | Window::All => "INTERVAL 1 MONTH",
        }
    }

    /// SQL of the start of the window in which a use was invoked.
    fn start(self) -> &'static str {
        match self {
            Window::Daily => "date_trunc('day', invoked_at)",
            Window::Weekly => "date_trunc('week', invoked_at)",
            Window::Monthly => "date_trunc('month', invoked_at)",
            Window::All => "TIMESTAMP '1970-01-01'",
        }
    }
}

impl Store {
    /// Brings the rollups of a window up to date and says how many were computed anew. Only windows that uses have changed
    /// are read, each whole, so that nothing adds up to a difference.
    pub fn aggregate(&self, window: Window) -> Result<usize> {
        let stale = "stale_windows WHERE time_window = ?";
        if self.row(&format!("SELECT count(*) FROM {stale}"), [window.name()], |row| row.get::<_, u64>(0))? == 0 {
            return Ok(0);
        }
        self.whole(|| {
            self.execute(DROP_STALE, [window.name()])?;
            let computed = self.execute(&recompute(window), [window.name()])?;
            self.execute(&format!("DELETE FROM {stale}"), [window.name()])?;
            Ok(computed)
        })
    }

    /// Throws all rollups away; the next question computes them anew.
    pub fn forget_rollups(&self) -> Result<()> {
        self.whole(|| {
            self.execute("DELETE FROM skill_aggregates", [])?;
            self.mark_stale("skill_usage", [])
        })
    }

    /// Notes that the windows of these uses changed; `uses` is what follows FROM.
    pub(super) fn mark_stale(&self, uses: &str, params: impl Params + Clone) -> Result<()> {
        for window in Window::ALL {
            let sql = format!(
                "INSERT OR IGNORE INTO stale_windows SELECT DISTINCT '{}', {} FROM {uses}",
                window.name(),
                window.start()
            );
            self.execute(&sql, params.clone())?;
        }
        Ok(())
    }
}

const DROP_STALE: &str = "DELETE FROM skill_aggregates WHERE time_window = ?1 AND window_start IN (SELECT window_start FROM stale_windows WHERE time_window = ?1)";

fn recompute(window: Window) -> String {
    format!(
        "INSERT INTO skill_aggregates
        SELECT * EXCLUDE quantiles REPLACE (quantiles[1] AS p50, quantiles[2] AS p90, quantiles[3] AS p99) FROM (
            SELECT skill_name, project_id, ?1, start, count(*),
                count(*) FILTER (success), count(*) FILTER (NOT success), count(*) FILTER (follow_up_count > 0),
                count(DISTINCT project_id), avg(duration_ms), NULL AS p50, NULL AS p90, NULL AS p99, avg(selection_rank),
                quantile_cont(duration_ms::DOUBLE, [0.5, 0.9, 0.99]) AS quantiles
            FROM (SELECT *, {start} AS start FROM skill_usage JOIN projects USING (project_id) WHERE is_active)
            WHERE start IN (SELECT window_start FROM stale_windows WHERE time_window = ?1)
            GROUP BY GROUPING SETS ((skill_name, start, project_id), (skill_name, start)))",
        start = window.start()
    )
}

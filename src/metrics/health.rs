//! Is the database fit to be asked?

use serde::Serialize;

use super::store::Store;
use crate::Result;
use crate::usage::MICROS_A_DAY;

/// A collection older than this is worth a warning.
const FRESH_DAYS: i64 = 7;

/// How the database is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Health {
    /// Nothing below needs anybody.
    pub ok: bool,
    pub projects: u64,
    pub active_projects: u64,
    pub uses: u64,
    /// Rollups that were computed.
    pub rollups: u64,
    /// Windows that uses have changed since; the next question computes them.
    pub stale_windows: u64,
    /// Days since the project was collected whose collection is the oldest; absent where one never was.
    pub days_since_collected: Option<f64>,
    /// The names of the projects that count and were never collected.
    pub never_collected: Vec<String>,
    /// What somebody should do.
    pub warnings: Vec<String>,
}

impl Store {
    /// How the database is; `now` in microseconds since 1970.
    pub fn health(&self, now: i64) -> Result<Health> {
        let counts = "SELECT (SELECT count(*) FROM projects), (SELECT count(*) FROM projects WHERE is_active),
            (SELECT count(*) FROM skill_usage),
            (SELECT count(*) FROM skill_aggregates), (SELECT count(*) FROM stale_windows),
            (SELECT epoch_us(min(collected_at)) FROM projects WHERE is_active)";
        let health = self.row(counts, [], |row| {
            let collected: Option<i64> = row.get(5)?;
            Ok(Health {
                ok: true,
                projects: row.get(0)?,
                active_projects: row.get(1)?,
                uses: row.get(2)?,
                rollups: row.get(3)?,
                stale_windows: row.get(4)?,
                days_since_collected: collected.map(|at| (now - at) as f64 / MICROS_A_DAY as f64),
                never_collected: Vec::new(),
                warnings: Vec::new(),
            })
        })?;
        let sql = "SELECT project_name FROM projects WHERE is_active AND collected_at IS NULL ORDER BY ALL";
        let health = Health { never_collected: self.rows(sql, [], |row| row.get(0))?, ..health };
        let warnings = warnings(&health);
        Ok(Health { ok: warnings.is_empty(), warnings, ..health })
    }
}

fn warnings(health: &Health) -> Vec<String> {
    let none = (health.active_projects == 0)
        .then(|| "No project counts: register one with `skillmesh metrics register PATH NAME TYPE`.".to_owned());
    let never = (!health.never_collected.is_empty()).then(|| {
        format!("Never collected: {}. Run `skillmesh metrics collect --all`.", health.never_collected.join(", "))
    });
    let old = health.days_since_collected.filter(|days| *days > FRESH_DAYS as f64);
    let old = old
        .map(|days| format!("The oldest collection is of {days:.0} days ago: run `skillmesh metrics collect --all`."));
    none.into_iter().chain(never).chain(old).collect()
}

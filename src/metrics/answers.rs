//! Which skills are used most, which work, and which go together?

use duckdb::{Row, params};
use serde::{Deserialize, Serialize};

use super::aggregate::Window;
use super::store::{Store, limited};
use crate::Result;
use crate::usage::{Counted, Durations, Effectiveness, Evidence, Facts};

/// Which figures are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub window: Window,
    /// One project, by name or id; `None` for all together.
    pub project: Option<&'a str>,
    /// How many at most.
    pub limit: usize,
    /// Windows that begin later are those of clocks gone wrong; in microseconds since 1970.
    pub now: i64,
}

/// What stands first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The most used.
    #[default]
    Uses,
    /// The one that most surely succeeds: the lower end of the interval.
    Success,
    /// The one after which most is left to do.
    FollowUps,
    /// The one that takes longest.
    Duration,
}

/// A skill in one window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Top {
    pub skill: String,
    pub uses: u64,
    pub projects: u64,
    #[serde(flatten)]
    pub evidence: Evidence,
    pub followed_up: u64,
    pub success_rate: Option<f64>,
    /// The 95 % interval of the rate.
    pub interval: Option<[f64; 2]>,
    /// The mean, in milliseconds.
    pub duration_ms: Option<f64>,
}

/// A skill in one project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The project's id.
    pub project: String,
    pub name: String,
    #[serde(flatten)]
    pub figures: Top,
}

/// A skill, or all of them, in one window of several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Period {
    /// The first day, as `2026-02-09`.
    pub start: String,
    #[serde(flatten)]
    pub figures: Top,
    /// Uses beside those of the period before, where there were some.
    pub change: Option<i64>,
}

/// Two skills that were used in the same sessions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    pub first: String,
    pub second: String,
    /// Sessions with both.
    pub sessions: u64,
    /// How many times as often as if neither had to do with the other.
    pub lift: f64,
    /// Of those sessions the share in which `first` came first; at the same time counts half.
    pub in_order: f64,
}

const FIGURES: &str = "total_invocations, a.projects, successes, failures, followed_up, avg_duration_ms";

const SCOPE: &str = "time_window = ?1 AND project_id IS NOT DISTINCT FROM ?2 AND epoch_us(window_start) <= ?3";

impl Top {
    /// From columns as `FIGURES` lists them, from this one on.
    fn of(skill: String, row: &Row, from: usize) -> duckdb::Result<Top> {
        let evidence = Evidence { successes: row.get(from + 2)?, failures: row.get(from + 3)? };
        Ok(Top {
            skill,
            uses: row.get(from)?,
            projects: row.get(from + 1)?,
            evidence,
            followed_up: row.get(from + 4)?,
            success_rate: evidence.rate(),
            interval: evidence.interval(),
            duration_ms: row.get(from + 5)?,
        })
    }

    fn rank(&self, order: Order) -> f64 {
        match order {
            Order::Uses => self.uses as f64,
            Order::Success => self.interval.map_or(0.0, |[low, _]| low),
            Order::FollowUps => self.followed_up as f64 / self.uses as f64,
            Order::Duration => self.duration_ms.unwrap_or(0.0),
        }
    }
}

impl Store {
    /// The first skills of the latest window in which any was used; ties by name.
    pub fn top(&self, scope: Scope, order: Order) -> Result<Vec<Top>> {
        self.aggregate(scope.window)?;
        let sql = format!(
            "SELECT skill_name, {FIGURES} FROM skill_aggregates a
            WHERE {SCOPE} AND window_start = (SELECT max(window_start) FROM skill_aggregates WHERE {SCOPE})
            ORDER BY skill_name"
        );
        let mut all = self.rows(&sql, self.scope(scope)?, |row| Top::of(row.get(0)?, row, 1))?;
        all.sort_by(|a, b| b.rank(order).total_cmp(&a.rank(order)));
        all.truncate(scope.limit);
        Ok(all)
    }

    /// What is known of a skill, and what to do about it; `None` if it was never used.
    pub fn effectiveness(&self, skill: &str) -> Result<Option<Effectiveness>> {
        self.aggregate(Window::All)?;
        let sql = format!(
            "SELECT {FIGURES}, p50_duration_ms, p90_duration_ms, p99_duration_ms, selection_rank FROM skill_aggregates a
            WHERE time_window = 'all' AND project_id IS NULL AND skill_name = ?"
        );
        let found = self.rows(&sql, [skill], |row| {
            let top = Top::of(skill.to_owned(), row, 0)?;
            let durations = |p50| -> duckdb::Result<_> { Ok(Durations { p50, p90: row.get(7)?, p99: row.get(8)? }) };
            Ok(Facts {
                skill: top.skill,
                uses: top.uses,
                projects: top.projects,
                evidence: top.evidence,
                followed_up: top.followed_up,
                durations: row.get::<_, Option<f64>>(6)?.map(durations).transpose()?,
                selection_rank: row.get(9)?,
                ..Facts::default()
            })
        })?;
        let Some(facts) = found.into_iter().next() else { return Ok(None) };
        let (errors, follow_ups) = (self.counted(ERRORS, skill)?, self.counted(FOLLOW_UPS, skill)?);
        Ok(Some(Effectiveness::of(Facts { errors, follow_ups, ..facts })))
    }

    /// The parameters of `SCOPE`.
    fn scope(&self, scope: Scope) -> Result<(&'static str, Option<String>, i64)> {
        let project = scope.project.map(|project| self.project_named(project)).transpose()?;
        Ok((scope.window.name(), project, scope.now))
    }

    fn counted(&self, sql: &str, skill: &str) -> Result<Vec<Counted>> {
        self.rows(sql, [skill], |row| Ok(Counted { name: row.get(0)?, count: row.get(1)? }))
    }

    /// What came of every skill's uses, by name.
    pub fn evidence(&self) -> Result<Vec<(String, Evidence)>> {
        self.aggregate(Window::All)?;
        let sql = "SELECT skill_name, successes, failures FROM skill_aggregates
            WHERE time_window = 'all' AND project_id IS NULL ORDER BY skill_name";
        self.rows(sql, [], |row| Ok((row.get(0)?, Evidence { successes: row.get(1)?, failures: row.get(2)? })))
    }

    /// A skill in each active project that used it, the most uses first.
    pub fn compare(&self, skill: &str) -> Result<Vec<Compared>> {
        self.aggregate(Window::All)?;
        let sql = format!(
            "SELECT p.project_id, project_name, {FIGURES} FROM skill_aggregates a JOIN projects p USING (project_id)
            WHERE time_window = 'all' AND skill_name = ? ORDER BY total_invocations DESC, p.project_id"
        );
        self.rows(&sql, [skill], |row| {
            let figures = Top::of(skill.to_owned(), row, 2)?;
            Ok(Compared { project: row.get(0)?, name: row.get(1)?, figures })
        })
    }

    /// The last periods of a skill, or of every skill, the earliest first.
    pub fn trends(&self, scope: Scope, skill: Option<&str>) -> Result<Vec<Period>> {
        self.aggregate(scope.window)?;
        let sql = format!(
            "SELECT skill_name, strftime(window_start, '%Y-%m-%d'), {FIGURES},
                if(lag(window_start) OVER before + {step} = window_start,
                    total_invocations - lag(total_invocations) OVER before, NULL)
            FROM skill_aggregates a WHERE {SCOPE} AND (?4 IS NULL OR skill_name = ?4)
            WINDOW before AS (PARTITION BY skill_name ORDER BY window_start)
            QUALIFY dense_rank() OVER (ORDER BY window_start DESC) <= ?5 ORDER BY window_start, skill_name",
            step = scope.window.step()
        );
        let (window, project, now) = self.scope(scope)?;
        self.rows(&sql, params![window, project, now, skill, limited(scope.limit)], |row| {
            Ok(Period { start: row.get(1)?, figures: Top::of(row.get(0)?, row, 2)?, change: row.get(8)? })
        })
    }

    /// The pairs of skills that most sessions have in common; ties by name.
    pub fn pairs(&self, limit: usize) -> Result<Vec<Pair>> {
        self.rows(PAIRS, [limited(limit)], |row| {
            Ok(Pair {
                first: row.get(0)?,
                second: row.get(1)?,
                sessions: row.get(2)?,
                lift: row.get(3)?,
                in_order: row.get(4)?,
            })
        })
    }
}

const ERRORS: &str = "SELECT error_type, count(*) FROM skill_usage JOIN projects USING (project_id)
    WHERE is_active AND skill_name = ? AND error_type IS NOT NULL AND NOT success
    GROUP BY error_type ORDER BY count(*) DESC, error_type LIMIT 5";

const FOLLOW_UPS: &str = "SELECT action, count(*) FROM (
        SELECT unnest(from_json(follow_ups, '[\"VARCHAR\"]')) AS action FROM skill_usage JOIN projects USING (project_id)
        WHERE is_active AND skill_name = ? AND follow_ups IS NOT NULL)
    GROUP BY action ORDER BY count(*) DESC, action LIMIT 5";

const PAIRS: &str = "WITH
    sessions AS (
        SELECT hash(project_id, session_id) AS session, skill_name, min(invoked_at) AS first_use
        FROM skill_usage JOIN projects USING (project_id) WHERE is_active AND session_id IS NOT NULL GROUP BY ALL),
    total AS (SELECT count(DISTINCT session) AS n FROM sessions),
    alone AS (SELECT skill_name, count(*) AS n FROM sessions GROUP BY skill_name),
    pairs AS (
        SELECT a.skill_name AS one, b.skill_name AS other, count(*) AS n,
            count(*) FILTER (a.first_use < b.first_use) + count(*) FILTER (a.first_use = b.first_use) / 2 AS in_order
        FROM sessions a JOIN sessions b ON a.session = b.session AND a.skill_name < b.skill_name GROUP BY ALL)
    SELECT if(in_order * 2 >= p.n, one, other), if(in_order * 2 >= p.n, other, one), p.n,
        p.n::DOUBLE * total.n / (x.n * y.n), greatest(in_order, p.n - in_order) / p.n
    FROM pairs p JOIN alone x ON x.skill_name = one JOIN alone y ON y.skill_name = other, total
    ORDER BY p.n DESC, one, other LIMIT ?";

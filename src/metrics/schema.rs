//! Which tables are there?
//!
//! `projects`, `skill_usage`, `skill_aggregates` and `workflow_executions` hold what is asked for; `stale_windows` names the
//! rollups that uses have changed since, and `settings` what belongs to the file. `workflow_executions` is a view, so that it
//! always says what the uses say; without a session nobody knows what belongs together.
//!
//! The two large tables have no index and no declared key. DuckDB scans columns and passes over blocks by their least and
//! greatest values; no question here would take an index, while each makes collecting slower. One program at a time writes,
//! and `collect` and `projects` keep ids single and projects known.

/// The tables' version, in `settings`.
pub const VERSION: &str = "1";

/// Makes what is not there.
pub const CREATE: &str = "
CREATE TABLE IF NOT EXISTS settings (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS projects (
    project_id VARCHAR PRIMARY KEY,
    project_path VARCHAR NOT NULL UNIQUE,
    project_name VARCHAR NOT NULL,
    project_type VARCHAR NOT NULL,
    is_active BOOLEAN NOT NULL,
    registered_at TIMESTAMP NOT NULL,
    collected_at TIMESTAMP,
    collected_hash VARCHAR
);
CREATE TABLE IF NOT EXISTS skill_usage (
    id HUGEINT NOT NULL,
    project_id VARCHAR NOT NULL,
    skill_name VARCHAR NOT NULL,
    invoked_at TIMESTAMP NOT NULL,
    completed_at TIMESTAMP,
    duration_ms DECIMAL(15, 3),
    success BOOLEAN,
    session_id VARCHAR,
    workflow_path VARCHAR,
    user_query VARCHAR,
    alternatives VARCHAR,
    selection_rank INTEGER,
    follow_ups VARCHAR,
    follow_up_count INTEGER NOT NULL,
    error_type VARCHAR
);
CREATE TABLE IF NOT EXISTS skill_aggregates (
    skill_name VARCHAR NOT NULL,
    project_id VARCHAR,
    time_window VARCHAR NOT NULL,
    window_start TIMESTAMP NOT NULL,
    total_invocations BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    followed_up BIGINT NOT NULL,
    projects BIGINT NOT NULL,
    avg_duration_ms DOUBLE,
    p50_duration_ms DOUBLE,
    p90_duration_ms DOUBLE,
    p99_duration_ms DOUBLE,
    selection_rank DOUBLE
);
CREATE TABLE IF NOT EXISTS stale_windows (
    time_window VARCHAR,
    window_start TIMESTAMP,
    PRIMARY KEY (time_window, window_start)
);
CREATE VIEW IF NOT EXISTS workflow_executions AS
    SELECT md5(concat_ws(chr(31), project_id, session_id, workflow_path)) AS workflow_id, project_id,
        workflow_path AS workflow_name, session_id, min(invoked_at) AS started_at,
        to_json(list(skill_name ORDER BY invoked_at, skill_name)) AS skills_used,
        CASE WHEN bool_or(NOT success) THEN 'failed' WHEN bool_and(success IS NOT NULL) THEN 'completed' ELSE 'running' END AS status
    FROM skill_usage JOIN projects USING (project_id)
    WHERE is_active AND session_id IS NOT NULL AND workflow_path IS NOT NULL GROUP BY project_id, session_id, workflow_path;
";

//! Which tables are there?
//!
//! `projects`, `skill_usage`, `skill_aggregates` and `workflow_executions` hold what is asked for; `stale_windows` names the
//! rollups that uses have changed since, and `settings` what belongs to the file.

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
    id HUGEINT PRIMARY KEY,
    project_id VARCHAR NOT NULL REFERENCES projects (project_id),
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
CREATE INDEX IF NOT EXISTS idx_skill_usage_project_time ON skill_usage (project_id, invoked_at);
CREATE INDEX IF NOT EXISTS idx_skill_usage_skill_time ON skill_usage (skill_name, invoked_at);
CREATE TABLE IF NOT EXISTS skill_aggregates (
    skill_name VARCHAR NOT NULL,
    project_id VARCHAR REFERENCES projects (project_id),
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
CREATE TABLE IF NOT EXISTS workflow_executions (
    workflow_id UHUGEINT PRIMARY KEY,
    project_id VARCHAR NOT NULL REFERENCES projects (project_id),
    workflow_name VARCHAR NOT NULL,
    session_id VARCHAR,
    started_at TIMESTAMP NOT NULL,
    skills_used VARCHAR NOT NULL,
    status VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS stale_windows (
    time_window VARCHAR NOT NULL,
    skill_name VARCHAR NOT NULL,
    window_start TIMESTAMP NOT NULL
);
";

//! How do the uses in projects' files get into the database, each once, whatever happens meanwhile?

use std::collections::HashMap;
use std::path::Path;

use duckdb::params;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::projects::Source;
use super::store::Store;
use crate::bytes::sha256;
use crate::usage::{self, Clock, READER, Read, Remark, Use};
use crate::{Code, Error, Result, host};

/// What was collected of a project.
#[derive(Debug, Default, Serialize)]
pub struct Collected {
    /// The project's id.
    pub project: String,
    pub name: String,
    /// Uses in its file that can be counted.
    pub read: usize,
    /// Uses that were not known before.
    pub added: usize,
    /// Uses of which more is known than before.
    pub updated: usize,
    /// Uses of a time whose uses have been deleted by `prune`.
    pub pruned: usize,
    /// Whether the file is the one that was collected last.
    pub unchanged: bool,
    /// Records that could not be counted.
    pub skipped: Vec<Remark>,
    /// Records that are counted, with something left out or doubtful.
    pub noted: Vec<Remark>,
    /// Why nothing could be read; what was collected before stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The file of a project, read.
enum Found {
    Unchanged,
    Uses { read: Read, hash: String },
}

impl Store {
    /// Collects the uses of one project, by path, name or id, or of all active ones; files are only read.
    pub fn collect(&self, project: Option<&Path>, clock: &Clock) -> Result<Vec<Collected>> {
        let sources = self.sources(project)?;
        let mut all = Vec::with_capacity(sources.len());
        // As many files at once as there are threads bounds the memory.
        for sources in sources.chunks(rayon::current_num_threads().max(1)) {
            let found: Vec<Result<Found>> = sources.par_iter().map(|source| look(source, clock)).collect();
            for (source, found) in sources.iter().zip(found) {
                all.push(self.take(source, found, clock.now)?);
            }
        }
        Ok(all)
    }

    /// Puts what was found into the database, all of it or nothing.
    fn take(&self, source: &Source, found: Result<Found>, now: i64) -> Result<Collected> {
        let told = Collected { project: source.id.clone(), name: source.name.clone(), ..Collected::default() };
        let (read, hash) = match found {
            Err(error) => return Ok(Collected { error: Some(error.to_string()), ..told }),
            Ok(Found::Unchanged) => {
                return self.collected(source, None, now).map(|()| Collected { unchanged: true, ..told });
            }
            Ok(Found::Uses { read, hash }) => (read, hash),
        };
        let count = read.uses.len();
        let kept = self.kept_after()?;
        let uses: Vec<Use> = read.uses.into_iter().filter(|told| told.invoked_at >= kept).collect();
        let pruned = count - uses.len();
        let (uses, repeated) = identified(&source.id, uses);
        self.incoming(source, uses)?;
        let (added, updated) = self.whole(|| {
            let merged = self.merge(source)?;
            self.collected(source, Some(&hash), now)?;
            Ok(merged)
        })?;
        let noted = [read.noted, repeated].concat();
        Ok(Collected { read: count, added, updated, pruned, skipped: read.skipped, noted, ..told })
    }

    fn collected(&self, source: &Source, hash: Option<&str>, now: i64) -> Result<()> {
        let update =
            "UPDATE projects SET collected_at = make_timestamp(?), collected_hash = coalesce(?, collected_hash)
            WHERE project_id = ?";
        self.execute(update, params![now, hash, source.id]).map(drop)
    }

    /// Lays the uses beside the table, where nobody counts them yet.
    fn incoming(&self, source: &Source, uses: Vec<(i128, Use)>) -> Result<()> {
        let failed = |error| self.failed(error);
        self.connection.execute_batch(INCOMING).map_err(failed)?;
        let mut appender = self.connection.appender_to_catalog_and_db("incoming", "temp", "main").map_err(failed)?;
        for (id, told) in uses {
            append(&mut appender, &source.id, id, &told).map_err(failed)?;
        }
        appender.flush().map_err(failed)
    }

    /// Adds the uses that are new, completes those that are known, and notes which windows that changes.
    fn merge(&self, source: &Source) -> Result<(usize, usize)> {
        self.execute(CHANGED, [&source.id])?;
        self.mark_stale("temp.changed", [])?;
        let updated = self.execute(REPLACED, [&source.id])?;
        let told = self.execute(INSERT, [])?;
        Ok((told - updated, updated))
    }
}

fn look(source: &Source, clock: &Clock) -> Result<Found> {
    let file = source.file();
    let bytes = host::read(&file).map_err(|error| if source.path.is_dir() { error } else { moved(source) })?;
    let hash = format!("{READER}:{}", sha256(&bytes));
    if source.hash.as_ref() == Some(&hash) {
        return Ok(Found::Unchanged);
    }
    let read = usage::read(&bytes, clock).map_err(|error| error.at(file.display().to_string()))?;
    Ok(Found::Uses { read, hash })
}

fn moved(source: &Source) -> Error {
    let help =
        "register it where it lies now with `--moved-from OLD`, or take it out with `skillmesh metrics unregister`";
    Error::new(Code::Io, "the project's folder is gone").at(source.path.display().to_string()).help(help)
}

/// Each use under an id that it has in every file that tells of it, and what was told of one differently. What is told
/// twice under a name that the writer gave is one use; of several that nobody can tell apart each is one.
fn identified(project: &str, uses: Vec<Use>) -> (Vec<(i128, Use)>, Vec<Remark>) {
    let mut all: Vec<(i128, Use)> = Vec::with_capacity(uses.len());
    let mut places: HashMap<i128, usize> = HashMap::with_capacity(uses.len());
    let mut same: HashMap<i128, u32> = HashMap::new();
    let mut noted = Vec::new();
    for told in uses {
        let mut id = identity(project, &told, 0);
        if told.id.is_none() {
            let number = same.entry(id).or_default();
            id = if *number == 0 { id } else { identity(project, &told, *number) };
            *number += 1;
        }
        match places.get(&id) {
            Some(place) => noted.extend(all[*place].1.learn(told)),
            None => {
                places.insert(id, all.len());
                all.push((id, told));
            }
        }
    }
    (all, noted)
}

/// The first half of the SHA-256 of what does not change while a skill runs.
fn identity(project: &str, told: &Use, number: u32) -> i128 {
    let mut hash = Sha256::new();
    let written_at = told.written_at.to_string();
    let parts: [&str; 4] = match &told.id {
        Some(id) => [project, "id", id, ""],
        None => [project, &told.skill, &written_at, told.session_id.as_deref().unwrap_or_default()],
    };
    parts.iter().for_each(|part| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    });
    hash.update(number.to_le_bytes());
    let digest = hash.finalize();
    i128::from_le_bytes(std::array::from_fn(|at| digest[at]))
}

fn append(appender: &mut duckdb::Appender, project: &str, id: i128, told: &Use) -> duckdb::Result<()> {
    let list = |names: &[String]| (!names.is_empty()).then(|| serde_json::json!(names).to_string());
    appender.append_row(params![
        id,
        told.id.is_some(),
        project,
        told.skill,
        told.invoked_at,
        told.completed_at,
        told.duration_ms.map(|duration| (duration * 1000.0).round() as i64),
        told.success,
        told.session_id,
        told.workflow_path,
        told.user_query,
        list(&told.alternatives),
        told.selection_rank,
        list(&told.follow_ups),
        told.follow_ups.len() as i32,
        told.error_type,
    ])
}

const INCOMING: &str = "CREATE OR REPLACE TEMP TABLE incoming (
    id HUGEINT, is_named BOOLEAN, project_id VARCHAR, skill_name VARCHAR, invoked_at BIGINT, completed_at BIGINT,
    duration_us BIGINT, success BOOLEAN, session_id VARCHAR, workflow_path VARCHAR, user_query VARCHAR,
    alternatives VARCHAR, selection_rank INTEGER, follow_ups VARCHAR, follow_up_count INTEGER, error_type VARCHAR)";

/// What is new, or known with less: what nobody said before is filled in, what was to be done afterwards only grows, and
/// the time and the skill stay. Of a use that its writer named the last word counts; one that is only known by skill and
/// time may be another one of that time, so that what is known of it stays.
const CHANGED: &str = "CREATE OR REPLACE TEMP TABLE changed AS
    WITH told AS (
        SELECT * REPLACE (make_timestamp(invoked_at) AS invoked_at, make_timestamp(completed_at) AS completed_at),
            (duration_us * 0.001)::DECIMAL(15, 3) AS duration_ms
        FROM temp.incoming),
    merged AS (
        SELECT i.id, i.project_id, coalesce(u.skill_name, i.skill_name) AS skill_name,
            coalesce(u.invoked_at, i.invoked_at) AS invoked_at,
            coalesce(if(is_named, i.completed_at, NULL), u.completed_at, i.completed_at) AS completed_at,
            coalesce(if(is_named, i.duration_ms, NULL), u.duration_ms, i.duration_ms) AS duration_ms,
            coalesce(if(is_named, i.success, NULL), u.success, i.success) AS success,
            coalesce(u.session_id, i.session_id) AS session_id,
            coalesce(u.workflow_path, i.workflow_path) AS workflow_path,
            coalesce(u.user_query, i.user_query) AS user_query,
            coalesce(u.alternatives, i.alternatives) AS alternatives,
            coalesce(u.selection_rank, i.selection_rank) AS selection_rank,
            if(i.follow_up_count > coalesce(u.follow_up_count, 0), i.follow_ups, u.follow_ups) AS follow_ups,
            greatest(i.follow_up_count, u.follow_up_count) AS follow_up_count,
            coalesce(if(is_named, i.error_type, NULL), u.error_type, i.error_type) AS error_type, u.id IS NOT NULL AS known,
            u AS before
        FROM told i LEFT JOIN (FROM skill_usage WHERE project_id = ?) u ON i.id = u.id)
    SELECT * EXCLUDE before FROM merged
    WHERE NOT known OR (completed_at, duration_ms, success, session_id, workflow_path, user_query, alternatives,
            selection_rank, follow_up_count, error_type)
        IS DISTINCT FROM (before.completed_at, before.duration_ms, before.success, before.session_id, before.workflow_path,
            before.user_query, before.alternatives, before.selection_rank, before.follow_up_count, before.error_type)";

const REPLACED: &str =
    "DELETE FROM skill_usage WHERE project_id = ? AND id IN (SELECT id FROM temp.changed WHERE known)";

const INSERT: &str = "INSERT INTO skill_usage SELECT * EXCLUDE known FROM temp.changed";

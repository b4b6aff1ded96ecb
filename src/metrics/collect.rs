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
use crate::usage::{self, Read, Remark, Use};
use crate::{Result, host};

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
    /// Collects the uses of the project at a path, or of all active projects; files are only read. `now` in microseconds
    /// since 1970.
    pub fn collect(&self, project: Option<&Path>, now: i64) -> Result<Vec<Collected>> {
        let sources = self.sources(project)?;
        let mut all = Vec::with_capacity(sources.len());
        // As many files at once as there are threads bounds the memory.
        for sources in sources.chunks(rayon::current_num_threads().max(1)) {
            let found: Vec<Result<Found>> = sources.par_iter().map(|source| look(source, now)).collect();
            for (source, found) in sources.iter().zip(found) {
                all.push(self.take(source, found, now)?);
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
        self.incoming(source, uses)?;
        let (added, updated) = self.whole(|| {
            let merged = self.merge(source)?;
            self.collected(source, Some(&hash), now)?;
            Ok(merged)
        })?;
        Ok(Collected { read: count, added, updated, pruned, skipped: read.skipped, noted: read.noted, ..told })
    }

    fn collected(&self, source: &Source, hash: Option<&str>, now: i64) -> Result<()> {
        let update =
            "UPDATE projects SET collected_at = make_timestamp(?), collected_hash = coalesce(?, collected_hash)
            WHERE project_id = ?";
        self.execute(update, params![now, hash, source.id]).map(drop)
    }

    /// Lays the uses beside the table, where nobody counts them yet.
    fn incoming(&self, source: &Source, uses: Vec<Use>) -> Result<()> {
        let failed = |error| self.failed(error);
        self.connection.execute_batch(INCOMING).map_err(failed)?;
        let mut appender = self.connection.appender_to_catalog_and_db("incoming", "temp", "main").map_err(failed)?;
        for (id, told) in identified(&source.id, uses) {
            append(&mut appender, &source.id, id, &told).map_err(failed)?;
        }
        appender.flush().map_err(failed)
    }

    /// Adds the uses that are new, completes those that are known, and notes which windows that changes.
    fn merge(&self, source: &Source) -> Result<(usize, usize)> {
        self.execute(CHANGED, [&source.id])?;
        self.mark_stale("temp.changed", [])?;
        let updated = self.execute(UPDATE, [])?;
        let added = self.execute(INSERT, [])?;
        Ok((added, updated))
    }
}

fn look(source: &Source, now: i64) -> Result<Found> {
    let file = source.file();
    let bytes = host::read(&file)?;
    let hash = sha256(&bytes);
    if source.hash.as_ref() == Some(&hash) {
        return Ok(Found::Unchanged);
    }
    let read = usage::read(&bytes, now).map_err(|error| error.at(file.display().to_string()))?;
    Ok(Found::Uses { read, hash })
}

/// Each use under an id that it has in every file that tells of it. One that the writer named is told of last where it
/// stands last; of several that nobody can tell apart each is one.
fn identified(project: &str, uses: Vec<Use>) -> Vec<(i128, Use)> {
    let mut same: HashMap<i128, u32> = HashMap::new();
    let mut last: HashMap<i128, usize> = HashMap::new();
    let mut all: Vec<(i128, Use)> = Vec::with_capacity(uses.len());
    for told in uses {
        let first = identity(project, &told, 0);
        if told.id.is_some() {
            match last.get(&first) {
                Some(at) => all[*at].1 = told,
                None => {
                    last.insert(first, all.len());
                    all.push((first, told));
                }
            }
            continue;
        }
        let number = same.entry(first).or_default();
        all.push((if *number == 0 { first } else { identity(project, &told, *number) }, told));
        *number += 1;
    }
    all
}

/// The first half of the SHA-256 of what does not change while a skill runs.
fn identity(project: &str, told: &Use, number: u32) -> i128 {
    let mut hash = Sha256::new();
    let invoked_at = told.invoked_at.to_string();
    let parts: [&str; 4] = match &told.id {
        Some(id) => [project, "id", id, ""],
        None => [project, &told.skill, &invoked_at, told.session_id.as_deref().unwrap_or_default()],
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
    id HUGEINT, project_id VARCHAR, skill_name VARCHAR, invoked_at BIGINT, completed_at BIGINT, duration_us BIGINT,
    success BOOLEAN, session_id VARCHAR, workflow_path VARCHAR, user_query VARCHAR, alternatives VARCHAR,
    selection_rank INTEGER, follow_ups VARCHAR, follow_up_count INTEGER, error_type VARCHAR)";

/// What is new, or differs from what is known; the time and the skill under which a use is known stay.
const CHANGED: &str = "CREATE OR REPLACE TEMP TABLE changed AS
    SELECT i.* REPLACE (coalesce(u.invoked_at, make_timestamp(i.invoked_at)) AS invoked_at,
            coalesce(u.skill_name, i.skill_name) AS skill_name, make_timestamp(i.completed_at) AS completed_at),
        (i.duration_us * 0.001)::DECIMAL(15, 3) AS duration_ms, u.id IS NOT NULL AS known
    FROM temp.incoming i LEFT JOIN (FROM skill_usage WHERE project_id = ?) u ON i.id = u.id
    WHERE u.id IS NULL OR (make_timestamp(i.completed_at), (i.duration_us * 0.001)::DECIMAL(15, 3), i.success,
            i.follow_ups, i.error_type, i.selection_rank)
        IS DISTINCT FROM (u.completed_at, u.duration_ms, u.success, u.follow_ups, u.error_type, u.selection_rank)";

const UPDATE: &str =
    "UPDATE skill_usage SET completed_at = c.completed_at, duration_ms = c.duration_ms, success = c.success,
        follow_ups = c.follow_ups, follow_up_count = c.follow_up_count, error_type = c.error_type,
        selection_rank = c.selection_rank
    FROM temp.changed c WHERE c.known AND skill_usage.id = c.id";

const INSERT: &str = "INSERT INTO skill_usage
    SELECT id, project_id, skill_name, invoked_at, completed_at, duration_ms, success, session_id, workflow_path,
        user_query, alternatives, selection_rank, follow_ups, follow_up_count, error_type
    FROM temp.changed WHERE NOT known";

//! Whose uses are collected?

use std::path::{Path, PathBuf};

use duckdb::{Row, params};
use serde::Serialize;

use super::store::Store;
use crate::bytes::sha256;
use crate::{Code, Error, Result};

/// Digits of a project's id: enough that no two of somebody's projects share one.
const ID_DIGITS: usize = 16;

/// Where a project keeps its uses.
const FILE: &str = ".session-buddy/skill_metrics.json";

/// A registered project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Project {
    /// The first digits of the SHA-256 of its path.
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether its uses count.
    pub is_active: bool,
    /// How many uses are known.
    pub uses: u64,
    /// Where it lies; only where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
}

/// What a collector needs to know.
pub struct Source {
    pub id: String,
    pub name: String,
    pub path: PathBuf,
    /// SHA-256 of the file that was collected last.
    pub hash: Option<String>,
}

impl Source {
    pub fn file(&self) -> PathBuf {
        self.path.join(FILE)
    }
}

impl Store {
    /// From now on uses of this project count; returns its id. A project that is known gets the name and the type.
    pub fn register(&self, path: &Path, name: &str, kind: &str, now: i64) -> Result<String> {
        let path = real(path)?;
        let id = id(&path);
        let text = text(&path)?;
        self.whole(|| {
            if self.source(&id)?.is_none() {
                let insert = "INSERT INTO projects VALUES (?, ?, ?, ?, TRUE, make_timestamp(?), NULL, NULL)";
                self.execute(insert, params![id, text, name, kind, now])?;
            }
            let update = "UPDATE projects SET project_name = ?, project_type = ? WHERE project_id = ?";
            self.execute(update, params![name, kind, id])?;
            self.activate(&id, true)
        })?;
        Ok(id)
    }

    /// From now on uses of this project count for nothing; with `forget` they are deleted.
    pub fn unregister(&self, path: &Path, forget: bool) -> Result<()> {
        // The folder may be gone; it is known by the path that it had.
        let path =
            real(path).or_else(|_| std::path::absolute(path).map_err(|error| no_folder(path).caused_by(error)))?;
        let id = id(&path);
        self.source(&id)?.ok_or_else(|| {
            Error::new(Code::InvalidArgument, "no such project")
                .got(path.display())
                .help("`skillmesh metrics projects --paths` lists them")
        })?;
        self.whole(|| self.activate(&id, false))?;
        if forget { self.forget(&id) } else { Ok(()) }
    }

    /// All projects, by name; their paths only if asked for.
    pub fn projects(&self, paths: bool) -> Result<Vec<Project>> {
        let sql = "SELECT p.project_id, project_name, project_type, is_active, count(u.id), project_path
            FROM projects p LEFT JOIN skill_usage u USING (project_id) GROUP BY ALL ORDER BY project_name, p.project_id";
        self.rows(sql, [], |row| {
            let path: String = row.get(5)?;
            Ok(Project {
                id: row.get(0)?,
                name: row.get(1)?,
                kind: row.get(2)?,
                is_active: row.get(3)?,
                uses: row.get(4)?,
                path: paths.then(|| path.into()),
            })
        })
    }

    /// The active projects, or one of any kind by its path.
    pub(super) fn sources(&self, of: Option<&Path>) -> Result<Vec<Source>> {
        let Some(path) = of else {
            return self.rows(&format!("{SOURCE} WHERE is_active ORDER BY project_id"), [], source);
        };
        let found = self.source(&id(&real(path)?))?;
        found.map(|source| vec![source]).ok_or_else(|| {
            let help = "register it first: `skillmesh metrics register PATH NAME TYPE`";
            Error::new(Code::InvalidArgument, "no such project").got(path.display()).help(help)
        })
    }

    /// The id of the project with this name or id.
    pub(super) fn project_named(&self, name: &str) -> Result<String> {
        let sql = "SELECT project_id FROM projects WHERE project_id = ?1 OR project_name = ?1 ORDER BY project_id";
        let mut found: Vec<String> = self.rows(sql, [name], |row| row.get(0))?;
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::new(Code::InvalidArgument, "no such project")
                .got(name)
                .help("`skillmesh metrics projects` lists them")),
            _ => Err(Error::new(Code::InvalidArgument, "several projects have this name")
                .got(name)
                .expected(format!("one of the ids {}", found.join(", ")))),
        }
    }

    fn source(&self, id: &str) -> Result<Option<Source>> {
        Ok(self.rows(&format!("{SOURCE} WHERE project_id = ?"), [id], source)?.into_iter().next())
    }

    /// Counts the project's uses, or no longer; every rollup that they are in is stale then.
    fn activate(&self, id: &str, active: bool) -> Result<()> {
        let changed = "UPDATE projects SET is_active = ? WHERE project_id = ? AND is_active <> ?";
        if self.execute(changed, params![active, id, active])? > 0 {
            self.mark_stale("skill_usage WHERE project_id = ?", [id])?;
        }
        Ok(())
    }

    fn forget(&self, id: &str) -> Result<()> {
        self.whole(|| {
            for table in ["skill_usage", "skill_aggregates", "projects"] {
                self.execute(&format!("DELETE FROM {table} WHERE project_id = ?"), [id])?;
            }
            Ok(())
        })
    }
}

const SOURCE: &str = "SELECT project_id, project_name, project_path, collected_hash FROM projects";

fn source(row: &Row) -> duckdb::Result<Source> {
    Ok(Source { id: row.get(0)?, name: row.get(1)?, path: row.get::<_, String>(2)?.into(), hash: row.get(3)? })
}

fn id(path: &Path) -> String {
    sha256(path.as_os_str().as_encoded_bytes())[..ID_DIGITS].to_owned()
}

/// Where the folder really lies, so that one project has one id.
fn real(path: &Path) -> Result<PathBuf> {
    path.canonicalize().ok().filter(|path| path.is_dir()).ok_or_else(|| no_folder(path))
}

fn no_folder(path: &Path) -> Error {
    Error::new(Code::InvalidArgument, "no such folder").at(path.display().to_string()).expected("a project's folder")
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| no_folder(path).got("a name that is not UTF-8"))
}

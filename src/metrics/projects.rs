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
    /// The first digits of the SHA-256 of the database's salt and the path where it was registered first.
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
        let (name, kind) = (named(name, "name")?, named(kind, "type")?);
        let path = real(path)?;
        let id = match self.at(&path)? {
            Some(id) => id,
            None => self.new_id(&path)?,
        };
        self.whole(|| {
            let insert = "INSERT OR IGNORE INTO projects VALUES (?, ?, ?, ?, TRUE, make_timestamp(?), NULL, NULL)";
            self.execute(insert, params![id, text(&path)?, name, kind, now])?;
            let update = "UPDATE projects SET project_name = ?, project_type = ? WHERE project_id = ?";
            self.execute(update, params![name, kind, id])?;
            self.activate(&id, true)
        })?;
        Ok(id)
    }

    /// A known project lies in another folder now; its uses stay its own.
    pub fn relocate(&self, from: &Path, to: &Path) -> Result<()> {
        let (id, to) = (self.known(from)?, real(to)?);
        if self.at(&to)?.is_some_and(|there| there != id) {
            let error = Error::new(Code::InvalidArgument, "another project is registered there");
            let help = "take it out first: `skillmesh metrics unregister PATH --forget`";
            return Err(error.at(to.display().to_string()).help(help));
        }
        let update = "UPDATE projects SET project_path = ? WHERE project_id = ?";
        self.execute(update, params![text(&to)?, id]).map(drop)
    }

    /// From now on uses of this project count for nothing; with `forget` they are deleted. Its folder may be gone: it is
    /// known by the path that it had, by its name, and by its id.
    pub fn unregister(&self, project: &Path, forget: bool) -> Result<()> {
        let id = self.known(project)?;
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
        match of {
            None => self.rows(&format!("{SOURCE} WHERE is_active ORDER BY project_name, project_id"), [], source),
            Some(path) => self.rows(&format!("{SOURCE} WHERE project_id = ?"), [self.known(path)?], source),
        }
    }

    /// The id of the project that is registered under this path, name or id.
    fn known(&self, project: &Path) -> Result<String> {
        let absolute = std::path::absolute(project).unwrap_or_else(|_| project.to_owned());
        match self.at(&real(project).unwrap_or(absolute))? {
            Some(id) => Ok(id),
            None => self.project_named(&project.to_string_lossy()),
        }
    }

    /// The id of the project at a path.
    fn at(&self, path: &Path) -> Result<Option<String>> {
        let found =
            self.rows("SELECT project_id FROM projects WHERE project_path = ?", [text(path)?], |row| row.get(0))?;
        Ok(found.into_iter().next())
    }

    /// Paths can be guessed; with a salt that never leaves the database, guesses cannot be tried on ids.
    fn new_id(&self, path: &Path) -> Result<String> {
        let salted = format!("{}{}", self.setting("salt")?.unwrap_or_default(), text(path)?);
        Ok(sha256(salted.as_bytes())[..ID_DIGITS].to_owned())
    }

    /// The id of the project with this name or id.
    pub(super) fn project_named(&self, name: &str) -> Result<String> {
        let sql = "SELECT project_id FROM projects WHERE project_id = ?1 OR project_name = ?1 ORDER BY project_id";
        let mut found: Vec<String> = self.rows(sql, [name], |row| row.get(0))?;
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Error::new(Code::InvalidArgument, "no such project")
                .got(name)
                .expected("the path, name or id of one that is registered")
                .help("`skillmesh metrics projects` lists them, `skillmesh metrics register PATH NAME TYPE` adds one")),
            _ => Err(Error::new(Code::InvalidArgument, "several projects have this name")
                .got(name)
                .expected(format!("one of the ids {}", found.join(", ")))),
        }
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

fn named<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    let text = text.trim();
    let error =
        || Error::new(Code::InvalidArgument, format!("the project's {what} is blank")).expected("a word or two");
    if text.is_empty() { Err(error()) } else { Ok(text) }
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

//! How is the database opened, so that nobody else reads it and nobody writes it at the same time?

use std::path::{Path, PathBuf};

use duckdb::{Config, Connection, Params, Row, params};

use super::schema::{CREATE, VERSION};
use crate::host::{Listener, Lock};
use crate::{Code, Error, Result};

/// The uses of registered projects. One program has it open at a time; others wait for it.
pub struct Store {
    pub(super) connection: Connection,
    path: PathBuf,
    _lock: Lock,
}

impl Store {
    /// Opens the database at this path.
    pub fn open(path: &Path) -> Result<Store> {
        Store::open_while(path, &())
    }

    /// The same where another program that has it open is only waited for as long as the listener wants.
    pub fn open_while(path: &Path, listener: &dyn Listener) -> Result<Store> {
        if !path.exists() {
            let help = "name the right file, or make it with `skillmesh metrics register PATH NAME TYPE`";
            let error = Error::new(Code::Metrics, "there is no database of uses").at(path.display().to_string());
            return Err(error.help(help));
        }
        Store::opened(path, listener)
    }

    /// Opens the database at this path, or makes it, for its owner's eyes only.
    pub fn open_or_make(path: &Path) -> Result<Store> {
        Store::opened(path, &())
    }

    fn opened(path: &Path, listener: &dyn Listener) -> Result<Store> {
        make_folder(path)?;
        let lock = Lock::take(path, listener)?;
        let connection = connect(path).map_err(|error| unusable(path, error))?;
        let store = Store { connection, path: path.to_owned(), _lock: lock };
        keep_private(path)?;
        store.check_version()?;
        Ok(store)
    }

    fn check_version(&self) -> Result<()> {
        let at = |error| unusable(&self.path, error);
        self.connection.execute_batch(CREATE).map_err(at)?;
        let insert = "INSERT OR IGNORE INTO settings VALUES ('version', ?), ('salt', uuid()::VARCHAR)";
        self.connection.execute(insert, params![VERSION]).map_err(at)?;
        match self.setting("version")? {
            Some(version) if version != VERSION => Err(Error::new(Code::Metrics, "the database has other tables")
                .at(self.path.display().to_string())
                .expected(format!("version {VERSION}"))
                .got(version)
                .help("use the release of skillmesh that made it, or collect into another file")),
            _ => Ok(()),
        }
    }

    /// What is written down under this name.
    pub(super) fn setting(&self, name: &str) -> Result<Option<String>> {
        let found = self.rows("SELECT value FROM settings WHERE name = ?", [name], |row| row.get(0))?;
        Ok(found.into_iter().next())
    }

    /// All rows that a query finds.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        of: impl FnMut(&Row) -> duckdb::Result<T>,
    ) -> Result<Vec<T>> {
        let found = || self.connection.prepare(sql)?.query_map(params, of)?.collect::<duckdb::Result<Vec<T>>>();
        found().map_err(|error| self.failed(error))
    }

    /// The only row of a query that counts.
    pub(super) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        of: impl FnOnce(&Row) -> duckdb::Result<T>,
    ) -> Result<T> {
        self.connection.query_row(sql, params, of).map_err(|error| self.failed(error))
    }

    /// Changes rows; says how many.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.connection.execute(sql, params).map_err(|error| self.failed(error))
    }

    /// Does all of `work`, or nothing of it.
    pub(super) fn whole<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let transaction = self.connection.unchecked_transaction().map_err(|error| self.failed(error))?;
        let done = work()?;
        transaction.commit().map_err(|error| self.failed(error))?;
        Ok(done)
    }

    pub(super) fn failed(&self, error: duckdb::Error) -> Error {
        Error::new(Code::Metrics, "the database did not do it").at(self.path.display().to_string()).caused_by(error)
    }
}

/// Nothing but the file is touched: no extension is fetched, no other file read.
fn connect(path: &Path) -> duckdb::Result<Connection> {
    let config = Config::default()
        .enable_autoload_extension(false)?
        .enable_external_access(false)?
        .with("preserve_insertion_order", "false")?;
    Connection::open_with_flags(path, config)
}

fn unusable(path: &Path, error: duckdb::Error) -> Error {
    let (what, help) = match error.to_string().contains("Could not set lock") {
        true => ("another program has the database open", "close it there, and run this again"),
        false => {
            ("this is no database of ours", "name a file that `skillmesh metrics` made, or one that is not there yet")
        }
    };
    Error::new(Code::Metrics, what).at(path.display().to_string()).caused_by(error).help(help)
}

/// As many rows as SQL can be asked for.
pub(super) fn limited(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

fn make_folder(path: &Path) -> Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) else {
        return Ok(());
    };
    private_folder(folder).map_err(|error| {
        Error::new(Code::Io, "the folder cannot be made").at(folder.display().to_string()).caused_by(error)
    })
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(unix)]
fn keep_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(|error| {
        Error::new(Code::Io, "the file cannot be made private").at(path.display().to_string()).caused_by(error)
    })
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> Result<()> {
    Ok(())
}

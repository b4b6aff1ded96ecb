//! Where are things kept that somebody would miss?

use std::path::{Path, PathBuf};

use crate::{Code, Error, Result};

/// The database of uses: `named`, else the environment's, else the one in the user's data folder.
pub fn metrics_file(named: Option<&Path>) -> Result<PathBuf> {
    let kept = || Some(data_folder()?.join("metrics.duckdb"));
    named.map(Path::to_owned).or_else(|| variable("SKILLMESH_METRICS")).or_else(kept).ok_or_else(|| {
        Error::new(Code::InvalidArgument, "no folder for the database")
            .help("name it with --db FILE, or set SKILLMESH_METRICS")
    })
}

/// From now on what this program makes is for its user's eyes only: a database's files beside the one that is named, too.
pub fn keep_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// `SKILLMESH_DATA_DIR`, else the system's folder for data of programs.
fn data_folder() -> Option<PathBuf> {
    let home = || variable("HOME").map(|home| home.join(".local/share"));
    let system = || variable("XDG_DATA_HOME").or_else(|| variable("APPDATA")).or_else(home);
    variable("SKILLMESH_DATA_DIR").or_else(|| system().map(|folder| folder.join("skillmesh")))
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

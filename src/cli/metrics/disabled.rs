//! What is said where the program was built without the database?

use std::path::Path;

use super::args::Metrics;
use crate::cli::Outcome;
use crate::snapshot::Lead;
use crate::{Code, Error, Result};

pub fn run(_: &Metrics) -> Result<Outcome> {
    Err(missing())
}

pub fn leads(_: &Path, _: &[String]) -> Result<Vec<Lead>> {
    Err(missing())
}

fn missing() -> Error {
    Error::new(Code::Metrics, "this program was built without metrics")
        .help("build it with `./build.sh`, or with `cargo build --release --features metrics-bundled`; docs/metrics.md says more")
}

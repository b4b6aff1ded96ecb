//! `skillmesh diff` and `skillmesh apply`: from one snapshot to the next by a small file.

use std::path::Path;

use indicatif::HumanBytes;

use super::args::{Apply, Diff};
use super::progress::Terminal;
use super::{Outcome, print};
use crate::bytes::sha256;
use crate::snapshot::Snapshot;
use crate::{Code, Error, Result, host, index};

pub fn diff(args: &Diff) -> Result<Outcome> {
    let (old, new) = (open(&args.old)?, open(&args.new)?);
    let delta = index::diff(&old, &new).map_err(|error| error.at(args.new.display().to_string()))?;
    host::write(&args.out, &delta)?;
    let sizes = (HumanBytes(delta.len() as u64), HumanBytes(new.size() as u64));
    print(&format!("Wrote {}: {} instead of {}\n", args.out.display(), sizes.0, sizes.1))?;
    Ok(Outcome::Done)
}

pub fn apply(args: &Apply) -> Result<Outcome> {
    let at = |error: Error| error.at(args.delta.display().to_string());
    let new = index::apply(&open(&args.old)?, &host::source(&args.delta)?.bytes).map_err(at)?;
    if let Some(expected) = &args.expect {
        check(expected, &sha256(&new)).map_err(at)?;
    }
    host::write_snapshot(&args.out, &new, &Terminal::new())?;
    print(&format!("Wrote {}: {}\n", args.out.display(), HumanBytes(new.len() as u64)))?;
    Ok(Outcome::Done)
}

fn check(expected: &str, got: &str) -> Result<()> {
    if expected.eq_ignore_ascii_case(got) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "the delta leads to another snapshot")
        .expected(format!("SHA-256 {expected}"))
        .got(got)
        .help("fetch the delta again, or the whole snapshot, from where the hash is from"))
}

fn open(path: &Path) -> Result<Snapshot> {
    let at = |error: Error| error.at(path.display().to_string());
    let snapshot = Snapshot::open(host::read(path)?).map_err(at)?;
    snapshot.verify().map_err(at)?;
    Ok(snapshot)
}

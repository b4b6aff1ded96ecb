//! What is said where the program was built without Chroma?

use std::path::Path;
use std::sync::Arc;

use super::MEMORY;
use super::args::{Backend, BackendArg, Index};
use crate::cli::Outcome;
use crate::search::{Memory, RetrievalBackend, SkillRetriever};
use crate::{Code, Error, Result};

pub fn index(_: &Index) -> Result<Outcome> {
    Err(missing())
}

/// A server that is named on the command line is wanted; one that the environment names is for other programs.
pub fn open(
    args: &Backend,
    _: &Path,
    tell: impl Fn(String) + Send + Sync + 'static,
) -> Result<Arc<dyn RetrievalBackend>> {
    match args.backend {
        BackendArg::Chroma => return Err(missing()),
        BackendArg::Auto if args.server.chroma_url.is_some() => {
            tell(format!("note: Chroma is not used, the snapshot's own vectors answer: {}", missing()));
        }
        BackendArg::Auto | BackendArg::Memory => {}
    }
    Ok(Arc::new(Memory))
}

/// The same with what it is.
pub fn settled(args: &Backend, of: &Path, _: &SkillRetriever) -> Result<(Arc<dyn RetrievalBackend>, &'static str)> {
    Ok((open(args, of, |line| eprintln!("{line}"))?, MEMORY))
}

fn missing() -> Error {
    Error::new(Code::Chroma, "this program was built without Chroma")
        .help("build it with `cargo build --release --features chroma`, as docs/chroma.md says")
}

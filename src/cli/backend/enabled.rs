//! Which server was asked for?

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::{Backend, BackendArg, Index, Server};
use crate::chroma::{Auto, Chroma, Settings, collection_name};
use crate::cli::{Outcome, count, print, print_json, progress};
use crate::search::{Indexed, Memory, RetrievalBackend};
use crate::{Code, Error, Result, host};

/// Names the server, where it is not said on the command line.
const URL: &str = "SKILLMESH_CHROMA_URL";

/// What the server has to be told; never on the command line, which other programs see.
const TOKEN: &str = "SKILLMESH_CHROMA_TOKEN";

pub fn index(args: &Index) -> Result<Outcome> {
    let chroma = chroma(&args.server, &args.snapshot)?.ok_or_else(unnamed)?;
    let cards = host::open_skills(&args.snapshot)?;
    if args.clear {
        chroma.clear()?;
    }
    let bar = progress::spinner("vectors sent");
    let told = chroma.index(&cards, &|done, all| progress::advance(&bar, done, all))?;
    bar.finish_and_clear();
    if args.json {
        print_json(&told)?;
    } else {
        print(&line(&told, chroma.name()))?;
    }
    Ok(Outcome::Done)
}

fn line(Indexed { rows, added, changed, removed, unchanged, .. }: &Indexed, name: &str) -> String {
    format!(
        "{} in {name}: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged\n",
        count(*rows, "vector")
    )
}

/// What the arguments name; `of` is the snapshot or registry, after which the collection is called.
pub fn open(
    args: &Backend,
    of: &Path,
    tell: impl Fn(String) + Send + Sync + 'static,
) -> Result<Arc<dyn RetrievalBackend>> {
    let named = if args.backend == BackendArg::Memory { None } else { chroma(&args.server, of)? };
    match (args.backend, named) {
        (BackendArg::Chroma, None) => Err(unnamed()),
        (BackendArg::Chroma, Some(chroma)) => Ok(Arc::new(chroma)),
        (BackendArg::Auto, Some(chroma)) => Ok(Arc::new(Auto::new(chroma, tell))),
        (BackendArg::Memory, _) | (BackendArg::Auto, None) => Ok(Arc::new(Memory)),
    }
}

/// The collection, if a server is named.
fn chroma(server: &Server, of: &Path) -> Result<Option<Chroma>> {
    let url = server.chroma_url.clone().map_or_else(|| said(URL), |url| Ok(Some(url)))?;
    let Some(url) = url else { return Ok(None) };
    let settings = Settings {
        url,
        tenant: server.chroma_tenant.clone(),
        database: server.chroma_database.clone(),
        collection: server.collection.clone().unwrap_or_else(|| collection_name(&registry(of))),
        token: said(TOKEN)?,
        token_header: server.chroma_token_header.clone(),
        ca: server.chroma_ca.as_deref().map(host::read).transpose()?,
        timeout: Duration::from_secs_f32(server.chroma_timeout),
    };
    Chroma::new(settings).map(Some)
}

/// The name of a file without its ending, or of a folder.
fn registry(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = if whole.is_dir() { whole.file_name() } else { whole.file_stem() };
    name.unwrap_or_default().to_string_lossy().into_owned()
}

/// What the environment says; nothing where it says nothing.
fn said(name: &str) -> Result<Option<String>> {
    let said = std::env::var_os(name).map(std::ffi::OsString::into_string).transpose();
    let said = said.map_err(|_| Error::new(Code::InvalidArgument, "no text").at(name).expected("UTF-8"))?;
    Ok(said.filter(|said| !said.trim().is_empty()))
}

fn unnamed() -> Error {
    Error::new(Code::InvalidArgument, "no Chroma server is named")
        .help(format!("name one with --chroma-url URL, such as http://localhost:8000, or by {URL}"))
}

//! Which server was asked for?

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::{Backend, BackendArg, Index, Server};
use super::{CHROMA, MEMORY};
use crate::chroma::{Auto, Chroma, DATABASE, Settings, TENANT, TIMEOUT, TOKEN_HEADER, collection_name};
use crate::cli::{Outcome, count, print, print_json, progress};
use crate::search::{Indexed, Memory, RetrievalBackend, SkillRetriever};
use crate::{Code, Error, Result, host};

/// Names the server, where it is not said on the command line.
const URL: &str = "SKILLMESH_CHROMA_URL";

/// What the server has to be told; never on the command line, which other programs see.
const TOKEN: &str = "SKILLMESH_CHROMA_TOKEN";

pub fn index(args: &Index) -> Result<Outcome> {
    let chroma = chroma(&args.server, &args.snapshot)?.ok_or_else(unnamed)?;
    let cards = host::open_skills(&args.snapshot)?;
    let bar = progress::spinner("vectors sent");
    let progress = |done, all| progress::advance(&bar, done, all);
    let told = if args.clear { chroma.index_anew(&cards, &progress) } else { chroma.index(&cards, &progress) }?;
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

/// The same for many questions at once: what answers the first of them answers all, and what that is.
pub fn settled(args: &Backend, of: &Path, cards: &SkillRetriever) -> Result<(Arc<dyn RetrievalBackend>, &'static str)> {
    let named = if args.backend == BackendArg::Memory { None } else { chroma(&args.server, of)? };
    let Some(chroma) = named else { return open(args, of, drop).map(|memory| (memory, MEMORY)) };
    match chroma.check(cards) {
        Err(error) if args.backend == BackendArg::Auto && Auto::covers(&error) => {
            eprintln!("{}", Auto::note(&error));
            Ok((Arc::new(Memory), MEMORY))
        }
        done => done.map(|()| (Arc::new(chroma) as Arc<dyn RetrievalBackend>, CHROMA)),
    }
}

/// The collection, if a server is named.
fn chroma(server: &Server, of: &Path) -> Result<Option<Chroma>> {
    let url = server.chroma_url.clone().map_or_else(|| said(URL), |url| Ok(Some(url)))?;
    let Some(url) = url else { return if is_said(server) { Err(unnamed()) } else { Ok(None) } };
    let settings = Settings {
        url,
        tenant: server.chroma_tenant.clone().unwrap_or_else(|| TENANT.to_owned()),
        database: server.chroma_database.clone().unwrap_or_else(|| DATABASE.to_owned()),
        collection: server.collection.clone().unwrap_or_else(|| collection_name(&registry(of))),
        token: said(TOKEN)?,
        token_header: server.chroma_token_header.clone().unwrap_or_else(|| TOKEN_HEADER.to_owned()),
        ca: server.chroma_ca.as_deref().map(host::read).transpose()?,
        timeout: server.chroma_timeout.map_or(TIMEOUT, Duration::from_secs_f32),
    };
    Chroma::new(settings).map(Some)
}

/// Whether anything was typed that is said of a server alone.
fn is_said(server: &Server) -> bool {
    let Server {
        chroma_url: _,
        collection,
        chroma_tenant,
        chroma_database,
        chroma_token_header,
        chroma_ca,
        chroma_timeout,
    } = server;
    let texts = [collection, chroma_tenant, chroma_database, chroma_token_header];
    texts.into_iter().any(Option::is_some) || chroma_ca.is_some() || chroma_timeout.is_some()
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

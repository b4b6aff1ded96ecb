//! What can a client of the Model Context Protocol ask? What the terminal asks, by the same functions; no logic of its own.
#![allow(clippy::disallowed_methods, reason = "the protocol is an edge")]

mod answers;
mod arguments;
mod follow;
mod http;
mod library;
mod pages;
mod remark;
mod server;
mod stdio;
mod tools;
mod turns;
mod work;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rmcp::{ServerHandler, ServiceExt};

use crate::host::KeptSnapshot;
use crate::search::RetrievalBackend;
use crate::{Code, Error, Result};
use library::Library;
pub use remark::remark;
use server::Server;

/// What a server answers from.
pub struct Start {
    /// Its skills.
    pub skills: Skills,
    /// A snapshot of documents.
    pub docs: Option<PathBuf>,
    /// The folder that the snapshot of documents is made from, where clients may add some.
    pub docs_folder: Option<PathBuf>,
    /// What was learnt from outcomes.
    pub learnt: Option<PathBuf>,
    /// The database of metrics.
    pub db: Option<PathBuf>,
    /// The model; `None`: the one that is found.
    pub model: Option<PathBuf>,
    /// Where the skills' vectors are looked up.
    pub backend: Arc<dyn RetrievalBackend>,
}

/// Where a server's skills are.
pub enum Skills {
    /// In a snapshot.
    Snapshot(PathBuf),
    /// In a registry or a folder, which is indexed in memory.
    Registry {
        /// Where it is.
        path: PathBuf,
        /// Whether vectors are wanted.
        dense: bool,
    },
    /// In a snapshot that follows its files.
    Kept(KeptSnapshot),
}

/// Where a server listens, and to whom.
pub struct Listen {
    /// Its address.
    pub address: SocketAddr,
    /// What clients have to say; `None`: nothing.
    pub token: Option<String>,
    /// Origins of pages that may ask beside those of this machine.
    pub origins: Vec<String>,
    /// Names that the server may be called by beside this machine's own.
    pub hosts: Vec<String>,
    /// How long a session lives that nobody uses, and how long a body may take; `None`: as the docs say.
    pub patience: Option<Duration>,
}

/// Serves until the client goes or somebody ends it; over standard input and output unless told where to listen.
pub fn serve(start: Start, listen: Option<Listen>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(unstartable)?;
    let library = Arc::new(Library::open(start)?);
    let stop = follow::begin(&library, &runtime)?;
    let served = runtime.block_on(async {
        tokio::select! {
            served = over(&library, listen) => served,
            heard = signalled() => heard,
        }
    });
    if let Some(stop) = stop {
        stop.ask();
    }
    // Standard input cannot be given up while it is read.
    runtime.shutdown_background();
    served
}

async fn over(library: &Arc<Library>, listen: Option<Listen>) -> Result<()> {
    match listen {
        Some(listen) => http::serve(library, listen).await,
        None => over_stdio(library).await,
    }
}

async fn over_stdio(library: &Arc<Library>) -> Result<()> {
    let (input, output) = rmcp::transport::stdio();
    let server = Server::new(library);
    let transport = stdio::Patient::new(input, output, server.supported_protocol_versions());
    match server.serve(transport).await {
        Ok(running) => running.waiting().await.map(drop).map_err(|error| broken(error.into())),
        // A client that goes before it has said who it is has had enough.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(broken(error.into())),
    }
}

/// Ctrl-C, and where there is such a thing the signal that asks a program to end.
async fn signalled() -> Result<()> {
    #[cfg(unix)]
    {
        let kind = tokio::signal::unix::SignalKind::terminate();
        let mut terminate = tokio::signal::unix::signal(kind).map_err(unstartable)?;
        tokio::select! {
            heard = tokio::signal::ctrl_c() => heard.map_err(unstartable),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(unstartable)
}

fn unstartable(error: std::io::Error) -> Error {
    Error::new(Code::Io, "the server cannot be started").caused_by(error)
}

fn broken(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::new(Code::Io, "the connection to the client broke").caused_by(error)
}

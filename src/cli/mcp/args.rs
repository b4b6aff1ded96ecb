//! What can be typed after `skillmesh mcp`?

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::cli::backend::args::Backend;

/// Serve skills and documents to agents by the Model Context Protocol, over standard input and output or over HTTP
#[derive(Args)]
#[command(group = clap::ArgGroup::new("skills").args(["snapshot", "registry"]).required(true))]
#[command(group = clap::ArgGroup::new("indexed").args(["registry", "watch"]).multiple(true))]
#[cfg_attr(not(feature = "mcp"), allow(dead_code, reason = "a program without the server only says so"))]
pub struct Mcp {
    /// A snapshot written by `skillmesh build`
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// A registry or skill folder, indexed in memory
    #[arg(long, value_name = "PATH", conflicts_with = "watch")]
    pub registry: Option<PathBuf>,
    /// Keep the snapshot up to date with these registries and skill folders
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "snapshot")]
    pub watch: Vec<PathBuf>,
    /// Index for keywords only, without the model
    #[arg(long, requires = "indexed")]
    pub no_dense: bool,
    /// A snapshot of documents, written by `skillmesh ingest`
    #[arg(long, value_name = "FILE")]
    pub docs: Option<PathBuf>,
    /// Let clients add documents to this folder, of which the snapshot of documents was made, and to that snapshot
    #[arg(long, value_name = "FOLDER", requires = "docs")]
    pub docs_folder: Option<PathBuf>,
    /// Count outcomes, and let clients record them in this file
    #[arg(long, value_name = "FILE")]
    pub learnt: Option<PathBuf>,
    /// The database of `skillmesh metrics` [default: $SKILLMESH_METRICS, else the one in the data folder, where there is one]
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// The model pack, or a name such as `minilm` [default: the kept one that the snapshot's vectors are from]
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Listen at this address, such as 127.0.0.1:8808, instead of standard input
    #[arg(long, value_name = "ADDRESS")]
    pub http: Option<SocketAddr>,
    /// What clients have to send as a bearer token; better set by SKILLMESH_MCP_TOKEN, which other programs do not see
    #[arg(long, value_name = "TOKEN", requires = "http")]
    pub token: Option<String>,
    /// Let pages of this origin ask, such as https://example.org, beside those of this machine; may be repeated
    #[arg(long, value_name = "ORIGIN", requires = "http")]
    pub allow_origin: Vec<String>,
    /// Answer to this name too, such as skills.example.org, beside this machine's own; may be repeated
    #[arg(long, value_name = "NAME", requires = "http")]
    pub allow_host: Vec<String>,
    /// Seconds after which unused sessions and slow bodies end, for tests
    #[arg(long, value_name = "SECONDS", requires = "http", hide = true)]
    pub patience: Option<u64>,
    #[command(flatten)]
    pub backend: Backend,
}

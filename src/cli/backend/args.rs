//! What can be typed of backends?

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where the vectors are looked up.
#[derive(Args)]
pub struct Backend {
    /// Where vectors are looked up: by default in Chroma, where a server is named and up to date, else in the snapshot
    #[arg(long, value_enum, default_value_t = BackendArg::Auto)]
    pub backend: BackendArg,
    #[command(flatten)]
    pub server: Server,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BackendArg {
    /// In the snapshot
    Memory,
    /// On a Chroma server, or nowhere
    Chroma,
    /// In Chroma where it answers, else in the snapshot, which is said
    Auto,
}

/// Which Chroma server; its token is in SKILLMESH_CHROMA_TOKEN alone.
#[derive(Args)]
#[cfg_attr(not(feature = "chroma"), allow(dead_code, reason = "a program without Chroma only says so"))]
pub struct Server {
    /// The server, such as http://localhost:8000 [default: $SKILLMESH_CHROMA_URL]
    #[arg(long, value_name = "URL", help_heading = "Chroma")]
    pub chroma_url: Option<String>,
    /// The collection [default: the name of the snapshot or registry with the version of the records, such as skills-v1]
    #[arg(long, value_name = "NAME", help_heading = "Chroma")]
    pub collection: Option<String>,
    /// Whose databases [default: default_tenant]
    #[arg(long, value_name = "NAME", help_heading = "Chroma")]
    pub chroma_tenant: Option<String>,
    /// Which of them [default: default_database]
    #[arg(long, value_name = "NAME", help_heading = "Chroma")]
    pub chroma_database: Option<String>,
    /// In which header SKILLMESH_CHROMA_TOKEN is sent [default: authorization, with Bearer before it]
    #[arg(long, value_name = "NAME", help_heading = "Chroma")]
    pub chroma_token_header: Option<String>,
    /// Certificates, in PEM, of those who vouch for the server [default: those whom browsers trust]
    #[arg(long, value_name = "FILE", help_heading = "Chroma")]
    pub chroma_ca: Option<PathBuf>,
    /// How long one answer may take [default: 30]
    #[arg(long, value_name = "SECONDS", help_heading = "Chroma", value_parser = seconds)]
    pub chroma_timeout: Option<f32>,
}

fn seconds(text: &str) -> Result<f32, String> {
    let seconds: f32 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    if (0.001..=3600.0).contains(&seconds) { Ok(seconds) } else { Err("expected 0.001 to 3600 seconds".to_owned()) }
}

/// Put a snapshot's vectors into a Chroma collection, or bring one up to date by what has changed
#[derive(Args)]
#[cfg_attr(not(feature = "chroma"), allow(dead_code, reason = "a program without Chroma only says so"))]
pub struct Index {
    /// A snapshot with vectors, written by `skillmesh build`
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    #[command(flatten)]
    pub server: Server,
    /// Take the collection away first, with everything in it, if it is one that skillmesh made
    #[arg(long)]
    pub clear: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

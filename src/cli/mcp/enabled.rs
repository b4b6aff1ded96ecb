//! Which server was asked for?

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use super::args::Mcp;
use crate::cli::{Outcome, backend};
use crate::host::{self, KeptSnapshot};
use crate::mcp::{Listen, Skills, Start, remark, serve};
use crate::{Code, Error, Result};

/// Names the token, where it is not said on the command line.
const TOKEN: &str = "SKILLMESH_MCP_TOKEN";

pub fn run(args: &Mcp) -> Result<Outcome> {
    let listen = args.http.map(|address| listen(args, address)).transpose()?;
    let Mcp { docs, docs_folder, learnt, db, model, .. } = args;
    let (docs, docs_folder, learnt) = (docs.clone(), docs_folder.clone(), learnt.clone());
    let place = args.snapshot.as_deref().or(args.registry.as_deref()).unwrap_or(Path::new(""));
    let backend = backend::open(&args.backend, place, |line| remark(line + "\n"))?;
    let (db, model) = (db.clone(), model.clone());
    let start = Start { skills: skills(args), docs, docs_folder, learnt, db, model, backend };
    serve(start, listen)?;
    Ok(Outcome::Done)
}

fn skills(args: &Mcp) -> Skills {
    let Mcp { snapshot, registry, watch, model, .. } = args;
    match (snapshot, registry) {
        (Some(snapshot), _) if watch.is_empty() => Skills::Snapshot(snapshot.clone()),
        (Some(snapshot), _) => Skills::Kept(KeptSnapshot {
            paths: watch.clone(),
            snapshot: snapshot.clone(),
            model: model.as_deref().map(host::named_model),
            dense: !args.no_dense,
        }),
        (None, Some(registry)) => Skills::Registry { path: registry.clone(), dense: !args.no_dense },
        (None, None) => unreachable!("clap requires one of the two"),
    }
}

/// Beyond this machine nobody is heard without a token.
fn listen(args: &Mcp, address: SocketAddr) -> Result<Listen> {
    let token = token(args.token.as_deref())?;
    if token.is_none() && !address.ip().is_loopback() {
        return Err(Error::new(Code::InvalidArgument, "other machines could ask without a token")
            .at(format!("--http {address}"))
            .expected("an address of this machine only, such as 127.0.0.1:8808, or a token")
            .got("neither")
            .help(format!("set {TOKEN} to a long random text, which clients then send")));
    }
    let (origins, hosts) = (args.allow_origin.clone(), args.allow_host.clone());
    Ok(Listen { address, token, origins, hosts, patience: args.patience.map(Duration::from_secs) })
}

/// What clients have to say. A token that is set and says nothing is refused: whoever set it wants one.
fn token(said: Option<&str>) -> Result<Option<String>> {
    let (place, token) = match said {
        Some(said) => ("--token", Some(said.into())),
        None => (TOKEN, std::env::var_os(TOKEN)),
    };
    let Some(token) = token else { return Ok(None) };
    let read = token.into_string().ok().filter(|token| !token.trim().is_empty());
    read.map(Some).ok_or_else(|| {
        Error::new(Code::InvalidArgument, "unusable token")
            .at(place)
            .expected("a long random text")
            .got("none, or one that is no text")
            .help("set it, or leave it out where every program of this machine may ask")
    })
}

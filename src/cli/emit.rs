//! `skillmesh emit`: a context block of the cards that answer a query.

use serde_json::json;

use super::args::Emit;
use super::mesh::Mesh;
use super::{Outcome, print, print_json};
use crate::Result;
use crate::emit::emit;

pub fn run(args: &Emit) -> Result<Outcome> {
    let mesh = Mesh::open(&args.query)?;
    let answer = mesh.answer(&args.query)?;
    if let Some(reason) = answer.reason {
        eprintln!("nothing found: {reason}");
        return Ok(Outcome::NothingFound);
    }
    let request = mesh.request(&args.query);
    let block = emit(&mesh.retriever, args.provider.into(), &request, args.instruction_chars)?;
    if args.json {
        print_json(&json!({"query": answer.query, "mode": answer.mode, "hits": answer.hits, "block": block}))?;
    } else {
        print(&block)?;
    }
    Ok(Outcome::Done)
}

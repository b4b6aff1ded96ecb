//! `skillmesh emit`: a context block of the cards that answer a query, and of documents for them.

use serde_json::json;

use super::args::Emit;
use super::docs::Docs;
use super::mesh::{Mesh, model};
use super::{Outcome, print, print_json};
use crate::Result;
use crate::emit::{Emission, emit};

pub fn run(args: &Emit) -> Result<Outcome> {
    let model = model(args.query.mode.into(), args.query.model.as_deref())?;
    let mesh = Mesh::with(&args.query, model.as_ref())?;
    let open = |path: &std::path::PathBuf| Docs::open(path, model.as_ref(), &args.query.query, args.query.syntax);
    let docs = args.with_docs.as_ref().map(open).transpose()?;
    let answer = mesh.answer(&args.query)?;
    if let Some(reason) = answer.reason {
        eprintln!("nothing found: {reason}");
        return Ok(Outcome::NothingFound);
    }
    let asked = args.asked.asked();
    let documents = docs.as_ref().map(|docs| docs.documents(asked.as_ref()));
    let emission = Emission { provider: args.provider.into(), instruction_chars: args.instruction_chars, documents };
    let block = emit(&mesh.retriever, &mesh.request(&args.query), &emission)?;
    if args.json {
        print_json(&json!({"query": answer.query, "mode": answer.mode, "hits": answer.hits, "block": block}))?;
    } else {
        print(&block)?;
    }
    Ok(Outcome::Done)
}

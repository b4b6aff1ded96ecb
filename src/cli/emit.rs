//! `skillmesh emit`: a context block of the cards that answer a query, and of documents for them.

use std::path::PathBuf;

use serde_json::json;

use super::args::Emit;
use super::docs::Docs;
use super::mesh::{Mesh, model};
use super::{Outcome, print, print_json};
use crate::Result;
use crate::emit::{Emission, emit};
use crate::search::{Answer, Request};

pub fn run(args: &Emit) -> Result<Outcome> {
    let model = model(args.query.mode.into(), args.query.model.as_deref())?;
    let mesh = Mesh::with(&args.query, model.as_ref())?;
    let open = |path: &PathBuf| Docs::open(path, model.as_ref(), &args.query.query, args.query.syntax);
    let docs = args.with_docs.as_ref().map(open).transpose()?;
    let asked = args.asked.asked();
    let emission = Emission {
        provider: args.provider.into(),
        instruction_chars: args.instruction_chars,
        documents: docs.as_ref().map(|docs| docs.documents(&asked)),
    };
    let request = mesh.request(&args.query);
    let nearest = mesh.nearest(&request)?;
    let request = Request { nearest: nearest.as_ref(), ..request };
    let context = emit(&mesh.retriever, &request, &emission)?;
    let Answer { query, mode, reason, hits, .. } = mesh.retriever.retrieve(&request)?;
    reason.iter().for_each(|reason| eprintln!("no card found: {reason}"));
    if context.cards.is_empty() && context.documents.is_empty() {
        return Ok(Outcome::NothingFound);
    }
    let (documents, block) = (context.documents, context.block);
    if args.json {
        print_json(&json!({"query": query, "mode": mode, "hits": hits, "documents": documents, "block": block}))?;
    } else {
        print(&block)?;
    }
    Ok(Outcome::Done)
}

//! `skillmesh emit`: a context block of the cards that answer a query, and of documents for them.

use std::path::PathBuf;

use serde_json::json;

use super::args::Emit;
use super::docs::Docs;
use super::mesh::{Mesh, model};
use super::{Outcome, print, print_json};
use crate::Result;
use crate::emit::{Budget, Context, Emission, Style, emit};
use crate::search::Answer;

pub fn run(args: &Emit) -> Result<Outcome> {
    let model = model(args.query.mode.into(), args.query.model.as_deref())?;
    let mesh = Mesh::with(&args.query, model.as_ref())?;
    let open = |path: &PathBuf| Docs::open(path, model.as_ref(), &args.query.query, args.query.syntax);
    let docs = args.with_docs.as_ref().map(open).transpose()?;
    let asked = args.asked.asked();
    let documents = docs.as_ref().map(|docs| docs.documents(&asked));
    let request = mesh.request(&args.query);
    let Context { block, found, left_out } =
        emit(&mesh.retriever, &request, &Emission { documents, ..args.emission() })?;
    let Answer { query, mode, reason, hits, .. } = mesh.answer(&args.query)?;
    reason.iter().for_each(|reason| eprintln!("no card found: {reason}"));
    if found.cards.is_empty() && found.documents.is_empty() {
        return Ok(Outcome::NothingFound);
    }
    if left_out > 0 {
        eprintln!(
            "left out, for there was no room: {left_out} of {}",
            left_out + found.cards.len() + found.documents.len()
        );
    }
    let documents = found.documents;
    if args.json {
        print_json(&json!({"query": query, "mode": mode, "hits": hits, "documents": documents, "block": block}))?;
    } else {
        print(&block)?;
    }
    Ok(Outcome::Done)
}

impl Emit {
    fn emission(&self) -> Emission<'static> {
        Emission {
            style: Style { instruction_chars: self.instruction_chars, defer_loading: self.defer_loading },
            budget: Budget { chars: self.max_chars, tokens: self.max_tokens },
            with_dependencies: self.with_dependencies,
            ..Emission::new(self.provider)
        }
    }
}

//! `skillmesh emit`: a context block of the cards that answer a query, and of documents for them.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::Emit;
use super::docs::Docs;
use super::mesh::{Mesh, Wanted};
use super::{Outcome, print, print_json};
use crate::Result;
use crate::emit::{Budget, Context, Emission, Retrieved, Style, emit};
use crate::search::{Answer, Request};

pub fn run(args: &Emit) -> Result<Outcome> {
    let mut mesh = Mesh::open(&args.query)?;
    let wanted = Wanted::for_mode(args.query.mode.into(), args.query.model.as_deref());
    // That a model is missing is said once.
    let wanted = Wanted { say: wanted.say && mesh.retriever.header().model.is_none(), ..wanted };
    let model = mesh.model.take();
    let open = |path: &PathBuf| Docs::open(path, wanted, model, &args.query.query, args.query.syntax);
    let docs = args.with_docs.as_ref().map(open).transpose()?;
    let asked = args.asked.asked();
    let documents = docs.as_ref().map(|docs| docs.documents(&asked));
    let request = mesh.request(&args.query);
    let nearest = mesh.nearest(&request)?;
    let request = Request { nearest: nearest.as_ref(), ..request };
    let emission = Emission { documents, ..args.emission() };
    let context = emit(&mesh.retriever, &request, &emission)?;
    let Context { found: Retrieved { cards, documents, reason, .. }, left_out, .. } = &context;
    reason.iter().for_each(|reason| eprintln!("no card found: {reason}"));
    let emitted = cards.len() + documents.len();
    if *left_out > 0 {
        eprintln!("left out, for there was no room: {left_out} of {}", left_out + emitted);
    }
    if emitted == 0 {
        return Ok(Outcome::NothingFound);
    }
    if args.json {
        print_json(&report(mesh.retriever.retrieve(&request)?, &context))?;
    } else {
        print(&context.block)?;
    }
    Ok(Outcome::Done)
}

/// All hits with their explanations, the ids of the cards in the block, and the block.
fn report(Answer { query, mode, hits, .. }: Answer, Context { block, found, left_out }: &Context) -> Value {
    let cards: Vec<&str> = found.cards.iter().map(|emitted| emitted.card.id.as_str()).collect();
    let mut report = json!({"query": query, "mode": mode, "hits": hits, "cards": cards});
    (report["documents"], report["left_out"], report["block"]) =
        (json!(found.documents), json!(left_out), json!(block));
    report
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

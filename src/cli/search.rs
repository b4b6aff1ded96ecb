//! `skillmesh search`: the pages that answer a query, with their sections.

use super::args::Search;
use super::docs::Docs;
use super::mesh::Wanted;
use super::{Outcome, count, print, print_json};
use crate::Result;
use crate::search::{DocumentHit, DocumentRequest, Page, Request};

pub fn run(args: &Search) -> Result<Outcome> {
    let wanted = Wanted::for_mode(args.mode.into(), args.model.as_deref());
    let docs = Docs::open(&args.snapshot, wanted, None, &args.query, args.syntax)?;
    let query = Request {
        vector: docs.vector.as_deref(),
        top_k: args.limit,
        mode: args.mode.into(),
        syntax: args.syntax,
        min_confidence: args.min_confidence,
        filter: args.filter(),
        ..Request::new(&args.query)
    };
    let request = DocumentRequest { query, access: args.access.access(), offset: args.offset };
    let answer = docs.retriever.search(&request)?;
    if args.json {
        print_json(&answer)?;
    } else {
        let pages = answer.pages.iter().enumerate().map(|(i, page)| lines(args.offset + i + 1, page));
        print(&pages.collect::<String>())?;
        eprintln!("{} in all", count(answer.total, "page"));
    }
    match answer.reason {
        Some(reason) => eprintln!("nothing found: {reason}"),
        None if answer.pages.is_empty() => eprintln!("nothing found: --offset {} is past the last page", args.offset),
        None => {}
    }
    Ok(if answer.pages.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}

fn lines(number: usize, page: &Page) -> String {
    let sections: String = page.sections.iter().map(section).collect();
    format!("{number:>2}. {:.4}  {}  {}\n{sections}", page.score, page.title, page.url)
}

fn section(hit: &DocumentHit) -> String {
    let heading = hit.headings.last().map_or("", String::as_str);
    format!("    {heading}  {}\n      {}\n", hit.url, hit.snippet.text)
}

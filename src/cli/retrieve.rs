//! `skillmesh retrieve`: the cards that answer a query.

use serde::Serialize;
use serde_json::json;

use super::args::{Query, Retrieve};
use super::mesh::Mesh;
use super::{Outcome, print, print_json};
use crate::Result;
use crate::search::{Confidence, RetrievalHit, Snippet};

/// A hit with the lines that show why it was found.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    hit: RetrievalHit,
    snippet: Snippet,
}

pub fn run(args: &Retrieve) -> Result<Outcome> {
    let mesh = Mesh::open(&args.query)?;
    let request = mesh.request(&args.query);
    let answer = mesh.backend.query(&mesh.retriever, &request)?;
    let (query, mode, confidence, reason) = (answer.query, answer.mode, answer.confidence, answer.reason);
    let hits = answer.hits.into_iter().map(|hit| shown(&mesh, &args.query, hit)).collect::<Result<Vec<_>>>()?;
    if args.json {
        print_json(&json!({"query": query, "mode": mode, "confidence": confidence, "reason": reason, "hits": hits}))?;
    } else {
        print(&hits.iter().enumerate().map(|(i, shown)| lines(i + 1, shown)).collect::<String>())?;
        confidence.iter().for_each(|confidence| eprintln!("{}", said(confidence)));
    }
    if let Some(reason) = reason {
        eprintln!("nothing found: {reason}");
        return Ok(Outcome::NothingFound);
    }
    Ok(Outcome::Done)
}

fn shown(mesh: &Mesh, query: &Query, hit: RetrievalHit) -> Result<Shown> {
    let snippet = mesh.retriever.snippet(hit.ranked.number, hit.ranked.passage, &query.query, query.syntax)?;
    Ok(Shown { hit, snippet })
}

fn said(Confidence { value, level, clear_winner, .. }: &Confidence) -> String {
    let winner = if *clear_winner { ", the first stands clear of the others" } else { "" };
    format!("confidence: {level} ({value:.2}){winner}")
}

fn lines(number: usize, Shown { hit: RetrievalHit { card, ranked, .. }, snippet }: &Shown) -> String {
    let leg = |name: &str, score: Option<f32>| score.map_or(String::new(), |score| format!("  {name} {score:.3}"));
    let legs = leg("sparse", ranked.sparse_score) + &leg("dense", ranked.dense_score);
    format!("{number:>2}. {:.4}  {}  {}{legs}\n    {}\n", ranked.score, card.id, card.title, snippet.text)
}

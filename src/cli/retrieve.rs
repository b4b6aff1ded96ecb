//! `skillmesh retrieve`: the cards that answer a query.

use super::args::Retrieve;
use super::mesh::Mesh;
use super::{Outcome, print, print_json};
use crate::Result;
use crate::search::RetrievalHit;

pub fn run(args: &Retrieve) -> Result<Outcome> {
    let answer = Mesh::open(&args.query)?.answer(&args.query)?;
    if args.json {
        print_json(&answer)?;
    } else {
        print(&answer.hits.iter().enumerate().map(|(i, hit)| line(i + 1, hit)).collect::<String>())?;
    }
    if answer.hits.is_empty() {
        eprintln!("nothing found");
        return Ok(Outcome::NothingFound);
    }
    Ok(Outcome::Done)
}

fn line(number: usize, RetrievalHit { card, ranked }: &RetrievalHit) -> String {
    let leg = |name: &str, score: Option<f32>| score.map_or(String::new(), |score| format!("  {name} {score:.3}"));
    let legs = leg("sparse", ranked.sparse_score) + &leg("dense", ranked.dense_score);
    format!("{number:>2}. {:.4}  {}  {}{legs}\n", ranked.score, card.id, card.title)
}

//! Are half-typed, misspelt, foreign, quoted and pasted words understood by keywords alone?
#![cfg(feature = "cli")]

use std::path::Path;

use skillmesh::eval::judged;
use skillmesh::host;
use skillmesh::search::{Mode, Request, SkillRetriever};

fn mesh(path: &str) -> SkillRetriever {
    let cards = host::load_paths(&[Path::new(path).to_owned()]).unwrap().cards;
    SkillRetriever::open(host::build(cards, None, &|_, _| ()).unwrap()).unwrap()
}

/// At least 95 in 100 queries have their card among the first three.
fn finds(mesh: &SkillRetriever, set: &str, syntax: bool) {
    let queries = judged(&host::source(Path::new(&format!("tests/robust/{set}.jsonl"))).unwrap(), None).unwrap();
    let misses = |text: &str, relevant: &std::collections::BTreeSet<String>| {
        let answer = mesh.retrieve(&Request { mode: Mode::Sparse, syntax, ..Request::new(text) }).unwrap();
        !answer.hits.iter().any(|hit| relevant.contains(&hit.card.id))
    };
    let missed: Vec<&str> =
        queries.iter().filter(|query| misses(&query.text, &query.relevant)).map(|query| query.text.as_str()).collect();
    assert!(queries.len() >= 30 && missed.len() * 20 <= queries.len(), "{set}: {missed:#?}");
}

#[test]
fn over_the_registry() {
    let mesh = mesh("examples/registry");
    ["typo", "prefix", "identifier"].into_iter().for_each(|set| finds(&mesh, set, false));
    finds(&mesh, "phrase", true);
}

#[test]
fn over_cards_in_chinese() {
    finds(&mesh("tests/robust/chinese-corpus.jsonl"), "chinese", false);
}

#[test]
fn over_cards_with_accents() {
    finds(&mesh("tests/robust/accents-corpus.jsonl"), "accents", false);
}

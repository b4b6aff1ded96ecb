//! A server that is none: it answers as one that has all vectors of some cards, or as a test twists it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use skillmesh::chroma::{Chroma, Settings};
use skillmesh::search::SkillRetriever;

use crate::fixtures::{DIMENSIONS, chroma};
use crate::gate::{Asked, Gate, Then};

/// The collection's name.
pub const NAME: &str = "feigned";

/// The vectors of all records.
type Vectors = BTreeMap<String, Vec<f32>>;

/// A server that answers as it should, but for what `twist` does to an answer, given how many were like it before.
pub fn feigned(cards: &SkillRetriever, twist: impl Fn(&Asked, usize, &mut Value) + Send + Sync + 'static) -> Gate {
    let (about, vectors) = (about(cards), vectors(cards));
    Gate::new(1, move |asked, before| {
        let mut answer = answer(&about, &vectors, asked);
        twist(asked, before, &mut answer);
        Then::Tell("200 OK", String::new(), answer.to_string())
    })
}

/// The collection on that server.
pub fn of(gate: &Gate) -> Chroma {
    chroma(&gate.url(), NAME)
}

/// The same with a token.
pub fn with_token(gate: &Gate, token: &str) -> Chroma {
    Chroma::new(Settings { token: Some(token.to_owned()), ..Settings::new(&gate.url(), NAME) }).unwrap()
}

fn about(cards: &SkillRetriever) -> Value {
    json!({
        "skillmesh": 1, "model": "test", "fingerprint": "one", "dimensions": DIMENSIONS, "run": "1",
        "inputs": cards.header().inputs, "records": cards.stats().passages,
    })
}

fn vectors(cards: &SkillRetriever) -> Vectors {
    let entries = cards.ids().into_iter().zip(cards.entry_rows().unwrap());
    let records = entries.flat_map(|(id, rows)| {
        rows.into_iter().enumerate().map(move |(passage, row)| (format!("{id}#{passage}"), row.vector()))
    });
    records.collect()
}

fn answer(about: &Value, vectors: &Vectors, asked: &Asked) -> Value {
    let question: Value = serde_json::from_str(&asked.body).unwrap_or_default();
    match asked.what.as_str() {
        "GET count" => json!(vectors.len()),
        "GET pre-flight-checks" => json!({"max_batch_size": 1000}),
        "POST query" => {
            let queries = question["query_embeddings"].as_array().unwrap();
            json!({"ids": queries.iter().map(|query| nearest(vectors, query, &question)).collect::<Vec<_>>()})
        }
        "POST get" if question["ids"].is_array() => {
            let ids: Vec<&str> = question["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
            json!({"ids": ids, "embeddings": ids.iter().map(|id| &vectors[*id]).collect::<Vec<_>>()})
        }
        "POST get" => {
            let [offset, limit] = ["offset", "limit"].map(|key| question[key].as_u64().unwrap() as usize);
            json!({"ids": vectors.keys().skip(offset).take(limit).collect::<Vec<_>>()})
        }
        "POST upsert" | "POST delete" => json!({}),
        _ => json!({"id": "1", "metadata": about, "configuration_json": {"hnsw": {"space": "cosine"}}}),
    }
}

/// The ids of the nearest records, of those of the cards that are named.
fn nearest<'a>(vectors: &'a Vectors, query: &Value, question: &Value) -> Vec<&'a str> {
    let query: Vec<f64> = query.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect();
    let named = question["where"]["card"]["$in"].as_array();
    let is_named = |id: &str| named.is_none_or(|cards| cards.iter().any(|card| id.rsplit_once('#').unwrap().0 == card));
    let cosine = |vector: &[f32]| vector.iter().zip(&query).map(|(a, b)| f64::from(*a) * b).sum::<f64>();
    let mut all: Vec<(f64, &str)> =
        vectors.iter().filter(|(id, _)| is_named(id)).map(|(id, vector)| (cosine(vector), id.as_str())).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(question["n_results"].as_u64().unwrap() as usize).map(|(_, id)| id).collect()
}

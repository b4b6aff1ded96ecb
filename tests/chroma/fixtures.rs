//! Cards with vectors that no model has to make.

use skillmesh::card::Source;
use skillmesh::chroma::{Chroma, Settings};
use skillmesh::index::BuildPlan;
use skillmesh::search::{RetrievalBackend, SkillRetriever};
use skillmesh::snapshot::{ModelInfo, Ranking};
use skillmesh::{Error, ExpertCard};

pub const DIMENSIONS: usize = 32;

const WORDS: [&str; 24] = [
    "draw", "plot", "train", "model", "bucket", "lambda", "query", "index", "parse", "token", "image", "video", "blur",
    "face", "table", "column", "deploy", "cluster", "secret", "audit", "spark", "stream", "widget", "layout",
];

/// Vectors of a length near 1, in clouds, as those of a model are.
pub struct Draw(fastrand::Rng);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(fastrand::Rng::with_seed(seed))
    }

    /// A vector near the middle of a cloud.
    pub fn vector(&mut self, cloud: usize) -> Vec<f32> {
        let mut middle = fastrand::Rng::with_seed(cloud as u64);
        let number = |draw: &mut fastrand::Rng| draw.f32() + draw.f32() - 1.0;
        let all: Vec<f32> = (0..DIMENSIONS).map(|_| number(&mut middle) + 0.8 * number(&mut self.0)).collect();
        let length = all.iter().map(|v| v * v).sum::<f32>().sqrt();
        all.into_iter().map(|v| v / length).collect()
    }

    pub fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| WORDS[self.0.usize(..WORDS.len())]).collect::<Vec<_>>().join(" ")
    }
}

/// A card whose fields tell by its number what filters let it through.
pub fn card(number: usize, draw: &mut Draw) -> ExpertCard {
    let one = |of: &[&str]| of[number % of.len()].to_owned();
    ExpertCard {
        id: format!("card.{number:04}"),
        title: draw.words(3),
        description: draw.words(8),
        domain: one(&["Vision", "data", "sécurité", "web"]),
        tags: vec![one(&["aws", "Größe", "c++"]), format!("t{}", number % 7)],
        risk_level: one(&["low", "medium", "high", "", "low"]),
        maturity: one(&["stable", "beta"]),
        installed: !number.is_multiple_of(5),
        source: if number.is_multiple_of(3) { Source::Remote } else { Source::Local },
        ..ExpertCard::default()
    }
}

pub fn model(fingerprint: &str) -> ModelInfo {
    ModelInfo { name: "test".into(), fingerprint: fingerprint.into(), dimensions: DIMENSIONS as u32 }
}

/// A snapshot of these cards, each with one to four passages.
pub fn snapshot(cards: &[ExpertCard]) -> SkillRetriever {
    of_model(cards, "one")
}

pub fn of_model(cards: &[ExpertCard], fingerprint: &str) -> SkillRetriever {
    let vectors = cards.iter().map(|card| {
        let seed = u64::from_str_radix(&skillmesh::bytes::sha256(card.id.as_bytes())[..15], 16).unwrap();
        let mut draw = Draw::new(seed);
        let cloud = seed as usize % 12;
        (0..1 + seed as usize % 4).map(|_| draw.vector(cloud)).collect()
    });
    // Cards that a plan sorts have their vectors in its order.
    let mut sorted: Vec<(ExpertCard, Vec<Vec<f32>>)> = cards.iter().cloned().zip(vectors).collect();
    sorted.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    let (cards, vectors) = sorted.into_iter().unzip();
    let bytes = BuildPlan::new(cards).unwrap().compile(Some((model(fingerprint), vectors)), Ranking::default());
    SkillRetriever::open(bytes.unwrap()).unwrap()
}

pub fn many(count: usize) -> Vec<ExpertCard> {
    let mut draw = Draw::new(7);
    (0..count).map(|number| card(number, &mut draw)).collect()
}

pub fn chroma(url: &str, collection: &str) -> Chroma {
    Chroma::new(Settings::new(url, collection)).unwrap()
}

/// Added, changed, removed and unchanged.
pub fn indexed(chroma: &Chroma, cards: &SkillRetriever) -> Result<[usize; 4], Error> {
    let told = chroma.index(cards, &|_, _| {})?;
    Ok([told.added, told.changed, told.removed, told.unchanged])
}

pub fn rows(cards: &SkillRetriever) -> usize {
    cards.stats().passages
}

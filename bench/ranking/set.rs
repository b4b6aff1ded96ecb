//! What is asked of which cards, and what does the product say?

use std::path::Path;

use skillmesh::embed::Embedder;
use skillmesh::eval::{Judged, Metrics, judged};
use skillmesh::index::{BuildPlan, CardVectors};
use skillmesh::load::{Severity, corpus};
use skillmesh::search::{Fusion, Leg, Mode, Ranked, Request, Scored, SkillRetriever, query_parts};
use skillmesh::snapshot::{ModelInfo, Ranking};
use skillmesh::{Code, Error, ExpertCard, Result, host};

use crate::passages::Passages;

/// A labelled set, embedded once, with the product's own legs.
pub struct Set {
    /// The cards by number.
    pub cards: Vec<ExpertCard>,
    pub queries: Vec<Judged>,
    /// Of each query the vectors of its parts: the whole, then its sentences.
    pub vectors: Vec<CardVectors>,
    pub passages: Passages,
    pub retriever: SkillRetriever,
    /// What the product's legs say of all cards, query by query.
    pub legs: Vec<Legs>,
}

/// Both legs of one query.
pub struct Legs {
    pub sparse: Leg,
    pub dense: Leg,
}

/// What a set is called: as its folder is.
pub fn name(folder: &Path) -> String {
    folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}

impl Set {
    /// Reads, embeds and indexes the set in a folder.
    pub fn open(folder: &Path, model: &Embedder) -> Result<Set> {
        let plan = BuildPlan::new(cards(&folder.join("corpus.jsonl"))?)?;
        let (cards, texts) = (plan.cards().to_vec(), plan.passages());
        let qrels = host::source(&folder.join("qrels.tsv"))?;
        let queries = judged(&host::source(&folder.join("queries.jsonl"))?, Some(&qrels))?;
        let asked: Vec<Vec<String>> = queries.iter().map(|query| query_parts(&query.text, false)).collect();
        let vectors = host::embed_cards(model, &asked, &|_, _| ())?;
        let embedded = host::embed_cards(model, &texts, &|_, _| ())?;
        let passages = Passages::new(&embedded, model.dimensions())?;
        let snapshot = plan.compile(Some((model_info(model), embedded)), Ranking::default())?;
        let retriever = SkillRetriever::open(snapshot)?;
        let legs = Vec::new();
        Set { cards, queries, vectors, passages, retriever, legs }.with_legs()
    }

    fn with_legs(self) -> Result<Set> {
        let legs = (0..self.queries.len()).map(|at| self.product_legs(at)).collect::<Result<_>>()?;
        Ok(Set { legs, ..self })
    }

    /// A hybrid answer that holds every card tells both legs.
    fn product_legs(&self, at: usize) -> Result<Legs> {
        let vectors = self.vectors[at].concat();
        let mut ranked = self.retriever.rank(&self.request(at, &vectors, Mode::Hybrid, self.cards.len()))?.cards;
        ranked.sort_unstable_by_key(|ranked| ranked.number);
        let leg = |score: fn(&Ranked) -> Option<f32>| {
            let scored = ranked.iter().filter_map(|ranked| Some(Scored { card: ranked.number, score: score(ranked)? }));
            Leg::new(scored.collect(), self.cards.len())
        };
        Ok(Legs { sparse: leg(|r| r.sparse_score.filter(|score| *score > 0.0)), dense: leg(|r| r.dense_score) })
    }

    /// The query at `at` as the product is asked it.
    pub fn request<'a>(&'a self, at: usize, vectors: &'a [f32], mode: Mode, top_k: usize) -> Request<'a> {
        Request { vector: Some(vectors), mode, top_k, ..Request::new(&self.queries[at].text) }
    }

    /// Both legs of a query as the product sums them.
    pub fn fuse(&self, sparse: &Leg, dense: &Leg) -> Vec<Scored> {
        Fusion::Convex { dense_weight: self.retriever.header().ranking.dense_weight }.fuse(sparse, dense)
    }

    /// The mean nDCG@10 of the cards that `answer` finds for each judged query, best first.
    pub fn ndcg(&self, answer: impl Fn(usize) -> Result<Vec<usize>>) -> Result<f64> {
        let judged: Vec<usize> = (0..self.queries.len()).filter(|at| !self.queries[*at].relevant.is_empty()).collect();
        let gain = |at: &usize| {
            let ids: Vec<String> = answer(*at)?.into_iter().map(|number| self.cards[number].id.clone()).collect();
            Ok(Metrics::of(&ids, &self.queries[*at].relevant).ndcg_10)
        };
        let total: f64 = judged.iter().map(gain).sum::<Result<f64>>()?;
        Ok(total / judged.len().max(1) as f64)
    }
}

fn cards(file: &Path) -> Result<Vec<ExpertCard>> {
    let loaded = corpus(&host::source(file)?);
    match loaded.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(Error::new(Code::Registry, finding.to_string())),
        None => Ok(loaded.cards),
    }
}

fn model_info(model: &Embedder) -> ModelInfo {
    ModelInfo {
        name: model.name().to_owned(),
        fingerprint: model.fingerprint().to_owned(),
        dimensions: model.dimensions() as u32,
    }
}

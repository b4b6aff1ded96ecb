//! How is one query answered? Filter, score each leg, fuse, cut, explain.

use super::allowed::Allowed;
use super::hit::{Answer, Explanation, Ranked, RankedCards, RetrievalHit};
use super::leg::top;
use super::legs::Legs;
use super::request::{Mode, Request, query_parts};
use super::retriever::{SkillRetriever, no_vectors};
use super::syntax::Asked;
use crate::sparse::QueryTerm;
use crate::{Code, Error, Result};

impl SkillRetriever {
    /// The best cards for a query. No hits where the query has no word, or no card matches.
    pub fn retrieve(&self, request: &Request) -> Result<Answer> {
        let RankedCards { mode, cards } = self.rank(request)?;
        let hit = |ranked: Ranked| Ok(RetrievalHit { card: self.summary(ranked.number)?, ranked });
        let hits = cards.into_iter().map(hit).collect::<Result<_>>()?;
        Ok(Answer { query: request.text.to_owned(), mode, hits })
    }

    /// The numbers of the best cards for a query, with their scores, for who knows the cards already.
    pub fn rank(&self, request: &Request) -> Result<RankedCards> {
        let mode = self.resolve(request)?;
        let asked = Asked::of(request.text, request.syntax);
        let allowed = self.fulfilling(request.filter.allowed(&self.facets, self.len()), &asked.conditions)?;
        let terms = self.sparse.query_terms(&self.analyzer, &asked.text);
        let cards = match (terms.is_empty(), asked.conditions.is_empty()) {
            (false, _) => self.best(request, &self.legs(request, mode, &terms, &allowed), &terms),
            (true, false) => self.listed(request.top_k, &allowed),
            (true, true) => Vec::new(),
        };
        Ok(RankedCards { mode, cards })
    }

    fn best(&self, request: &Request, legs: &Legs, terms: &[QueryTerm]) -> Vec<Ranked> {
        let best = top(legs.scored(), request.top_k);
        let numbers: Vec<usize> = best.iter().map(|scored| scored.card).collect();
        let explanations = legs.explain(&numbers, self.sparse.matches(terms, &numbers));
        best.into_iter().zip(explanations).map(|(scored, explain)| legs.ranked(scored, explain)).collect()
    }

    /// Conditions without a word to rank by: the cards that fulfil them, in order.
    fn listed(&self, top_k: usize, allowed: &Allowed) -> Vec<Ranked> {
        let unranked = |number| Ranked {
            number,
            score: 0.0,
            sparse_score: None,
            dense_score: None,
            explain: Explanation::default(),
        };
        (0..self.len()).filter(|card| allowed.has(*card)).take(top_k).map(unranked).collect()
    }

    /// Which legs answer, or why they cannot.
    fn resolve(&self, request: &Request) -> Result<Mode> {
        if request.top_k == 0 {
            return Err(Error::new(Code::InvalidArgument, "top_k is too small").expected("1 or more").got(0));
        }
        let dense = self.dense.as_ref();
        match (request.mode, request.vector, dense) {
            (Mode::Sparse, ..) | (Mode::Auto, None, _) | (Mode::Auto, _, None) => Ok(Mode::Sparse),
            (_, _, None) => Err(no_vectors()),
            (_, None, _) => Err(Error::new(Code::NoModel, "semantic search needs the query's vector")
                .help("load the model that the snapshot was built with, or use mode `sparse`")),
            (mode, Some(vector), Some(index)) => {
                check_vector(request, vector, index.dimensions())?;
                Ok(if mode == Mode::Dense { Mode::Dense } else { Mode::Hybrid })
            }
        }
    }
}

/// One vector for the query, or one for each of its parts.
fn check_vector(request: &Request, vector: &[f32], dimensions: usize) -> Result<()> {
    let parts = query_parts(request.text, request.syntax).len();
    let fits = [dimensions, dimensions * parts].contains(&vector.len());
    if fits && vector.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "the query's vector does not fit the snapshot")
        .expected(format!("{dimensions} finite numbers, or {parts} × {dimensions} for the query's parts"))
        .got(format!("{} numbers", vector.len())))
}

//! What might a term of the query be worth? The product: `√tf(t, query) · idf(t)`.

use skillmesh::sparse::QueryTerm;

/// Weighs the product's query terms anew, given all terms that the query says, repeats included.
pub type Weigh = fn(&[String], Vec<QueryTerm>) -> Vec<QueryTerm>;

/// Queries of more terms are long: some of their words tell little.
const LONG: usize = 12;

/// As the product does.
pub fn as_product(_: &[String], terms: Vec<QueryTerm>) -> Vec<QueryTerm> {
    terms
}

/// A repeated term counts as often as it is said.
pub fn every_time(said: &[String], terms: Vec<QueryTerm>) -> Vec<QueryTerm> {
    scaled(terms, |term| root_of_count(said, term))
}

/// A repeated term counts once.
pub fn once(said: &[String], terms: Vec<QueryTerm>) -> Vec<QueryTerm> {
    scaled(terms, |term| 1.0 / root_of_count(said, term))
}

/// Only the terms that are said: none stands in for an unknown one.
pub fn as_said(said: &[String], terms: Vec<QueryTerm>) -> Vec<QueryTerm> {
    terms.into_iter().filter(|term| said.contains(&term.term)).collect()
}

/// Of a long query all but the quarter of its terms that most cards have.
pub fn rarest_three_quarters(said: &[String], terms: Vec<QueryTerm>) -> Vec<QueryTerm> {
    let kept = terms.len() - terms.len() / 4;
    rarest(said, terms, kept)
}

/// Of a long query the half of its terms that fewest cards have.
pub fn rarest_half(said: &[String], terms: Vec<QueryTerm>) -> Vec<QueryTerm> {
    let kept = terms.len() - terms.len() / 2;
    rarest(said, terms, kept)
}

fn rarest(said: &[String], mut terms: Vec<QueryTerm>, kept: usize) -> Vec<QueryTerm> {
    if terms.len() > LONG {
        let idf = |term: &QueryTerm| term.weight / root_of_count(said, term);
        terms.sort_by(|a, b| idf(b).total_cmp(&idf(a)));
        terms.truncate(kept);
    }
    terms
}

fn scaled(terms: Vec<QueryTerm>, factor: impl Fn(&QueryTerm) -> f32) -> Vec<QueryTerm> {
    terms.into_iter().map(|term| QueryTerm { weight: term.weight * factor(&term), ..term }).collect()
}

/// 1 for a term that stands in for another, as it is not said itself.
fn root_of_count(said: &[String], term: &QueryTerm) -> f32 {
    let count = said.iter().filter(|said| **said == term.term).count();
    (count.max(1) as f32).sqrt()
}

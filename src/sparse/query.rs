//! Which terms does a query look for, and what does each count?

use std::collections::BTreeMap;

use super::bm25::idf;
use super::expand::{frequency, stand_ins};
use super::index::SparseIndex;
use crate::text::Analyzer;

/// A term of the query.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryTerm {
    /// The term as the analyzer gives it.
    pub term: String,
    /// What a card that is full of it scores: `√tf(t, query) · idf(t)`, and less where it stands in for another.
    pub weight: f32,
}

/// A query of more terms was not typed by hand: its unknown words are names, and looking for others would take long.
const TYPED_TERMS: usize = 12;

/// In a query of more terms the last word is taken as it stands: the others say enough.
const UNFINISHED_TERMS: usize = 5;

/// What a term that stands in for an unknown one is worth beside one that was meant for sure.
const STAND_IN: f32 = 0.6;

/// In fewer cards than this no term is called common.
const COMMON_FROM: usize = 100;

/// What the analyzer saw of a query.
#[derive(Default)]
struct Said {
    counts: BTreeMap<String, u32>,
    last: String,
    /// Whether the last term may still be going on.
    unfinished: bool,
}

/// A term to look for, with its worth, and the cards in which it or its like stand.
struct Meant {
    term: String,
    worth: f32,
    df: u32,
}

impl SparseIndex {
    /// The distinct terms of a query, in order of terms.
    ///
    /// In a short query, known terms stand in for those that no card has; in any query, those that four cards in five
    /// have are passed over unless it says nothing else.
    pub fn query_terms(&self, analyzer: &Analyzer, query: &str) -> Vec<QueryTerm> {
        let said = Said::of(analyzer, query);
        let mut terms: BTreeMap<String, (f32, u32)> = BTreeMap::new();
        for (term, count) in &said.counts {
            for Meant { term, worth, df } in self.meant(term, &said) {
                let weight = (*count as f32).sqrt() * worth * idf(df, self.cards());
                let known = terms.entry(term).or_insert((0.0, df));
                *known = (known.0.max(weight), df);
            }
        }
        let (common, telling): (Vec<_>, Vec<_>) = terms.into_iter().partition(|(_, (_, df))| self.is_common(*df));
        let terms = if telling.is_empty() { common } else { telling };
        terms.into_iter().map(|(term, (weight, _))| QueryTerm { term, weight }).collect()
    }

    /// The term itself, or those that stand in for it, each as rare as the commonest of them.
    fn meant(&self, term: &str, said: &Said) -> Vec<Meant> {
        let df = frequency(self.dictionary(), term);
        let unknown = df == 0 && said.counts.len() <= TYPED_TERMS;
        let unfinished = said.unfinished && said.last == term && said.counts.len() <= UNFINISHED_TERMS;
        let found = if unknown { stand_ins(self.dictionary(), term, unfinished) } else { Vec::new() };
        if found.is_empty() {
            return vec![Meant { term: term.to_owned(), worth: 1.0, df }];
        }
        let df = found.iter().map(|term| frequency(self.dictionary(), term)).max().unwrap_or(0);
        found.into_iter().map(|term| Meant { term, worth: STAND_IN, df }).collect()
    }

    /// Whether nearly every card has the term: it tells none from another, and its list is the longest to read.
    fn is_common(&self, df: u32) -> bool {
        self.len() >= COMMON_FROM && u64::from(df) * 5 > u64::from(self.cards()) * 4
    }

    fn cards(&self) -> u32 {
        self.len() as u32
    }
}

impl Said {
    fn of(analyzer: &Analyzer, query: &str) -> Said {
        let mut said = Said { unfinished: query.ends_with(char::is_alphanumeric), ..Said::default() };
        analyzer.each_term(query, &mut |term| {
            *said.counts.entry(term.to_owned()).or_default() += 1;
            term.clone_into(&mut said.last);
        });
        said
    }
}

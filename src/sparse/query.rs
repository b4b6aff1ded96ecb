//! Which terms does a query look for, and what does each count?

use std::collections::BTreeMap;

use super::bm25::idf;
use super::expand::stand_ins;
use super::vocabulary::Vocabulary;
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
const COMMON_FROM: u32 = 100;

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

impl Vocabulary<'_> {
    /// The distinct terms of a query, in order of terms.
    ///
    /// In a short query, known terms stand in for those that no card has; in any query, those that four cards in five
    /// have are passed over unless it says nothing else that any has. Only the cards that are seen count: what others say
    /// must not decide what is found.
    pub fn query_terms(&self, analyzer: &Analyzer, query: &str) -> Vec<QueryTerm> {
        let said = Said::of(analyzer, query);
        let mut terms: BTreeMap<String, (f32, u32)> = BTreeMap::new();
        for (term, count) in &said.counts {
            for Meant { term, worth, df } in meant(term, &said, self) {
                let weight = (*count as f32).sqrt() * worth * idf(df, self.cards());
                let known = terms.entry(term).or_insert((0.0, df));
                *known = (known.0.max(weight), df);
            }
        }
        let is_common = |df: u32| is_common(df, self.cards());
        let tells = terms.values().any(|(_, df)| *df > 0 && !is_common(*df));
        let kept = terms.into_iter().filter(|(_, (_, df))| !(tells && is_common(*df)));
        kept.map(|(term, (weight, _))| QueryTerm { term, weight }).collect()
    }
}

/// The term itself, or those that stand in for it, each as rare as the commonest of them.
fn meant(term: &str, said: &Said, vocabulary: &Vocabulary) -> Vec<Meant> {
    let df = vocabulary.frequency(term);
    let unknown = df == 0 && said.counts.len() <= TYPED_TERMS;
    let unfinished = said.unfinished && said.last == term && said.counts.len() <= UNFINISHED_TERMS;
    let found = if unknown { stand_ins(vocabulary, term, unfinished) } else { Vec::new() };
    if found.is_empty() {
        return vec![Meant { term: term.to_owned(), worth: 1.0, df }];
    }
    let df = found.iter().map(|term| vocabulary.frequency(term)).max().unwrap_or(0);
    found.into_iter().map(|term| Meant { term, worth: STAND_IN, df }).collect()
}

/// Whether nearly every card has a term: it tells none from another, and its list is the longest to read.
fn is_common(df: u32, cards: u32) -> bool {
    cards >= COMMON_FROM && u64::from(df) * 5 > u64::from(cards) * 4
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

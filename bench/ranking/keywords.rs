//! How would the sparse leg score with other weights, fields, spellings or query terms?

use skillmesh::search::{Leg, Scored};
use skillmesh::sparse::{Bm25Params, Dictionary, Field, SparseIndex, SparseWriter, Vocabulary, field_texts};
use skillmesh::text::Analyzer;
use skillmesh::{ExpertCard, Result};

use crate::passages::whole;
use crate::set::Set;
use crate::weigh::{Weigh, as_product};

/// A sparse leg; [`Keywords::default`] is the product's.
pub struct Keywords {
    pub bm25: Bm25Params,
    /// The field that a text counts for, and what is read of it.
    pub place: fn(Field, String) -> (Field, String),
    /// How cards and query are spelt before the analyzer reads them.
    pub respell: fn(&str) -> String,
    /// What each term of the query is worth.
    pub weigh: Weigh,
}

impl Default for Keywords {
    fn default() -> Self {
        Keywords {
            bm25: Bm25Params::default(),
            place: |field, text| (field, text),
            respell: str::to_owned,
            weigh: as_product,
        }
    }
}

impl Keywords {
    /// What the leg says of all cards, query by query.
    pub fn legs(&self, set: &Set) -> Result<Vec<Leg>> {
        let (index, analyzer) = (self.index(&set.cards)?, Analyzer::new());
        let vocabulary = Vocabulary::new(vec![(0, index.dictionary())], None, index.len());
        let leg = |text: &str| {
            let text = (self.respell)(text);
            let terms = (self.weigh)(&analyzer.terms(&text), vocabulary.query_terms(&analyzer, &text));
            matched(index.scores(&terms))
        };
        Ok(set.queries.iter().map(|query| leg(&query.text)).collect())
    }

    fn index(&self, cards: &[ExpertCard]) -> Result<SparseIndex> {
        let mut writer = SparseWriter::default();
        for card in cards {
            let texts: Vec<(Field, String)> = field_texts(card).into_iter().map(|text| self.read(text)).collect();
            writer.push(texts.iter().map(|(field, text)| (*field, text.as_str())));
        }
        let sections = writer.finish()?;
        let dictionary = Dictionary::open(whole(sections.terms)?, whole(sections.postings)?)?;
        SparseIndex::open(dictionary, &whole(sections.lengths)?, cards.len(), self.bm25.clone(), None)
    }

    fn read(&self, (field, text): (Field, String)) -> (Field, String) {
        let (field, text) = (self.place)(field, text);
        (field, (self.respell)(&text))
    }
}

/// Cards without a term of the query are no hits, as in the product.
fn matched(scores: Vec<f32>) -> Leg {
    let cards = scores.len();
    let scored = scores.into_iter().enumerate().map(|(card, score)| Scored { card, score });
    Leg::new(scored.filter(|scored| scored.score > 0.0).collect(), cards)
}

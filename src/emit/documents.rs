//! Which documents stand beside the cards?

use super::content::Emitted;
use crate::card::{Access, RagContext};
use crate::search::{Cited, DocumentRequest, DocumentRetriever, Filter, Mode, Request};
use crate::{Result, order};

/// What the caller wants of documents; what is left out is as each card has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AskedDocuments {
    /// Who asks instead of the cards; none: each card asks for itself.
    pub skills: Vec<String>,
    /// Whether documents are wanted whoever they are for.
    pub all: bool,
    /// If there are any, only documents with one of these tags.
    pub tags: Vec<String>,
    /// How many chunks at most.
    pub top_k: Option<usize>,
}

/// What one asker wants to read.
struct Wanted {
    access: Access,
    top_k: usize,
}

impl AskedDocuments {
    /// What each asker wants: the caller's skills together, or else each card for itself.
    fn wanted(&self, cards: &[Emitted]) -> Vec<Wanted> {
        if self.all || !self.skills.is_empty() {
            let access = Access { all: self.all, skills: self.skills.clone(), tags: self.tags.clone() };
            return vec![Wanted { access, top_k: self.top_k.unwrap_or(RagContext::default().top_k) }];
        }
        cards.iter().filter_map(|emitted| self.wanted_by(emitted)).collect()
    }

    fn wanted_by(&self, Emitted { card, .. }: &Emitted) -> Option<Wanted> {
        let context = card.rag_context.clone().unwrap_or_default();
        let mut access = context.access(&card.id);
        if !self.tags.is_empty() {
            access.tags.clone_from(&self.tags);
        }
        (context.enabled && context.top_k > 0).then(|| Wanted { access, top_k: self.top_k.unwrap_or(context.top_k) })
    }
}

/// The chunks that answer `query`, one of each asker by turns. Cards and documents are ranked apart, so neither takes the
/// other's place.
pub fn cited(
    docs: &DocumentRetriever,
    query: &Request,
    cards: &[Emitted],
    asked: &AskedDocuments,
) -> Result<Vec<Cited>> {
    let wanted = asked.wanted(cards);
    let most = wanted.iter().map(|wanted| wanted.top_k).max().unwrap_or(0);
    let cite = |Wanted { access, top_k }| {
        let query = Request { top_k, ..query.clone() };
        docs.cite(&DocumentRequest { query, access, offset: 0 })
    };
    let found = wanted.into_iter().map(cite).collect::<Result<Vec<_>>>()?;
    Ok(by_turns(found, most))
}

/// The first of each list, then the second of each, without repeats.
fn by_turns(found: Vec<Vec<Cited>>, most: usize) -> Vec<Cited> {
    let mut turns: Vec<(usize, usize, Cited)> = Vec::new();
    for (list, chunks) in found.into_iter().enumerate() {
        turns.extend(chunks.into_iter().enumerate().map(|(rank, chunk)| (rank, list, chunk)));
    }
    order::sort_by_key(&mut turns, |(rank, list, _)| (*rank, *list));
    let mut seen = std::collections::BTreeSet::new();
    turns.into_iter().map(|(.., chunk)| chunk).filter(|chunk| seen.insert(chunk.number)).take(most).collect()
}

/// Documents beside the cards.
#[derive(Clone, Copy)]
pub struct Documents<'a> {
    /// Where they are looked for.
    pub docs: &'a DocumentRetriever,
    /// The query's vectors by the documents' model.
    pub vector: Option<&'a [f32]>,
    /// Which ones.
    pub asked: &'a AskedDocuments,
}

impl Documents<'_> {
    /// The filter and the least confidence are about cards; documents without vectors are found by keywords.
    pub(super) fn found(self, request: &Request, cards: &[Emitted]) -> Result<Vec<Cited>> {
        let Documents { docs, vector, asked } = self;
        let mode = if docs.header().model.is_some() { request.mode } else { Mode::Auto };
        let (filter, nearest) = (Filter::default(), None);
        let query = Request { vector, mode, filter, nearest, min_confidence: None, ..request.clone() };
        cited(docs, &query, cards, asked)
    }
}

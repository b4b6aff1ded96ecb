//! Which cards answer a query?

use std::ops::Deref;

use super::allowed::Allowed;
use super::confidence::SHOWN;
use super::filter::Filter;
use super::hit::{Answer, Explanation, Ranked, RankedCards, RetrievalHit, Summary};
use super::index::Index;
use super::rank::Search;
use super::request::Request;
use super::snippet::Snippet;
use super::syntax::Asked;
use crate::bytes::Records;
use crate::chunk::passages;
use crate::snapshot::{Kind, Section};
use crate::sparse::field_texts;
use crate::text::plain;
use crate::{ExpertCard, Result};

/// Answers queries from a snapshot of cards. What every [`Index`] tells, such as its size, it tells too.
pub struct SkillRetriever {
    index: Index,
}

impl Deref for SkillRetriever {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

impl SkillRetriever {
    /// Opens a snapshot; nothing is tokenised or embedded.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        Index::open(bytes, Kind::Cards).map(SkillRetriever::over)
    }

    /// What answers from an index of cards.
    pub(super) fn over(index: Index) -> Self {
        SkillRetriever { index }
    }

    /// Compares every checksum and decodes every card.
    pub fn verify(&self) -> Result<()> {
        self.index.verify_sections()?;
        (0..self.len()).try_for_each(|number| self.card(number).map(drop))
    }

    /// The best cards for a query; an answer without hits says why.
    pub fn retrieve(&self, request: &Request) -> Result<Answer> {
        let search = self.search(request)?;
        let explanations = self.index.explanations(&search);
        let RankedCards { mode, confidence, reason, cards, .. } = search.found;
        let hit = |(ranked, explain): (Ranked, Explanation)| {
            Ok(RetrievalHit { card: self.summary(ranked.number)?, ranked, explain })
        };
        let hits = cards.into_iter().zip(explanations).map(hit).collect::<Result<_>>()?;
        Ok(Answer { query: request.text.to_owned(), mode, confidence, reason, hits })
    }

    /// The numbers of the best cards for a query, with their scores, for who knows the cards already.
    pub fn rank(&self, request: &Request) -> Result<RankedCards> {
        Ok(self.search(request)?.found)
    }

    /// The same, each card with how well it fits, 0 to 1 and falling: see `docs/routing.md`.
    pub fn rank_fitting(&self, request: &Request) -> Result<(RankedCards, Vec<f32>)> {
        let behind = if request.top_k == 0 { 0 } else { SHOWN };
        let search = self.search(&Request { top_k: request.top_k.saturating_add(behind), ..request.clone() })?;
        let mut fits = self.index.fits(&search);
        let mut found = search.found;
        found.cards.truncate(request.top_k);
        fits.truncate(request.top_k);
        Ok((found, fits))
    }

    /// How each score that [`rank`](Self::rank) gives for this request came about.
    pub fn explain(&self, request: &Request) -> Result<Vec<Explanation>> {
        Ok(self.index.explanations(&self.search(request)?))
    }

    /// The piece of a card that holds most of what the query asks for; where no word matches, the beginning of the
    /// nearest `passage`, or of the description.
    pub fn snippet(&self, number: usize, passage: Option<u32>, query: &str, syntax: bool) -> Result<Snippet> {
        let texts = shown(&self.card(number)?, passage);
        let asked = Asked::of(query, syntax);
        let terms = self.vocabulary(&Allowed::All).query_terms(&self.analyzer, &asked.text);
        Ok(self.index.best_snippet(&texts, &terms))
    }

    /// The ids of all cards by number: ascending, in each shard for itself.
    pub fn ids(&self) -> Vec<String> {
        let id = |number| Some(String::from_utf8_lossy(&self.record(Section::Ids, number).ok()?).into_owned());
        (0..self.len()).filter_map(id).collect()
    }

    /// The number of the card with this id.
    pub fn number(&self, id: &str) -> Option<usize> {
        self.segments().find_map(|(start, segment)| {
            let ids = segment.snapshot.section(Section::Ids);
            Records::open(&ids)?.find(id.as_bytes()).map(|number| start + number)
        })
    }

    /// Which cards the request's filter lets through, and what its text demands.
    pub fn allowed(&self, request: &Request) -> Result<Allowed> {
        let asked = Asked::of(request.text, request.syntax);
        self.index.fulfilling(self.allowed_by(&request.filter), &asked.conditions, &|number| self.texts(number))
    }

    /// Which cards a filter lets through.
    pub fn allowed_by(&self, filter: &Filter) -> Allowed {
        self.allowed_in(&|segment| filter.allowed(&segment.facets, segment.len()))
    }

    /// Refuses a vector that does not fit the snapshot.
    pub fn check_vector(&self, request: &Request) -> Result<()> {
        self.index.check_vector(request)
    }

    /// What a hit shows of its card; the card's other fields are not even decoded.
    pub fn summary(&self, number: usize) -> Result<Summary> {
        self.decoded(Section::Cards, number)
    }

    /// A card without its instruction text.
    pub fn head(&self, number: usize) -> Result<ExpertCard> {
        self.decoded(Section::Cards, number)
    }

    /// A whole card.
    pub fn card(&self, number: usize) -> Result<ExpertCard> {
        let text = self.record(Section::Instructions, number)?;
        Ok(ExpertCard { instruction_text: String::from_utf8_lossy(&text).into_owned(), ..self.head(number)? })
    }

    fn search(&self, request: &Request) -> Result<Search> {
        let allowed = self.allowed_by(&request.filter);
        let mut search = self.index.search(request, allowed, &|number| self.texts(number), &|_, _| ())?;
        search.show_all();
        Ok(search)
    }

    /// What a card says, field by field.
    fn texts(&self, number: usize) -> Result<Vec<String>> {
        Ok(field_texts(&self.card(number)?).into_iter().map(|(_, text)| text).collect())
    }
}

/// What a snippet may be taken from, best first where nothing else decides.
fn shown(card: &ExpertCard, passage: Option<u32>) -> Vec<String> {
    let nearest = passages(card).into_iter().nth(passage.unwrap_or(0) as usize).filter(|_| passage > Some(0));
    let titled = format!("{}. ", card.title.trim());
    let nearest = nearest.map(|text| text.strip_prefix(&titled).unwrap_or(&text).to_owned());
    let texts = [&card.description, &card.instruction_text].into_iter().chain(&card.examples).chain([&card.title]);
    nearest.iter().chain(texts).map(|text| plain(text)).collect()
}

//! Which rows does a query need? Those of the cards that a leg may put first, and of some that stand for the others.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use super::backend::{CardRows, Chroma, Known, stale};
use super::collection::At;
use super::filter::condition;
use super::records::parts;
use crate::dense::Row;
use crate::search::{Allowed, Mode, Nearest, Request, SkillRetriever};
use crate::{Code, Error, Result};

/// So many rows for each card that is asked for, and never fewer than these, since a card has several.
const ROWS_A_CARD: usize = 10;
const LEAST_ROWS: usize = 200;

/// So many cards for each card that is asked for come from the words, and never fewer than these.
const CARDS_A_CARD: usize = 4;
const LEAST_CARDS: usize = 50;

/// So few cards are all looked at.
const FEW: usize = 100;

/// So many cards tell how widely the scores of all are spread, to some 6 %.
const DRAWN: usize = 128;

/// Where too few of the nearest rows belong to cards that are let through, so many times more are asked for.
const MORE: usize = 4;

impl Chroma {
    /// The rows of the cards that may come first, by the server's index and by the words, of those that the filter and the
    /// query's conditions let through. `None` where no vector is needed.
    pub(super) fn near(&self, cards: &SkillRetriever, request: &Request) -> Result<Option<Nearest>> {
        let Some(vector) = request.vector.filter(|_| request.mode != Mode::Sparse) else { return Ok(None) };
        cards.check_vector(request)?;
        let allowed = cards.allowed(request)?;
        if allowed.count(cards.len()) == 0 {
            return Ok(None);
        }
        let known = self.ready(cards)?;
        let question = Question { chroma: self, known, cards, request, vector, allowed };
        question.answer().map(Some)
    }
}

/// A request on its way.
struct Question<'a> {
    chroma: &'a Chroma,
    known: Arc<Known>,
    cards: &'a SkillRetriever,
    request: &'a Request<'a>,
    vector: &'a [f32],
    allowed: Allowed,
}

impl Question<'_> {
    fn answer(&self) -> Result<Nearest> {
        let candidates = self.candidates()?;
        let drawn = if candidates.len() < self.count() { self.drawn() } else { Vec::new() };
        let kept = if drawn.is_empty() { None } else { self.kept(&drawn)? };
        let is_kept = |card: &usize| kept.as_ref().is_some_and(|kept| kept.contains_key(card));
        let wanted = candidates.iter().chain(&drawn).copied().filter(|card| !is_kept(card)).collect();
        let mut rows = self.rows(&wanted)?;
        kept.iter().for_each(|kept| rows.extend(kept.iter().map(|(card, rows)| (*card, rows.clone()))));
        let rows: Vec<(usize, Row)> =
            rows.into_iter().flat_map(|(card, rows)| rows.into_iter().map(move |row| (card, row))).collect();
        let drawn = drawn.into_iter().filter(|card| !candidates.contains(card)).collect();
        Nearest::new(self.dimensions(), &rows, drawn)
    }

    fn dimensions(&self) -> usize {
        self.known.about.dimensions as usize
    }

    fn count(&self) -> usize {
        self.allowed.count(self.cards.len())
    }

    /// The cards that may be hits.
    fn candidates(&self) -> Result<BTreeSet<usize>> {
        let mut candidates = self.near()?;
        let top_k = self.request.top_k.saturating_mul(CARDS_A_CARD).max(LEAST_CARDS);
        let (vector, boosts, min_confidence) = (None, &[][..], None);
        let by_words = Request {
            mode: Mode::Sparse,
            vector,
            top_k,
            boosts,
            min_confidence,
            nearest: None,
            ..self.request.clone()
        };
        candidates.extend(self.cards.rank(&by_words)?.cards.iter().map(|ranked| ranked.number));
        if self.count() <= FEW {
            candidates.extend((0..self.cards.len()).filter(|card| self.allowed.has(*card)));
        }
        Ok(candidates)
    }

    /// The cards of the nearest rows, of those that are let through: the server knows nothing of the query's conditions.
    fn near(&self) -> Result<BTreeSet<usize>> {
        let vectors: Vec<&[f32]> = self.vector.chunks_exact(self.dimensions()).collect();
        if vectors.is_empty() {
            return Err(stale(self.chroma.place(), "the collection's vectors are of another length")
                .expected(self.vector.len())
                .got(self.dimensions()));
        }
        let condition = condition(&self.request.filter);
        let enough = self.request.top_k.min(self.count());
        let mut most = self.request.top_k.saturating_mul(ROWS_A_CARD).max(LEAST_ROWS).min(self.known.about.records);
        loop {
            let found = self.at().nearest(&vectors, most, condition.as_ref())?;
            let are_all = most >= self.known.about.records || found.iter().all(|ids| ids.len() < most);
            let cards = found.iter().flatten().map(|id| self.number(id)).collect::<Result<BTreeSet<_>>>()?;
            let cards: BTreeSet<usize> = cards.into_iter().filter(|card| self.allowed.has(*card)).collect();
            if are_all || cards.len() >= enough {
                return Ok(cards);
            }
            most = most.saturating_mul(MORE).min(self.known.about.records);
        }
    }

    /// Cards drawn by chance from those that are let through: always the same, by a hash of their ids.
    fn drawn(&self) -> Vec<usize> {
        let ids = self.cards.ids();
        let all = ids.iter().enumerate().filter(|(card, _)| self.allowed.has(*card));
        let mut all: Vec<(u32, usize)> = all.map(|(card, id)| (crc32fast::hash(id.as_bytes()), card)).collect();
        if all.len() > DRAWN {
            all.select_nth_unstable(DRAWN);
            all.truncate(DRAWN);
        }
        let mut drawn: Vec<usize> = all.into_iter().map(|(_, card)| card).collect();
        drawn.sort_unstable();
        drawn
    }

    /// The rows of the cards drawn from all, which stay the same while the collection does.
    fn kept(&self, drawn: &[usize]) -> Result<Option<Arc<CardRows>>> {
        if self.allowed != Allowed::All {
            return Ok(None);
        }
        let mut kept = self.known.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_none() {
            *kept = Some(Arc::new(self.rows(&drawn.iter().copied().collect())?));
        }
        Ok(kept.clone())
    }

    /// All rows of these cards, in the order of their passages.
    fn rows(&self, wanted: &BTreeSet<usize>) -> Result<CardRows> {
        let ids = wanted.iter().map(|card| Ok(self.cards.summary(*card)?.id)).collect::<Result<Vec<_>>>()?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        for (id, vector) in self.at().rows(&ids)? {
            let fits = vector.len() == self.dimensions() && vector.iter().all(|number| number.is_finite());
            let passage = parts(&id).filter(|_| fits).ok_or_else(|| self.strange(&id))?.1;
            found.push((self.number(&id)?, passage, Row::of(&vector)));
        }
        found.sort_by_key(|(card, passage, _)| (*card, *passage));
        let mut rows = CardRows::new();
        found.into_iter().for_each(|(card, _, row)| rows.entry(card).or_default().push(row));
        Ok(rows)
    }

    /// The card of a record.
    fn number(&self, id: &str) -> Result<usize> {
        parts(id).and_then(|(card, _)| self.cards.number(card)).ok_or_else(|| self.strange(id))
    }

    fn strange(&self, id: &str) -> Error {
        let cut: String = id.chars().take(80).collect();
        Error::new(Code::Chroma, "the collection holds a record that is none of the snapshot")
            .at(self.chroma.place())
            .got(format!("`{}`", cut.escape_debug()))
            .help("run `skillmesh index --clear --snapshot FILE` with the same options")
    }

    fn at(&self) -> At<'_> {
        At { http: &self.chroma.http, id: &self.known.id }
    }
}

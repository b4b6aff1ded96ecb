//! Which rows does a query need? Those of the cards that a leg may put first, and of some that stand for the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use serde_json::{Value, json};

use super::backend::{CardRows, Chroma, Known, LOST, stale};
use super::collection::At;
use super::filter::condition;
use super::records::{CARD, parts, record_id};
use crate::dense::Row;
use crate::search::{Allowed, Mode, Nearest, Request, SkillRetriever};
use crate::{Error, Result};

/// So many rows for each card that is asked for, and never fewer than these, since a card has several.
const ROWS_A_CARD: usize = 10;
const LEAST_ROWS: usize = 200;

/// So many cards for each card that is asked for come from the words, and never fewer than these.
const CARDS_A_CARD: usize = 4;
const LEAST_CARDS: usize = 50;

/// So few cards are all looked at.
const FEW: usize = 100;

/// So few cards may be named to the server: its database takes no longer lists.
const NAMED: usize = 500;

/// So many cards that have earned most, by feedback and in use each: they may be hits from far behind.
const FAVOURED: usize = 50;

/// So many cards tell how widely the scores of all are spread, to some 6 %.
const DRAWN: usize = 128;

/// Where too few of the nearest rows belong to cards that are let through, so many times more are asked for.
const MORE: usize = 4;

impl Chroma {
    /// The rows of the cards that may come first, by the server's index and by the words, of those that the filter and the
    /// query's conditions let through. `None` where no vector is needed.
    pub(super) fn near(&self, cards: &SkillRetriever, request: &Request) -> Result<Option<Nearest>> {
        let has_vectors = request.mode != Mode::Sparse && cards.header().model.is_some();
        let Some(vector) = request.vector.filter(|_| has_vectors) else { return Ok(None) };
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
        let drawn = if candidates.len() < self.count() { self.drawn()? } else { Arc::default() };
        let mut rows = self.rows(&candidates.iter().copied().filter(|card| !drawn.contains_key(card)).collect())?;
        rows.extend(drawn.iter().map(|(card, rows)| (*card, rows.clone())));
        let rows: Vec<(usize, Row)> =
            rows.into_iter().flat_map(|(card, rows)| rows.into_iter().map(move |row| (card, row))).collect();
        let by_chance = drawn.keys().copied().filter(|card| !candidates.contains(card)).collect();
        self.chroma.check_unchanged(&self.known)?;
        Nearest::new(self.dimensions(), &rows, by_chance)
    }

    fn dimensions(&self) -> usize {
        self.known.about.dimensions as usize
    }

    fn count(&self) -> usize {
        self.allowed.count(self.cards.len())
    }

    /// The cards that are let through.
    fn all(&self) -> impl Iterator<Item = usize> {
        (0..self.cards.len()).filter(|card| self.allowed.has(*card))
    }

    /// The cards that may be hits.
    fn candidates(&self) -> Result<BTreeSet<usize>> {
        if self.count() <= FEW {
            return Ok(self.all().collect());
        }
        let mut candidates = self.near_cards()?;
        candidates.extend(self.by_words()?);
        let favoured = self.cards.favoured(self.request, FAVOURED).into_iter();
        candidates.extend(favoured.filter(|card| *card < self.cards.len() && self.allowed.has(*card)));
        Ok(candidates)
    }

    /// The best cards by words alone.
    fn by_words(&self) -> Result<Vec<usize>> {
        let by_words = Request {
            mode: Mode::Sparse,
            vector: None,
            top_k: self.request.top_k.saturating_mul(CARDS_A_CARD).max(LEAST_CARDS),
            boosts: &[],
            min_confidence: None,
            nearest: None,
            ..self.request.clone()
        };
        Ok(self.cards.rank(&by_words)?.cards.iter().map(|ranked| ranked.number).collect())
    }

    /// The cards of the nearest rows, of those that are let through: the server knows nothing of the query's conditions.
    fn near_cards(&self) -> Result<BTreeSet<usize>> {
        let vectors: Vec<&[f32]> = self.vector.chunks_exact(self.dimensions()).collect();
        let mut condition = condition(&self.request.filter);
        let (enough, rows) = (self.request.top_k.min(self.count()), self.known.about.records);
        let mut most = self.request.top_k.saturating_mul(ROWS_A_CARD).max(LEAST_ROWS).min(rows);
        loop {
            let found = self.at().nearest(&vectors, most, condition.as_ref())?;
            let are_all = most >= rows || found.iter().all(|ids| ids.len() < most);
            let cards = found.iter().flatten().map(|id| self.number(id)).collect::<Result<BTreeSet<_>>>()?;
            let cards: BTreeSet<usize> = cards.into_iter().filter(|card| self.allowed.has(*card)).collect();
            if are_all || cards.len() >= enough {
                return Ok(cards);
            }
            condition = self.by_name()?.or(condition);
            most = most.saturating_mul(MORE).min(rows);
        }
    }

    /// The condition that lets through these cards alone, where they are few enough.
    fn by_name(&self) -> Result<Option<Value>> {
        if self.count() > NAMED {
            return Ok(None);
        }
        let ids = self.all().map(|card| Ok(self.cards.summary(card)?.id)).collect::<Result<Vec<String>>>()?;
        Ok(Some(json!({CARD: {"$in": ids}})))
    }

    /// The rows of cards drawn by chance from those that are let through. Those drawn from all stay the same while the
    /// collection does.
    fn drawn(&self) -> Result<Arc<CardRows>> {
        if self.allowed != Allowed::All {
            return Ok(Arc::new(self.rows(&self.by_chance())?));
        }
        let kept = || self.known.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let there = kept().clone();
        if let Some(drawn) = there {
            return Ok(drawn);
        }
        let drawn = Arc::new(self.rows(&self.by_chance())?);
        *kept() = Some(Arc::clone(&drawn));
        Ok(drawn)
    }

    /// Some of the cards that are let through: always the same, by a hash of their ids.
    fn by_chance(&self) -> BTreeSet<usize> {
        let ids = self.cards.ids().into_iter().enumerate().filter(|(card, _)| self.allowed.has(*card));
        let mut all: Vec<(u32, usize)> = ids.map(|(card, id)| (crc32fast::hash(id.as_bytes()), card)).collect();
        if all.len() > DRAWN {
            all.select_nth_unstable(DRAWN);
            all.truncate(DRAWN);
        }
        all.into_iter().map(|(_, card)| card).collect()
    }

    /// All rows of these cards, in the order of their passages.
    fn rows(&self, wanted: &BTreeSet<usize>) -> Result<CardRows> {
        let mut records = self.records(wanted)?;
        let ids: Vec<String> = records.keys().cloned().collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut found = BTreeMap::new();
        for (id, vector) in self.at().vectors(&ids, self.dimensions())? {
            let fits = vector.len() == self.dimensions() && vector.iter().all(|number| number.is_finite());
            let place = records.remove(&id).filter(|_| fits).ok_or_else(|| self.strange(&id))?;
            found.insert(place, Row::of(&vector));
        }
        if !records.is_empty() {
            return Err(stale(self.chroma.place(), LOST).expected(ids.len()).got(found.len()));
        }
        let mut rows = CardRows::new();
        found.into_iter().for_each(|((card, _), row)| rows.entry(card).or_default().push(row));
        Ok(rows)
    }

    /// The card and passage of each record of these cards, by its id.
    fn records(&self, wanted: &BTreeSet<usize>) -> Result<BTreeMap<String, (usize, usize)>> {
        let mut records = BTreeMap::new();
        for (card, passages) in self.cards.passages().filter(|(card, _)| wanted.contains(card)) {
            let id = self.cards.summary(card)?.id;
            records.extend((0..passages).map(|passage| (record_id(&id, passage), (card, passage))));
        }
        Ok(records)
    }

    /// The card of a record.
    fn number(&self, id: &str) -> Result<usize> {
        parts(id).and_then(|(card, _)| self.cards.number(card)).ok_or_else(|| self.strange(id))
    }

    fn strange(&self, id: &str) -> Error {
        stale(self.chroma.place(), "the collection holds a record that is none of the snapshot")
            .got(format!("`{}`", self.chroma.http.shown(id)))
    }

    fn at(&self) -> At<'_> {
        At { http: &self.chroma.http, id: &self.known.id }
    }
}

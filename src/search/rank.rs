//! How is one query answered? Score each leg, fuse, cut, explain.

use super::allowed::Allowed;
use super::conditions::Texts;
use super::confidence::{MinConfidence, SHOWN};
use super::hit::{Explanation, Ranked, RankedCards, Reason};
use super::index::{Index, no_vectors};
use super::leg::{Scored, first, top};
use super::legs::Legs;
use super::request::{Mode, Request, query_parts};
use super::syntax::Asked;
use crate::sparse::QueryTerm;
use crate::{Code, Error, Result};

/// How many hits tell how sure an answer is: those that an agent is shown, and the first that it is not.
const JUDGED: usize = SHOWN + 1;

/// A query on its way: what was found, and what it takes to explain it.
pub(super) struct Search {
    /// The answer; its cards are those that were shown.
    pub found: RankedCards,
    /// The best of what was found, at most `top_k`.
    pub order: Vec<Scored>,
    /// The legs and the terms they looked for; `None` where there was nothing to rank by.
    ranked_by: Option<(Legs, Vec<QueryTerm>)>,
}

impl Search {
    /// What was looked for.
    pub fn terms(&self) -> &[QueryTerm] {
        self.ranked_by.as_ref().map_or(&[], |(_, terms)| terms)
    }

    /// Where one of the order stands. Takes its time for each, so that of a million found only those are asked that are shown.
    fn ranked(&self, scored: Scored) -> Ranked {
        let unranked = Ranked { number: scored.card, ..Ranked::default() };
        self.ranked_by.as_ref().map_or(unranked, |(legs, _)| legs.ranked(scored))
    }

    /// Answers with these.
    pub fn show(&mut self, shown: &[Scored]) {
        self.found.cards = shown.iter().map(|scored| self.ranked(*scored)).collect();
    }

    /// Answers with all of the order.
    pub fn show_all(&mut self) {
        let order = std::mem::take(&mut self.order);
        self.show(&order);
    }
}

/// Takes out of what was scored whatever does not count as found.
pub(super) type Sieve<'a> = &'a dyn Fn(&Legs, &mut Vec<Scored>);

impl Index {
    /// Ranks what is `allowed` and stays in the `sieve`; `texts` gives what a number says, for phrases to be looked for.
    pub(super) fn search(&self, request: &Request, allowed: Allowed, texts: Texts, sieve: Sieve) -> Result<Search> {
        let mode = self.resolve(request)?;
        let asked = Asked::of(request.text, request.syntax);
        let allowed = self.fulfilling(allowed, &asked.conditions, texts)?;
        let terms = self.vocabulary(&allowed).query_terms(&self.analyzer, &asked.text);
        let unranked = |found, order| Search { found, order, ranked_by: None };
        Ok(match asked.conditions.is_empty() {
            _ if allowed.count(self.len()) == 0 => unranked(RankedCards::empty(mode, Reason::NoneAllowed), Vec::new()),
            _ if !terms.is_empty() => {
                let legs = self.legs(request, mode, &terms, &allowed);
                let (found, order) = self.best(request, mode, &legs, sieve);
                Search { found, order, ranked_by: Some((legs, terms)) }
            }
            true => unranked(RankedCards::empty(mode, Reason::NoWords), Vec::new()),
            false => unranked(RankedCards::unsure(mode), self.listed(request.top_k, &allowed)),
        })
    }

    fn best(&self, request: &Request, mode: Mode, legs: &Legs, sieve: Sieve) -> (RankedCards, Vec<Scored>) {
        let mut scored = legs.scored();
        let Some(figures) = legs.figures(&first(&scored, JUDGED)) else {
            return (RankedCards::empty(mode, Reason::NoMatch), Vec::new());
        };
        let confidence = Some(figures.confidence(mode, &self.header().ranking.confidence));
        if request.min_confidence.zip(confidence).is_some_and(|(least, own)| !least.is_met(&own)) {
            return (RankedCards { confidence, ..RankedCards::empty(mode, Reason::LowConfidence) }, Vec::new());
        }
        legs.boost(&mut scored);
        sieve(legs, &mut scored);
        let found = RankedCards { confidence, figures: Some(figures), ..RankedCards::unsure(mode) };
        (found, top(scored, request.top_k))
    }

    /// How well each found card fits: the confidence of the answer that would be left without the cards before it, and
    /// never more than theirs. A card that rose fits as well as those that it overtook. The last cards are judged as if
    /// nothing stood behind them.
    pub(super) fn fits(&self, Search { found, ranked_by, .. }: &Search) -> Vec<f32> {
        let Some((legs, _)) = ranked_by else { return vec![0.0; found.cards.len()] };
        let answered = || found.cards.iter().map(|r| Scored { card: r.number, score: r.score }).collect();
        let order: Vec<Scored> = if legs.is_boosted() { top(legs.scored(), usize::MAX) } else { answered() };
        let fits = self.falling(legs, found.mode, &order);
        let fit = |ranked: &Ranked| order.iter().position(|s| s.card == ranked.number).map_or(0.0, |at| fits[at]);
        let mut fits: Vec<f32> = found.cards.iter().map(fit).collect();
        (1..fits.len()).rev().for_each(|at| fits[at - 1] = fits[at - 1].max(fits[at]));
        // Whoever leads in the end leads an answer of this confidence.
        fits.iter_mut().zip(found.confidence).for_each(|(first, confidence)| *first = first.max(confidence.value));
        fits
    }

    /// How well each card of an order fits.
    fn falling(&self, legs: &Legs, mode: Mode, order: &[Scored]) -> Vec<f32> {
        let confidence = &self.header().ranking.confidence;
        let own = |from: usize| legs.figures(&order[from..]).map_or(0.0, |f| f.confidence(mode, confidence).value);
        let fit = |least: &mut f32, from| {
            *least = least.min(own(from));
            Some(*least)
        };
        (0..order.len()).scan(1.0, fit).collect()
    }

    /// Conditions without a word to rank by: the cards that fulfil them, in order.
    fn listed(&self, top_k: usize, allowed: &Allowed) -> Vec<Scored> {
        let unranked = |card| Scored { card, score: 0.0 };
        (0..self.len()).filter(|card| allowed.has(*card)).take(top_k).map(unranked).collect()
    }

    pub(super) fn explanations(&self, Search { found, ranked_by, .. }: &Search) -> Vec<Explanation> {
        let numbers: Vec<usize> = found.cards.iter().map(|ranked| ranked.number).collect();
        match ranked_by {
            Some((legs, terms)) => legs.explain(&numbers, self.matches(terms, &numbers)),
            None => vec![Explanation::default(); numbers.len()],
        }
    }

    /// Which legs answer, or why they cannot.
    fn resolve(&self, request: &Request) -> Result<Mode> {
        if request.top_k == 0 {
            return Err(Error::new(Code::InvalidArgument, "no hits are asked for").expected("1 or more").got(0));
        }
        if !(0.0..=1.0).contains(&request.usage_weight) {
            return Err(Error::new(Code::InvalidArgument, "unusable weight of success in use")
                .expected("0 to 1")
                .got(request.usage_weight));
        }
        request.min_confidence.map_or(Ok(()), MinConfidence::check)?;
        match (request.mode, request.vector, self.dimensions_for(request)) {
            (Mode::Sparse, ..) | (Mode::Auto, None, _) | (Mode::Auto, _, None) => Ok(Mode::Sparse),
            (_, _, None) => Err(no_vectors()),
            (_, None, _) => Err(Error::new(Code::NoModel, "semantic search needs the query's vector")
                .help("load the model that the snapshot was built with, or use mode `sparse`")),
            (Mode::Dense, ..) => self.check_vector(request).map(|()| Mode::Dense),
            _ => self.check_vector(request).map(|()| Mode::Hybrid),
        }
    }

    /// One vector for the query, or one for each of its parts.
    pub(super) fn check_vector(&self, request: &Request) -> Result<()> {
        let Some((vector, dimensions)) = request.vector.zip(self.dimensions_for(request)) else { return Ok(()) };
        let parts = query_parts(request.text, request.syntax).len();
        let fits = [dimensions, dimensions * parts].contains(&vector.len());
        if fits && vector.iter().all(|v| v.is_finite()) {
            return Ok(());
        }
        Err(Error::new(Code::InvalidArgument, "the query's vector does not fit the snapshot")
            .expected(format!("{dimensions} finite numbers, or {parts} × {dimensions} for the query's parts"))
            .got(format!("{} numbers", vector.len())))
    }
}

//! What has changed since a snapshot was opened, and what is the snapshot then?

use std::collections::{BTreeMap, BTreeSet};

use super::cards::Kept;
use super::sections::{EmbeddedRows, check_numbers};
use super::{BuildPlan, KnownRows, StoredCards};
use crate::bytes::Slice;
use crate::chunk::passages;
use crate::dense::Row;
use crate::snapshot::{BUILDER, Header, Ranking, Section, Snapshot};
use crate::{Code, Error, ExpertCard, Result, order};

/// A snapshot's cards that come and go, and the vectors of new passages. Nothing is compiled before somebody asks, so that
/// a thousand changes cost as much as one.
///
/// ```
/// use skillmesh::{ExpertCard, index::{BuildPlan, Edits}, snapshot::Snapshot};
/// let card = |id: &str| ExpertCard { id: id.into(), title: id.into(), ..Default::default() };
/// let build = |ids: &[&str]| BuildPlan::new(ids.iter().map(|id| card(id)).collect())?.compile(None, Default::default());
/// let mut edits = Edits::of(&Snapshot::open(build(&["ant", "bee"])?)?)?;
/// edits.upsert(vec![card("cat")])?;
/// assert_eq!(edits.remove(&["ant".into(), "dog".into()]), ["ant"]);
/// assert_eq!(edits.compile()?, build(&["bee", "cat"])?);
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub struct Edits {
    old: Old,
    /// By id; `None` for cards that went.
    cards: BTreeMap<String, Option<ExpertCard>>,
    /// By the passage's text.
    rows: BTreeMap<String, Row>,
}

/// What of the old snapshot is taken over.
struct Old {
    stored: StoredCards,
    known: Option<KnownRows>,
    ranking: Ranking,
    terms: Slice,
    postings: Slice,
    lengths: Slice,
}

impl Edits {
    /// No edits yet. Whatever of the snapshot could not be taken over is refused here: documents, damage, and what another
    /// version wrote, which may have cut and analysed texts otherwise.
    pub fn of(old: &Snapshot) -> Result<Edits> {
        let stored = StoredCards::of(old)?;
        check_builder(old.header())?;
        old.verify()?;
        stored.check()?;
        let [terms, postings, lengths] =
            [Section::Terms, Section::Postings, Section::Lengths].map(|section| old.section(section));
        let (known, ranking) = (KnownRows::of(old)?, old.header().ranking.clone());
        let old = Old { stored, known, ranking, terms, postings, lengths };
        Ok(Edits { old, cards: BTreeMap::new(), rows: BTreeMap::new() })
    }

    /// Whether there is nothing to compile.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty() && self.rows.is_empty()
    }

    /// Puts cards in, in place of those with the same ids. Where one of them cannot be in a snapshot, none is taken.
    pub fn upsert(&mut self, cards: Vec<ExpertCard>) -> Result<()> {
        let plan = BuildPlan::new(cards)?;
        plan.heads()?;
        self.put(plan.into_cards());
        Ok(())
    }

    /// Takes cards out; gives the ids of those that were there.
    pub fn remove(&mut self, ids: &[String]) -> Vec<String> {
        let is_there = |id: &&String| match self.cards.get(*id) {
            Some(edited) => edited.is_some(),
            None => self.old.stored.find(id).is_some(),
        };
        let gone = order::set(ids.iter().filter(is_there).cloned());
        self.cards.extend(gone.iter().map(|id| (id.clone(), None)));
        gone.into_iter().collect()
    }

    /// The passages without a vector, card by card and each once; none where the snapshot has no vectors at all.
    pub fn unembedded(&self) -> Result<Vec<String>> {
        let Some(known) = &self.old.known else { return Ok(Vec::new()) };
        let mut texts: Vec<String> = self.cards.values().flatten().flat_map(passages).collect();
        for number in (0..self.old.stored.len()).filter(|number| known.of_card(*number).is_none()) {
            if !self.cards.contains_key(self.old.stored.id(number)?) {
                texts.extend(passages(&self.old.stored.card(number)?));
            }
        }
        let mut seen = BTreeSet::new();
        texts.retain(|text| self.row(known, text).is_none() && seen.insert(text.clone()));
        Ok(texts)
    }

    /// Remembers the vector of a passage.
    pub fn learn(&mut self, passage: String, vector: &[f32]) -> Result<()> {
        let Some(known) = &self.old.known else { return Ok(()) };
        check_numbers(known.model(), vector)?;
        self.rows.insert(passage, Row::of(vector));
        Ok(())
    }

    /// The bytes of the snapshot after the edits: those of a build of all its cards. Ranking settings stay. A card with a
    /// passage that has no vector is found by its words only.
    pub fn compile(&self) -> Result<Vec<u8>> {
        let plan = self.plan()?;
        let rows = self.old.known.as_ref().map(|known| self.all_rows(known, plan.cards()));
        plan.compile_rows(rows, self.old.ranking.clone())
    }

    /// Puts in what is known to fit into a snapshot.
    pub(super) fn put(&mut self, cards: Vec<ExpertCard>) {
        self.cards.extend(cards.into_iter().map(|card| (card.id.clone(), Some(card))));
    }

    /// A plan of the old cards with the edits; what the old postings say of kept cards holds.
    pub(super) fn plan(&self) -> Result<BuildPlan> {
        let Old { stored, terms, postings, lengths, .. } = &self.old;
        let mut cards: Vec<ExpertCard> = self.cards.values().flatten().cloned().collect();
        let mut numbers = BTreeMap::new();
        for number in 0..stored.len() {
            let id = stored.id(number)?;
            if !self.cards.contains_key(id) {
                numbers.insert(id.to_owned(), number);
                cards.push(stored.card(number)?);
            }
        }
        let [terms, postings, lengths] = [terms, postings, lengths].map(Slice::clone);
        Ok(BuildPlan::new(cards)?.keeping(Kept { numbers, terms, postings, lengths }))
    }

    fn all_rows(&self, known: &KnownRows, cards: &[ExpertCard]) -> EmbeddedRows {
        let own = |card: &ExpertCard| {
            let texts = || passages(card).iter().map(|text| self.row(known, text)).collect::<Option<Vec<Row>>>();
            self.kept_rows(known, card).or_else(texts).unwrap_or_default()
        };
        (known.model().clone(), cards.iter().map(own).collect())
    }

    /// The rows of a card that is as it was, which somebody may have brought instead of embedding its passages.
    fn kept_rows(&self, known: &KnownRows, card: &ExpertCard) -> Option<Vec<Row>> {
        if self.cards.contains_key(&card.id) {
            return None;
        }
        known.of_card(self.old.stored.find(&card.id)?)
    }

    fn row(&self, known: &KnownRows, text: &str) -> Option<Row> {
        self.rows.get(text).cloned().or_else(|| known.row(text))
    }
}

/// Refuses what another version wrote, which may have cut and analysed texts otherwise.
pub(super) fn check_builder(header: &Header) -> Result<()> {
    if header.is_of_this_builder() {
        return Ok(());
    }
    Err(Error::new(Code::SnapshotVersion, "the snapshot was built by another version")
        .expected(BUILDER)
        .got(&header.builder)
        .help("build it again with this version before changing it"))
}

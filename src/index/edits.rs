//! What has changed since a snapshot was opened, and what is the snapshot then?

use std::collections::BTreeMap;

use super::cards::Kept;
use super::sections::{EmbeddedRows, check_numbers};
use super::{BuildPlan, KnownRows, StoredCards};
use crate::chunk::passages;
use crate::dense::Row;
use crate::snapshot::{Ranking, Section, Snapshot};
use crate::{Code, Error, ExpertCard, Result, order};

/// Cards that come and go, and the vectors of new passages. Nothing is compiled before somebody asks, so that a thousand
/// changes cost as much as one.
///
/// ```
/// use skillmesh::{ExpertCard, index::{BuildPlan, Edits}, snapshot::Snapshot};
/// let card = |id: &str| ExpertCard { id: id.into(), title: id.into(), ..Default::default() };
/// let build = |ids: &[&str]| BuildPlan::new(ids.iter().map(|id| card(id)).collect())?.compile(None, Default::default());
/// let old = Snapshot::open(build(&["ant", "bee"])?)?;
/// let mut edits = Edits::default();
/// edits.upsert(vec![card("cat")])?;
/// assert_eq!(edits.remove(&old, &["ant".into(), "dog".into()])?, ["ant"]);
/// assert_eq!(edits.compile(&old)?, build(&["bee", "cat"])?);
/// # Ok::<(), skillmesh::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Edits {
    /// By id; `None` for cards that went.
    cards: BTreeMap<String, Option<ExpertCard>>,
    /// By the passage's text.
    rows: BTreeMap<String, Row>,
}

impl Edits {
    /// What is already known to fit into a snapshot.
    pub(super) fn of(cards: Vec<ExpertCard>, removed: &[String]) -> Edits {
        let gone = removed.iter().map(|id| (id.clone(), None));
        let here = cards.into_iter().map(|card| (card.id.clone(), Some(card)));
        Edits { cards: order::map(gone.chain(here)), rows: BTreeMap::new() }
    }

    /// Whether there is nothing to compile.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty() && self.rows.is_empty()
    }

    /// Puts cards in, in place of those with the same ids. Where one of them cannot be in a snapshot, none is taken.
    pub fn upsert(&mut self, cards: Vec<ExpertCard>) -> Result<()> {
        BuildPlan::new(cards.clone())?.compile(None, Ranking::default())?;
        self.cards.extend(cards.into_iter().map(|card| (card.id.clone(), Some(card))));
        Ok(())
    }

    /// Takes cards out; gives the ids of those that were there.
    pub fn remove(&mut self, old: &Snapshot, ids: &[String]) -> Result<Vec<String>> {
        let stored = StoredCards::of(old)?;
        let is_there =
            |id: &&String| self.cards.get(*id).map_or_else(|| stored.find(id).is_some(), |edited| edited.is_some());
        let gone = order::set(ids.iter().filter(is_there).cloned());
        self.cards.extend(gone.iter().map(|id| (id.clone(), None)));
        Ok(gone.into_iter().collect())
    }

    /// The passages without a vector, each once; none where the snapshot has no vectors at all.
    pub fn unembedded(&self, old: &Snapshot) -> Result<Vec<String>> {
        let Some(rows) = Rows::of(old, self)? else { return Ok(Vec::new()) };
        let plan = self.plan(old)?;
        let new = plan.cards().iter().filter(|card| rows.kept(card).is_none());
        let missing = order::set(new.flat_map(passages).filter(|text| rows.row(text).is_none()));
        Ok(missing.into_iter().collect())
    }

    /// Remembers the vector of a passage.
    pub fn learn(&mut self, old: &Snapshot, passage: String, vector: &[f32]) -> Result<()> {
        let Some(model) = &old.header().model else { return Ok(()) };
        check_numbers(model, vector)?;
        self.rows.insert(passage, Row::of(vector));
        Ok(())
    }

    /// The bytes of the snapshot after the edits: those of a build of all its cards. Ranking settings stay. A card with a
    /// passage that has no vector is found by its words only.
    pub fn compile(&self, old: &Snapshot) -> Result<Vec<u8>> {
        let plan = self.plan(old)?;
        let rows = Rows::of(old, self)?;
        let rows = rows.map(|rows| rows.of_all(plan.cards())).transpose()?;
        plan.compile_rows(rows, old.header().ranking.clone())
    }

    /// A plan of the old cards with the edits; what the old postings say of kept cards holds, if this version wrote them.
    pub(super) fn plan(&self, old: &Snapshot) -> Result<BuildPlan> {
        let stored = StoredCards::of(old)?;
        let mut cards: Vec<ExpertCard> = self.cards.values().flatten().cloned().collect();
        let mut numbers = BTreeMap::new();
        for number in 0..stored.len() {
            let id = stored.id(number)?;
            if !self.cards.contains_key(id) {
                numbers.insert(id.to_owned(), number);
                cards.push(stored.card(number)?);
            }
        }
        let plan = BuildPlan::new(cards)?;
        if !old.header().is_of_this_builder() {
            return Ok(plan);
        }
        Ok(plan.keeping(Kept {
            numbers,
            terms: old.section(Section::Terms),
            postings: old.section(Section::Postings),
            lengths: old.section(Section::Lengths),
        }))
    }
}

/// Where each card's rows come from.
struct Rows<'a> {
    edits: &'a Edits,
    stored: StoredCards,
    known: KnownRows,
}

impl<'a> Rows<'a> {
    fn of(old: &Snapshot, edits: &'a Edits) -> Result<Option<Rows<'a>>> {
        if old.header().model.is_none() {
            return Ok(None);
        }
        let known = KnownRows::of(old)?.ok_or_else(|| {
            Error::new(Code::SnapshotVersion, "another version built this snapshot, and cut its texts otherwise")
                .help("build it again with this version before changing it")
        })?;
        Ok(Some(Rows { edits, stored: StoredCards::of(old)?, known }))
    }

    fn of_all(&self, cards: &[ExpertCard]) -> Result<EmbeddedRows> {
        let own = |card: &ExpertCard| {
            let texts = || passages(card).iter().map(|text| self.row(text)).collect::<Option<Vec<Row>>>();
            self.kept(card).or_else(texts).unwrap_or_default()
        };
        Ok((self.known.model().clone(), cards.iter().map(own).collect()))
    }

    /// The rows of a card that is as it was, which somebody may have brought instead of embedding its passages.
    fn kept(&self, card: &ExpertCard) -> Option<Vec<Row>> {
        if self.edits.cards.contains_key(&card.id) {
            return None;
        }
        self.known.of_card(self.stored.find(&card.id)?)
    }

    fn row(&self, text: &str) -> Option<Row> {
        self.edits.rows.get(text).cloned().or_else(|| self.known.row(text))
    }
}

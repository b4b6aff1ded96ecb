//! Where are the cards' vectors kept, and which of them does a query need?

use serde::Serialize;

use super::cards::SkillRetriever;
use super::hit::Answer;
use super::nearest::Nearest;
use super::request::Request;
use crate::Result;

/// What keeps the vectors of cards. Everything else, such as words, filters and fusion, is the snapshot's own, so that
/// answers differ by nothing but what a backend overlooks.
pub trait RetrievalBackend: Send + Sync {
    /// Brings what is kept up to date with the cards; `progress` hears how many rows are done of how many.
    fn index(&self, cards: &SkillRetriever, progress: &dyn Fn(usize, usize)) -> Result<Indexed>;

    /// The rows that this request needs; `None` where the snapshot's own, or words alone, answer.
    fn nearest(&self, cards: &SkillRetriever, request: &Request) -> Result<Option<Nearest>>;

    /// The best cards for a query.
    fn query(&self, cards: &SkillRetriever, request: &Request) -> Result<Answer> {
        let nearest = self.nearest(cards, request)?;
        cards.retrieve(&Request { nearest: nearest.as_ref(), ..request.clone() })
    }
}

/// How a backend's rows became those of the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Indexed {
    /// Where they are kept; `None` in memory.
    pub collection: Option<String>,
    /// How many rows there are: one for each passage of each card.
    pub rows: usize,
    /// How many of them were not there.
    pub added: usize,
    /// How many were there, and otherwise.
    pub changed: usize,
    /// How many were there and are not any more.
    pub removed: usize,
    /// How many were left alone.
    pub unchanged: usize,
}

/// The snapshot's own vectors, all of which are compared with the query.
///
/// ```
/// use skillmesh::index::BuildPlan;
/// use skillmesh::search::{Memory, Request, RetrievalBackend, SkillRetriever};
/// use skillmesh::{ExpertCard, snapshot::Ranking};
/// let card = ExpertCard { id: "viz.heatmap".into(), title: "Heatmaps".into(), ..Default::default() };
/// let cards = SkillRetriever::open(BuildPlan::new(vec![card])?.compile(None, Ranking::default())?)?;
/// assert_eq!(Memory.query(&cards, &Request::new("a heatmap"))?.hits[0].card.id, "viz.heatmap");
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub struct Memory;

impl RetrievalBackend for Memory {
    fn index(&self, cards: &SkillRetriever, _: &dyn Fn(usize, usize)) -> Result<Indexed> {
        let rows = cards.stats().passages;
        Ok(Indexed { rows, unchanged: rows, ..Indexed::default() })
    }

    fn nearest(&self, _: &SkillRetriever, _: &Request) -> Result<Option<Nearest>> {
        Ok(None)
    }
}

//! Which vectors does an older snapshot know already? A passage of the same text, by the same model, keeps its row.

use std::collections::BTreeMap;
use std::ops::Range;

use super::stored::StoredCards;
use crate::chunk::passages;
use crate::dense::{DenseIndex, Row};
use crate::snapshot::{ModelInfo, Section, Snapshot};
use crate::{Result, order};

/// The rows of a snapshot's passages, by their texts.
///
/// ```
/// use skillmesh::{ExpertCard, dense::Row, index::{BuildPlan, KnownRows}, snapshot::{ModelInfo, Snapshot}};
/// let plan = BuildPlan::new(vec![ExpertCard { id: "a".into(), title: "Maps".into(), ..Default::default() }])?;
/// let model = ModelInfo { name: "m".into(), fingerprint: "f".into(), dimensions: 2 };
/// let bytes = plan.compile(Some((model, vec![vec![vec![1.0, 0.5]]])), Default::default())?;
/// let known = KnownRows::of(&Snapshot::open(bytes)?)?.unwrap();
/// assert_eq!(known.row("Maps"), Some(Row::of(&[1.0, 0.5])));
/// assert_eq!(known.row("Charts"), None);
/// # Ok::<(), skillmesh::Error>(())
/// ```
pub struct KnownRows {
    model: ModelInfo,
    dense: DenseIndex,
    rows: BTreeMap<String, usize>,
    /// By the card's number.
    ranges: BTreeMap<usize, Range<usize>>,
}

impl KnownRows {
    /// The rows of a snapshot of cards; `None` if it has no vectors, or if this library would cut its cards otherwise.
    pub fn of(snapshot: &Snapshot) -> Result<Option<Self>> {
        let header = snapshot.header();
        let Some(model) = header.model.clone().filter(|_| header.is_of_this_builder()) else { return Ok(None) };
        let cards = StoredCards::of(snapshot)?;
        let (scales, rows) = (snapshot.section(Section::Scales), snapshot.section(Section::Rows));
        let vectors = snapshot.section(Section::Vectors);
        let dense = DenseIndex::open(vectors, &scales, &rows, model.dimensions as usize, cards.len())?;
        let ranges = order::map(dense.ranges());
        let mut rows = BTreeMap::new();
        for (number, range) in &ranges {
            let texts = passages(&cards.card(*number)?);
            // Vectors that were brought by the caller need not be those of the passages.
            if texts.len() == range.len() {
                rows.extend(texts.into_iter().zip(range.clone()));
            }
        }
        Ok(Some(KnownRows { model, dense, rows, ranges }))
    }

    /// The model that the rows come from.
    pub fn model(&self) -> &ModelInfo {
        &self.model
    }

    /// The rows of the card with this number, if it has some.
    pub fn of_card(&self, number: usize) -> Option<Vec<Row>> {
        self.ranges.get(&number)?.clone().map(|row| self.dense.row(row)).collect()
    }

    /// The row of a passage.
    pub fn row(&self, passage: &str) -> Option<Row> {
        self.rows.get(passage).and_then(|row| self.dense.row(*row))
    }
}

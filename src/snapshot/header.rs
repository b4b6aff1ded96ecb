//! What does a snapshot say of itself?

use serde::Serialize;

use super::calibration::Calibrations;
use crate::bytes::{Fields, FromPacked, Packed, Unpacked, from_packed};
use crate::sparse::{Averages, Bm25Params};
use crate::text::{ANALYZER_LANGUAGE, ANALYZER_VERSION};
use crate::{Code, Error, Result};

/// The value of the first key of every snapshot.
pub const MAGIC: &str = "skillmesh-snapshot";

/// The format this library writes, and the only one it reads.
pub const FORMAT: u32 = 2;

/// The program that writes it.
pub const BUILDER: &str = concat!("skillmesh ", env!("CARGO_PKG_VERSION"));

/// What can be found in a snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Experts, tools, skills and roles.
    #[default]
    Cards,
    /// Documents, in chunks.
    Documents,
    /// Nothing itself: which snapshots hold the cards of a corpus, and which of them a query needs.
    CardShards,
    /// The same of documents.
    DocumentShards,
}

impl Kind {
    /// What is in a snapshot of this kind, in words.
    pub fn told(self) -> &'static str {
        match self {
            Kind::Cards => "cards",
            Kind::Documents => "documents",
            Kind::CardShards => "the root of shards of cards",
            Kind::DocumentShards => "the root of shards of documents",
        }
    }
}

/// Everything but the sections.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    /// [`MAGIC`].
    pub magic: String,
    /// [`FORMAT`].
    pub format: u32,
    /// What can be found in it.
    pub kind: Kind,
    /// The program that wrote it, such as `skillmesh 0.1.0`.
    pub builder: String,
    /// [`ANALYZER_VERSION`] at the time of writing.
    pub analyzer: u32,
    /// The stemmed language.
    pub language: String,
    /// The number of cards, or of chunks.
    pub cards: u32,
    /// SHA-256 of the cards in order, hex.
    pub inputs: String,
    /// The model of the vectors; absent in a keyword-only snapshot.
    pub model: Option<ModelInfo>,
    /// The ranking settings that queries use.
    pub ranking: Ranking,
    /// The average length of each field over the corpus that this is a part of; absent in a snapshot that is all there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub averages: Option<Averages>,
}

/// The embedding model that the vectors come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelInfo {
    /// The model's name.
    pub name: String,
    /// Its fingerprint: SHA-256 over weights, tokenizer, pooling and dimensions, hex.
    pub fingerprint: String,
    /// Components of a vector.
    pub dimensions: u32,
}

/// How queries are ranked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranking {
    /// The sparse leg.
    pub bm25: Bm25Params,
    /// The share of the dense leg in a hybrid score: at 0 only keywords count, at 1 only meaning.
    pub dense_weight: f32,
    /// How sure an answer is; snapshots that do not say it are read with the defaults.
    pub confidence: Calibrations,
    /// How well cards did in use, by ascending id; empty where nobody knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub usage: Vec<Lead>,
}

/// How well a card did in use.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lead {
    /// The card.
    pub id: String,
    /// How much more of its uses succeed than of all, from −1 to 1, drawn to 0 where there were few.
    pub lead: f32,
}

impl ModelInfo {
    /// Refuses another model.
    pub fn check(&self, fingerprint: &str) -> Result<()> {
        if self.fingerprint == fingerprint {
            return Ok(());
        }
        Err(Error::new(Code::ModelMismatch, "the snapshot's vectors come from another model")
            .expected(format!("`{}`, fingerprint {}", self.name, self.fingerprint))
            .got(format!("fingerprint {fingerprint}"))
            .help("load that model, or build the snapshot again with this one"))
    }
}

from_packed!(Header { magic, format, builder, analyzer, language, cards, inputs, ranking } default { kind, model, averages });
from_packed!(ModelInfo { name, fingerprint, dimensions });
from_packed!(Ranking { bm25, dense_weight } default { confidence, usage });
impl<'a> FromPacked<'a> for Lead {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let mut lead = Fields::of(value)?;
        let lead = Lead { id: lead.needed("id")?, lead: lead.needed("lead")? };
        if (-1.0..=1.0).contains(&lead.lead) {
            Ok(lead)
        } else {
            Err(format!("expected a lead from −1 to 1, got {}", lead.lead))
        }
    }
}

impl<'a> FromPacked<'a> for Kind {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        value.one_of(&[
            ("cards", Kind::Cards),
            ("documents", Kind::Documents),
            ("card-shards", Kind::CardShards),
            ("document-shards", Kind::DocumentShards),
        ])
    }
}

impl Default for Ranking {
    fn default() -> Self {
        Ranking {
            bm25: Bm25Params::default(),
            dense_weight: 0.75,
            confidence: Calibrations::default(),
            usage: Vec::new(),
        }
    }
}

impl Header {
    /// The header of a new snapshot.
    pub fn new(kind: Kind, cards: u32, inputs: String, model: Option<ModelInfo>, ranking: Ranking) -> Self {
        Header {
            magic: MAGIC.into(),
            format: FORMAT,
            kind,
            builder: BUILDER.into(),
            analyzer: ANALYZER_VERSION,
            language: ANALYZER_LANGUAGE.into(),
            cards,
            inputs,
            model,
            ranking,
            averages: None,
        }
    }

    /// Whether this very version wrote it, which cuts and analyses cards as it did.
    pub fn is_of_this_builder(&self) -> bool {
        self.builder == BUILDER
    }
}

//! In which order is what computed, so that the same cards always give the same bytes?

use sha2::{Digest, Sha256};

use super::facets::facets;
use crate::bytes::RecordWriter;
use crate::chunk::passages;
use crate::dense::DenseWriter;
use crate::snapshot::{Header, ModelInfo, Ranking, Section, write};
use crate::sparse::{SparseWriter, field_texts};
use crate::{Code, Error, ExpertCard, Result};

/// The vectors of one card's passages, in the order of [`BuildPlan::passages`].
pub type CardVectors = Vec<Vec<f32>>;

/// Cards in the order of the snapshot: by id, so that ties break by position.
///
/// ```
/// use skillmesh::{ExpertCard, index::BuildPlan, search::{Request, SkillRetriever}};
/// let card = ExpertCard { id: "viz.heatmap".into(), title: "Heatmaps".into(), ..Default::default() };
/// let snapshot = BuildPlan::new(vec![card])?.compile(None, Default::default())?;
/// let answer = SkillRetriever::open(snapshot)?.retrieve(&Request::new("heatmap"))?;
/// assert_eq!(answer.hits[0].card.id, "viz.heatmap");
/// # Ok::<(), skillmesh::Error>(())
/// ```
#[derive(Debug)]
pub struct BuildPlan {
    cards: Vec<ExpertCard>,
}

impl BuildPlan {
    /// Sorts the cards; ids must be distinct and not empty.
    pub fn new(mut cards: Vec<ExpertCard>) -> Result<Self> {
        cards.sort_by(|a, b| a.id.cmp(&b.id));
        if cards.first().is_some_and(|card| card.id.is_empty()) {
            return Err(Error::new(Code::Registry, "a card has no id").help("give every card an `id`"));
        }
        if let Some(pair) = cards.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(Error::new(Code::Registry, "two cards have the same id")
                .got(format!("`{}` twice", pair[0].id))
                .help("rename or remove one of them"));
        }
        Ok(BuildPlan { cards })
    }

    /// The cards in order.
    pub fn cards(&self) -> &[ExpertCard] {
        &self.cards
    }

    /// The texts to embed, card by card.
    pub fn passages(&self) -> Vec<Vec<String>> {
        self.cards.iter().map(passages).collect()
    }

    /// The snapshot's bytes; `vectors` has one entry a card, with the model they come from.
    pub fn compile(self, vectors: Option<(ModelInfo, Vec<CardVectors>)>, ranking: Ranking) -> Result<Vec<u8>> {
        let heads = self.heads()?;
        let mut sections = self.texts(&heads);
        sections.extend(self.sparse()?);
        let (facets, lists) = facets(&self.cards)?;
        sections.extend([(Section::Facets, facets), (Section::FacetLists, lists)]);
        let model = match vectors {
            Some((model, vectors)) => {
                sections.extend(self.dense(&model, &vectors)?);
                Some(model)
            }
            None => None,
        };
        write(&Header::new(self.cards.len() as u32, self.inputs(&heads), model, ranking), &sections)
    }

    /// Each card without its instruction text, as MessagePack.
    fn heads(&self) -> Result<Vec<Vec<u8>>> {
        let head = |card: &ExpertCard| {
            let head = ExpertCard { instruction_text: String::new(), ..card.clone() };
            rmp_serde::to_vec_named(&head)
                .map_err(|e| Error::new(Code::Internal, "a card cannot be written").at(&card.id).caused_by(e))
        };
        self.cards.iter().map(head).collect()
    }

    fn texts(&self, heads: &[Vec<u8>]) -> Vec<(Section, Vec<u8>)> {
        let texts = |text: fn(&ExpertCard) -> &str| self.cards.iter().map(move |card| text(card).as_bytes());
        vec![
            (Section::Ids, records(texts(|card| &card.id))),
            (Section::Cards, records(heads.iter().map(Vec::as_slice))),
            (Section::Instructions, records(texts(|card| &card.instruction_text))),
        ]
    }

    fn sparse(&self) -> Result<[(Section, Vec<u8>); 3]> {
        let mut writer = SparseWriter::default();
        for card in &self.cards {
            let texts = field_texts(card);
            writer.push(texts.iter().map(|(field, text)| (*field, text.as_str())));
        }
        let sparse = writer.finish()?;
        Ok([(Section::Terms, sparse.terms), (Section::Postings, sparse.postings), (Section::Lengths, sparse.lengths)])
    }

    fn dense(&self, model: &ModelInfo, vectors: &[CardVectors]) -> Result<[(Section, Vec<u8>); 3]> {
        let mut writer = DenseWriter::default();
        for (card, vectors) in vectors.iter().enumerate() {
            for vector in vectors {
                check_vector(model, &self.cards[card].id, vector)?;
                writer.push(card as u32, vector);
            }
        }
        let dense = writer.finish();
        Ok([(Section::Vectors, dense.vectors), (Section::Scales, dense.scales), (Section::Rows, dense.rows)])
    }

    fn inputs(&self, heads: &[Vec<u8>]) -> String {
        let mut hash = Sha256::new();
        for (head, card) in heads.iter().zip(&self.cards) {
            hash.update(head);
            hash.update(card.instruction_text.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn check_vector(model: &ModelInfo, id: &str, vector: &[f32]) -> Result<()> {
    if vector.len() == model.dimensions as usize && vector.iter().all(|v| v.is_finite()) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, "a vector does not fit the model")
        .at(id)
        .expected(format!("{} finite numbers", model.dimensions))
        .got(format!("{} numbers", vector.len())))
}

fn records<'a>(records: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut writer = RecordWriter::default();
    records.for_each(|record| writer.push(record));
    writer.finish()
}

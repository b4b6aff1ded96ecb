//! In which order is what computed, so that the same cards always give the same bytes?

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::sections::{Embedded, EmbeddedRows, Sections, packed, records, rows};
use crate::bytes::{Slice, hex};
use crate::card::Source;
use crate::chunk::passages;
use crate::search::facet_key;
use crate::snapshot::{Kind, ModelInfo, Ranking, Section};
use crate::sparse::{Dictionary, SparseWriter, field_texts};
use crate::{Code, Error, ExpertCard, Result, order};

/// The vectors of one entry's passages, in their order.
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
    kept: Option<Kept>,
}

/// Cards that are in an older snapshot as they are, so that its postings of them hold.
#[derive(Debug)]
pub(super) struct Kept {
    /// Their numbers there, by id.
    pub numbers: BTreeMap<String, usize>,
    /// The sections of its sparse leg.
    pub terms: Slice,
    pub postings: Slice,
    pub lengths: Slice,
}

impl BuildPlan {
    /// Sorts the cards; ids must be distinct and not empty.
    pub fn new(mut cards: Vec<ExpertCard>) -> Result<Self> {
        order::sort_by(&mut cards, |a, b| a.id.cmp(&b.id));
        if cards.first().is_some_and(|card| card.id.is_empty()) {
            return Err(Error::new(Code::Registry, "a card has no id").help("give every card an `id`"));
        }
        if let Some(pair) = cards.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(Error::new(Code::Registry, "two cards have the same id")
                .got(format!("`{}` twice", pair[0].id))
                .help("rename or remove one of them"));
        }
        Ok(BuildPlan { cards, kept: None })
    }

    /// The plan where some cards are kept.
    pub(super) fn keeping(self, kept: Kept) -> Self {
        BuildPlan { kept: Some(kept), ..self }
    }

    /// The cards in order.
    pub fn cards(&self) -> &[ExpertCard] {
        &self.cards
    }

    pub(super) fn into_cards(self) -> Vec<ExpertCard> {
        self.cards
    }

    /// The texts to embed, card by card.
    pub fn passages(&self) -> Vec<Vec<String>> {
        self.cards.iter().map(passages).collect()
    }

    /// The snapshot's bytes; `vectors` has one entry a card, with the model they come from.
    pub fn compile(self, vectors: Option<Embedded>, ranking: Ranking) -> Result<Vec<u8>> {
        let rows = vectors.map(|vectors| rows(vectors, &|card| self.cards[card].id.clone())).transpose()?;
        self.compile_rows(rows, ranking)
    }

    /// The snapshot's bytes before any passage has its vector by `model`: they can be added as edits.
    pub fn compile_unembedded(self, model: Option<ModelInfo>) -> Result<Vec<u8>> {
        let rows = model.map(|model| (model, vec![Vec::new(); self.cards.len()]));
        self.compile_rows(rows, Ranking::default())
    }

    /// The same with rows, which may be those of an older snapshot.
    pub fn compile_rows(mut self, rows: Option<EmbeddedRows>, ranking: Ranking) -> Result<Vec<u8>> {
        let (heads, kept) = (self.heads()?, self.kept.take());
        let writer = self.postings(kept)?;
        let sections = Sections {
            kind: Kind::Cards,
            entries: self.cards.len(),
            inputs: self.inputs(&heads),
            sections: self.texts(&heads),
        };
        sections
            .postings(writer)?
            .facets(self.cards.iter().map(facets))?
            .finish(rows, ranking, &|card| self.cards[card].id.clone())
    }

    /// The postings of the cards' texts; of cards that are kept, those there are.
    fn postings(&self, kept: Option<Kept>) -> Result<SparseWriter> {
        let (numbers, mut writer) = match kept {
            Some(Kept { numbers, terms, postings, lengths }) => {
                (numbers, SparseWriter::over(Dictionary::open(terms, postings)?, lengths))
            }
            None => Default::default(),
        };
        for card in &self.cards {
            if !numbers.get(&card.id).is_some_and(|number| writer.push_known(*number)) {
                writer.push(field_texts(card).iter().map(|(field, text)| (*field, text.as_str())));
            }
        }
        Ok(writer)
    }

    /// Each card without its instruction text, as MessagePack.
    pub(super) fn heads(&self) -> Result<Vec<Vec<u8>>> {
        let head = |card: &ExpertCard| {
            let head = ExpertCard { instruction_text: String::new(), ..card.clone() };
            packed(&head).map_err(|error| error.at(&card.id))
        };
        self.cards.iter().map(head).collect()
    }

    fn texts(&self, heads: &[Vec<u8>]) -> Vec<(Section, Vec<u8>)> {
        vec![
            (Section::Ids, records(self.cards.iter().map(|card| &card.id))),
            (Section::Cards, records(heads.iter())),
            (Section::Instructions, records(self.cards.iter().map(|card| &card.instruction_text))),
        ]
    }

    fn inputs(&self, heads: &[Vec<u8>]) -> String {
        let mut hash = Sha256::new();
        for (head, card) in heads.iter().zip(&self.cards) {
            hash.update(head);
            hash.update(card.instruction_text.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// Under which filter values a card is found.
fn facets(card: &ExpertCard) -> impl Iterator<Item = String> {
    let said = [("domain", &card.domain), ("maturity", &card.maturity), ("risk_level", &card.risk_level)];
    let single = said.into_iter().map(|(name, value)| (name, value.as_str()));
    let tags = card.tags.iter().map(|tag| ("tag", tag.as_str()));
    let uncommon = [("installed", if card.installed { "" } else { "false" }), ("source", uncommon(card.source))];
    let all = single.chain(tags).chain(uncommon).filter(|(_, value)| !value.is_empty());
    all.map(|(name, value)| facet_key(name, value))
}

/// What nearly every card would be listed under goes without saying.
fn uncommon(source: Source) -> &'static str {
    if source == Source::Local { "" } else { source.name() }
}

//! What does a root say of its shards? See `search::Shards`, which reads it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::divide::{divided, mean};
use crate::Result;
use crate::bytes::{hex, put_varint};
use crate::dense::{DenseWriter, Row};
use crate::index::sections::{list, note, packed, records};
use crate::search::{DocumentRetriever, Index, Shard, SkillRetriever, WHOLE};
use crate::snapshot::{Header, Kind, Ranking, Section, write};
use crate::sparse::DictionaryWriter;

/// A mean stands for so many of a shard's vectors, but there are no fewer and no more means than these: more tell better
/// what a shard is like, and make the root larger.
const VECTORS_A_MEAN: usize = 8;
const LEAST_MEANS: usize = 16;
const MOST_MEANS: usize = 64;

/// A root on its way.
#[derive(Default)]
struct Root {
    terms: BTreeMap<String, Term>,
    facets: BTreeMap<String, Vec<u32>>,
    means: DenseWriter,
}

/// What a root says of a term.
#[derive(Default)]
struct Term {
    /// How many cards of the corpus hold it.
    cards: u32,
    /// The last shard that has it.
    last: u32,
    /// For each shard that has it the distance from the one before, and the most that the term counts there.
    shards: Vec<u8>,
}

/// The bytes of the root of these shards; the header is that of the whole.
pub fn written(whole: Header, shards: &[(Shard, Vec<u8>)]) -> Result<Vec<u8>> {
    let (mut root, mut inputs) = (Root::default(), Sha256::new());
    for (number, (shard, bytes)) in shards.iter().enumerate() {
        match whole.kind {
            Kind::Documents => {
                let shard = DocumentRetriever::open(bytes.clone())?;
                root.add(number as u32, &shard)?;
            }
            _ => {
                let shard = SkillRetriever::open(bytes.clone())?;
                root.add(number as u32, &shard)?;
            }
        }
        inputs.update(&shard.sha256);
    }
    let listed = shards.iter().map(|(shard, _)| packed(shard)).collect::<Result<Vec<_>>>()?;
    let kind = if whole.kind == Kind::Documents { Kind::DocumentShards } else { Kind::CardShards };
    let ranking = Ranking { usage: Vec::new(), ..whole.ranking };
    let mut sections = root.sections()?;
    sections.push((Section::Shards, records(listed.iter())));
    write(&Header { kind, ranking, inputs: hex(&inputs.finalize()), ..whole }, &sections)
}

impl Root {
    fn add(&mut self, number: u32, shard: &Index) -> Result<()> {
        shard.each_term(&mut |term, cards, most| {
            let known = self.terms.entry(term.to_owned()).or_default();
            put_varint(&mut known.shards, number - known.last);
            // Rounded up: no card scores more than its shard says.
            known.shards.push((most * WHOLE).ceil() as u8);
            (known.cards, known.last) = (known.cards + cards, number);
            Ok(())
        })?;
        shard.each_facet(&mut |key| {
            note(self.facets.entry(key.to_owned()).or_default(), number);
            Ok(())
        })?;
        let rows: Vec<Row> = shard.entry_rows().into_iter().flatten().flatten().collect();
        means(&rows).iter().for_each(|mean| self.means.push(number, mean));
        Ok(())
    }

    fn sections(self) -> Result<Vec<(Section, Vec<u8>)>> {
        let (mut terms, mut facets) = (DictionaryWriter::default(), DictionaryWriter::default());
        for (term, Term { cards, shards, .. }) in &self.terms {
            let mut list = Vec::with_capacity(5 + shards.len());
            put_varint(&mut list, *cards);
            list.extend_from_slice(shards);
            terms.push(term, &list)?;
        }
        self.facets.iter().try_for_each(|(key, shards)| facets.push(key, &list(shards)))?;
        let ((terms, postings), (facets, facet_lists), means) = (terms.finish(), facets.finish(), self.means.finish());
        Ok(vec![
            (Section::Terms, terms),
            (Section::Postings, postings),
            (Section::Facets, facets),
            (Section::FacetLists, facet_lists),
            (Section::Vectors, means.vectors),
            (Section::Scales, means.scales),
            (Section::Rows, means.rows),
        ])
    }
}

/// The means of rows that are near each other.
fn means(rows: &[Row]) -> Vec<Vec<f32>> {
    let count = (rows.len() / VECTORS_A_MEAN).clamp(LEAST_MEANS, MOST_MEANS);
    let vectors: Vec<Vec<f32>> = rows.iter().map(|row| mean(std::iter::once(row))).collect();
    let groups = divided(&vectors, &vec![1; rows.len()], count);
    let groups = groups.iter().filter(|group| !group.is_empty());
    groups.map(|group| mean(group.iter().map(|row| &rows[*row]))).collect()
}

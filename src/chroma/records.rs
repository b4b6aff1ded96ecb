//! Which records stand for a card? One for each of its passages, with everything that a filter may ask for.

use serde_json::{Map, Value, json};

use super::filter::{DOMAIN, INSTALLED, MATURITY, RISK_LEVEL, SOURCE, TAGS, folded};
use crate::bytes::sha256;
use crate::dense::Row;
use crate::search::SkillRetriever;
use crate::snapshot::ModelInfo;
use crate::{Code, Error, ExpertCard, Result};

/// The keys beside those of filters.
pub const CARD: &str = "card";
pub const HASH: &str = "hash";
const SKILLS: &str = "skills";

/// So many digits of a hash tell contents apart.
const DIGITS: usize = 32;

/// One passage of a card.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The card's id, `#`, and the passage's number.
    pub id: String,
    /// What it holds, in short: a record with the same hash needs not be sent again.
    pub hash: String,
    /// What filters may ask for, the card's id, and the hash.
    pub metadata: Value,
    /// The passage's vector as the snapshot has it.
    pub row: Row,
}

/// The records of a snapshot, with the model of its vectors.
pub fn records(cards: &SkillRetriever) -> Result<(ModelInfo, Vec<Record>)> {
    let (Some(model), Some(rows)) = (cards.header().model.clone(), cards.entry_rows()) else {
        return Err(Error::new(Code::NoModel, "the snapshot holds no vectors to index")
            .help("build it with a model (`skillmesh build` with `--model FILE`)"));
    };
    let mut all = Vec::new();
    for (number, rows) in rows.into_iter().enumerate() {
        all.extend(of_card(&cards.head(number)?, rows, &model.fingerprint));
    }
    Ok((model, all))
}

fn of_card(card: &ExpertCard, rows: Vec<Row>, fingerprint: &str) -> Vec<Record> {
    let said = metadata(card);
    let record = |(passage, row): (usize, Row)| {
        let hash = hash(fingerprint, &said, &row);
        let mut metadata = said.clone();
        metadata.insert(HASH.to_owned(), json!(hash));
        Record { id: record_id(&card.id, passage), hash, metadata: Value::Object(metadata), row }
    };
    rows.into_iter().enumerate().map(record).collect()
}

/// What is empty is left out: Chroma refuses lists without a value.
fn metadata(card: &ExpertCard) -> Map<String, Value> {
    let single = [(DOMAIN, &card.domain), (RISK_LEVEL, &card.risk_level), (MATURITY, &card.maturity)];
    let single = single.into_iter().map(|(key, value)| (key, json!(folded(value))));
    let skills = card.rag_context.as_ref().map_or(&[][..], |context| &context.skills);
    let lists = [(TAGS, card.tags.as_slice()), (SKILLS, skills)];
    let lists = lists.into_iter().map(|(key, values)| (key, values.iter().map(|value| folded(value)).collect()));
    let is_said = |(_, value): &(&str, Value)| *value != json!("") && *value != json!([]);
    let always = [(CARD, json!(card.id)), (INSTALLED, json!(card.installed)), (SOURCE, json!(card.source.name()))];
    let all = single.chain(lists).filter(is_said).chain(always);
    all.map(|(key, value)| (key.to_owned(), value)).collect()
}

fn hash(fingerprint: &str, metadata: &Map<String, Value>, row: &Row) -> String {
    let said = json!([fingerprint, metadata, row.scale.to_bits()]).to_string();
    sha256(&[said.as_bytes(), &[0], &row.values].concat())[..DIGITS].to_owned()
}

/// The id of a card's record.
pub fn record_id(card: &str, passage: usize) -> String {
    format!("{card}#{passage}")
}

/// The card and the passage of a record, by its id.
pub fn parts(id: &str) -> Option<(&str, usize)> {
    let (card, passage) = id.rsplit_once('#')?;
    Some((card, passage.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::RagContext;

    fn card() -> ExpertCard {
        ExpertCard { id: "a#b".into(), domain: "Vision".into(), tags: vec!["É ".into()], ..ExpertCard::default() }
    }

    fn of(card: &ExpertCard, vectors: &[[f32; 2]]) -> Vec<Record> {
        of_card(card, vectors.iter().map(|vector| Row::of(vector)).collect(), "f")
    }

    #[test]
    fn a_record_says_what_filters_ask_for_and_whose_it_is() {
        let records = of(&card(), &[[1.0, 0.0], [0.0, 1.0]]);
        assert_eq!(
            records.iter().map(|record| parts(&record.id)).collect::<Vec<_>>(),
            [Some(("a#b", 0)), Some(("a#b", 1))]
        );
        let expected = json!({
            "card": "a#b", "domain": "vision", "tags": ["e"], "installed": true, "source": "local", "hash": records[0].hash,
        });
        assert_eq!(records[0].metadata, expected);
        let rag_context = Some(RagContext { skills: vec!["Coder".into()], ..RagContext::default() });
        let records = of(&ExpertCard { rag_context, ..card() }, &[[1.0, 0.0]]);
        assert_eq!(records[0].metadata["skills"], json!(["coder"]));
    }

    #[test]
    fn the_hash_is_another_where_anything_is() {
        let hash = |records: Vec<Record>| records[0].hash.clone();
        let first = hash(of(&card(), &[[1.0, 0.5]]));
        assert_eq!(first, hash(of(&card(), &[[1.0, 0.5], [0.0, 1.0]])), "of this record alone");
        let others = [
            hash(of(&card(), &[[1.0, -0.5]])),
            hash(of(&card(), &[[2.0, 1.0]])),
            hash(of(&ExpertCard { maturity: "beta".into(), ..card() }, &[[1.0, 0.5]])),
            hash(of_card(&card(), vec![Row::of(&[1.0, 0.5])], "g")),
        ];
        assert!(!others.contains(&first));
    }

    #[test]
    fn ids_are_taken_apart_at_the_last_mark() {
        assert_eq!(parts("x#1#12"), Some(("x#1", 12)));
        assert_eq!([parts("x"), parts("x#"), parts("x#-1")], [None; 3]);
    }
}

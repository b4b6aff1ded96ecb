//! What is asked of a collection, request by request?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::http::{Http, SHORT};
use super::name::LAYOUT;
use super::records::{HASH, Record};
use crate::Result;
use crate::snapshot::ModelInfo;

/// Records are read, written and taken out at most so many at a time: Chroma Cloud takes no more.
pub const BATCH: usize = 300;

/// So many bytes an answer may have for each id, for each record's metadata, and for each number of a vector.
const ID: u64 = 4 << 10;
const METADATA: u64 = 64 << 10;
const NUMBER: u64 = 32;

/// How the server finds its way from vector to vector: more neighbours and longer looks than by default, so that of the
/// 200 nearest rows hardly one is overlooked.
const NEIGHBOURS: u32 = 32;
const LOOKS: u32 = 200;
const LOOKS_AT_QUERIES: u32 = 400;

/// A collection as the server has it.
#[derive(Debug, Deserialize)]
pub struct Collection {
    pub id: String,
    #[serde(default)]
    metadata: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    configuration_json: Value,
}

/// What a collection of ours says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The version of its records' layout: nothing that somebody else made has this.
    #[serde(rename = "skillmesh")]
    pub layout: u32,
    /// The model of its vectors.
    pub model: String,
    pub fingerprint: String,
    pub dimensions: u32,
    /// Which run changed it last.
    pub run: String,
    /// What went into the snapshot whose vectors all of them are; absent while they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<String>,
    /// How many records there are then.
    #[serde(default)]
    pub records: usize,
}

impl About {
    /// What a collection says that holds nothing yet.
    pub fn new(model: &ModelInfo, run: &str) -> About {
        About {
            layout: LAYOUT,
            model: model.name.clone(),
            fingerprint: model.fingerprint.clone(),
            dimensions: model.dimensions,
            run: run.to_owned(),
            inputs: None,
            records: 0,
        }
    }
}

impl Collection {
    /// What it says of itself; `None` where somebody else made it.
    pub fn about(&self) -> Option<About> {
        let said = self.metadata.clone()?.into_iter().collect();
        serde_json::from_value(Value::Object(said)).ok().filter(|about: &About| about.layout == LAYOUT)
    }

    /// By what it compares vectors: an older server says it elsewhere, or not at all.
    pub fn space(&self) -> Option<&str> {
        let spaces = ["hnsw", "spann"].into_iter().map(|index| &self.configuration_json[index]["space"]);
        spaces.filter_map(Value::as_str).next()
    }
}

#[derive(Deserialize)]
struct Checklist {
    max_batch_size: usize,
}

#[derive(Serialize)]
struct Upsert<'a> {
    ids: Vec<&'a str>,
    embeddings: Vec<Vec<f32>>,
    metadatas: Vec<&'a Value>,
}

#[derive(Deserialize)]
struct Hashes {
    ids: Vec<String>,
    metadatas: Option<Vec<Option<BTreeMap<String, Value>>>>,
}

#[derive(Deserialize)]
struct Vectors {
    ids: Vec<String>,
    embeddings: Option<Vec<Vec<f32>>>,
}

#[derive(Deserialize)]
struct Near {
    ids: Vec<Vec<String>>,
}

/// The collection of this name.
pub fn find(http: &Http, name: &str) -> Result<Option<Collection>> {
    http.find(&[name])
}

/// The same, made where there is none.
pub fn make(http: &Http, name: &str, about: &About) -> Result<Collection> {
    let hnsw = json!({
        "space": "cosine", "ef_construction": LOOKS, "ef_search": LOOKS_AT_QUERIES, "max_neighbors": NEIGHBOURS,
    });
    let order = json!({"name": name, "get_or_create": true, "metadata": about, "configuration": {"hnsw": hnsw}});
    http.ask(&[], &order, SHORT)
}

/// Takes a collection away with everything in it.
pub fn remove(http: &Http, name: &str) -> Result<()> {
    http.delete(&[name])
}

/// How many records the server takes at once.
pub fn most_at_once(http: &Http) -> Result<usize> {
    http.about::<Checklist>("pre-flight-checks").map(|checklist| checklist.max_batch_size.max(1))
}

/// A collection on a server.
pub struct At<'a> {
    pub http: &'a Http,
    pub id: &'a str,
}

impl At<'_> {
    /// How many records it has.
    pub fn count(&self) -> Result<usize> {
        self.http.find(&[self.id, "count"]).map(|count| count.unwrap_or(0))
    }

    /// Says of it what is given here, in place of everything that was said before.
    pub fn describe(&self, about: &About) -> Result<()> {
        self.http.put(&[self.id], &json!({"new_metadata": about}))
    }

    /// The hash of every record, by its id; empty where it has none.
    pub fn hashes(&self) -> Result<BTreeMap<String, String>> {
        let (count, mut all) = (self.count()?, BTreeMap::new());
        while all.len() < count {
            let page = self.page(all.len())?;
            let after = all.len() + page.len();
            if page.is_empty() {
                break;
            }
            all.extend(page);
            if all.len() != after || after > count {
                return Err(self.http.unfit("the server does not tell of each record once"));
            }
        }
        Ok(all)
    }

    /// The ids and hashes of the records after so many.
    fn page(&self, offset: usize) -> Result<Vec<(String, String)>> {
        let question = json!({"limit": BATCH, "offset": offset, "include": ["metadatas"]});
        let most = METADATA * BATCH as u64;
        let Hashes { ids, metadatas } = self.http.ask(&[self.id, "get"], &question, most)?;
        let hash = |said: Option<BTreeMap<String, Value>>| Some(said?.get(HASH)?.as_str()?.to_owned());
        let hashes = metadatas.unwrap_or_default().into_iter().chain(std::iter::repeat(None));
        Ok(ids.into_iter().zip(hashes.map(|said| hash(said).unwrap_or_default())).collect())
    }

    /// Puts records in, or in the place of those with the same ids.
    pub fn upsert(&self, records: &[&Record]) -> Result<()> {
        let order = Upsert {
            ids: records.iter().map(|record| record.id.as_str()).collect(),
            embeddings: records.iter().map(|record| record.row.vector()).collect(),
            metadatas: records.iter().map(|record| &record.metadata).collect(),
        };
        self.http.tell(&[self.id, "upsert"], &order)
    }

    /// Takes records out.
    pub fn delete(&self, ids: &[&str]) -> Result<()> {
        self.http.tell(&[self.id, "delete"], &json!({"ids": ids}))
    }

    /// The ids of the nearest records to each vector, among those that fulfil the condition.
    pub fn nearest(&self, vectors: &[&[f32]], most: usize, condition: Option<&Value>) -> Result<Vec<Vec<String>>> {
        let mut question = json!({"query_embeddings": vectors, "n_results": most, "include": []});
        if let Some(condition) = condition {
            question["where"] = condition.clone();
        }
        let longest = SHORT + ID * most as u64 * vectors.len() as u64;
        let Near { ids } = self.http.ask(&[self.id, "query"], &question, longest)?;
        if ids.len() != vectors.len() || ids.iter().any(|ids| ids.len() > most) {
            return Err(self.http.unfit("the server does not find what was asked for"));
        }
        Ok(ids)
    }

    /// The vectors of these records, with the ids that the server gives them.
    pub fn vectors(&self, ids: &[&str], dimensions: usize) -> Result<Vec<(String, Vec<f32>)>> {
        let mut all = Vec::new();
        for ids in ids.chunks(BATCH) {
            let question = json!({"ids": ids, "limit": ids.len(), "include": ["embeddings"]});
            let most = SHORT + ids.len() as u64 * (ID + NUMBER * dimensions as u64);
            let Vectors { ids, embeddings } = self.http.ask(&[self.id, "get"], &question, most)?;
            let vectors = embeddings.unwrap_or_default();
            if ids.len() != vectors.len() {
                let unfit = self.http.unfit("the server does not give a vector of each record");
                return Err(unfit.expected(ids.len()).got(vectors.len()));
            }
            all.extend(ids.into_iter().zip(vectors));
        }
        Ok(all)
    }
}

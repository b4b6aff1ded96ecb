//! What does a client ask for? Arguments that are what the schema asks for already.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::emit::{Budget, Emission, Provider, Style};
use crate::search::{Filter, MinConfidence, Mode, Request, Scored, USAGE_WEIGHT};
use crate::{Code, Error, Result};

/// The arguments as the tool reads them.
pub fn read<T: DeserializeOwned>(arguments: Value) -> Result<T> {
    serde_json::from_value(arguments)
        .map_err(|error| Error::new(Code::Internal, "arguments that fit cannot be read").caused_by(error))
}

/// What every question to skills has.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(alias = "task")]
    pub query: String,
    pub top_k: usize,
    #[serde(deserialize_with = "mode")]
    pub mode: Mode,
    #[serde(default)]
    filter: FilterArguments,
    min_confidence: Option<Value>,
    usage_weight: Option<f32>,
    pub syntax: bool,
}

#[derive(Default, Deserialize)]
struct FilterArguments {
    domain: Vec<String>,
    tag: Vec<String>,
    risk_level: Vec<String>,
    maturity: Vec<String>,
    source: Vec<String>,
    installed: Option<bool>,
}

#[derive(Deserialize)]
pub struct Retrieve {
    #[serde(flatten)]
    pub asked: Asked,
    pub explain: bool,
}

#[derive(Deserialize)]
pub struct Emit {
    #[serde(flatten)]
    pub asked: Asked,
    provider: String,
    instruction_chars: usize,
    max_chars: Option<usize>,
    max_tokens: Option<usize>,
    with_dependencies: bool,
    defer_loading: bool,
    documents: Option<bool>,
    pub document_tags: Vec<String>,
    pub documents_top_k: Option<usize>,
}

#[derive(Deserialize)]
pub struct AutoRoute {
    #[serde(flatten)]
    pub asked: Asked,
    pub loaded: Option<Vec<String>>,
    pub auto_install: bool,
    pub min_match: f32,
}

#[derive(Deserialize)]
pub struct Search {
    pub query: String,
    pub skills: Vec<String>,
    pub tags: Vec<String>,
    pub collection: Vec<String>,
    pub limit: usize,
    pub offset: usize,
    #[serde(deserialize_with = "mode")]
    pub mode: Mode,
    min_confidence: Option<Value>,
    pub syntax: bool,
}

#[derive(Deserialize)]
pub struct Ingest {
    pub path: String,
    pub text: String,
    pub replace: bool,
}

#[derive(Deserialize)]
pub struct Sync {
    pub read_all: bool,
}

#[derive(Deserialize)]
pub struct Roles {
    pub role: Option<String>,
}

#[derive(Deserialize)]
pub struct Outcome {
    pub query: String,
    pub skill: String,
    pub success: bool,
}

#[cfg(feature = "metrics")]
#[derive(Deserialize)]
pub struct OneSkill {
    pub skill: String,
}

impl Asked {
    pub fn request<'a>(&'a self, vector: Option<&'a [f32]>, boosts: &'a [Scored]) -> Result<Request<'a>> {
        let FilterArguments { domain, tag, risk_level, maturity, source, installed } = &self.filter;
        let filter = Filter {
            domain: domain.clone(),
            tag: tag.clone(),
            risk_level: risk_level.clone(),
            maturity: maturity.clone(),
            source: source.clone(),
            installed: *installed,
            ..Filter::default()
        };
        Ok(Request {
            vector,
            boosts,
            filter,
            top_k: self.top_k,
            mode: self.mode,
            syntax: self.syntax,
            min_confidence: least(self.min_confidence.as_ref())?,
            usage_weight: self.usage_weight.unwrap_or(USAGE_WEIGHT),
            ..Request::new(&self.query)
        })
    }
}

impl Emit {
    /// Whether documents are wanted: where nothing is said of them, wherever they have a place.
    pub fn wants_documents(&self, provider: Provider) -> bool {
        let asked = !self.document_tags.is_empty() || self.documents_top_k.is_some();
        self.documents.unwrap_or(asked || provider.has_documents())
    }

    pub fn emission(&self) -> Result<Emission<'static>> {
        Ok(Emission {
            style: Style { instruction_chars: self.instruction_chars, defer_loading: self.defer_loading },
            budget: Budget { chars: self.max_chars, tokens: self.max_tokens },
            with_dependencies: self.with_dependencies,
            ..Emission::new(self.provider.parse()?)
        })
    }
}

impl Search {
    pub fn request<'a>(&'a self, vector: Option<&'a [f32]>) -> Result<Request<'a>> {
        Ok(Request {
            vector,
            top_k: self.limit,
            mode: self.mode,
            syntax: self.syntax,
            min_confidence: least(self.min_confidence.as_ref())?,
            filter: Filter { collection: self.collection.clone(), ..Filter::default() },
            ..Request::new(&self.query)
        })
    }
}

fn mode<'de, D: Deserializer<'de>>(value: D) -> std::result::Result<Mode, D::Error> {
    let name = String::deserialize(value)?;
    Mode::ALL.into_iter().find(|mode| mode.name() == name).ok_or_else(|| D::Error::custom("no such mode"))
}

fn least(said: Option<&Value>) -> Result<Option<MinConfidence>> {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    said.filter(|value| !value.is_null()).map(|value| word(value).parse()).transpose()
}

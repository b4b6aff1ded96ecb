//! What does a card say? Every field of a registry entry, each optional but id and title.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{RagContext, Source};
use crate::bytes::{Fields, Packed, Unpacked, from_packed};

/// One retrievable expert, tool, skill or role.
///
/// Empty fields are left out when a card is written, so a card costs what it says.
///
/// ```
/// use skillmesh::ExpertCard;
/// let card = ExpertCard { id: "viz.heatmap".into(), title: "Heatmaps".into(), ..Default::default() };
/// assert_eq!(card.invocation()["function"]["name"], "viz_heatmap");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExpertCard {
    /// Unique within a registry, such as `cloud.aws-s3`.
    pub id: String,
    /// The name a person reads.
    pub title: String,
    /// The area it belongs to, such as `security`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub domain: String,
    /// What it does and when to pick it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Keywords.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Commands, functions and packages that it works with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_hints: Vec<String>,
    /// Requests that it answers, in users' words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Ids of cards that it builds upon.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// What it needs to be given, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub input_contract: BTreeMap<String, Value>,
    /// What it produces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output_artifacts: Vec<String>,
    /// Statements that a good result fulfils.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quality_checks: Vec<String>,
    /// What must hold, or must not be done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// `low`, `medium` or `high`; empty when unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub risk_level: String,
    /// `experimental`, `beta`, `stable` or `deprecated`; empty when unknown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub maturity: String,
    /// Whether it can be used as it is; a card that says nothing is.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub installed: bool,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Source::is_local")]
    pub source: Source,
    /// Which documents belong into its context; absent: those for it and for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rag_context: Option<RagContext>,
    /// Anything else; a skill's licence, compatibility and unknown keys stand here.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Value>,
    /// How to do it, in Markdown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instruction_text: String,
    /// Where `instruction_text` was read from, relative to the registry.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub instruction_file: String,
    /// An OpenAI-style function tool; [`ExpertCard::invocation`] makes one when absent.
    #[serde(skip_serializing_if = "Option::is_none", rename = "invocation")]
    pub declared_invocation: Option<Value>,
}

from_packed!(ExpertCard {} default {
    id, title, domain, description, tags, tool_hints, examples, aliases, dependencies, input_contract, output_artifacts,
    quality_checks, constraints, risk_level, maturity, installed or true, source, rag_context, metadata, instruction_text,
    instruction_file, declared_invocation = "invocation"
});

impl ExpertCard {
    /// Everything that a card can say, in its own words.
    pub const FIELDS: [&str; 22] = [
        "id",
        "title",
        "domain",
        "description",
        "tags",
        "tool_hints",
        "examples",
        "aliases",
        "dependencies",
        "input_contract",
        "output_artifacts",
        "quality_checks",
        "constraints",
        "risk_level",
        "maturity",
        "installed",
        "source",
        "rag_context",
        "metadata",
        "instruction_text",
        "instruction_file",
        "invocation",
    ];

    /// A card as a program hands it over: what no card can say is refused, as is a file that nobody reads here.
    ///
    /// ```
    /// use skillmesh::{ExpertCard, bytes::Packed};
    /// let bytes = [0x81, 0xa3, b'i', b'd', b's', 0xa1, b'a']; // {"ids": "a"}
    /// assert_eq!(ExpertCard::given(Packed::read(&bytes).unwrap()).unwrap_err(), "a card has no field `ids`");
    /// ```
    pub fn given(value: Packed) -> Unpacked<ExpertCard> {
        let fields = Fields::of(value.clone())?;
        if let Some(unknown) = fields.names().find(|name| !Self::FIELDS.contains(name)) {
            return Err(format!("a card has no field `{}`", unknown.escape_debug()));
        }
        let card: ExpertCard = value.to()?;
        if card.instruction_text.is_empty() && !card.instruction_file.is_empty() {
            return Err("`instruction_file`: files are read by a build; say it in `instruction_text`".to_owned());
        }
        Ok(card)
    }
}

impl Default for ExpertCard {
    /// An installed card that says nothing.
    fn default() -> Self {
        ExpertCard {
            id: String::new(),
            title: String::new(),
            domain: String::new(),
            description: String::new(),
            tags: Vec::new(),
            tool_hints: Vec::new(),
            examples: Vec::new(),
            aliases: Vec::new(),
            dependencies: Vec::new(),
            input_contract: BTreeMap::new(),
            output_artifacts: Vec::new(),
            quality_checks: Vec::new(),
            constraints: Vec::new(),
            risk_level: String::new(),
            maturity: String::new(),
            installed: true,
            source: Source::Local,
            rag_context: None,
            metadata: BTreeMap::new(),
            instruction_text: String::new(),
            instruction_file: String::new(),
            declared_invocation: None,
        }
    }
}

//! Which tools are there, and are a client's arguments what they ask for? `tools.json` says so to both.

use std::sync::LazyLock;

use jsonschema::Validator;
use rmcp::model::{JsonObject, Tool};
use serde_json::{Map, Value};

use super::answers::{self, Told};
use super::library::Library;
use super::work::Work;
use super::{Skills, Start};
use crate::{Code, Error, Result};

/// Of a value that does not fit, this much is told.
const SHOWN: usize = 300;

/// Faults that are told at once.
const FAULTS: usize = 3;

/// What a client is shown of a tool.
pub type Offer = Tool;

/// A tool, and what answers it.
pub struct Known {
    tool: Tool,
    schema: Value,
    arguments: Validator,
    answer: Answer,
}

type Answer = fn(&Library, Value, &Work) -> Result<Told>;

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(include_str!("tools.json")).expect("tools.json is JSON");
    let tools = file["tools"].as_array().expect("it lists tools");
    tools.iter().map(|tool| Known::read(whole(tool, &file["shared"]))).collect()
});

impl Known {
    fn read(tool: Value) -> Known {
        let schema = tool["inputSchema"].clone();
        let tool: Tool = serde_json::from_value(tool).expect("tools.json holds tools");
        let answer = answer(&tool.name);
        let arguments = jsonschema::validator_for(&schema).expect("tools.json holds schemas");
        Known { tool, schema, arguments, answer }
    }

    /// What the tool says to these arguments.
    pub fn answer(&self, library: &Library, arguments: JsonObject, work: &Work) -> Result<Told> {
        let mut arguments = Value::Object(arguments);
        self.check(&arguments)?;
        complete(&self.schema, &mut arguments);
        (self.answer)(library, arguments, work)
    }

    fn check(&self, arguments: &Value) -> Result<()> {
        let mut faults = self.arguments.iter_errors(arguments).take(FAULTS);
        let Some(first) = faults.next() else { return Ok(()) };
        let place =
            |pointer: String| if pointer.is_empty() { "arguments".to_owned() } else { format!("arguments{pointer}") };
        let said = |fault: &jsonschema::ValidationError| shortened(&fault.to_string());
        let others: String =
            faults.map(|fault| format!("; {}: {}", place(fault.instance_path().to_string()), said(&fault))).collect();
        Err(Error::new(Code::InvalidArgument, said(&first) + &others)
            .at(place(first.instance_path().to_string()))
            .help("the tool's input schema tells what fits"))
    }
}

/// The tool of this name.
pub fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.tool.name == name)
}

/// The tools that work as the server was started.
pub fn offered(start: &Start, has_metrics: bool, skills: usize) -> Vec<Offer> {
    let works = |name: &str| match name {
        "search_documents" => start.docs.is_some(),
        "ingest_document" => start.docs.is_some() && start.docs_folder.is_some(),
        "sync" => matches!(start.skills, Skills::Kept(_)),
        "index_stats" => !matches!(start.skills, Skills::Registry { .. }),
        "record_outcome" => start.learnt.is_some(),
        "top_skills" | "skill_effectiveness" | "compare_projects" => has_metrics,
        _ => true,
    };
    KNOWN.iter().map(|known| &known.tool).filter(|tool| works(&tool.name)).map(|tool| counting(tool, skills)).collect()
}

/// The tool that clients look at first tells how much there is to find.
fn counting(tool: &Tool, skills: usize) -> Tool {
    let mut tool = tool.clone();
    if tool.name == "retrieve" {
        let said = tool.description.unwrap_or_default();
        tool.description = Some(format!("{said} Skills to find: {skills}.").into());
    }
    tool
}

fn answer(name: &str) -> Answer {
    match name {
        "retrieve" => answers::retrieve,
        "emit" => answers::emit,
        "discover" => answers::discover,
        "suggest" => answers::suggest,
        "auto_route" => answers::auto_route,
        "search_documents" => answers::search_documents,
        "ingest_document" => answers::ingest_document,
        "sync" => answers::sync,
        "index_stats" => answers::index_stats,
        "roles" => answers::roles,
        "record_outcome" => answers::record_outcome,
        "top_skills" => answers::top_skills,
        "skill_effectiveness" => answers::skill_effectiveness,
        "compare_projects" => answers::compare_projects,
        "health_check" => answers::health_check,
        other => panic!("tools.json names `{other}`, which nobody answers"),
    }
}

/// A schema with what it shares with others in its place.
fn whole(schema: &Value, shared: &Value) -> Value {
    match schema {
        Value::Object(map) => Value::Object(whole_map(map, shared)),
        Value::Array(items) => items.iter().map(|item| whole(item, shared)).collect(),
        other => other.clone(),
    }
}

fn whole_map(map: &Map<String, Value>, shared: &Value) -> Map<String, Value> {
    let named = map.get("$shared").and_then(Value::as_str);
    let base = named.map(|name| whole(shared.get(name).expect("tools.json shares it"), shared));
    let mut all = base.and_then(|base| base.as_object().cloned()).unwrap_or_default();
    let own = map.iter().filter(|(key, _)| *key != "$shared");
    all.extend(own.map(|(key, value)| (key.clone(), whole(value, shared))));
    all
}

/// Puts the schema's defaults where nothing was said.
fn complete(schema: &Value, value: &mut Value) {
    let (Some(properties), Some(map)) = (schema["properties"].as_object(), value.as_object_mut()) else { return };
    for (key, schema) in properties {
        if let Some(default) = schema.get("default") {
            map.entry(key).or_insert_with(|| default.clone());
        }
        map.get_mut(key).into_iter().for_each(|value| complete(schema, value));
        map.get_mut(key).filter(|_| schema["type"] == "integer").into_iter().for_each(as_integer);
    }
}

/// `3.0` is an integer to a schema.
fn as_integer(value: &mut Value) {
    if let Some(number) = value.as_f64().filter(|_| value.as_u64().is_none()) {
        *value = (number as u64).into();
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}

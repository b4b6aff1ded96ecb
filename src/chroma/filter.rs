//! What is a filter in Chroma's words?

use serde_json::{Value, json};

use crate::search::Filter;
use crate::text::fold;

/// The keys under which a record says what filters ask for.
pub const DOMAIN: &str = "domain";
pub const TAGS: &str = "tags";
pub const RISK_LEVEL: &str = "risk_level";
pub const MATURITY: &str = "maturity";
pub const INSTALLED: &str = "installed";
pub const SOURCE: &str = "source";

/// A value as records and conditions have it: case, accents and space around it do not matter.
pub fn folded(value: &str) -> String {
    fold(value.trim())
}

/// The condition that lets through what the filter lets through; `None` where that is everything. Collections are of
/// documents: no card has one.
pub fn condition(filter: &Filter) -> Option<Value> {
    let Filter { domain, tag, risk_level, maturity, source, installed, collection: _ } = filter;
    let single = [(DOMAIN, domain), (RISK_LEVEL, risk_level), (MATURITY, maturity), (SOURCE, source)];
    let mut all: Vec<Value> =
        single.into_iter().filter(|(_, values)| !values.is_empty()).map(|(key, values)| any(key, values)).collect();
    let tagged = |tag: &String| json!({TAGS: {"$contains": folded(tag)}});
    all.extend(joined("$or", tag.iter().map(tagged).collect()));
    all.extend(installed.map(|installed| json!({INSTALLED: {"$eq": installed}})));
    joined("$and", all)
}

fn any(key: &str, values: &[String]) -> Value {
    let values: Vec<String> = values.iter().map(|value| folded(value)).collect();
    json!({key: {"$in": values}})
}

/// One condition alone is no list.
fn joined(word: &str, mut conditions: Vec<Value>) -> Option<Value> {
    match conditions.len() {
        0 | 1 => conditions.pop(),
        _ => Some(json!({word: conditions})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| value.to_string()).collect()
    }

    #[test]
    fn a_field_lets_any_of_its_values_through_and_fields_all_have_to() {
        assert_eq!(condition(&Filter::default()), None);
        let one = Filter { domain: texts(&[" Vision "]), ..Filter::default() };
        assert_eq!(condition(&one), Some(json!({"domain": {"$in": ["vision"]}})));
        let many = Filter {
            domain: texts(&["a", "b"]),
            tag: texts(&["x", "É"]),
            risk_level: texts(&["low"]),
            maturity: texts(&["stable"]),
            source: texts(&["remote"]),
            installed: Some(false),
            collection: texts(&["c"]),
        };
        let expected = json!({"$and": [
            {"domain": {"$in": ["a", "b"]}},
            {"risk_level": {"$in": ["low"]}},
            {"maturity": {"$in": ["stable"]}},
            {"source": {"$in": ["remote"]}},
            {"$or": [{"tags": {"$contains": "x"}}, {"tags": {"$contains": "e"}}]},
            {"installed": {"$eq": false}},
        ]});
        assert_eq!(condition(&many), Some(expected));
    }
}

//! Which answers are right for which query?

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::load::Source;
use crate::{Code, Error, Result};

/// A query with the ids of what answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The query's id.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// Ids of the relevant cards; empty where nothing answers.
    pub relevant: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    text: String,
    /// The one card that answers, where there is no file of judgements.
    #[serde(default)]
    expert: Option<String>,
}

/// Reads queries (JSON lines of `id`, `text`, and perhaps `expert`) and judgements (lines of query id, tab, card id,
/// tab, relevance; 0 means not relevant).
///
/// ```
/// use skillmesh::{eval::judged, load::Source};
/// let source = |text: &str| Source { path: "q".into(), bytes: text.into() };
/// let queries = source("{\"id\": \"q1\", \"text\": \"draw\"}\n{\"id\": \"q2\", \"text\": \"fit\", \"expert\": \"ml\"}\n");
/// let read = judged(&queries, Some(&source("q1\tviz\t1\nq1\tweb\t0\n"))).unwrap();
/// assert!(read[0].relevant.contains("viz") && read[1].relevant.contains("ml"));
/// assert_eq!(read[0].relevant.len(), 1);
/// ```
pub fn judged(queries: &Source, judgements: Option<&Source>) -> Result<Vec<Judged>> {
    let mut relevant = judgements.map(read_judgements).transpose()?.unwrap_or_default();
    let (mut read, mut seen) = (Vec::new(), BTreeSet::new());
    for (number, text) in lines(queries)? {
        let line: Line = serde_json::from_str(text).map_err(|e| {
            broken(queries, number).expected("a JSON object with `id` and `text`").got(shortened(text)).caused_by(e)
        })?;
        if !seen.insert(line.id.clone()) {
            return Err(broken(queries, number).expected("a query id of its own").got(format!("`{}` again", line.id)));
        }
        let mut own = relevant.remove(&line.id).unwrap_or_default();
        own.extend(line.expert);
        read.push(Judged { id: line.id, text: line.text, relevant: own });
    }
    match relevant.keys().next() {
        Some(id) => Err(Error::new(Code::InvalidArgument, "a query is judged that is not among the queries")
            .at(judgements.map_or("", |source| &source.path))
            .got(format!("`{}`", id.escape_debug()))
            .help("name the judgements that belong to these queries")),
        None => Ok(read),
    }
}

/// Reads answers of any engine: JSON lines of a query's `id` and the `ids` found for it, best first.
///
/// ```
/// use skillmesh::{eval::answers, load::Source};
/// let source = Source { path: "a".into(), bytes: "{\"id\": \"q1\", \"ids\": [\"viz\", \"ml\"]}".into() };
/// assert_eq!(answers(&source).unwrap()["q1"], ["viz", "ml"]);
/// ```
pub fn answers(source: &Source) -> Result<BTreeMap<String, Vec<String>>> {
    #[derive(Deserialize)]
    struct Line {
        id: String,
        ids: Vec<String>,
    }
    let mut answers = BTreeMap::new();
    for (number, text) in lines(source)? {
        let line: Line = serde_json::from_str(text).map_err(|e| {
            broken(source, number).expected("a JSON object with `id` and `ids`").got(shortened(text)).caused_by(e)
        })?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = line.ids.iter().find(|id| !seen.insert(*id)) {
            return Err(broken(source, number)
                .expected("each card once")
                .got(format!("`{}` again", twice.escape_debug())));
        }
        if let Some(again) = answers.insert(line.id.clone(), line.ids).map(|_| line.id) {
            return Err(broken(source, number).expected("one answer a query").got(format!("`{again}` again")));
        }
    }
    Ok(answers)
}

fn read_judgements(source: &Source) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut relevant: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (number, line) in lines(source)? {
        let parts: Vec<&str> = line.split('\t').collect();
        let [query, card, grade] = parts[..] else { return Err(no_judgement(source, number, line)) };
        let grade: f64 = grade.trim().parse().map_err(|_| no_judgement(source, number, line))?;
        let own = relevant.entry(query.to_owned()).or_default();
        own.extend((grade > 0.0).then(|| card.to_owned()));
    }
    Ok(relevant)
}

/// The lines that say something, each with its number from 1.
fn lines(source: &Source) -> Result<Vec<(usize, &str)>> {
    let text = std::str::from_utf8(&source.bytes).map_err(|e| {
        Error::new(Code::InvalidArgument, "not UTF-8").at(&source.path).caused_by(e).help("save the file as UTF-8")
    })?;
    let numbered = text.trim_start_matches('\u{feff}').lines().enumerate();
    Ok(numbered.filter(|(_, line)| !line.trim().is_empty()).map(|(i, line)| (i + 1, line)).collect())
}

fn no_judgement(source: &Source, number: usize, line: &str) -> Error {
    broken(source, number).expected("query id, tab, card id, tab, relevance as a number").got(shortened(line))
}

fn broken(source: &Source, number: usize) -> Error {
    Error::new(Code::InvalidArgument, "unreadable line").at(format!("{}:{number}", source.path)).help("mend the line")
}

fn shortened(line: &str) -> String {
    format!("`{}`", line.chars().take(60).collect::<String>().escape_debug())
}

//! `skillmesh ingest`: documents in, one snapshot out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::args::Ingest;
use super::progress::Terminal;
use super::{Outcome, build, count, print, print_findings, print_json};
use crate::card::Document;
use crate::host::Listener;
use crate::load::Labels;
use crate::search::Shards;
use crate::{Code, Error, Result, host};

/// Names of one kind that are shown.
const NAMES: usize = 20;

pub fn run(args: &Ingest) -> Result<Outcome> {
    let library = host::load_documents(&args.paths, &labels(args))?;
    print_findings(&library.findings);
    let documents = for_audience(library.documents, args.audience.as_deref());
    if documents.is_empty() {
        return Err(nothing(args));
    }
    let report = Report::of(args, &documents, &library.skipped);
    let model = build::model(args.model.as_deref(), args.no_dense)?;
    let terminal = Terminal::new();
    let snapshot = host::build_documents(documents, model.as_ref(), &|done, all| terminal.embedded(done, all))?;
    terminal.clear();
    let root = match args.shards {
        Some(count) => Some(host::write_shards(&args.out, snapshot, count, &terminal)?),
        None => host::write_snapshot(&args.out, &snapshot, &terminal).map(|()| None)?,
    };
    if args.json {
        print_json(&report.json(root.as_ref()))?
    } else {
        let shards = root.map(|root| format!("Shards: {}\n", build::in_shards(&root)));
        print(&(report.text() + &shards.unwrap_or_default()))?
    }
    Ok(Outcome::Done)
}

fn labels(args: &Ingest) -> Labels {
    Labels {
        collection: args.collection.clone(),
        skills: args.skills.clone(),
        tags: args.tags.clone(),
        base_url: args.base_url.clone(),
    }
}

/// What the audience may see, as it may see it; everything if there is none.
fn for_audience(documents: Vec<Document>, audience: Option<&str>) -> Vec<Document> {
    match audience {
        Some(skill) => documents.into_iter().filter_map(|document| document.seen_by(skill)).collect(),
        None => documents,
    }
}

fn nothing(args: &Ingest) -> Error {
    let readable = "at least one document that can be read".to_owned();
    let expected = args.audience.as_ref().map_or(readable, |skill| format!("at least one document for `{skill}`"));
    Error::new(Code::InvalidArgument, "nothing to ingest")
        .expected(expected)
        .got("none")
        .help("name another path or audience; what was passed over is told above")
}

/// What is said of a snapshot when it is written.
struct Report {
    from: String,
    file: String,
    collection: String,
    documents: usize,
    chunks: usize,
    /// Whether one of them is for everybody.
    everybody: bool,
    /// Who else may read them.
    skills: Vec<String>,
    tags: Vec<String>,
    skipped: BTreeMap<Cow<'static, str>, usize>,
}

impl Report {
    fn of(args: &Ingest, documents: &[Document], skipped: &BTreeMap<Cow<'static, str>, usize>) -> Report {
        Report {
            from: args.paths.iter().map(|path| format!("'{}'", path.display())).collect::<Vec<_>>().join(", "),
            file: args.out.display().to_string(),
            collection: args.collection.clone(),
            documents: documents.len(),
            chunks: documents.iter().map(|document| document.chunks.len()).sum(),
            everybody: documents.iter().any(|document| document.skills.is_empty()),
            skills: distinct(documents.iter().flat_map(|document| &document.skills)),
            tags: distinct(documents.iter().flat_map(|document| &document.tags)),
            skipped: skipped.clone(),
        }
    }

    fn text(&self) -> String {
        let chunks = count(self.chunks, "chunk");
        let said =
            if self.documents == 1 { chunks } else { format!("{} in {chunks}", count(self.documents, "document")) };
        let mut text = format!("Ingested {said} from {} into collection '{}'\n", self.from, self.collection);
        let everybody = self.everybody.then(|| "all".to_owned());
        text += &line("Skills", &everybody.into_iter().chain(self.skills.clone()).collect::<Vec<_>>());
        text += &line("Tags", &self.tags);
        let skipped = self.skipped.iter().map(|(code, files)| format!("{files} {code}"));
        text + &line("Skipped", &skipped.collect::<Vec<_>>())
    }

    fn json(&self, root: Option<&Shards>) -> serde_json::Value {
        json!({
            "file": self.file,
            "collection": self.collection,
            "documents": self.documents,
            "chunks": self.chunks,
            "everybody": self.everybody,
            "skills": self.skills,
            "tags": self.tags,
            "skipped": self.skipped,
            "shards": root.map(Shards::shards),
        })
    }
}

/// The first of them; one that holds a comma is quoted, so that it is seen to be one.
fn line(name: &str, said: &[String]) -> String {
    let shown = |name: &String| if name.contains(',') { format!("{name:?}") } else { name.clone() };
    let first = said.iter().take(NAMES).map(shown).collect::<Vec<_>>().join(", ");
    match said.len() {
        0 => String::new(),
        all if all > NAMES => format!("{name}: {first} and {} more\n", all - NAMES),
        _ => format!("{name}: {first}\n"),
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

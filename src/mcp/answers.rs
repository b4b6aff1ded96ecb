//! What does each tool answer? What the command of the same name prints with --json, and the same in words.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::Skills;
use super::arguments::{Asked, AutoRoute, Emit, Ingest, Outcome, Retrieve, Roles, Search, Sync, read};
use super::library::{Library, Shown};
use super::work::Work;
use crate::card::Access;
use crate::emit::{AskedDocuments, Context, Documents, Emission, Emitted, Retrieved, emit as emitted, inert, one_line};
use crate::host::{self, KeptDocuments, NewDocument, Trust};
use crate::route::{self, Found, Preparation, code};
use crate::search::{Confidence, DocumentRequest, DocumentRetriever, Mode, Nearest, Reason, Request, Scored};
use crate::snapshot::ModelInfo;
use crate::{Code, Error, ExpertCard, Result};

/// An answer as data, and in words.
pub struct Told {
    pub value: Value,
    pub text: String,
}

impl Told {
    fn data(value: Value) -> Told {
        Told { text: value.to_string(), value }
    }
}

/// The vectors of a question, where they are wanted and there is a model.
fn vector(
    library: &Library,
    of: Option<&ModelInfo>,
    mode: Mode,
    query: &str,
    syntax: bool,
) -> Result<Option<Vec<f32>>> {
    library.model(of, mode).map(|model| host::embed_query(&model, query, syntax)).transpose()
}

fn vector_of(library: &Library, shown: &Shown, asked: &Asked) -> Result<Option<Vec<f32>>> {
    vector(library, shown.skills.header().model.as_ref(), asked.mode, &asked.query, asked.syntax)
}

pub fn retrieve(library: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let Retrieve { asked, explain } = read(arguments)?;
    let shown = library.shown();
    let vector = vector_of(library, &shown, &asked)?;
    let answer = library.start.backend.query(&shown.skills, &asked.request(vector.as_deref(), &[])?)?;
    let (mut hits, mut text) = (Vec::new(), String::new());
    for hit in answer.hits {
        let (number, passage) = (hit.ranked.number, hit.ranked.passage);
        let snippet = shown.skills.snippet(number, passage, &asked.query, asked.syntax)?;
        let uri = shown.shelf.uri(number);
        let (title, id, said) = (inert(&hit.card.title), code(&hit.card.id), inert(&snippet.text));
        text += &format!("{}. {title} ({id})\n   {said}\n   {uri}\n", hits.len() + 1);
        let mut value = json!(hit);
        (value["uri"], value["snippet"]) = (uri.into(), json!({"text": snippet.text, "ranges": snippet.ranges}));
        value.as_object_mut().filter(|_| !explain).map(|hit| hit.remove("explain"));
        hits.push(value);
    }
    let (mode, confidence, reason) = (answer.mode, answer.confidence, answer.reason);
    let value = json!({"query": asked.query, "mode": mode, "confidence": confidence, "reason": reason, "hits": hits});
    Ok(Told { value, text: text + &nothing(reason) + &footing(mode, confidence) })
}

pub fn emit(library: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let args: Emit = read(arguments)?;
    let emission = args.emission()?;
    let (shown, documents) = (library.shown(), library.documents().filter(|_| args.wants_documents(emission.provider)));
    let vector = vector_of(library, &shown, &args.asked)?;
    let of_documents = |docs: &DocumentRetriever| {
        let of = docs.header().model.as_ref();
        self::vector(library, of, args.asked.mode, &args.asked.query, args.asked.syntax)
    };
    let documents_vector = documents.as_deref().map(of_documents).transpose()?.flatten();
    let asked = AskedDocuments { tags: args.document_tags.clone(), top_k: args.documents_top_k, ..Default::default() };
    let with = |docs| Documents { docs, vector: documents_vector.as_deref(), asked: &asked };
    let emission = Emission { documents: documents.as_deref().map(with), ..emission };
    let request = args.asked.request(vector.as_deref(), &[])?;
    let nearest = library.start.backend.nearest(&shown.skills, &request)?;
    let context = emitted(&shown.skills, &Request { nearest: nearest.as_ref(), ..request }, &emission)?;
    let Context { block, found: Retrieved { cards, documents, mode, confidence, reason }, left_out } = context;
    let (mut hits, mut text) = (Vec::new(), format!("{block}\n"));
    if left_out > 0 {
        text += &format!("- Found, and left out for want of room: {left_out}\n");
    }
    for Emitted { card, score, .. } in &cards {
        let uri = place(&shown, &card.id);
        text += &format!("- All instructions of {}: {uri}\n", code(&card.id));
        hits.push(json!({"id": card.id, "uri": uri, "title": card.title, "score": score}));
    }
    let mut value = json!({"query": args.asked.query, "mode": mode, "confidence": confidence, "reason": reason, "left_out": left_out});
    (value["hits"], value["documents"], value["block"]) = (hits.into(), json!(documents), block.into());
    Ok(Told { value, text: text + &nothing(reason) + &footing(mode, confidence) })
}

/// The resource that holds a skill's instructions.
fn place<'a>(shown: &'a Shown, id: &str) -> &'a str {
    shown.skills.number(id).map_or("", |number| shown.shelf.uri(number))
}

/// A question, with what was learnt for questions like it.
struct Question {
    shown: std::sync::Arc<Shown>,
    asked: Asked,
    vector: Option<Vec<f32>>,
    boosts: Vec<Scored>,
    nearest: Option<Nearest>,
}

impl Question {
    fn new(library: &Library, asked: Asked) -> Result<Question> {
        let shown = library.shown();
        let vector = vector_of(library, &shown, &asked)?;
        let router = host::learnt(library.start.learnt.as_deref())?;
        let boosts = router.boosts(&shown.skills, &asked.query, vector.as_deref(), Some(host::now()))?;
        let nearest = library.start.backend.nearest(&shown.skills, &asked.request(vector.as_deref(), &boosts)?)?;
        Ok(Question { shown, asked, vector, boosts, nearest })
    }

    fn request(&self) -> Result<Request<'_>> {
        let request = self.asked.request(self.vector.as_deref(), &self.boosts)?;
        Ok(Request { nearest: self.nearest.as_ref(), ..request })
    }

    fn skill(&self, found: &Found) -> Value {
        let mut value = json!(found);
        value["uri"] = place(&self.shown, &found.id).into();
        value
    }

    fn skills(&self, found: &[Found]) -> Value {
        found.iter().map(|found| self.skill(found)).collect()
    }

    fn place(&self) -> impl Fn(&Found) -> Option<String> {
        |found| Some(place(&self.shown, &found.id).to_owned())
    }
}

pub fn discover(library: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let question = Question::new(library, read(arguments)?)?;
    let found = route::discover(&question.shown.skills, &question.request()?)?;
    let mut value = json!(found);
    value["skills"] = question.skills(&found.skills);
    let text = found.markdown_with(&question.place()) + &footing(found.mode, found.confidence);
    Ok(Told { value, text })
}

pub fn suggest(library: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let question = Question::new(library, read(arguments)?)?;
    let found = route::suggest(&question.shown.skills, &question.request()?)?;
    let mut value = json!(found);
    value["best"] = found.best.as_ref().map(|best| question.skill(best)).into();
    value["alternatives"] = question.skills(&found.alternatives);
    let text = found.markdown_with(&question.place()) + &footing(found.mode, found.confidence);
    Ok(Told { value, text })
}

pub fn auto_route(library: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let AutoRoute { asked, loaded, auto_install, min_match } = read(arguments)?;
    let question = Question::new(library, asked)?;
    let known = Preparation { auto_install, loaded, min_match: Some(min_match) };
    let found = route::auto_route(&question.shown.skills, &question.request()?, &known)?;
    let mut value = json!(found);
    let parts = [("loaded", &found.loaded), ("arrived", &found.arrived), ("unloaded", &found.unloaded)];
    for (name, skills) in parts.into_iter().chain([("remote", &found.remote)]) {
        value[name] = question.skills(skills);
    }
    let to_load: Vec<String> = found.to_load.iter().map(|id| code(id)).collect();
    let to_load = if to_load.is_empty() { String::new() } else { format!("- **To load**: {}\n", to_load.join(", ")) };
    let text = found.markdown_with(&question.place()) + &to_load + &footing(found.mode, found.confidence);
    Ok(Told { value, text })
}

pub fn search_documents(library: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let args: Search = read(arguments)?;
    let documents = library.documents().ok_or_else(without_documents)?;
    let vector = vector(library, documents.header().model.as_ref(), args.mode, &args.query, args.syntax)?;
    let access = Access { all: false, skills: args.skills.clone(), tags: args.tags.clone() };
    let answer =
        documents.search(&DocumentRequest { query: args.request(vector.as_deref())?, access, offset: args.offset })?;
    let lines = answer.pages.iter().enumerate().map(|(i, page)| {
        let section =
            |hit: &crate::search::DocumentHit| format!("   {}\n   {}\n", one_line(&hit.url), inert(&hit.snippet.text));
        let sections: String = page.sections.iter().map(section).collect();
        format!("{}. {}  {}\n{sections}", args.offset + i + 1, inert(&page.title), one_line(&page.url))
    });
    let text = lines.collect::<String>() + &nothing(answer.reason);
    Ok(Told { value: json!(answer), text })
}

pub fn ingest_document(library: &Library, arguments: Value, work: &Work) -> Result<Told> {
    let Ingest { path, text, replace } = read(arguments)?;
    let (Some(file), Some(folder)) = (&library.start.docs, &library.start.docs_folder) else {
        return Err(without_documents());
    };
    let new = NewDocument::new(folder, &path, &text, replace)?;
    let added = KeptDocuments { snapshot: file, folder }.add(&new, &|model| library.needed_model(model), work)?;
    let (path, embedded, findings) = (added.path.clone(), added.embedded, added.findings.clone());
    let (all, chunks) = (added.documents.documents(), added.documents.len());
    library.show_documents(added)?;
    let value = json!({"path": path, "documents": all, "chunks": chunks, "embedded": embedded, "findings": findings});
    Ok(Told { value, text: format!("{path} can be found; there are {all} documents in {chunks} pieces\n") })
}

pub fn sync(library: &Library, arguments: Value, work: &Work) -> Result<Told> {
    let Sync { read_all } = read(arguments)?;
    let Skills::Kept(kept) = &library.start.skills else { return Err(not_kept()) };
    let trust = if read_all { Trust::Content } else { Trust::Metadata };
    let report = kept.sync(trust, SystemTime::now(), work)?;
    library.reload(&kept.snapshot)?;
    Ok(Told::data(json!(report)))
}

pub fn index_stats(library: &Library, _: Value, _: &Work) -> Result<Told> {
    let path = match &library.start.skills {
        Skills::Snapshot(path) => path,
        Skills::Kept(kept) => &kept.snapshot,
        Skills::Registry { .. } => return Err(not_kept()),
    };
    let stats = host::stats(path)?;
    let mut value = json!(stats);
    value["answers"] = (stats.stamp == library.shown().skills.stamp()).into();
    Ok(Told::data(value))
}

pub fn roles(_: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let Roles { role } = read(arguments)?;
    let all = host::library(None)?;
    let found: Vec<Value> = match role {
        Some(role) => vec![whole_role(&all, crate::roles::find(&all, &role)?)?],
        None => all
            .iter()
            .filter(|card| crate::roles::is_role(card))
            .map(|card| role_of(card, &card.dependencies))
            .collect(),
    };
    Ok(Told::data(json!({"roles": found})))
}

fn role_of(card: &ExpertCard, experts: &[String]) -> Value {
    json!({"id": card.id, "title": card.title, "description": card.description, "experts": experts})
}

/// The role with all experts that it needs, and what it says to do.
fn whole_role(all: &[ExpertCard], role: &ExpertCard) -> Result<Value> {
    let experts: Vec<String> = crate::roles::experts(all, role)?.into_iter().map(|card| card.id.clone()).collect();
    let mut value = role_of(role, &experts);
    value["instructions"] = role.instruction_text.as_str().into();
    Ok(value)
}

pub fn record_outcome(library: &Library, arguments: Value, _: &Work) -> Result<Told> {
    let Outcome { query, skill, success } = read(arguments)?;
    let file = library.start.learnt.as_deref().ok_or_else(|| {
        Error::new(Code::InvalidArgument, "the server remembers no outcomes").help("start it with --learnt FILE")
    })?;
    let shown = library.shown();
    let vector = vector(library, shown.skills.header().model.as_ref(), Mode::Auto, &query, false)?;
    let outcome = crate::feedback::Outcome { skill: &skill, success, now: host::now() };
    host::record(file, &shown.skills, &query, vector.as_deref(), &outcome)?;
    let text = format!("Remembered that {skill} did {}\n", if success { "well" } else { "not do well" });
    Ok(Told { value: json!({"skill": skill, "success": success}), text })
}

pub fn health_check(library: &Library, _: Value, work: &Work) -> Result<Told> {
    let (shown, documents) = (library.shown(), library.documents());
    let model = shown.skills.header().model.as_ref();
    let deaf = model.is_some() && library.model(model, Mode::Auto).is_none();
    let mut warnings: Vec<String> = deaf
        .then(|| "there is no model, so that only keywords answer; start the server with --model FILE".to_owned())
        .into_iter()
        .collect();
    warnings.extend(library.trouble());
    let metrics = metrics_health(library, work).unwrap_or_else(|error| {
        warnings.push(error.to_string());
        Value::Null
    });
    let said = metrics["warnings"].as_array().into_iter().flatten();
    warnings.extend(said.filter_map(Value::as_str).map(str::to_owned));
    Ok(Told::data(json!({
        "ok": warnings.is_empty() && metrics["ok"] != false,
        "version": env!("CARGO_PKG_VERSION"),
        "skills": shown.skills.len(),
        "model": model,
        "documents": documents.map(|documents| documents.documents()),
        "metrics": metrics,
        "warnings": warnings,
    })))
}

#[cfg(feature = "metrics")]
mod usage {
    use std::path::Path;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::{Told, without_metrics};
    use crate::host;
    use crate::mcp::arguments::{OneSkill, read};
    use crate::mcp::library::Library;
    use crate::mcp::work::{Brief, Work};
    use crate::metrics::{Order, Scope, Store, Window};
    use crate::{Code, Error, Result};

    #[derive(Deserialize)]
    struct Top {
        window: Window,
        project: Option<String>,
        by: Order,
        limit: usize,
    }

    /// Opened for each question: another program may want to collect meanwhile.
    fn store(library: &Library, work: &Work) -> Result<Store> {
        open(library.db.as_deref().ok_or_else(without_metrics)?, work)
    }

    /// Whoever collects may do so for minutes, which no question waits for.
    fn open(file: &Path, work: &Work) -> Result<Store> {
        let brief = Brief::new(work);
        Store::open_while(file, &brief).map_err(|error| if brief.has_given_up() { busy(file) } else { error })
    }

    fn busy(file: &Path) -> Error {
        Error::new(Code::Metrics, "another program has the database open, most likely `skillmesh metrics collect`")
            .at(file.display().to_string())
            .help("ask again when it is done")
    }

    pub fn top_skills(library: &Library, arguments: Value, work: &Work) -> Result<Told> {
        let Top { window, project, by, limit } = read(arguments)?;
        let scope = Scope { window, project: project.as_deref(), limit, now: host::now_micros() };
        Ok(Told::data(json!({"skills": store(library, work)?.top(scope, by)?})))
    }

    pub fn skill_effectiveness(library: &Library, arguments: Value, work: &Work) -> Result<Told> {
        let OneSkill { skill } = read(arguments)?;
        Ok(Told::data(json!({"effectiveness": store(library, work)?.effectiveness(&skill)?})))
    }

    pub fn compare_projects(library: &Library, arguments: Value, work: &Work) -> Result<Told> {
        let OneSkill { skill } = read(arguments)?;
        Ok(Told::data(json!({"projects": store(library, work)?.compare(&skill)?})))
    }

    pub fn metrics_health(library: &Library, work: &Work) -> Result<Value> {
        library.db.as_deref().map_or(Ok(Value::Null), |file| Ok(json!(open(file, work)?.health(host::now_micros())?)))
    }
}

#[cfg(not(feature = "metrics"))]
mod usage {
    use serde_json::Value;

    use super::{Told, without_metrics};
    use crate::Result;
    use crate::mcp::library::Library;
    use crate::mcp::work::Work;

    pub fn top_skills(_: &Library, _: Value, _: &Work) -> Result<Told> {
        Err(without_metrics())
    }

    pub use self::top_skills as skill_effectiveness;
    pub use self::top_skills as compare_projects;

    pub fn metrics_health(_: &Library, _: &Work) -> Result<Value> {
        Ok(Value::Null)
    }
}

use usage::metrics_health;
pub use usage::{compare_projects, skill_effectiveness, top_skills};

/// How sure an answer is, and what it was found by.
fn footing(mode: Mode, confidence: Option<Confidence>) -> String {
    let sure = |sure: Confidence| format!("- **Confidence**: {} ({:.0}%)\n", sure.level, sure.value * 100.0);
    confidence.map_or_else(String::new, sure) + &format!("- **Mode**: {}\n", mode.name())
}

fn nothing(reason: Option<Reason>) -> String {
    reason.map_or(String::new(), |reason| format!("Nothing found: {reason}\n"))
}

/// Like the two below, a belt: tools that cannot work are not offered.
fn without_documents() -> Error {
    Error::new(Code::InvalidArgument, "the server has no documents, or no folder for them")
        .help("start it with --docs FILE, and with --docs-folder FOLDER to add some")
}

fn not_kept() -> Error {
    Error::new(Code::InvalidArgument, "the server keeps no snapshot").help("start it with --watch PATH --snapshot FILE")
}

fn without_metrics() -> Error {
    Error::new(Code::Metrics, "the server has no metrics").help("build it with metrics, and start it with --db FILE")
}

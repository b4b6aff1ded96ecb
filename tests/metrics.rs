//! Do uses of skills get into the database once, whatever happens, and do its figures hold?
#![cfg(feature = "metrics")]
#![allow(clippy::disallowed_methods, reason = "the tests write projects' files")]

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};
use skillmesh::ExpertCard;
use skillmesh::index::BuildPlan;
use skillmesh::metrics::{Collected, Order, Scope, Store, Window};
use skillmesh::search::{Request, SkillRetriever, USAGE_WEIGHT};
use skillmesh::snapshot::{Lead, Ranking};
use skillmesh::usage::{Clock, Evidence, Verdict, leads};
use tempfile::{TempDir, tempdir};

const NOW: &str = "2026-03-01T00:00:00Z";

fn now() -> i64 {
    Clock::utc(0).instant(NOW).unwrap()
}

fn clock() -> Clock {
    Clock::utc(now())
}

/// All windows' figures, of all projects.
fn ever(limit: usize) -> Scope<'static> {
    Scope { window: Window::All, project: None, limit, now: now() }
}

/// A folder with a database and projects.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(tempdir().unwrap())
    }

    fn store(&self) -> Store {
        Store::open_or_make(&self.0.path().join("metrics.duckdb")).unwrap()
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A project with this file.
    fn project(&self, store: &Store, name: &str, file: &Value) -> String {
        self.write(name, &file.to_string());
        store.register(&self.folder(name), name, "cli", now()).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.folder(name).join(".session-buddy")).unwrap();
        fs::write(self.folder(name).join(".session-buddy/skill_metrics.json"), text).unwrap();
    }
}

fn used(at: &str, success: bool) -> Value {
    json!({"invoked_at": at, "duration_ms": 1500.0, "success": success, "followup_actions": []})
}

fn invoked(skill: &str, at: &str, session: &str) -> Value {
    json!({"skill_name": skill, "invoked_at": at, "session_id": session, "completed": true, "duration_seconds": 2,
        "workflow_path": "deploy", "user_query": "ship it", "selection_rank": 3})
}

fn one(mut all: Vec<Collected>) -> Collected {
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn both_shapes_are_read_and_a_second_collection_adds_nothing() {
    let (place, skills) = (
        Place::new(),
        json!({"skills": {"review": [used("2026-02-10T12:00:00", true), used("2026-02-11T12:00:00Z", false)]}}),
    );
    let store = place.store();
    place.project(&store, "one", &skills);
    place.project(&store, "two", &json!({"invocations": [invoked("review", "2026-02-12T09:00:00+02:00", "s")]}));
    let added = |all: Vec<Collected>| all.iter().map(|told| told.added).sum::<usize>();
    assert_eq!(added(store.collect(None, &clock()).unwrap()), 3);
    let again = store.collect(None, &clock()).unwrap();
    assert!(again.iter().all(|told| told.unchanged));
    place.write("one", &format!("{skills}\n"));
    let touched = one(store.collect(Some(&place.folder("one")), &clock()).unwrap());
    assert_eq!((touched.unchanged, touched.read, touched.added, touched.updated), (false, 2, 0, 0));
    let top = store.top(ever(10), Order::Uses).unwrap();
    assert_eq!((top.len(), top[0].uses, top[0].projects, top[0].evidence.failures), (1, 3, 2, 1));
    assert!((top[0].duration_ms.unwrap() - 5000.0 / 3.0).abs() < 1e-9);
}

#[test]
fn what_ends_later_is_completed_and_equal_uses_are_each_one() {
    let place = Place::new();
    let store = place.store();
    let running = json!({"invoked_at": "2026-02-10T12:00:00Z"});
    place.project(
        &store,
        "one",
        &json!({"skills": {"a": [running, running, {"invoked_at": "2026-02-10T13:00:00Z", "success": true}]}}),
    );
    assert_eq!(one(store.collect(None, &clock()).unwrap()).added, 3);
    store.aggregate(Window::All).unwrap();
    let done = json!({"invoked_at": "2026-02-10T12:00:00Z", "completed_at": "2026-02-10T12:00:04Z", "success": false});
    place.write(
        "one",
        &json!({"skills": {"a": [done, running, {"invoked_at": "2026-02-10T13:00:00Z", "success": true}]}}).to_string(),
    );
    let told = one(store.collect(None, &clock()).unwrap());
    assert_eq!((told.added, told.updated), (0, 1));
    let top = store.top(ever(1), Order::Uses).unwrap().remove(0);
    assert_eq!((top.uses, top.evidence.successes, top.evidence.failures, top.duration_ms), (3, 1, 1, Some(4000.0)));
}

#[test]
fn a_use_with_an_id_counts_once_as_told_last() {
    let place = Place::new();
    let store = place.store();
    let named = |success: bool| json!({"id": "u1", "skill_name": "a", "invoked_at": "2026-02-10T12:00:00Z", "success": success});
    place.project(&store, "one", &json!({"invocations": [named(true), named(false)]}));
    let told = one(store.collect(None, &clock()).unwrap());
    assert_eq!((told.read, told.added), (2, 1));
    assert_eq!(store.effectiveness("a").unwrap().unwrap().facts.evidence.failures, 1);
}

/// Collects this file of project `one` and gives the figures of skill `a`: uses, successes, failures, followed up.
fn figures_after(place: &Place, store: &Store, records: &Value) -> (u64, u64, u64, u64) {
    place.project(store, "one", &json!({"invocations": records}));
    store.collect(None, &clock()).unwrap();
    let top = store.top(ever(1), Order::Uses).unwrap().remove(0);
    (top.uses, top.evidence.successes, top.evidence.failures, top.followed_up)
}

#[test]
fn what_says_less_undoes_nothing() {
    let place = Place::new();
    let store = place.store();
    let at = |more: Value| {
        let mut record = json!({"skill_name": "a", "invoked_at": "2026-02-10T12:00:00Z"});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record
    };
    let failed = at(json!({"success": false, "follow_up_actions": ["retry"]}));
    let worked = at(json!({"success": true, "duration_ms": 5}));
    assert_eq!(figures_after(&place, &store, &json!([failed, worked])), (2, 1, 1, 1));
    assert_eq!(figures_after(&place, &store, &json!([at(json!({}))])), (2, 1, 1, 1), "an older copy of the file");
    assert_eq!(figures_after(&place, &store, &json!([worked])), (2, 1, 1, 1), "the first of two equal uses is gone");
}

#[test]
fn of_a_use_with_an_id_the_last_word_counts_and_blanks_are_no_ids() {
    let place = Place::new();
    let store = place.store();
    let told = |id: Value, success: Value, skill: &str| json!({"id": id, "skill_name": skill, "invoked_at": "2026-02-10T12:00:00Z", "success": success});
    assert_eq!(figures_after(&place, &store, &json!([told(json!(7), json!(true), "a")])), (1, 1, 0, 0));
    assert_eq!(figures_after(&place, &store, &json!([told(json!("7"), json!(false), "a")])), (1, 0, 1, 0));
    let blank = json!([told(json!(""), json!(true), "a"), told(json!(" "), json!(true), "a")]);
    assert_eq!(figures_after(&place, &store, &blank), (3, 2, 1, 0));
    place.write(
        "one",
        &json!({"invocations": [told(json!("9"), json!(null), "a"), told(json!("9"), json!(true), "b")]}).to_string(),
    );
    let noted = one(store.collect(None, &clock()).unwrap()).noted;
    assert!(noted.len() == 1 && noted[0].place == "id 9" && noted[0].reason.contains("other skills"), "{noted:?}");
    assert_eq!(store.top(ever(9), Order::Uses).unwrap().len(), 1, "the skill that was told first");
}

#[test]
fn what_is_not_completed_may_be_running_until_its_record_says_of_an_end() {
    let place = Place::new();
    let store = place.store();
    let told = |more: Value| {
        let mut record = json!({"id": 1, "skill_name": "a", "invoked_at": "2026-02-10T12:00:00Z", "completed": false,
            "duration_seconds": null, "error_type": null});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([record])
    };
    assert_eq!(figures_after(&place, &store, &told(json!({}))), (1, 0, 0, 0));
    assert_eq!(figures_after(&place, &store, &told(json!({"duration_seconds": 3.5}))), (1, 0, 1, 0));
    assert_eq!(figures_after(&place, &store, &told(json!({"completed": true}))), (1, 1, 0, 0));
    assert_eq!(figures_after(&place, &store, &told(json!({"error_type": "timeout"}))), (1, 0, 1, 0));
}

#[test]
fn remarks_quote_nobody_and_faults_of_a_kind_are_one() {
    let place = Place::new();
    let store = place.store();
    let record = |more: &str| json!({"skill_name": "a", "invoked_at": "2026-02-10T12:00:00Z", "user_query": more, "follow_up_actions": more});
    place.project(&store, "one", &json!({"invocations": [record("my secret"), record("another \"secret\"")]}));
    let skipped = one(store.collect(None, &clock()).unwrap()).skipped;
    assert_eq!(skipped.len(), 2);
    assert_eq!(skipped[0].reason, skipped[1].reason);
    assert_eq!(skipped[0].reason, "invalid type: string, expected a sequence");
}

#[test]
fn a_file_that_is_not_utf_8_is_read_with_a_remark() {
    let place = Place::new();
    let store = place.store();
    place.project(&store, "one", &json!({}));
    let text = json!({"invocations": [invoked("a", "2026-02-10T12:00:00Z", "s")]})
        .to_string()
        .replace("ship it", "sh\u{1}p it");
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    fs::write(place.folder("one").join(".session-buddy/skill_metrics.json"), bytes).unwrap();
    let told = one(store.collect(None, &clock()).unwrap());
    assert_eq!((told.added, told.noted.len()), (1, 1));
    assert!(told.noted[0].reason.contains("not UTF-8"));
}

#[test]
fn a_project_that_moved_keeps_its_uses_and_one_that_is_gone_is_known_by_its_name() {
    let place = Place::new();
    let store = place.store();
    place.project(&store, "one", &json!({"skills": {"a": [used("2026-02-10T12:00:00Z", true)]}}));
    store.collect(None, &clock()).unwrap();
    fs::rename(place.folder("one"), place.folder("two")).unwrap();
    let error = one(store.collect(None, &clock()).unwrap()).error.unwrap();
    assert!(error.contains("folder is gone") && error.contains("--moved-from"), "{error}");
    store.relocate(&place.folder("one"), &place.folder("two")).unwrap();
    store.register(&place.folder("two"), "one", "cli", now()).unwrap();
    assert!(one(store.collect(None, &clock()).unwrap()).unchanged);
    assert_eq!((store.projects(false).unwrap().len(), store.top(ever(1), Order::Uses).unwrap()[0].uses), (1, 1));
    fs::remove_dir_all(place.folder("two")).unwrap();
    store.unregister("one".as_ref(), true).unwrap();
    assert!(store.projects(false).unwrap().is_empty());
    assert!(store.register(place.0.path(), " ", "cli", now()).unwrap_err().to_string().contains("name is blank"));
}

#[test]
fn health_names_what_was_never_collected_and_what_to_run() {
    let place = Place::new();
    let store = place.store();
    assert!(store.health(now()).unwrap().warnings[0].contains("register one with `skillmesh metrics register"));
    place.project(&store, "one", &json!({"skills": {}}));
    store.collect(None, &clock()).unwrap();
    assert!(store.health(now()).unwrap().ok);
    place.project(&store, "two", &json!({"skills": {}}));
    let warnings = store.health(now()).unwrap().warnings;
    assert_eq!(warnings, ["Never collected: two. Run `skillmesh metrics collect --all`."]);
    let later = store.health(now() + 40 * 86_400_000_000).unwrap().warnings;
    assert!(later[1].contains("40 days") && later[1].contains("collect --all"), "{later:?}");
}

#[test]
fn what_is_broken_is_told_and_costs_nothing_else() {
    let place = Place::new();
    let store = place.store();
    let file = json!({"invocations": [
        invoked("a", "2026-02-10T12:00:00Z", "s"),
        {"skill_name": "a"},
        {"invoked_at": "2026-02-10T12:00:00Z"},
        {"skill_name": "a", "invoked_at": "someday"},
        {"skill_name": "a", "invoked_at": "2026-02-10T12:00:00Z", "success": "yes"},
        "half",
        {"skill_name": "a", "invoked_at": "2026-02-10T12:00:00Z", "completed_at": "2026-02-10T11:00:00Z", "session_id": "t"},
        {"skill_name": "a", "invoked_at": "2027-02-10T12:00:00Z"},
    ]});
    place.project(&store, "one", &file);
    let told = one(store.collect(None, &clock()).unwrap());
    assert_eq!((told.read, told.added, told.skipped.len(), told.noted.len()), (3, 3, 5, 2));
    assert_eq!(told.skipped[0].place, "invocations/1");
    assert!(told.skipped[2].reason.contains("expected a time such as"), "{:?}", told.skipped[2]);
    let text = file.to_string();
    for broken in [&text[..text.len() / 2], "", "[]", "{}", &deep(1_000_000), "{\"invocations\": 5}", "\u{feff}{}"] {
        place.write("one", broken);
        let told = one(store.collect(None, &clock()).unwrap());
        assert!(told.error.is_some() || !told.skipped.is_empty(), "{}", &broken[..broken.len().min(40)]);
        assert_eq!(store.top(ever(1), Order::Uses).unwrap()[0].uses, 3, "what was known stays");
    }
    place.write("one", &text);
    assert_eq!(one(store.collect(None, &clock()).unwrap()).added, 0);
}

fn deep(levels: usize) -> String {
    format!("{{\"invocations\": [{}{}]}}", "[".repeat(levels), "]".repeat(levels))
}

#[test]
fn an_inactive_project_counts_for_nothing_until_it_is_registered_again() {
    let place = Place::new();
    let store = place.store();
    for name in ["one", "two"] {
        place.project(&store, name, &json!({"skills": {"a": [used("2026-02-10T12:00:00Z", true)]}}));
    }
    store.collect(None, &clock()).unwrap();
    let uses = || store.top(ever(1), Order::Uses).unwrap().first().map_or(0, |top| top.uses);
    assert_eq!(uses(), 2);
    store.unregister(&place.folder("one"), false).unwrap();
    assert_eq!((uses(), store.compare("a").unwrap().len(), store.projects(false).unwrap().len()), (1, 1, 2));
    store.register(&place.folder("one"), "one", "cli", now()).unwrap();
    assert_eq!(uses(), 2);
    store.unregister(&place.folder("one"), true).unwrap();
    assert_eq!((uses(), store.projects(false).unwrap().len()), (1, 1));
    assert!(store.unregister(&place.folder("one"), false).unwrap_err().to_string().contains("no such project"));
}

#[test]
fn figures_of_one_project_are_its_own_and_windows_ahead_of_the_clock_do_not_stand_for_the_latest() {
    let place = Place::new();
    let store = place.store();
    place.project(
        &store,
        "one",
        &json!({"skills": {"a": [used("2026-02-10T12:00:00Z", true), used("2031-01-01T00:00:00Z", true)]}}),
    );
    place.project(&store, "two", &json!({"skills": {"b": [used("2026-01-10T12:00:00Z", true)]}}));
    store.collect(None, &clock()).unwrap();
    let monthly = |project| Scope { window: Window::Monthly, project, ..ever(9) };
    let names = |project| {
        store.top(monthly(project), Order::Uses).unwrap().into_iter().map(|top| top.skill).collect::<Vec<_>>()
    };
    assert_eq!(
        (names(None), names(Some("one")), names(Some("two"))),
        (vec!["a".to_owned()], vec!["a".to_owned()], vec!["b".to_owned()])
    );
    assert_eq!(store.trends(monthly(None), None).unwrap().len(), 2);
    assert_eq!(store.top(ever(9), Order::Uses).unwrap()[0].uses, 2, "no use is lost");
    let missing = store.top(monthly(Some("three")), Order::Uses).unwrap_err().to_string();
    assert!(missing.contains("no such project") && missing.contains("three"), "{missing}");
}

#[test]
fn pruned_uses_are_gone_from_rollups_and_do_not_come_back() {
    let place = Place::new();
    let store = place.store();
    let file = json!({"skills": {"a": [used("2025-06-01T00:00:00Z", false), used("2026-02-10T12:00:00Z", true)]}});
    place.project(&store, "one", &file);
    store.collect(None, &clock()).unwrap();
    assert_eq!(store.top(ever(1), Order::Uses).unwrap()[0].uses, 2);
    assert_eq!(store.prune(90, now()).unwrap(), 1);
    let top = store.top(ever(1), Order::Uses).unwrap().remove(0);
    assert_eq!((top.uses, top.evidence.failures), (1, 0));
    place.write("one", &format!("{file} "));
    let told = one(store.collect(None, &clock()).unwrap());
    assert_eq!((told.added, told.pruned), (0, 1));
}

#[test]
fn effectiveness_says_what_to_do() {
    let place = Place::new();
    let store = place.store();
    let failed = |minute: usize| {
        json!({"skill_name": "broken", "invoked_at": format!("2026-02-10T12:{minute:02}:00Z"),
        "completed": false, "error_type": "timeout", "follow_up_actions": ["retry"], "selection_rank": 4})
    };
    let fine = |minute: usize| json!({"skill_name": "fine", "invoked_at": format!("2026-02-10T12:{minute:02}:00Z"), "completed": true});
    let rare = json!({"skill_name": "rare", "invoked_at": "2026-02-10T12:00:00Z", "completed": true});
    let all: Vec<Value> = (0..30).flat_map(|minute| [failed(minute), fine(minute)]).chain([rare]).collect();
    place.project(&store, "one", &json!({"invocations": all}));
    store.collect(None, &clock()).unwrap();
    let told = |skill| store.effectiveness(skill).unwrap().unwrap();
    assert_eq!((told("fine").verdict, told("rare").verdict), (Verdict::Works, Verdict::TooLittleData));
    let broken = told("broken");
    assert_eq!(broken.verdict, Verdict::Fails);
    let said = broken.recommendations.join(" ");
    assert!(said.contains("`timeout`") && said.contains("`retry`") && said.contains("place 4.0"), "{said}");
    assert!(store.effectiveness("nobody").unwrap().is_none());
    let order: Vec<String> = store.top(ever(3), Order::Success).unwrap().into_iter().map(|top| top.skill).collect();
    assert_eq!(order, ["fine", "rare", "broken"]);
}

#[test]
fn pairs_are_what_one_session_did() {
    let place = Place::new();
    let store = place.store();
    let session = |name: &str, skills: [&str; 2]| -> Vec<Value> {
        skills
            .iter()
            .enumerate()
            .map(|(minute, skill)| invoked(skill, &format!("2026-02-10T12:0{minute}:00Z"), name))
            .collect()
    };
    let all =
        [session("s1", ["plan", "code"]), session("s2", ["plan", "code"]), session("s3", ["code", "test"])].concat();
    place.project(&store, "one", &json!({"invocations": all}));
    store.collect(None, &clock()).unwrap();
    let pairs = store.pairs(10).unwrap();
    assert_eq!((pairs[0].first.as_str(), pairs[0].second.as_str(), pairs[0].sessions), ("plan", "code", 2));
    assert!((pairs[0].lift - 2.0 * 3.0 / (2.0 * 3.0)).abs() < 1e-9 && pairs[0].in_order == 1.0);
    assert_eq!((pairs[1].sessions, pairs[1].lift), (1, 1.0 * 3.0 / (3.0 * 1.0)));
    store.unregister("one".as_ref(), false).unwrap();
    assert!(store.pairs(10).unwrap().is_empty());
}

#[test]
fn workflows_are_what_one_session_did_on_one_path() {
    let place = Place::new();
    let store = place.store();
    let failed = json!({"skill_name": "b", "invoked_at": "2026-02-10T11:00:00Z", "session_id": "s", "success": false, "workflow_path": "deploy"});
    let all = json!([invoked("a", "2026-02-10T12:00:00Z", "s"), failed, invoked("a", "2026-02-10T12:00:00Z", "t"),
        {"skill_name": "alone", "invoked_at": "2026-02-10T12:00:00Z", "workflow_path": "deploy"}]);
    place.project(&store, "one", &json!({"invocations": all}));
    store.collect(None, &clock()).unwrap();
    drop(store);
    let database = duckdb::Connection::open(place.folder("metrics.duckdb")).unwrap();
    let mut query = database
        .prepare("SELECT session_id, skills_used::VARCHAR, status FROM workflow_executions ORDER BY 1")
        .unwrap();
    let of = |row: &duckdb::Row| -> duckdb::Result<[String; 3]> { Ok([row.get(0)?, row.get(1)?, row.get(2)?]) };
    let rows: Vec<[String; 3]> = query.query_map([], of).unwrap().map(Result::unwrap).collect();
    assert_eq!(
        rows,
        [["s", r#"["b","a"]"#, "failed"], ["t", r#"["a"]"#, "completed"]].map(|row| row.map(str::to_owned))
    );
}

#[test]
fn what_others_may_see_has_no_paths_sessions_times_or_queries() {
    let place = Place::new();
    let store = place.store();
    place.project(&store, "one", &json!({"invocations": [invoked("a", "2026-02-10T12:00:00Z", "secret-session")]}));
    store.collect(None, &clock()).unwrap();
    let shown = serde_json::to_string(&store.export(false, false).unwrap()).unwrap();
    let folder = place.folder("one").canonicalize().unwrap().display().to_string();
    for hidden in ["secret-session", "ship it", "2026", folder.as_str()] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
    let asked = serde_json::to_string(&store.export(true, true).unwrap()).unwrap();
    assert!(asked.contains("ship it") && asked.contains(&folder) && !asked.contains("secret-session"));
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone_and_another_file_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    drop(place.store());
    let mode = fs::metadata(place.folder("metrics.duckdb")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::write(place.folder("other"), "not a database, whatever its length may be").unwrap();
    let missing = Store::open(&place.folder("typo")).err().unwrap().to_string();
    assert!(missing.contains("no database of uses") && !place.folder("typo").exists(), "{missing}");
    let refused = Store::open(&place.folder("other")).err().unwrap().to_string();
    assert!(refused.contains("no database of ours"), "{refused}");
}

#[test]
fn collectors_at_the_same_time_lose_and_double_nothing() {
    let place = Place::new();
    let uses: Vec<Value> =
        (0..200).map(|n| used(&format!("2026-02-10T{:02}:{:02}:00Z", n / 60, n % 60), true)).collect();
    let store = place.store();
    for name in ["one", "two", "three"] {
        place.project(&store, name, &json!({"skills": {"a": uses}}));
    }
    drop(store);
    std::thread::scope(|scope| {
        (0..4).for_each(|_| drop(scope.spawn(|| place.store().collect(None, &clock()).unwrap())));
    });
    assert_eq!(place.store().top(ever(1), Order::Uses).unwrap()[0].uses, 600);
}

/// One step of a life.
#[derive(Clone, Debug)]
enum Step {
    Collect { project: usize, uses: Vec<(u8, u16, Option<bool>)> },
    Aggregate(usize),
    Prune(u32),
    Unregister(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let uses = prop::collection::vec((0u8..3, 0u16..2000, any::<Option<bool>>()), 0..12);
    let step = prop_oneof![
        4 => (0usize..3, uses).prop_map(|(project, uses)| Step::Collect { project, uses }),
        2 => (0usize..4).prop_map(Step::Aggregate),
        1 => (10u32..80).prop_map(Step::Prune),
        1 => (0usize..3).prop_map(Step::Unregister),
    ];
    prop::collection::vec(step, 1..10)
}

fn file(uses: &[(u8, u16, Option<bool>)]) -> Value {
    let start = clock().instant("2025-12-08T00:00:00Z").unwrap() / 1000;
    let record = |(skill, hours, success): &(u8, u16, Option<bool>)| {
        json!({"skill_name": format!("s{skill}"), "invoked_at": start + i64::from(*hours) * 3_600_000, "success": success,
            "duration_ms": f64::from(*hours) / 7.0})
    };
    json!({"invocations": uses.iter().map(record).collect::<Vec<_>>()})
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever happened in whatever order, rollups are those that all windows computed anew give.
    #[test]
    fn rollups_equal_a_full_computation(steps in steps()) {
        let place = Place::new();
        let store = place.store();
        let name = |project: usize| format!("p{project}");
        for step in steps {
            match step {
                Step::Collect { project, uses } => {
                    place.project(&store, &name(project), &file(&uses));
                    store.collect(Some(&place.folder(&name(project))), &clock()).unwrap();
                }
                Step::Aggregate(window) => drop(store.aggregate(Window::ALL[window]).unwrap()),
                Step::Prune(days) => drop(store.prune(days, now()).unwrap()),
                Step::Unregister(project) => drop(store.unregister(&place.folder(&name(project)), false)),
            }
        }
        let kept = rollups(&store);
        store.forget_rollups().unwrap();
        prop_assert_eq!(kept, rollups(&store));
    }
}

fn rollups(store: &Store) -> String {
    let all =
        Window::ALL.map(|window| format!("{:?}", store.trends(Scope { window, ..ever(usize::MAX) }, None).unwrap()));
    let compared = ["s0", "s1", "s2"].map(|skill| format!("{:?}", store.compare(skill).unwrap()));
    format!("{all:?} {compared:?}")
}

/// Uses of a window and their figures, counted one after the other.
fn counted(uses: &[&(u8, u16, Option<bool>)]) -> (u64, u64, u64, Option<f64>) {
    let of = |success| uses.iter().filter(|told| told.2 == Some(success)).count() as u64;
    let sum: f64 = uses.iter().map(|told| (f64::from(told.1) / 7.0 * 1000.0).round() / 1000.0).sum();
    (uses.len() as u64, of(true), of(false), (!uses.is_empty()).then(|| sum / uses.len() as f64))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Figures of days, weeks and months are those of the uses that began in them, in one project and in all.
    #[test]
    fn figures_are_those_of_counting(uses in prop::collection::vec((0u8..3, 0u16..2000, any::<Option<bool>>()), 1..40)) {
        let place = Place::new();
        let store = place.store();
        let (first, second) = uses.split_at(uses.len() / 2);
        place.project(&store, "p0", &file(first));
        place.project(&store, "p1", &file(second));
        store.collect(None, &clock()).unwrap();
        let monday = clock().instant("2025-12-08T00:00:00Z").unwrap();
        for (project, uses) in [(None, &uses[..]), (Some("p0"), first), (Some("p1"), second)] {
            for (window, hours) in [(Window::Daily, 24), (Window::Weekly, 168), (Window::All, u16::MAX)] {
                let told = store.trends(Scope { window, project, ..ever(usize::MAX) }, None).unwrap();
                let mut seen = 0;
                for period in &told {
                    let start = clock().instant(&format!("{}T00:00:00Z", period.start)).unwrap();
                    let from = if window == Window::All { 0 } else { ((start - monday) / 3_600_000_000) as u16 };
                    let within = |told: &&(u8, u16, Option<bool>)| {
                        format!("s{}", told.0) == period.figures.skill && (from..from.saturating_add(hours)).contains(&told.1)
                    };
                    let (count, successes, failures, mean) = counted(&uses.iter().filter(within).collect::<Vec<_>>());
                    let figures = &period.figures;
                    prop_assert_eq!((figures.uses, figures.evidence.successes, figures.evidence.failures), (count, successes, failures));
                    prop_assert!((figures.duration_ms.unwrap() - mean.unwrap()).abs() < 1e-6);
                    seen += count;
                }
                prop_assert_eq!(seen, uses.len() as u64, "no use is in two windows or in none");
            }
        }
    }

    /// Half, nine tenths and ninety-nine hundredths of a skill's uses were done within these times, interpolated.
    #[test]
    fn quantiles_are_those_of_sorting(hours in prop::collection::vec(0u16..2000, 1..40)) {
        let place = Place::new();
        let store = place.store();
        place.project(&store, "one", &file(&hours.iter().map(|hour| (0, *hour, Some(true))).collect::<Vec<_>>()));
        store.collect(None, &clock()).unwrap();
        let mut took: Vec<f64> = hours.iter().map(|hour| (f64::from(*hour) / 7.0 * 1000.0).round() / 1000.0).collect();
        took.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (took.len() - 1) as f64;
            took[place.floor() as usize] + (took[place.ceil() as usize] - took[place.floor() as usize]) * place.fract()
        };
        let told = store.effectiveness("s0").unwrap().unwrap().facts.durations.unwrap();
        for (got, expected) in [(told.p50, at(0.5)), (told.p90, at(0.9)), (told.p99, at(0.99))] {
            prop_assert!((got - expected).abs() < 1e-6, "{} for {}", got, expected);
        }
    }
}

/// A record of the use `1` that says each thing or not.
fn partial() -> impl Strategy<Value = Value> {
    let bits = (
        any::<Option<bool>>(),
        prop::option::of(1u8..9),
        prop::option::of("[ab]"),
        prop::option::of("[st]"),
        0usize..3,
    );
    bits.prop_map(|(success, seconds, error, session, follow_ups)| {
        json!({"id": "1", "skill_name": "a", "invoked_at": "2026-02-10T12:00:00Z", "success": success,
            "duration_seconds": seconds, "error_type": error, "session_id": session, "workflow_path": session,
            "user_query": error, "selection_rank": seconds, "follow_up_actions": vec!["retry"; follow_ups]})
    })
}

/// Every column of every use but its id, which the database's salt makes another one.
fn uses(place: &Place) -> Vec<String> {
    let database = duckdb::Connection::open(place.folder("metrics.duckdb")).unwrap();
    let mut query = database
        .prepare("SELECT to_json(u)::VARCHAR FROM (SELECT * EXCLUDE (id, project_id) FROM skill_usage) u")
        .unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What a file says of one use in several records is what as many files say of it one after the other.
    #[test]
    fn records_of_a_use_say_the_same_together_and_apart(records in prop::collection::vec(partial(), 1..4)) {
        let (together, apart) = (Place::new(), Place::new());
        let store = together.store();
        place_and_collect(&together, &store, &records);
        drop(store);
        let store = apart.store();
        records.iter().for_each(|record| place_and_collect(&apart, &store, std::slice::from_ref(record)));
        drop(store);
        prop_assert_eq!(uses(&together), uses(&apart));
    }
}

fn place_and_collect(place: &Place, store: &Store, records: &[Value]) {
    place.project(store, "one", &json!({"invocations": records}));
    store.collect(None, &clock()).unwrap();
}

/// A snapshot of cards that say the same, where these have leads.
fn used_cards(uses: &[(&str, u64, u64)]) -> SkillRetriever {
    let card = |id: &str| ExpertCard { id: id.into(), title: "Make heatmaps".into(), ..ExpertCard::default() };
    let others = (0..8).map(|n| ExpertCard {
        id: format!("other.{n}"),
        title: format!("Sing song {n}"),
        ..ExpertCard::default()
    });
    let cards = ["viz.a", "viz.b", "viz.c"].map(card).into_iter().chain(others).collect();
    let plan = BuildPlan::new(cards).unwrap();
    let ids: Vec<String> = plan.cards().iter().map(|card| card.id.clone()).collect();
    let evidence = |(name, successes, failures): &(&str, u64, u64)| {
        ((*name).to_owned(), Evidence { successes: *successes, failures: *failures })
    };
    let found = leads(&uses.iter().map(evidence).collect::<Vec<_>>(), &ids);
    assert!(found.without_card.is_empty());
    let ranking = Ranking { usage: found.leads, ..Ranking::default() };
    SkillRetriever::open(plan.compile(None, ranking).unwrap()).unwrap()
}

fn order(mesh: &SkillRetriever, usage_weight: f32) -> Vec<String> {
    let answer = mesh.retrieve(&Request { usage_weight, ..Request::new("heatmaps") }).unwrap();
    answer.hits.iter().map(|hit| hit.card.id.clone()).collect()
}

#[test]
fn a_broken_skill_sinks_and_its_explanation_says_so() {
    let mesh = used_cards(&[("a", 2, 60), ("b", 55, 5), ("c", 9, 1)]);
    assert_eq!(order(&mesh, 0.0), ["viz.a", "viz.b", "viz.c"], "ties by id where use counts for nothing");
    assert_eq!(order(&mesh, USAGE_WEIGHT), ["viz.b", "viz.c", "viz.a"]);
    let explained = mesh.explain(&Request::new("heatmaps")).unwrap();
    let boost = explained[2].boost.unwrap();
    assert!(boost.usage < -0.03 && boost.share == boost.usage && boost.added < 0.0, "{boost:?}");
}

#[test]
fn no_skill_buys_the_top_with_volume() {
    let mesh = used_cards(&[("a", 45, 5), ("b", 900_000, 100_000), ("c", 0, 1)]);
    assert_eq!(order(&mesh, USAGE_WEIGHT), ["viz.a", "viz.b", "viz.c"], "as good as each other: ties by id");
    let loved = used_cards(&[("a", 1, 1), ("b", 10_000_000, 0), ("c", 1, 1), ("other.1", 20_000_000, 0)]);
    let answer = loved.retrieve(&Request::new("heatmaps")).unwrap();
    assert!(answer.hits.iter().all(|hit| hit.card.id.starts_with("viz.")), "use finds no card");
    let without = used_cards(&[]).retrieve(&Request::new("heatmaps")).unwrap();
    assert_eq!(answer.confidence, without.confidence, "nor does it make an answer surer");
}

#[test]
fn weights_and_leads_beyond_their_range_are_refused() {
    let mesh = used_cards(&[("a", 2, 60)]);
    for usage_weight in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
        let refused = mesh.retrieve(&Request { usage_weight, ..Request::new("heatmaps") }).unwrap_err().to_string();
        assert!(refused.contains("weight of success in use") && refused.contains("0 to 1"), "{refused}");
    }
    for lead in [1.5, -2.0, f32::NAN] {
        let plan = BuildPlan::new(vec![ExpertCard { id: "a".into(), ..ExpertCard::default() }]).unwrap();
        let ranking = Ranking { usage: vec![Lead { id: "a".into(), lead }], ..Ranking::default() };
        let opened = SkillRetriever::open(plan.compile(None, ranking).unwrap());
        assert!(opened.err().unwrap().to_string().contains("lead from −1 to 1"));
    }
}

#[test]
fn cards_that_nobody_used_leave_the_snapshot_as_it_was() {
    let cards = |usage| Ranking { usage, ..Ranking::default() };
    let plan = || BuildPlan::new(vec![ExpertCard { id: "a".into(), ..ExpertCard::default() }]).unwrap();
    let bytes = plan().compile(None, cards(Vec::new())).unwrap();
    assert_eq!(bytes, plan().compile(None, Ranking::default()).unwrap());
    let gone = plan().compile(None, cards(vec![Lead { id: "gone".into(), lead: 0.5 }])).unwrap();
    assert!(SkillRetriever::open(gone).unwrap().retrieve(&Request::new("a")).is_ok());
}

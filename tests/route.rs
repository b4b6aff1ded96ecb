//! Does discovery find, route, remember and learn as it promises?

use proptest::prelude::*;
use skillmesh::cache::{Cached, Limits};
use skillmesh::card::Source;
use skillmesh::feedback::{Feedback, MAX_SHARE, Outcome, Question};
use skillmesh::index::BuildPlan;
use skillmesh::route::{AnsweredBy, Preparation, Router, Said, Settings, Task, auto_route, discover, suggest};
use skillmesh::search::{Filter, Fusion, MinConfidence, Mode, Reason, Request, Scored, SkillRetriever};
use skillmesh::snapshot::{ModelInfo, Ranking};
use skillmesh::{Code, ExpertCard};

const DAY: f64 = 86_400_000.0;
const HOUR: f64 = 3_600_000.0;

fn card(id: &str, title: &str, description: &str) -> ExpertCard {
    ExpertCard { id: id.into(), title: title.into(), description: description.into(), ..Default::default() }
}

/// Five installed skills, one at hand but not installed, two remote ones; `git` and `documentation` are easily told apart.
fn cards() -> Vec<ExpertCard> {
    let remote = |card| ExpertCard { installed: false, source: Source::Remote, ..card };
    let tagged = ExpertCard {
        tags: vec!["commit".into(), "branch".into()],
        ..card("git", "Git", "commit, push and merge code in branches")
    };
    vec![
        tagged,
        card("documentation", "Documentation", "write documentation about a project"),
        card("writer", "Writer", "polish any text"),
        card("knowledge", "Knowledge", "answer questions from notes"),
        card("files", "Files", "move, copy and rename files"),
        ExpertCard { installed: false, ..card("charts", "Charts", "draw heat maps and bar charts") },
        remote(card("network", "Network analysis", "read packet captures from network traffic")),
        remote(card("docker", "Docker", "build and run docker containers")),
    ]
}

fn axis(number: usize) -> Vec<f32> {
    (0..8).map(|d| if d == number { 1.0 } else { 0.0 }).collect()
}

/// Each card's vector is its own axis, in order of id.
fn mesh() -> SkillRetriever {
    let model = ModelInfo { name: "axes".into(), fingerprint: "f".repeat(64), dimensions: 8 };
    let vectors = (0..cards().len()).map(|number| vec![axis(number)]).collect();
    let plan = BuildPlan::new(cards()).unwrap();
    SkillRetriever::open(plan.compile(Some((model, vectors)), Ranking::default()).unwrap()).unwrap()
}

fn said(skills: &[&str], confidence: f32) -> Option<Said> {
    let selected_skills = skills.iter().map(|id| (*id).to_owned()).collect();
    Some(Said { selected_skills, confidence, reasoning: "chosen by a model".into(), ..Said::default() })
}

fn ids(skills: &[skillmesh::route::Found]) -> Vec<&str> {
    skills.iter().map(|skill| skill.id.as_str()).collect()
}

fn local() -> Filter {
    Filter { installed: Some(true), ..Filter::default() }
}

// The seven scenarios of vector-based discovery.

#[test]
fn scenario_1_discovery_is_rendered() {
    let text = discover(&mesh(), &Request::new("merge branches")).unwrap().markdown();
    assert!(text.starts_with("# 🔍 Discovery Results: merge branches\n\n## ✅ Git (Match: "), "{text}");
    assert!(text.contains("- **ID**: `git`\n- **Description**: commit, push and merge code in branches\n"), "{text}");
    assert!(text.contains("- **Keywords**: commit, branch\n"), "{text}");
    let remote = discover(&mesh(), &Request::new("docker containers")).unwrap().markdown();
    assert!(remote.contains("## ☁️ Docker"), "{remote}");
}

#[test]
fn scenario_2_a_weak_route_falls_back_to_retrieval() {
    let (mesh, mut router) = (mesh(), Router::default());
    let task = Task { has_llm: true, ..Task::new("write documentation about this project") };
    for (weak, why) in [
        (said(&["writer"], 0.7), "only a generic skill"),
        (said(&["no-such-skill"], 0.9), "no skill that is known"),
        (said(&["files"], 0.4), "below 0.5"),
    ] {
        let weak = weak.unwrap();
        let before = if mesh.number(&weak.selected_skills[0]).is_some() { weak.confidence } else { 0.0 };
        let route = router.finish(&mesh, &task, Some(weak)).unwrap();
        assert_eq!(route.suggested_skills[0], "documentation");
        assert_eq!(route.answered_by, AnsweredBy::Fallback);
        assert!(route.confidence > before && route.confidence <= 0.95_f32.max(before), "{route:?}");
        assert!(route.reasoning.starts_with("chosen by a model [fallback: ") && route.reasoning.contains(why));
        assert!(route.reasoning.contains("documentation"), "{}", route.reasoning);
    }
}

#[test]
fn scenario_3_a_strong_route_is_not_searched_for() {
    let (mesh, mut router) = (mesh(), Router::default());
    // A search for no hits is refused, so that it would be seen.
    let unsearchable = Request { top_k: 0, ..Task::new("commit code").request };
    let task = Task { request: unsearchable, has_llm: true, ..Task::new("commit code") };
    let route = router.finish(&mesh, &task, said(&["git", "git", "nonsense"], 0.9)).unwrap();
    assert_eq!((route.answered_by, route.confidence), (AnsweredBy::Llm, 0.9));
    assert_eq!((&route.selected_skills[..], route.suggested_skills.len()), (&["git".to_owned()][..], 0));
    assert!(router.finish(&mesh, &task, said(&["git"], 0.4)).is_err(), "a weak one is");
}

#[test]
fn scenario_4_nonsense_ends_in_none() {
    let (mesh, mut router) = (mesh(), Router::default());
    for nonsense in ["xyzzy qwfp", "", "?!"] {
        let request = Request::new(nonsense);
        let suggestion = suggest(&mesh, &request).unwrap();
        assert_eq!((suggestion.best.as_ref(), suggestion.alternatives.len()), (None, 0));
        assert!(suggestion.reason.is_some() && suggestion.markdown().contains("No skill fits: "));
        let prepared = auto_route(&mesh, &request, &Preparation::default()).unwrap();
        assert!(prepared.is_empty() && prepared.to_load.is_empty());
        let route = router.finish(&mesh, &Task::new(nonsense), None).unwrap();
        assert_eq!((route.selected_skills.len(), route.reason.is_some()), (0, true));
        let weak = router.finish(&mesh, &Task::new(nonsense), said(&[], 0.2)).unwrap();
        assert_eq!((weak.suggested_skills.len(), weak.confidence), (0, 0.0));
        let invented = router.finish(&mesh, &Task::new(nonsense), said(&["invented"], 0.95)).unwrap();
        assert_eq!((invented.selected_skills.len(), invented.confidence), (0, 0.0), "who names what is not there");
    }
    let unlike = vec![0.35_f32; 8];
    let dense = Request { vector: Some(&unlike), mode: Mode::Dense, ..Request::new("xyzzy") };
    assert_eq!(suggest(&mesh, &dense).unwrap().reason, Some(Reason::LowConfidence));
}

#[test]
fn scenario_5_filters_hold_in_every_mode() {
    let mesh = mesh();
    let vector = axis(1);
    for mode in [Mode::Sparse, Mode::Dense, Mode::Hybrid] {
        let ask = |filter: Filter| {
            let request = Request {
                vector: Some(&vector),
                mode,
                filter,
                top_k: 20,
                ..Request::new("docker network charts git files")
            };
            let skills = discover(&mesh, &request).unwrap().skills;
            assert!(!skills.is_empty());
            skills
        };
        assert!(ask(local()).iter().all(|skill| skill.installed));
        assert!(ask(Filter { installed: Some(false), ..Filter::default() }).iter().all(|skill| !skill.installed));
        let remote = Filter { source: vec!["Remote".into()], ..Filter::default() };
        assert!(ask(remote).iter().all(|skill| skill.source == Source::Remote));
        let both = Filter { source: vec!["local".into(), "remote".into()], ..Filter::default() };
        assert_eq!(ask(both).len(), ask(Filter::default()).len());
        let at_hand = Filter { source: vec!["local".into()], installed: Some(false), ..Filter::default() };
        assert_eq!(ids(&ask(at_hand)), ["charts"]);
    }
    let request = Request { syntax: true, top_k: 9, ..Request::new("installed:false -source:remote") };
    assert_eq!(mesh.retrieve(&request).unwrap().hits[0].card.id, "charts");
}

#[test]
fn scenario_6_the_cache_answers_again() {
    let (mesh, mut router) = (mesh(), Router::default());
    let (vector, near) = (axis(4), [0.1, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    let task = |text, vector| {
        let plain = Task::new(text);
        Task { request: Request { vector: Some(vector), ..plain.request }, is_semantic: true, ..plain }
    };
    assert_eq!(router.lookup(&mesh, &task("commit code", &vector)).unwrap(), None);
    let first = router.finish(&mesh, &task("commit code", &vector), None).unwrap();
    let again = router.lookup(&mesh, &task(" Commit  CODE ", &vector)).unwrap().unwrap();
    assert_eq!((again.cached, again.selected_skills), (Some(Cached::Exact), first.selected_skills.clone()));
    let alike = router.lookup(&mesh, &task("check code in", &near)).unwrap().unwrap();
    assert_eq!((alike.cached, alike.task.as_str()), (Some(Cached::Semantic), "check code in"));
    assert_eq!(alike.selected_skills, first.selected_skills);
    let tally = router.tally();
    assert_eq!((tally.exact_hits, tally.semantic_hits, tally.misses, tally.entries), (1, 1, 1, 1));
}

#[test]
fn scenario_7_the_interface_tells_what_it_should() {
    let request = Request { top_k: 5, ..Request::new("commit and push") };
    let found = discover(&mesh(), &request).unwrap();
    let json = serde_json::to_value(&found).unwrap();
    for key in ["id", "title", "description", "keywords", "match", "installed", "source"] {
        assert!(!json["skills"][0][key].is_null(), "{key}: {json}");
    }
    assert!(found.skills.len() <= 5 && found.skills[0].id == "git");
    assert!(discover(&mesh(), &Request { top_k: 0, ..request }).is_err());
}

// What follows goes beyond them.

#[test]
fn matches_fall_and_the_first_is_the_answers_confidence() {
    let mesh = mesh();
    let vector = [0.1, 0.5, 0.3, 0.2, 0.9, 0.0, 0.0, 0.1];
    for mode in [Mode::Sparse, Mode::Dense, Mode::Hybrid] {
        for top_k in [1, 3, 8, 100] {
            let request =
                Request { vector: Some(&vector), mode, top_k, ..Request::new("write and merge code or text files") };
            let found = discover(&mesh, &request).unwrap();
            let fits: Vec<f32> = found.skills.iter().map(|skill| skill.fit).collect();
            assert_eq!(fits[0], found.confidence.unwrap().value);
            assert!(fits.windows(2).all(|pair| pair[0] >= pair[1]) && fits.iter().all(|fit| (0.0..=1.0).contains(fit)));
            assert!(found.skills.len() <= top_k);
        }
    }
}

#[test]
fn skills_are_parted_by_their_state() {
    let mesh = mesh();
    let request = Request { top_k: 20, ..Request::new("docker containers") };
    let remote = auto_route(&mesh, &request, &Preparation::default()).unwrap();
    assert_eq!((ids(&remote.remote), remote.to_load.len()), (vec!["docker"], 0));
    let install = Preparation { auto_install: true, ..Preparation::default() };
    assert_eq!(auto_route(&mesh, &request, &install).unwrap().to_load, ["docker"]);

    let request = Request { top_k: 20, ..Request::new("draw heat maps") };
    let at_hand = auto_route(&mesh, &request, &Preparation::default()).unwrap();
    assert_eq!((ids(&at_hand.unloaded), &at_hand.to_load[..]), (vec!["charts"], &["charts".to_owned()][..]));
    let arrived = at_hand.after_loading(&["charts".into(), "unknown".into()]);
    assert_eq!((ids(&arrived.arrived), arrived.to_load.len()), (vec!["charts"], 0));
    assert!(arrived.markdown().contains("## ✅ Relevant Skills (1 loaded)\n\n### 🔄 Auto-loaded: Charts (Match: "));

    let request = Request { top_k: 20, ..Request::new("merge branches") };
    let ready = auto_route(&mesh, &request, &Preparation::default()).unwrap();
    assert_eq!(ids(&ready.loaded), ["git"]);
    let others = Preparation { loaded: Some(vec!["writer".into()]), ..Preparation::default() };
    assert_eq!(auto_route(&mesh, &request, &others).unwrap().to_load, ["git"]);
}

#[test]
fn no_text_of_a_card_forges_markdown() {
    let evil = "x\n# Forged\n\n- **ID**: `admin` ![p](http://evil) <script> & [l](http://evil)";
    let tags = vec![evil.to_owned()];
    let card =
        ExpertCard { id: "a`b".into(), title: evil.into(), description: evil.into(), tags, ..Default::default() };
    let mesh =
        SkillRetriever::open(BuildPlan::new(vec![card]).unwrap().compile(None, Ranking::default()).unwrap()).unwrap();
    let request = Request { min_confidence: Some(MinConfidence::Value(0.0)), ..Request::new("forged\n# evil") };
    let route = Router::default().finish(&mesh, &Task { request: request.clone(), ..Task::new("") }, None).unwrap();
    for text in [
        discover(&mesh, &request).unwrap().markdown(),
        suggest(&mesh, &request).unwrap().markdown(),
        auto_route(&mesh, &request, &Preparation::default()).unwrap().markdown(),
        route.markdown(),
    ] {
        assert!(!text.lines().any(|line| line.starts_with("# Forged") || line.starts_with("# evil")), "{text}");
        for mark in ["`admin`", "](http", "<script", "& "] {
            assert!(text.match_indices(mark).all(|(at, _)| text[..at].ends_with('\\')), "{mark}: {text}");
        }
        assert!(text.contains("a\\`b"), "{text}");
    }
}

#[test]
fn every_option_that_changes_an_answer_is_in_the_key() {
    let mesh = mesh();
    let vector = axis(4);
    let plain = || Task::new("commit code");
    let with = |change: fn(&mut Task)| {
        let mut task = plain();
        change(&mut task);
        task
    };
    let others = [
        with(|task| task.request.filter = Filter::default()),
        with(|task| task.request.filter.domain = vec!["security".into()]),
        with(|task| task.request.filter.tag = vec!["a".into()]),
        with(|task| task.request.filter.risk_level = vec!["low".into()]),
        with(|task| task.request.filter.maturity = vec!["stable".into()]),
        with(|task| task.request.filter.source = vec!["local".into()]),
        with(|task| task.request.filter.installed = Some(false)),
        with(|task| task.request.filter.collection = vec!["c".into()]),
        with(|task| task.request.top_k = 1),
        with(|task| task.request.mode = Mode::Sparse),
        with(|task| task.request.fusion = Some(Fusion::Rrf)),
        with(|task| task.request.syntax = true),
        with(|task| task.request.min_confidence = Some(MinConfidence::Value(0.9))),
        with(|task| task.has_llm = true),
        with(|task| task.is_semantic = true),
        with(|task| task.generic = vec!["git".into()]),
        with(|task| task.now = Some(1.0)),
    ];
    let mut router = Router::default();
    router.finish(&mesh, &plain(), None).unwrap();
    for mut other in others {
        assert_eq!(router.lookup(&mesh, &other).unwrap(), None, "{other:?}");
        other.request.vector = Some(&vector);
        assert_eq!(router.lookup(&mesh, &other).unwrap(), None, "nor by meaning: {other:?}");
    }
    let fewer = BuildPlan::new(cards()[1..].to_vec()).unwrap().compile(None, Ranking::default()).unwrap();
    assert_eq!(router.lookup(&SkillRetriever::open(fewer).unwrap(), &plain()).unwrap(), None, "another snapshot");
    let retuned = mesh.with_ranking(Ranking { dense_weight: 0.1, ..Ranking::default() }).unwrap();
    assert_eq!(router.lookup(&SkillRetriever::open(retuned).unwrap(), &plain()).unwrap(), None, "other weights");
    assert!(router.lookup(&mesh, &plain()).unwrap().is_some());
}

#[test]
fn the_cache_is_bounded() {
    let mesh = mesh();
    let cache = Limits { capacity: 10, ..Limits::default() };
    let mut router = Router::new(Settings { cache, ..Settings::default() }).unwrap();
    for n in 0..50 {
        router.finish(&mesh, &Task::new(&format!("commit {n}")), None).unwrap();
    }
    assert_eq!(router.tally().entries, 10);
    assert!(router.lookup(&mesh, &Task::new("commit 49")).unwrap().is_some());
    assert_eq!(router.lookup(&mesh, &Task::new("commit 39")).unwrap(), None);
    router.clear();
    assert_eq!(router.lookup(&mesh, &Task::new("commit 49")).unwrap(), None);
}

#[test]
fn what_did_well_stands_higher_and_the_score_can_be_rebuilt() {
    let (mesh, mut router) = (mesh(), Router::default());
    let (text, vector) = ("text files", [0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.45]);
    for now in [1.0, 2.0, 3.0, 4.0] {
        router.record(&mesh, text, Some(&vector), &Outcome { skill: "writer", success: true, now }).unwrap();
    }
    let boosts = router.boosts(&mesh, text, Some(&vector), Some(4.0)).unwrap();
    assert_eq!(boosts.len(), 1);
    assert_eq!(router.boosts(&mesh, text, Some(&vector), None).unwrap(), []);
    for (mode, fusion) in
        [(Mode::Sparse, None), (Mode::Dense, None), (Mode::Hybrid, None), (Mode::Hybrid, Some(Fusion::Rrf))]
    {
        let plain = Request { vector: Some(&vector), mode, fusion, top_k: 8, ..Request::new(text) };
        let score = |request: &Request, id: &str| {
            let answer = mesh.retrieve(request).unwrap();
            let hit = answer.hits.into_iter().find(|hit| hit.card.id == id).unwrap();
            (hit.ranked.score, hit.explain.boost)
        };
        let boosted = Request { boosts: &boosts, ..plain.clone() };
        let ((before, none), (after, boost)) = (score(&plain, "writer"), score(&boosted, "writer"));
        let boost = boost.unwrap();
        assert!(none.is_none() && (boost.share - MAX_SHARE).abs() < 1e-6);
        assert!((after - before - boost.added).abs() < 1e-5, "{mode} {before} {after} {boost:?}");
        let best = mesh.retrieve(&plain).unwrap().hits[0].ranked.score;
        assert!((boost.added - MAX_SHARE * best).abs() < 1e-5);
        assert_eq!(score(&plain, "files").0, score(&boosted, "files").0);
    }
    let nowhere = [Scored { card: mesh.number("docker").unwrap(), score: 0.3 }];
    let sparse = Request { boosts: &nowhere, mode: Mode::Sparse, ..Request::new(text) };
    assert!(mesh.retrieve(&sparse).unwrap().hits.iter().all(|hit| hit.card.id != "docker"), "a boost finds no card");
}

#[test]
fn an_outcome_forgets_only_the_routes_that_learn_from_it() {
    let (mesh, mut router) = (mesh(), Router::default());
    for text in ["commit the code", "rename files"] {
        router.finish(&mesh, &Task::new(text), None).unwrap();
    }
    router.record(&mesh, "code: commit the", None, &Outcome { skill: "git", success: true, now: 1.0 }).unwrap();
    assert_eq!(router.lookup(&mesh, &Task::new("commit the code")).unwrap(), None);
    assert!(router.lookup(&mesh, &Task::new("rename files")).unwrap().is_some());
    let unknown = Outcome { skill: "gti", success: true, now: 1.0 };
    assert_eq!(router.record(&mesh, "x", None, &unknown).unwrap_err().code(), Code::InvalidArgument);
}

fn question(text: &str) -> Question<'_> {
    Question { text, ..Question::default() }
}

fn learnt(events: &[(u8, u8, bool, u16)]) -> Feedback {
    let mut feedback = Feedback::default();
    for (query, skill, success, now) in events {
        let (query, skill) = (format!("query{query}"), format!("skill{skill}"));
        let outcome = Outcome { skill: &skill, success: *success, now: f64::from(*now) };
        feedback.record(&question(&query), &outcome).unwrap();
    }
    feedback
}

fn events() -> impl Strategy<Value = Vec<(u8, u8, bool, u16)>> {
    proptest::collection::vec((0u8..4, 0u8..20, any::<bool>(), 0u16..40), 0..120)
}

/// After some of the outcomes in these tests, and before others.
const NOW: f64 = 20.0;

fn merged(one: &Feedback, other: &Feedback) -> Feedback {
    let mut both = one.clone();
    both.merge(other, NOW).unwrap();
    both
}

/// More skills, questions and outcomes than are kept of any.
fn crowded(seed: u32) -> Feedback {
    let random = |n: u32, below: u32| (n.wrapping_mul(2_654_435_761).wrapping_add(seed * 97) >> 8) % below;
    let event = |n| (random(n, 200) as u8, random(n + 1, 20) as u8, random(n, 2) == 0, random(n + 2, 60_000) as u16);
    let hourly = (0..1_500).map(event);
    let mut feedback = Feedback::default();
    for (query, skill, success, hour) in hourly {
        let outcome = Outcome { skill: &format!("skill{skill}"), success, now: f64::from(hour) * HOUR };
        feedback.record(&question(&format!("query{query}")), &outcome).unwrap();
    }
    feedback
}

#[test]
fn merging_holds_its_laws_beyond_what_is_kept() {
    let [a, b, c] = [1, 2, 3].map(crowded);
    let merged = |one: &Feedback, other: &Feedback| {
        let mut both = one.clone();
        both.merge(other, 30_000.0 * HOUR).unwrap();
        both
    };
    let left = merged(&merged(&a, &b), &c);
    assert_eq!(left, merged(&a, &merged(&b, &c)), "associative");
    assert_eq!(left, merged(&merged(&c, &a), &b), "commutative");
    assert_eq!(left, merged(&left, &a), "idempotent");
    assert!(left.len() > 2_000, "what has not happened yet is kept apart: {}", left.len());
}

#[test]
fn a_clock_that_is_ahead_does_no_harm() {
    let (mut feedback, future) = (Feedback::default(), 1e12);
    let record = |feedback: &mut Feedback, query: &str, skill: &str, now| {
        feedback.record(&question(query), &Outcome { skill, success: true, now }).unwrap();
    };
    for n in 0..16 {
        record(&mut feedback, "commit", "ahead", future + f64::from(n));
    }
    assert!(
        feedback.shares(&question("commit"), 0.0, 30.0).unwrap().is_empty(),
        "what has not happened counts for nothing"
    );
    for n in 0..16 {
        record(&mut feedback, "commit", "git", f64::from(n));
    }
    assert_eq!(feedback.shares(&question("commit"), 20.0, 30.0).unwrap(), [("git", MAX_SHARE)]);
    for n in 0..2_000 {
        record(&mut feedback, &format!("query{n}"), "ahead", future + f64::from(n));
    }
    record(&mut feedback, "push", "git", 30.0);
    assert_eq!(feedback.shares(&question("push"), 40.0, 30.0).unwrap().len(), 1);
    for n in 0..5_000 {
        record(&mut feedback, &format!("query{n}"), "ahead", future - 2.0 * DAY * f64::from(n));
    }
    assert!(feedback.len() <= 4_000, "bounded whichever way the clock goes");
}

#[test]
fn no_clock_empties_what_others_keep() {
    let recorded = |skill: &str, start: f64| {
        let mut feedback = Feedback::default();
        for n in 0..16 {
            let outcome = Outcome { skill, success: true, now: start + f64::from(n) };
            feedback.record(&question("commit"), &outcome).unwrap();
        }
        feedback
    };
    let (today, kept) = (1e12, recorded("git", 1e12));
    let share = |feedback: &Feedback| {
        feedback.shares(&question("commit"), today + 99.0, 30.0).unwrap().contains(&("git", MAX_SHARE))
    };
    for (other, its_clock) in [
        (recorded("ahead", today + 400.0 * DAY), today + 99.0),
        (recorded("behind", 0.0), today - 7.0 * DAY),
        (recorded("behind", 0.0), today + 99.0),
    ] {
        let mut store = other.clone();
        store.merge(&kept, its_clock).unwrap();
        assert!(share(&store), "a device with a wrong clock leaves what is there");
    }
    let mut feedback = kept;
    for n in 0..16 {
        feedback.record(&question("commit"), &Outcome { skill: "old", success: true, now: f64::from(n) }).unwrap();
    }
    assert!(share(&feedback), "nor does what is recorded late");
}

#[test]
fn what_happened_last_outweighs_what_happened_often() {
    let mut feedback = Feedback::default();
    let mut record = |query: &str, success, now| {
        feedback.record(&question(query), &Outcome { skill: "git", success, now }).unwrap();
    };
    (0..100).for_each(|n| record("commit", true, f64::from(n)));
    (0..5).for_each(|n| record("commit", false, 40.0 * DAY + f64::from(n)));
    assert_eq!(feedback.shares(&question("commit"), 40.0 * DAY, 30.0).unwrap(), [("git", -MAX_SHARE)]);
}

#[test]
fn a_success_never_takes_an_answer_away() {
    let mesh = mesh();
    let vector = [0.3, 0.28, 0.26, 0.25, 0.2, 0.0, 0.0, 0.1];
    for text in ["write code", "files and charts", "docker network traffic", "merge text"] {
        let plain = Request { vector: Some(&vector), top_k: 8, ..Request::new(text) };
        let before = discover(&mesh, &plain).unwrap();
        for card in 0..mesh.len() {
            let boosts = [Scored { card, score: MAX_SHARE }];
            let after = discover(&mesh, &Request { boosts: &boosts, ..plain.clone() }).unwrap();
            assert_eq!(after.confidence, before.confidence, "{text} {card}");
            let fits: Vec<f32> = after.skills.iter().map(|skill| skill.fit).collect();
            assert!(fits.is_sorted_by(|a, b| a >= b) && fits[0] == before.skills[0].fit);
            let fit = |skills: &[skillmesh::route::Found], id: &str| skills.iter().find(|s| s.id == id).map(|s| s.fit);
            assert!(before.skills.iter().all(|skill| fit(&after.skills, &skill.id) >= Some(skill.fit)));
        }
    }
}

#[test]
fn what_a_task_demands_holds_for_every_answer() {
    let (mesh, mut router) = (mesh(), Router::default());
    let vector = axis(2);
    let task = |text| {
        let everything =
            Request { filter: Filter::default(), vector: Some(&vector), syntax: true, ..Request::new(text) };
        Task { request: everything, is_semantic: true, has_llm: true, ..Task::new("") }
    };
    let wide = router.finish(&mesh, &task("deploy"), said(&["docker"], 0.9)).unwrap();
    assert_eq!(wide.selected_skills, ["docker"]);
    for demanding in ["deploy -source:remote", "deploy installed:true", "deploy -docker", "deploy \"as is\""] {
        assert_eq!(router.lookup(&mesh, &task(demanding)).unwrap(), None, "{demanding}");
        let route = router.finish(&mesh, &task(demanding), said(&["docker"], 0.9)).unwrap();
        assert_eq!(route.selected_skills.len(), 0, "{demanding}");
    }
    let listed = Request { syntax: true, ..Request::new("installed:true") };
    assert_eq!(suggest(&mesh, &listed).unwrap().best, None, "nothing says that it fits");
    assert!(auto_route(&mesh, &listed, &Preparation::default()).unwrap().is_empty());
}

#[test]
fn of_a_like_task_only_the_skills_hold() {
    let (mesh, mut router) = (mesh(), Router::default());
    let vector = axis(4);
    let task = |text| Task { request: Request { vector: Some(&vector), ..Request::new(text) }, ..Task::new(text) };
    let briefed = Said { mission_brief: "close it".into(), ..said(&["git"], 0.9).unwrap() };
    let llm = |text| Task { has_llm: true, ..task(text) };
    router.finish(&mesh, &llm("close the issue"), Some(briefed)).unwrap();
    let like = router.lookup(&mesh, &llm("please close the issue")).unwrap().unwrap();
    assert_eq!((like.mission_brief.as_str(), &like.selected_skills[..]), ("", &["git".to_owned()][..]));
    assert!(like.reasoning.starts_with("as for “close the issue”: "));
    assert_eq!(router.lookup(&mesh, &llm("close the issue 42")).unwrap(), None);
    router.finish(&mesh, &llm("open it"), None).unwrap();
    assert_eq!(router.tally().entries, 1, "a function that said nothing is asked again");
    let short = [1.0, 0.0];
    let misfit = Task { request: Request { vector: Some(&short), ..Request::new("x") }, ..Task::new("x") };
    assert_eq!(router.lookup(&mesh, &misfit).unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn agreement_makes_a_weak_route_surer() {
    let (mesh, mut router) = (mesh(), Router::default());
    let task = Task { has_llm: true, ..Task::new("write documentation about this project") };
    let route = router.finish(&mesh, &task, said(&["documentation"], 0.4)).unwrap();
    assert!(route.confidence > 0.4 && route.reasoning.contains("retrieval agrees on documentation"), "{route:?}");
}

proptest! {
    #[test]
    fn merging_commutes_and_counts_nothing_twice(one in events(), other in events()) {
        let (one, other) = (learnt(&one), learnt(&other));
        let both = merged(&one, &other);
        prop_assert_eq!(&both, &merged(&other, &one));
        prop_assert_eq!(both.to_bytes().unwrap(), merged(&other, &one).to_bytes().unwrap());
        prop_assert_eq!(&merged(&both, &one), &both);
        prop_assert_eq!(&merged(&one, &one), &one);
        prop_assert_eq!(&Feedback::from_bytes(&both.to_bytes().unwrap()).unwrap(), &both);
    }

    #[test]
    fn shares_stay_within_bounds(all in events(), now in 0.0..1e14f64, half_life in 0.001f32..1e6) {
        for query in 0..4 {
            for (_, share) in learnt(&all).shares(&question(&format!("query{query}")), now, half_life).unwrap() {
                prop_assert!(share.abs() <= MAX_SHARE);
            }
        }
    }

    #[test]
    fn damaged_states_are_refused_or_sound(at in 0usize..2000, byte in any::<u8>(), cut in 0usize..2000) {
        let mut bytes = learnt(&[(1, 1, true, 1), (2, 1, false, 2), (2, 3, true, 2)]).to_bytes().unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len() - cut % bytes.len() / 9);
        match Feedback::from_bytes(&bytes) {
            Ok(mut state) => {
                state.record(&question("query1"), &Outcome { skill: "skill1", success: true, now: 5.0 }).unwrap();
                prop_assert!(Feedback::from_bytes(&state.to_bytes().unwrap()).is_ok());
            }
            Err(error) => prop_assert_eq!(error.code(), Code::StateFormat),
        }
    }
}

#[test]
fn outcomes_fade_with_time_and_not_with_reading() {
    fn ask(feedback: &Feedback, now: f64) -> Vec<(&str, f32)> {
        feedback.shares(&question("commit"), now, 30.0).unwrap()
    }
    let mut feedback = Feedback::default();
    feedback.record(&question("commit"), &Outcome { skill: "git", success: true, now: 0.0 }).unwrap();
    for _ in 0..100 {
        assert_eq!(ask(&feedback, 0.0), [("git", 0.1)]);
    }
    for (days, share) in [(30.0, 0.05), (60.0, 0.025), (300.0, 0.1 / 1024.0)] {
        assert!((ask(&feedback, days * DAY)[0].1 - share).abs() < 1e-7);
    }
    for now in [0.0, 1.0] {
        feedback.record(&question("commit"), &Outcome { skill: "git", success: false, now }).unwrap();
    }
    assert!((ask(&feedback, 1.0)[0].1 + 0.1).abs() < 1e-6, "failures count as much");
    for now in [f64::NAN, -1.0, f64::INFINITY] {
        assert!(feedback.shares(&question("commit"), now, 30.0).is_err());
    }
    assert!(feedback.shares(&question("commit"), 1.0, 0.0).is_err());
}

/// As long as MiniLM's vectors; each number its own.
fn pseudo_random(seed: u32) -> Vec<f32> {
    (0..384u32).map(|d| ((seed * 7_919 + d * 104_729) % 1_009) as f32 - 504.0).collect()
}

#[test]
fn a_hundred_thousand_outcomes_stay_bounded() {
    let mut feedback = Feedback::default();
    for n in 0..100_000u32 {
        let (query, skill) = (format!("query{}", n % 5_000), format!("skill{}", n % 37));
        let outcome = Outcome { skill: &skill, success: n % 3 > 0, now: f64::from(n) };
        let vector = pseudo_random(n % 5_000);
        feedback.record(&Question { vector: Some(&vector), ..question(&query) }, &outcome).unwrap();
    }
    assert_eq!(feedback.len(), 2_000);
    let bytes = feedback.to_bytes().unwrap();
    assert!(bytes.len() < 2_000_000, "{} bytes", bytes.len());
    assert!(feedback.shares(&question("query2999"), 1e5, 30.0).unwrap().is_empty(), "the oldest went");
    assert!(!feedback.shares(&question("query4999"), 1e5, 30.0).unwrap().is_empty());
    assert_eq!(Feedback::from_bytes(&bytes).unwrap(), feedback);
}

//! Does a Chroma server answer as the snapshot's own vectors do, and what if it does not answer?
#![cfg(feature = "chroma")]
#![allow(clippy::disallowed_methods, reason = "the test runs servers")]

mod feigned;
mod fixtures;
mod gate;
mod hostile;
mod program;
mod seeds;
mod server;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fixtures::{Draw, chroma, indexed, many, of_model, rows, snapshot};
use gate::{Gate, Then};
use server::{Server, free_port};
use skillmesh::chroma::{Auto, Chroma, Settings};
use skillmesh::search::{Answer, Filter, Memory, Mode, Request, RetrievalBackend, SkillRetriever};
use skillmesh::{Code, ExpertCard};

fn ids(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.card.id.as_str()).collect()
}

fn refused(chroma: &dyn RetrievalBackend, cards: &SkillRetriever) -> (Code, String) {
    let vector = Draw::new(1).vector(1);
    let error = chroma.query(cards, &Request { vector: Some(&vector), ..Request::new("draw") }).unwrap_err();
    (error.code(), error.to_string())
}

/// How many of the best ten are the same in the mean of so many questions, and the largest difference of their scores.
fn agreement(chroma: &Chroma, cards: &SkillRetriever, like: &Request) -> (f32, f32) {
    let (mut same, mut all, mut largest) = (0, 0, 0.0f32);
    for seed in 0..20 {
        let mut draw = Draw::new(seed);
        let (vector, text) = (draw.vector(seed as usize % 12), draw.words(3));
        let request = Request { text: &text, vector: Some(&vector), top_k: 10, ..like.clone() };
        let [near, exact] = [chroma.query(cards, &request), Memory.query(cards, &request)].map(Result::unwrap);
        assert_eq!((near.mode, near.reason, near.hits.len()), (exact.mode, exact.reason, exact.hits.len()));
        same += ids(&exact).iter().filter(|id| ids(&near).contains(id)).count();
        all += exact.hits.len();
        for (near, exact) in near.hits.iter().zip(&exact.hits) {
            largest = largest.max((near.ranked.score - exact.ranked.score).abs());
        }
    }
    (same as f32 / all as f32, largest)
}

/// What Chroma and memory answer to the same request.
fn both(chroma: &Chroma, cards: &SkillRetriever, request: &Request) -> [Answer; 2] {
    [chroma.query(cards, request), Memory.query(cards, request)].map(Result::unwrap)
}

#[test]
fn chroma_and_memory_agree() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let (cards, chroma) = (snapshot(&many(900)), chroma(&server.url(), "agree"));
    assert_eq!(indexed(&chroma, &cards).unwrap(), [rows(&cards), 0, 0, 0]);
    let of = |mode| Request { mode, ..Request::new("") };
    let (same, largest) = agreement(&chroma, &cards, &of(Mode::Dense));
    assert!(same > 0.99 && largest < 1e-4, "{same} {largest}");
    let (same, _) = agreement(&chroma, &cards, &of(Mode::Hybrid));
    assert!(same > 0.97, "{same}");
    assert_eq!(agreement(&chroma, &cards, &of(Mode::Sparse)), (1.0, 0.0));
}

#[test]
fn several_sentences_are_looked_up_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let (cards, chroma) = (snapshot(&many(400)), chroma(&server.url(), "sentences"));
    indexed(&chroma, &cards).unwrap();
    let mut draw = Draw::new(3);
    let vectors = [draw.vector(1), draw.vector(1), draw.vector(8)].concat();
    let text = "Draw a table. Deploy the cluster.";
    let request = Request { vector: Some(&vectors), mode: Mode::Dense, top_k: 10, ..Request::new(text) };
    let [near, exact] = both(&chroma, &cards, &request);
    assert_eq!(ids(&near), ids(&exact));
    let misfit = Request { vector: Some(&vectors[..40]), ..request };
    assert_eq!(chroma.query(&cards, &misfit).unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn every_filter_is_told_to_the_server_and_holds() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let gate = Gate::open(server.port);
    let (cards, chroma) = (snapshot(&many(700)), chroma(&gate.url(), "filters"));
    indexed(&chroma, &cards).unwrap();
    let texts = |values: &[&str]| values.iter().map(|value| value.to_string()).collect::<Vec<_>>();
    let none = Filter::default();
    for (filter, told) in [
        (Filter { domain: texts(&["VISION"]), ..none.clone() }, r#""domain":{"$in":["vision"]}"#),
        (Filter { domain: texts(&["securite", "data"]), ..none.clone() }, r#""$in":["securite","data"]"#),
        (Filter { tag: texts(&["GRÖSSE"]), ..none.clone() }, r#""tags":{"$contains":"#),
        (Filter { tag: texts(&["t3", "t4"]), ..none.clone() }, r#""$or""#),
        (Filter { risk_level: texts(&["low"]), ..none.clone() }, r#""risk_level""#),
        (Filter { maturity: texts(&["beta"]), ..none.clone() }, r#""maturity""#),
        (Filter { installed: Some(false), ..none.clone() }, r#""installed":{"$eq":false}"#),
        (Filter { source: texts(&["local"]), ..none.clone() }, r#""source":{"$in":["local"]}"#),
        (Filter { domain: texts(&["web"]), installed: Some(true), ..none.clone() }, r#""$and""#),
    ] {
        gate.asked();
        let (same, largest) =
            agreement(&chroma, &cards, &Request { filter: filter.clone(), mode: Mode::Dense, ..Request::new("") });
        assert!(same > 0.99 && largest < 1e-4, "{filter:?}: {same} {largest}");
        let queries: Vec<_> = gate.asked().into_iter().filter(|asked| asked.what == "POST query").collect();
        assert!(!queries.is_empty() && queries.iter().all(|asked| asked.body.contains(told)), "{filter:?}");
    }
    gate.asked();
    let vector = Draw::new(1).vector(1);
    let nobody = Filter { domain: texts(&["nowhere"]), ..none };
    let request = Request { filter: nobody, vector: Some(&vector), ..Request::new("draw") };
    assert!(chroma.query(&cards, &request).unwrap().hits.is_empty());
    assert!(gate.said().is_empty(), "the snapshot knows that nobody passes");
}

#[test]
fn what_the_query_demands_holds_though_the_server_does_not_know_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let mut all = many(600);
    all[599].title = "zebra crossing".into();
    let (cards, chroma) = (snapshot(&all), chroma(&server.url(), "demands"));
    indexed(&chroma, &cards).unwrap();
    for text in ["title:zebra draw", "-plot draw table", "domain:web draw", "\"zebra crossing\""] {
        let vector = Draw::new(9).vector(2);
        let request =
            Request { vector: Some(&vector), syntax: true, top_k: 5, mode: Mode::Dense, ..Request::new(text) };
        let [near, exact] = both(&chroma, &cards, &request);
        assert_eq!(ids(&near), ids(&exact), "{text}");
    }
}

#[test]
fn only_what_changed_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let gate = Gate::open(server.port);
    let chroma = chroma(&gate.url(), "incremental");
    let mut all = many(300);
    let first = snapshot(&all);
    assert_eq!(indexed(&chroma, &first).unwrap(), [rows(&first), 0, 0, 0]);
    assert!(gate.said().contains(&"POST upsert".to_owned()));

    assert_eq!(indexed(&chroma, &first).unwrap(), [0, 0, 0, rows(&first)]);
    let said = gate.said();
    assert!(said.iter().all(|what| what.starts_with("GET") || what == "POST get"), "{said:?}");

    // A longer description that moves no vector: the snapshot is another one, its records are the same.
    all[7].description += " and more";
    let said_more = snapshot(&all);
    assert_eq!(indexed(&chroma, &said_more).unwrap(), [0, 0, 0, rows(&first)]);
    assert!(!gate.said().contains(&"POST upsert".to_owned()));
    assert!(refused(&chroma, &first).1.contains("another snapshot"));

    all[7].maturity = "deprecated".into();
    let gone = all.remove(20);
    all.push(ExpertCard { id: "card.new".into(), ..gone });
    let second = snapshot(&all);
    let of = |cards: &SkillRetriever, id: &str| cards.entry_rows().unwrap()[cards.number(id).unwrap()].len();
    let (changed, removed, added) = (of(&second, "card.0007"), of(&first, "card.0020"), of(&second, "card.new"));
    let unchanged = rows(&second) - changed - added;
    assert_eq!(indexed(&chroma, &second).unwrap(), [added, changed, removed, unchanged]);
    let sent: Vec<_> = gate.asked().into_iter().filter(|asked| asked.what == "POST upsert").collect();
    assert!(sent.len() == 1 && sent[0].body.contains("card.0007#0") && !sent[0].body.contains("card.0008"));
    let deprecated = Filter { maturity: vec!["deprecated".into()], ..Filter::default() };
    let vector = Draw::new(1).vector(1);
    let request = Request { filter: deprecated, vector: Some(&vector), mode: Mode::Dense, ..Request::new("draw") };
    assert_eq!(ids(&chroma.query(&second, &request).unwrap()), ["card.0007"]);
}

#[test]
fn after_a_server_was_killed_indexing_goes_on_and_nothing_is_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let cards = snapshot(&many(900));
    let port = server.port;
    let server = Arc::new(Mutex::new(server));
    let (victim, killed) = (Arc::clone(&server), AtomicBool::new(false));
    let gate = Gate::new(port, move |asked, before| {
        if asked.what == "POST upsert" && before == 2 && !killed.swap(true, Ordering::SeqCst) {
            victim.lock().unwrap().kill();
        }
        Then::Pass
    });
    let resumed = chroma(&gate.url(), "resumed");
    assert_eq!(indexed(&resumed, &cards).unwrap_err().code(), Code::Chroma);
    server.lock().unwrap().restart();
    assert!(refused(&resumed, &cards).1.contains("not completely indexed"));
    gate.asked();
    let [added, changed, removed, unchanged] = indexed(&resumed, &cards).unwrap();
    assert!(unchanged >= 600 && added == rows(&cards) - unchanged, "{added} {unchanged}");
    assert_eq!((changed, removed), (0, 0));
    let fresh = chroma(&gate.url(), "fresh");
    indexed(&fresh, &cards).unwrap();
    assert_eq!(indexed(&resumed, &cards).unwrap(), [0, 0, 0, rows(&cards)]);
    for seed in 0..10 {
        let vector = Draw::new(seed).vector(seed as usize);
        let request = Request { vector: Some(&vector), mode: Mode::Dense, top_k: 10, ..Request::new("draw") };
        let [one, other] = [resumed.query(&cards, &request), fresh.query(&cards, &request)].map(Result::unwrap);
        assert_eq!(ids(&one), ids(&other));
    }
}

#[test]
fn a_program_that_dies_while_it_indexes_leaves_a_collection_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let hanging = Gate::new(server.port, |asked, before| match asked.what.as_str() {
        "POST upsert" if before == 1 => Then::Say("400 Bad Request", ""),
        _ => Then::Pass,
    });
    let cards = snapshot(&many(600));
    assert!(indexed(&chroma(&hanging.url(), "halved"), &cards).is_err());
    let chroma = chroma(&server.url(), "halved");
    assert!(refused(&chroma, &cards).1.contains("run `skillmesh index"));
    assert_eq!(indexed(&chroma, &cards).unwrap(), [rows(&cards) - 300, 0, 0, 300]);

    // Others go on with the first snapshot while a second one is indexed, and broken off.
    let changed: Vec<ExpertCard> =
        many(600).into_iter().map(|card| ExpertCard { maturity: "new".into(), ..card }).collect();
    let reader = fixtures::chroma(&server.url(), "halved");
    let vector = Draw::new(1).vector(1);
    let request = Request { vector: Some(&vector), ..Request::new("draw") };
    reader.query(&cards, &request).unwrap();
    let gate = Gate::new(server.port, |asked, before| match asked.what.as_str() {
        "POST upsert" if before == 1 => Then::Say("400 Bad Request", ""),
        _ => Then::Pass,
    });
    assert!(indexed(&fixtures::chroma(&gate.url(), "halved"), &snapshot(&changed)).is_err());
    assert!(refused(&reader, &cards).1.contains("not completely indexed"));
    assert_eq!(indexed(&chroma, &cards).unwrap(), [0, 300, 0, rows(&cards) - 300]);
    reader.query(&cards, &request).unwrap();
}

#[test]
fn a_program_that_indexes_between_anothers_steps_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let first = snapshot(&many(60));
    let second = snapshot(&many(61));
    let changed = many(60).into_iter().map(|card| ExpertCard { maturity: "new".into(), ..card });
    let changed = Arc::new(snapshot(&changed.collect::<Vec<_>>()));
    // It says first that the collection is not complete, and then that it is.
    for step in 0..2 {
        let name = format!("step-{step}");
        let own = chroma(&server.url(), &name);
        indexed(&own, &first).unwrap();
        let (url, inner, inner_name) = (server.url(), Arc::clone(&changed), name.clone());
        let gate = Gate::new(server.port, move |asked, before| {
            if asked.what.starts_with("PUT") && before == step {
                indexed(&chroma(&url, &inner_name), &inner).unwrap();
            }
            Then::Pass
        });
        let error = indexed(&chroma(&gate.url(), &name), &second).unwrap_err().to_string();
        assert!(error.contains("`skillmesh index` again"), "{step}: {error}");
        assert!(refused(&own, &second).1.contains("not completely indexed"), "{step}");
        let [added, changed, removed, unchanged] = indexed(&own, &second).unwrap();
        assert_eq!((changed, removed, added + changed + unchanged), (rows(&first), 0, rows(&second)), "{step}");
    }
}

#[test]
fn two_programs_that_index_at_once_do_not_both_succeed() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let (url, cards) = (server.url(), snapshot(&many(300)));
    let other = snapshot(&many(200));
    let (inner_url, inner_cards) = (url.clone(), Arc::new(other));
    let gate = Gate::new(server.port, move |asked, before| {
        if asked.what == "POST upsert" && before == 0 {
            indexed(&chroma(&inner_url, "contested"), &inner_cards).unwrap();
        }
        Then::Pass
    });
    let error = indexed(&chroma(&gate.url(), "contested"), &cards).unwrap_err().to_string();
    assert!(error.contains("at the same time"), "{error}");
    assert_eq!(indexed(&chroma(&url, "contested"), &cards).unwrap()[0], 0, "what was put in stays");
}

#[test]
fn odd_ids_and_texts_are_kept_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let chroma = chroma(&server.url(), "odd");
    let odd = [
        "a#0",
        "a",
        "#",
        "a#1#2",
        "../../x",
        "quote\"'`",
        "new\nline",
        "emoji 😀",
        "技能",
        "$and",
        "nul\u{0}l",
        "%2e%2e",
        "{\"a\":1}",
        " space ",
        "\u{202e}rtl",
        &"long".repeat(500),
    ];
    let card = |id: &&str| ExpertCard {
        id: (*id).to_owned(),
        title: "draw".into(),
        tags: vec![(*id).to_owned(), String::new()],
        domain: (*id).to_owned(),
        ..ExpertCard::default()
    };
    let cards = snapshot(&odd.iter().map(card).collect::<Vec<_>>());
    assert_eq!(indexed(&chroma, &cards).unwrap()[0], rows(&cards));
    assert_eq!(indexed(&chroma, &cards).unwrap(), [0, 0, 0, rows(&cards)]);
    let vector = Draw::new(1).vector(1);
    let all = Request { vector: Some(&vector), mode: Mode::Dense, top_k: 50, ..Request::new("draw") };
    let [near, exact] = [chroma.query(&cards, &all), Memory.query(&cards, &all)].map(Result::unwrap);
    assert_eq!((ids(&near), near.hits.len()), (ids(&exact), odd.len()));
    for id in odd {
        for filter in [
            Filter { domain: vec![id.to_owned()], ..Filter::default() },
            Filter { tag: vec![id.to_owned()], ..Filter::default() },
        ] {
            let request = Request { filter, ..all.clone() };
            let [near, exact] = both(&chroma, &cards, &request);
            assert_eq!(ids(&near), ids(&exact), "{id}");
        }
    }
}

#[test]
fn a_collection_answers_for_its_own_snapshot_and_model_alone() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let gate = Gate::open(server.port);
    let (all, chroma) = (many(40), chroma(&gate.url(), "bound"));
    let cards = snapshot(&all);
    assert!(refused(&chroma, &cards).1.contains("no such collection"));
    indexed(&chroma, &cards).unwrap();

    let other = of_model(&all, "two");
    let (code, said) = refused(&chroma, &other);
    assert!(code == Code::ModelMismatch && said.contains("fingerprint two") && said.contains("--collection"), "{said}");
    assert_eq!(indexed(&chroma, &other).unwrap_err().code(), Code::ModelMismatch);
    chroma.clear().unwrap();
    chroma.clear().unwrap();
    assert_eq!(indexed(&chroma, &other).unwrap()[0], rows(&other));
    assert_eq!(refused(&chroma, &cards).0, Code::ModelMismatch);

    // A record that somebody else took out is missed by whoever opens the collection next.
    let id = serde_json::from_str::<serde_json::Value>(&ask(&server, "GET", "/bound", "")).unwrap()["id"].to_string();
    ask(&server, "POST", &format!("/{}/delete", id.trim_matches('"')), r#"{"ids":["card.0003#0"]}"#);
    let anew = fixtures::chroma(&server.url(), "bound");
    assert!(refused(&anew, &other).1.contains("lost records"));
    assert_eq!(indexed(&anew, &other).unwrap()[0], 1);

    ask(&server, "POST", "", r#"{"name":"foreign","metadata":{"mine":1}}"#);
    let foreign = fixtures::chroma(&server.url(), "foreign");
    for error in [indexed(&foreign, &cards).map(drop), foreign.clear()] {
        assert!(error.unwrap_err().to_string().contains("not one that skillmesh made"));
    }
    assert!(refused(&foreign, &cards).1.contains("--collection"));
}

/// A request beside the program's own, below the collections.
fn ask(server: &Server, method: &str, path: &str, body: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let place = format!("/api/v2/tenants/default_tenant/databases/default_database/collections{path}");
    let head = "Host: localhost\r\nConnection: close\r\nContent-Type: application/json";
    write!(stream, "{method} {place} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    said.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn a_dead_server_and_a_slow_one_are_told_apart() {
    let cards = snapshot(&many(5));
    let dead = chroma(&format!("http://127.0.0.1:{}", free_port()), "dead");
    let (code, said) = refused(&dead, &cards);
    assert!(code == Code::Chroma && said.contains("cannot be reached") && said.contains("chroma run"), "{said}");

    let slow = Gate::new(1, |_, _| Then::Wait(Duration::from_secs(60)));
    let timeout = Duration::from_millis(300);
    let slow = Chroma::new(Settings { timeout, ..Settings::new(&slow.url(), "slow") }).unwrap();
    let said = refused(&slow, &cards).1;
    assert!(said.contains("0.3 s") && said.contains("--chroma-timeout"), "{said}");

    let other = Gate::new(1, |_, _| Then::Say("200 OK", ""));
    let said = refused(&chroma(&other.url(), "other"), &cards).1;
    assert!(said.contains("does not answer as Chroma does") && said.contains(&other.url()), "{said}");
    let other = Gate::new(1, |_, _| Then::Say("404 Not Found", ""));
    let said = refused(&chroma(&other.url(), "other"), &cards).1;
    assert!(said.contains("--chroma-tenant") && !said.contains("skillmesh index"), "{said}");
}

#[test]
fn a_server_that_is_busy_for_a_moment_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let cards = snapshot(&many(30));
    let gate = Gate::new(server.port, |_, before| match before {
        0 => Then::Say("503 Service Unavailable", "Retry-After: 0\r\n"),
        1 => Then::HangUp,
        2 => Then::Say("429 Too Many Requests", "Retry-After: 0\r\n"),
        _ => Then::Pass,
    });
    assert_eq!(indexed(&chroma(&gate.url(), "busy"), &cards).unwrap()[0], rows(&cards));
}

#[test]
fn a_server_is_asked_so_often_and_not_at_all_again_where_it_refuses() {
    let cards = snapshot(&many(30));
    let busy = Gate::new(1, |_, _| Then::Say("503 Service Unavailable", "Retry-After: 0\r\n"));
    let said = refused(&chroma(&busy.url(), "busy"), &cards).1;
    assert!(said.contains("503") && busy.said().len() == 4, "{said}");
    let refusing = Gate::new(1, |_, _| Then::Say("400 Bad Request", ""));
    assert!(refused(&chroma(&refusing.url(), "busy"), &cards).1.contains("400"));
    assert_eq!(refusing.said().len(), 1, "what is refused is refused");
    let wordy = Gate::new(1, |_, _| Then::Tell("400 Bad Request", String::new(), "x".repeat(3 << 20)));
    let said = refused(&chroma(&wordy.url(), "wordy"), &cards).1;
    assert!(said.contains("400") && said.len() < 1000, "{said}");
}

#[test]
fn the_token_is_sent_in_its_header() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let cards = snapshot(&many(10));
    let gate = guarded(server.port, "authorization: bearer s3cret\r\n");
    indexed(&with(&gate, Some("s3cret"), "Authorization"), &cards).unwrap();
    let gate = guarded(server.port, "x-chroma-token: s3cret\r\n");
    indexed(&with(&gate, Some("s3cret"), "X-Chroma-Token"), &cards).unwrap();
}

/// A server that lets nobody in who does not say this word.
fn guarded(server: u16, word: &'static str) -> Gate {
    Gate::new(server, move |asked, _| {
        if asked.head.to_lowercase().contains(word) { Then::Pass } else { Then::Say("401 Unauthorized", "") }
    })
}

fn with(gate: &Gate, token: Option<&str>, header: &str) -> Chroma {
    let (token, token_header) = (token.map(str::to_owned), header.to_owned());
    Chroma::new(Settings { token, token_header, ..Settings::new(&gate.url(), "guarded") }).unwrap()
}

#[test]
fn who_has_no_token_or_another_is_told_where_it_belongs() {
    let (gate, cards) = (guarded(1, "x-chroma-token: s3cret\r\n"), snapshot(&many(10)));
    for token in [None, Some("wr0ng")] {
        let (code, said) = refused(&with(&gate, token, "x-chroma-token"), &cards);
        assert!(code == Code::Chroma && said.contains("SKILLMESH_CHROMA_TOKEN") && !said.contains("wr0ng"), "{said}");
    }
}

#[test]
fn auto_says_once_why_the_snapshot_answers_itself() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let cards = snapshot(&many(150));
    let gate = Gate::open(server.port);
    let remarks = Arc::new(Mutex::new(Vec::new()));
    let auto = |collection: &str| {
        let heard = Arc::clone(&remarks);
        Auto::new(chroma(&gate.url(), collection), move |line| heard.lock().unwrap().push(line))
    };
    let vector = Draw::new(4).vector(4);
    let request = Request { vector: Some(&vector), top_k: 10, ..Request::new("draw a table") };
    let exact = Memory.query(&cards, &request).unwrap();

    let absent = auto("absent");
    assert_eq!(absent.query(&cards, &request).unwrap(), exact);
    assert_eq!(absent.query(&cards, &request).unwrap(), exact);
    let said = std::mem::take(&mut *remarks.lock().unwrap());
    assert!(
        said.len() == 1 && said[0].contains("the snapshot's own vectors answer") && said[0].contains("skillmesh index"),
        "{said:?}"
    );
    assert_eq!(gate.said().len(), 1, "who failed is left alone for a while");

    let present = auto("present");
    present.index(&cards, &|_, _| {}).unwrap();
    gate.asked();
    assert_eq!(present.query(&cards, &request).unwrap().hits.len(), 10);
    assert!(gate.said().contains(&"POST query".to_owned()) && remarks.lock().unwrap().is_empty());
    assert_eq!(
        present.query(&cards, &Request { top_k: 0, ..request.clone() }).unwrap_err().code(),
        Code::InvalidArgument
    );
    assert!(remarks.lock().unwrap().is_empty(), "a wrong question is no failure of the server");
}

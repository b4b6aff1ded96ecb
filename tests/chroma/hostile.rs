//! What if a server answers as none should?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use skillmesh::Code;
use skillmesh::chroma::{Auto, Chroma, Settings};
use skillmesh::dense::Row;
use skillmesh::index::BuildPlan;
use skillmesh::search::{Memory, Mode, Nearest, Request, RetrievalBackend, Scored, SkillRetriever};
use skillmesh::snapshot::Ranking;

use crate::feigned::{NAME, feigned, of, with_token};
use crate::fixtures::{DIMENSIONS, Draw, indexed, many, snapshot};
use crate::gate::{Asked, Gate, Then};
use crate::{ids, refused};

type Twist = fn(&Asked, usize, &mut Value);

/// Changes what the collection says of itself.
fn said(asked: &Asked, answer: &mut Value, key: &str, value: Value) {
    if asked.what == "GET feigned" {
        answer["metadata"][key] = value;
    }
}

/// Changes the vectors that are given.
fn given(asked: &Asked, change: impl FnOnce(&mut Vec<Value>, &mut Vec<Value>), answer: &mut Value) {
    if asked.what == "POST get" {
        let [mut ids, mut vectors] = ["ids", "embeddings"].map(|key| answer[key].as_array().unwrap().clone());
        change(&mut ids, &mut vectors);
        *answer = json!({"ids": ids, "embeddings": vectors});
    }
}

/// What is wrong, and what is said of it.
const WRONG: [(Twist, &str); 17] = [
    (|asked, _, answer| said(asked, answer, "dimensions", json!(0)), "another snapshot"),
    (|asked, _, answer| said(asked, answer, "dimensions", json!(16)), "another snapshot"),
    (|asked, _, answer| said(asked, answer, "skillmesh", json!(2)), "not one that skillmesh made"),
    (
        |asked, _, answer| match asked.what.as_str() {
            "GET count" => *answer = json!(answer.as_u64().unwrap() - 1),
            _ => said(asked, answer, "records", json!(answer["metadata"]["records"].as_u64().unwrap_or(1) - 1)),
        },
        "another snapshot",
    ),
    (
        |asked, before, answer| said(asked, answer, "run", json!(if before % 2 == 0 { "1" } else { "2" })),
        "changed while it was asked",
    ),
    (
        |asked, _, answer| {
            if asked.what == "GET count" {
                *answer = json!("\u{1b}]0;".repeat(20_000));
            }
        },
        "does not answer as Chroma does",
    ),
    (
        |asked, _, answer| {
            if asked.what == "GET count" {
                *answer = json!("x".repeat(2 << 20));
            }
        },
        "too long",
    ),
    (
        |asked, _, answer| {
            if asked.what == "POST get" {
                answer["embeddings"] = Value::Null;
            }
        },
        "a vector of each record",
    ),
    (|asked, _, answer| given(asked, |_, vectors| drop(vectors.pop()), answer), "a vector of each record"),
    (|asked, _, answer| given(asked, |ids, vectors| drop((ids.pop(), vectors.pop())), answer), "lost records"),
    (|asked, _, answer| given(asked, |ids, _| ids[1] = ids[0].clone(), answer), "none of the snapshot"),
    (|asked, _, answer| given(asked, |_, vectors| vectors[0] = json!([0.5, 0.5]), answer), "none of the snapshot"),
    (|asked, _, answer| given(asked, |_, vectors| vectors[0][0] = json!(1e300), answer), "does not answer as Chroma"),
    (|asked, _, answer| given(asked, |_, vectors| vectors[0][0] = Value::Null, answer), "does not answer as Chroma"),
    (
        |asked, _, answer| {
            if asked.what == "POST query" {
                answer["ids"][0][0] = json!("\u{1b}other#0");
            }
        },
        "\\u{1b}other#0",
    ),
    (
        |asked, _, answer| {
            if asked.what == "POST query" {
                answer["ids"] = json!([]);
            }
        },
        "does not find what was asked for",
    ),
    (
        |asked, _, answer| {
            if asked.what == "POST query" {
                answer["ids"][0].as_array_mut().unwrap().extend(vec![json!("card.0001#0"); 900]);
            }
        },
        "does not find what was asked for",
    ),
];

#[test]
fn what_cannot_be_so_is_an_error_or_left_to_the_snapshot() {
    let cards = snapshot(&many(150));
    let vector = Draw::new(1).vector(1);
    let request = Request { vector: Some(&vector), ..Request::new("draw") };
    let exact = Memory.query(&cards, &request).unwrap();
    assert_eq!(ids(&of(&feigned(&cards, |_, _, _| {})).query(&cards, &request).unwrap()), ids(&exact));
    for (number, (twist, told)) in WRONG.into_iter().enumerate() {
        let gate = feigned(&cards, twist);
        let (code, error) = refused(&of(&gate), &cards);
        assert!(code == Code::Chroma && error.contains(told) && error.len() < 1000, "{number}: {error}");
        assert!(!error.contains('\u{1b}') && !error.contains("--clear"), "{number}: {error}");
        assert_eq!(Auto::new(of(&gate), |_| {}).query(&cards, &request).unwrap(), exact, "{number}");
    }
}

#[test]
fn rows_of_cards_that_the_snapshot_has_not_are_left_alone() {
    let (cards, mut draw) = (snapshot(&many(3)), Draw::new(1));
    let rows = [0, 2, 7, 1 << 20].map(|card| (card, Row::of(&draw.vector(card))));
    let vector = draw.vector(1);
    let nearest = Nearest::new(DIMENSIONS, &rows, vec![2, 7, 9]).unwrap();
    let request = Request { vector: Some(&vector), mode: Mode::Dense, nearest: Some(&nearest), ..Request::new("draw") };
    let mut found: Vec<usize> = cards.rank(&request).unwrap().cards.iter().map(|ranked| ranked.number).collect();
    found.sort_unstable();
    assert_eq!(found, [0, 2]);
    for (rows, drawn) in [(vec![rows[1].clone(), rows[0].clone()], vec![]), (rows.to_vec(), vec![9, 7])] {
        assert_eq!(Nearest::new(DIMENSIONS, &rows, drawn).unwrap_err().code(), Code::InvalidArgument);
    }
    let beyond = [(1 << 32, rows[0].1.clone())];
    assert_eq!(Nearest::new(DIMENSIONS, &beyond, Vec::new()).unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn a_token_that_the_server_repeats_is_not_shown() {
    let cards = snapshot(&many(3));
    for status in ["401 Unauthorized", "400 Bad Request", "404 Not Found", "200 OK"] {
        let echo = Gate::new(1, move |asked, _| {
            let said = asked.head.lines().find(|line| line.contains("s3cret"));
            Then::Tell(status, String::new(), json!(said).to_string())
        });
        let (_, error) = refused(&with_token(&echo, "s3cret"), &cards);
        assert!(error.contains("…") && !error.contains("s3cret"), "{error}");
    }
    let lying = feigned(&cards, |asked, _, answer| said(asked, answer, "fingerprint", json!("s3cret".repeat(999))));
    let (code, error) = refused(&with_token(&lying, "s3cret"), &cards);
    assert!(code == Code::ModelMismatch && !error.contains("s3cret") && error.chars().count() < 1000, "{error}");
}

#[test]
fn records_are_read_to_the_end_and_no_further() {
    let cards = snapshot(&many(300));
    let is_page = |asked: &Asked| asked.what == "POST get" && asked.body.contains("offset");
    // Pages may be shorter than they were asked for.
    let short = feigned(&cards, move |asked, _, answer| {
        if is_page(asked) {
            answer["ids"].as_array_mut().unwrap().truncate(100);
        }
    });
    drop(indexed(&of(&short), &cards));
    let asked = short.asked();
    let offset =
        |asked: &Asked| serde_json::from_str::<Value>(&asked.body).unwrap()["offset"].as_u64().unwrap() as usize;
    let offsets: Vec<usize> =
        asked.iter().take_while(|asked| !asked.what.starts_with("PUT")).filter(|a| is_page(a)).map(offset).collect();
    let expected: Vec<usize> = (0..cards.stats().passages).step_by(100).collect();
    assert_eq!(offsets, expected);

    let again = feigned(&cards, move |asked, _, answer| {
        if is_page(asked) && !asked.body.contains("\"offset\":0") {
            *answer = json!({"ids": ["card.0000#0"]});
        }
    });
    let error = indexed(&of(&again), &cards).unwrap_err().to_string();
    assert!(error.contains("each record once") && !again.said().iter().any(|what| what.starts_with("PUT")), "{error}");
}

#[test]
fn nothing_is_written_over_what_is_of_others() {
    let cards = snapshot(&many(20));
    let others = snapshot(&many(60).split_off(40));
    let gate = feigned(&others, |_, _, _| {});
    let error = indexed(&of(&gate), &cards).unwrap_err().to_string();
    assert!(error.contains("of other cards") && error.contains("--collection") && error.contains("--clear"), "{error}");
    let euclidean = feigned(&cards, |asked, _, answer| {
        if asked.what == "GET feigned" {
            answer["configuration_json"]["hnsw"]["space"] = json!("l2\u{1b}]0;");
        }
    });
    let error = indexed(&of(&euclidean), &cards).unwrap_err().to_string();
    assert!(error.contains("by cosine") && error.contains("l2\\u{1b}"), "{error}");
    let keywords = SkillRetriever::open(BuildPlan::new(many(3)).unwrap().compile(None, Ranking::default()).unwrap());
    let keywords = keywords.unwrap();
    let empty = feigned(&cards, |_, _, _| {});
    let error = of(&empty).index_anew(&keywords, &|_, _| {}).unwrap_err();
    assert!(error.code() == Code::NoModel && empty.said().is_empty(), "{error}");
    for gate in [gate, euclidean] {
        assert!(gate.said().iter().all(|what| what.starts_with("GET") || what == "POST get"));
    }
    // Words alone answer where the snapshot has no vectors, as in memory.
    let request = Request { vector: Some(&[0.5; 32]), ..Request::new("draw") };
    assert_eq!(of(&empty).query(&keywords, &request).unwrap(), Memory.query(&keywords, &request).unwrap());
    assert!(empty.said().is_empty());
}

#[test]
fn a_collection_is_taken_away_once() {
    let cards = snapshot(&many(3));
    let ending = |status: &'static str, body: &'static str| {
        let about = feigned(&cards, |_, _, _| {});
        Gate::new(about.port, move |asked, _| match asked.what.as_str() {
            "DELETE feigned" => Then::Tell(status, String::new(), body.to_owned()),
            _ => Then::Pass,
        })
    };
    let gone = ending("404 Not Found", r#"{"error":"NotFoundError","message":"Collection [feigned] does not exist"}"#);
    of(&gone).clear().unwrap();
    let lost = ending("502 Bad Gateway", "");
    assert!(of(&lost).clear().unwrap_err().to_string().contains("502"));
    assert_eq!(lost.said(), ["GET feigned", "DELETE feigned"]);
    let other = ending("404 Not Found", "<html>");
    assert!(of(&other).clear().unwrap_err().to_string().contains("--chroma-url"));
}

#[test]
fn the_address_has_path_tenant_and_database() {
    let cards = snapshot(&many(3));
    let gate = feigned(&cards, |_, _, _| {});
    let url = format!("{}/my/vectors/", gate.url());
    let named = Settings { tenant: "a tenant".into(), database: "base/../2".into(), ..Settings::new(&url, NAME) };
    let vector = Draw::new(1).vector(1);
    let request = Request { vector: Some(&vector), ..Request::new("draw") };
    Chroma::new(named).unwrap().query(&cards, &request).unwrap();
    let place = "/my/vectors/api/v2/tenants/a%20tenant/databases/base%2F%2E%2E%2F2/collections/";
    let asked = gate.asked();
    assert!(asked[0].head.starts_with(&format!("GET {place}feigned ")), "{}", asked[0].head);
    assert!(asked.iter().all(|asked| asked.head.contains(place)));
}

#[test]
fn a_redirect_is_told_of_and_not_followed() {
    let cards = snapshot(&many(3));
    let aim = feigned(&cards, |_, _, _| {});
    let place = format!("Location: {}/elsewhere\r\n", aim.url());
    let gate = Gate::new(1, move |_, _| Then::Tell("302 Found", place.clone(), String::new()));
    let (_, error) = refused(&with_token(&gate, "s3cret"), &cards);
    assert!(error.contains("/elsewhere") && error.contains("--chroma-url") && aim.said().is_empty(), "{error}");
}

#[test]
fn nobody_waits_for_what_another_asks_the_server() {
    let cards = Arc::new(snapshot(&many(150)));
    for slow in ["GET count", "POST get"] {
        let [reached, answered, late] = [(); 3].map(|()| Arc::new(AtomicBool::new(false)));
        let (is_reached, is_answered, is_late) = (Arc::clone(&reached), Arc::clone(&answered), Arc::clone(&late));
        let gate = feigned(&cards, move |asked, _, _| {
            if asked.what == slow && !is_reached.swap(true, Ordering::SeqCst) {
                let is_over = || is_answered.load(Ordering::SeqCst);
                (0..200).take_while(|_| !is_over()).for_each(|_| std::thread::sleep(Duration::from_millis(100)));
                is_late.store(!is_over(), Ordering::SeqCst);
            }
        });
        let chroma = Arc::new(of(&gate));
        let ask = |chroma: &Chroma, cards: &SkillRetriever| {
            let vector = Draw::new(1).vector(1);
            chroma.query(cards, &Request { vector: Some(&vector), ..Request::new("draw") }).map(drop)
        };
        let (own, its) = (Arc::clone(&chroma), Arc::clone(&cards));
        let first = std::thread::spawn(move || ask(&own, &its));
        while !reached.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        ask(&chroma, &cards).unwrap();
        answered.store(true, Ordering::SeqCst);
        first.join().unwrap().unwrap();
        assert!(!late.load(Ordering::SeqCst), "{slow}");
    }
}

#[test]
fn a_card_that_has_earned_much_is_found_from_far_behind() {
    let cards = snapshot(&many(900));
    let (gate, vector) = (feigned(&cards, |_, _, _| {}), Draw::new(1).vector(1));
    let chroma = of(&gate);
    let request = Request { vector: Some(&vector), mode: Mode::Dense, ..Request::new("draw") };
    let all = Memory.query(&cards, &Request { top_k: 900, ..request.clone() }).unwrap();
    let rows = |request: &Request| chroma.nearest(&cards, request).unwrap().unwrap().len();
    let far = all.hits.iter().rev().take(9).map(|hit| hit.ranked.number).find(|card| {
        let boosts = [Scored { card: *card, score: 2.0 }];
        rows(&Request { boosts: &boosts, ..request.clone() }) > rows(&request)
    });
    let boosts = [Scored { card: far.expect("a far card is fetched"), score: 2.0 }, Scored { card: 5000, score: 1.0 }];
    let request = Request { boosts: &boosts, ..request };
    let [near, exact] = [chroma.query(&cards, &request), Memory.query(&cards, &request)].map(Result::unwrap);
    assert_eq!((ids(&near), near.hits[0].ranked.number), (ids(&exact), boosts[0].card));
}

#[test]
fn few_cards_are_fetched_or_named_and_not_looked_for() {
    let request = Request { syntax: true, mode: Mode::Dense, ..Request::new("domain:web draw") };
    let vector = Draw::new(1).vector(1);
    let request = Request { vector: Some(&vector), ..request };
    let cards = snapshot(&many(300));
    let gate = feigned(&cards, |_, _, _| {});
    let [near, exact] = [of(&gate).query(&cards, &request), Memory.query(&cards, &request)].map(Result::unwrap);
    assert_eq!(ids(&near), ids(&exact));
    assert!(!gate.said().contains(&"POST query".to_owned()), "75 are let through");

    let cards = snapshot(&many(900));
    let first = |asked: &Asked, before: usize, answer: &mut Value| {
        if asked.what == "POST query" && before == 0 {
            answer["ids"] = json!([vec!["card.0000#0"; 200]]);
        }
    };
    let gate = feigned(&cards, first);
    let [near, exact] = [of(&gate).query(&cards, &request), Memory.query(&cards, &request)].map(Result::unwrap);
    assert_eq!(ids(&near), ids(&exact));
    let queries: Vec<Asked> = gate.asked().into_iter().filter(|asked| asked.what == "POST query").collect();
    assert!(queries.len() == 2 && !queries[0].body.contains("$in") && queries[1].body.contains("card.0003"));
}

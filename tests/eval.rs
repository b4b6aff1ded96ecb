//! Are evaluations read, computed and compared as they say?
#![cfg(feature = "eval")]

use proptest::prelude::*;
use skillmesh::Code;
use skillmesh::eval::{Judged, Metrics, Report, compare, judged};
use skillmesh::load::Source;

fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), bytes: text.as_bytes().to_vec() }
}

fn query(id: &str, relevant: &[&str]) -> Judged {
    Judged { id: id.into(), text: id.into(), relevant: relevant.iter().map(|id| id.to_string()).collect() }
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| id.to_string()).collect()
}

proptest! {
    #[test]
    fn figures_lie_between_0_and_1_and_a_perfect_answer_has_1(found in proptest::collection::btree_set("[a-h]", 0..8), relevant in proptest::collection::btree_set("[a-h]", 1..8)) {
        let metrics = Metrics::of(&found.into_iter().collect::<Vec<_>>(), &relevant);
        let figures = |m: &Metrics| [m.hit_1, m.recall_5, m.recall_10, m.ndcg_10, m.mrr_10, m.completeness_10];
        prop_assert!(figures(&metrics).iter().all(|figure| (0.0..=1.0 + 1e-9).contains(figure)));
        let perfect = Metrics::of(&relevant.iter().cloned().collect::<Vec<_>>(), &relevant);
        prop_assert!((perfect.ndcg_10 - 1.0).abs() < 1e-9 && perfect.completeness_10 == 1.0);
    }
}

#[test]
fn a_report_is_over_the_queries_that_have_an_answer() {
    let queries = [query("q1", &["a"]), query("none", &[]), query("q2", &["b"])];
    let report = Report::of("sparse", &queries, |at, _| Ok(ids(&["a"][..usize::from(at == 0)]))).unwrap();
    assert_eq!((report.queries, report.metrics["hit@1"].mean), (2, 0.5));
    assert!(report.metrics["hit@1"].low == 0.0 && report.metrics["hit@1"].high == 1.0);
    let nothing = Report::of("sparse", &queries[1..2], |_, _| Ok(Vec::new())).unwrap_err();
    assert_eq!(nothing.code(), Code::InvalidArgument);
}

#[test]
fn only_reports_over_the_same_queries_are_compared() {
    let queries: Vec<Judged> = (0..30).map(|i| query(&format!("q{i}"), &["a"])).collect();
    let all = |found: &[&str]| Report::of("dense", &queries, |_, _| Ok(ids(found))).unwrap();
    let (good, bad) = (all(&["a"]), all(&["b", "a"]));
    let hit = &compare(&good, &bad).unwrap()[0];
    assert_eq!((hit.metric, hit.difference), ("hit@1", 1.0));
    assert!(hit.p_value < 0.001 && compare(&good, &good).unwrap()[0].p_value > 0.99);
    let fewer = Report::of("dense", &queries[1..], |_, _| Ok(ids(&["a"]))).unwrap();
    assert!(compare(&good, &fewer).unwrap_err().to_string().contains("29 of 29 in common"));
}

#[test]
fn a_broken_line_is_named() {
    let queries = source("q.jsonl", "{\"id\": \"q1\", \"text\": \"x\"}\n");
    let error = |queries: &Source, qrels: &str| judged(queries, Some(&source("r.tsv", qrels))).unwrap_err().to_string();
    assert!(error(&queries, "q1\ta\t1\nq1 b 1\n").starts_with("r.tsv:2: unreadable line"));
    assert!(error(&queries, "q1\ta\tyes\n").starts_with("r.tsv:1: "));
    assert!(error(&queries, "q9\ta\t1\n").contains("`q9`"));
    let twice = source("q.jsonl", "{\"id\": \"q1\", \"text\": \"x\"}\n{\"id\": \"q1\", \"text\": \"y\"}\n");
    assert!(judged(&twice, None).unwrap_err().to_string().starts_with("q.jsonl:2: "));
    let broken = source("q.jsonl", "\n{\"id\": 1}\n");
    assert!(judged(&broken, None).unwrap_err().to_string().starts_with("q.jsonl:2: "));
}

//! Does everybody find what is theirs, and nobody anything else?

use proptest::prelude::*;
use skillmesh::card::{Access, Chunk, Document};
use skillmesh::index::DocumentPlan;
use skillmesh::search::{DocumentAnswer, DocumentRequest, DocumentRetriever, Filter, Mode, Reason, Request};
use skillmesh::snapshot::{ModelInfo, Ranking};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

fn document(path: &str, skills: &[&str], tags: &[&str], text: &str) -> Document {
    let chunk = Chunk { headings: names(&[path]), span: 0..text.len(), text: text.into(), ..Chunk::default() };
    Document {
        path: path.into(),
        title: path.into(),
        url: format!("{path}.html"),
        collection: "default".into(),
        skills: names(skills),
        tags: names(tags),
        chunks: vec![chunk],
    }
}

fn open(documents: Vec<Document>) -> DocumentRetriever {
    DocumentRetriever::open(DocumentPlan::new(documents).unwrap().compile(None, Ranking::default()).unwrap()).unwrap()
}

fn three() -> DocumentRetriever {
    open(vec![
        document("doc1", &["code_assistant"], &["python"], "how leave and code are handled"),
        document("doc2", &[], &["general"], "how leave and conduct are handled"),
        document("doc3", &["hr_assistant"], &["benefits"], "how leave and salaries are handled"),
    ])
}

fn search(docs: &DocumentRetriever, text: &str, access: Access) -> DocumentAnswer {
    docs.search(&DocumentRequest { access, ..DocumentRequest::new(text) }).unwrap()
}

fn found(docs: &DocumentRetriever, access: Access) -> Vec<String> {
    let mut paths: Vec<String> =
        search(docs, "leave handled", access).pages.into_iter().map(|page| page.path).collect();
    paths.sort();
    paths
}

#[test]
fn a_skill_finds_its_own_and_everybodys() {
    assert_eq!(found(&three(), Access::of(&["code_assistant"])), ["doc1", "doc2"]);
    assert_eq!(found(&three(), Access::of(&["hr_assistant"])), ["doc2", "doc3"]);
}

#[test]
fn a_document_without_skills_is_found_by_every_skill() {
    for skill in ["code_assistant", "hr_assistant", "nobody-has-heard-of-it", ""] {
        assert!(found(&three(), Access::of(&[skill])).contains(&"doc2".to_owned()), "{skill}");
    }
}

#[test]
fn any_of_several_skills_is_enough() {
    assert_eq!(found(&three(), Access::of(&["code_assistant", "hr_assistant"])), ["doc1", "doc2", "doc3"]);
}

#[test]
fn skill_and_tag_must_both_hold() {
    let tagged = |skill: &str, tag: &str| found(&three(), Access { tags: names(&[tag]), ..Access::of(&[skill]) });
    assert_eq!(tagged("code_assistant", "python"), ["doc1"]);
    assert_eq!(tagged("code_assistant", "benefits"), [""; 0]);
    assert_eq!(tagged("hr_assistant", "general"), ["doc2"]);
}

#[test]
fn everything_is_found_by_who_asks_for_everything() {
    assert_eq!(found(&three(), Access::all()), ["doc1", "doc2", "doc3"]);
    assert_eq!(found(&three(), Access { tags: names(&["python"]), ..Access::all() }), ["doc1"], "tags alone");
}

#[test]
fn who_names_no_skill_finds_what_is_everybodys() {
    assert_eq!(found(&three(), Access::default()), ["doc2"]);
}

#[test]
fn names_may_hold_anything_and_are_compared_letter_for_letter() {
    let odd = ["a,b", "ä b", "画像", "skill=\u{0}x", "Code_Assistant", " "];
    let documents =
        odd.iter().enumerate().map(|(i, name)| document(&format!("d{i}"), &[name], &[name], "leave handled"));
    let docs = open(documents.collect());
    for (i, name) in odd.iter().enumerate() {
        assert_eq!(found(&docs, Access::of(&[name])), [format!("d{i}")], "{name:?}");
        assert_eq!(found(&docs, Access { tags: names(&[name]), ..Access::all() }), [format!("d{i}")], "{name:?}");
    }
    for near in ["a", "b", "a b", "code_assistant", "everybody", "x", ""] {
        assert_eq!(found(&docs, Access::of(&[near])), [""; 0], "{near:?}");
    }
}

#[test]
fn allowed_documents_come_however_many_forbidden_ones_rank_above_them() {
    // Those that the asker may not see say the query's words more often than those that it may.
    let text = |i: usize| format!("{} and other words", "leave handled ".repeat(if i < 9_990 { 5 } else { 1 }));
    let skill = |i: usize| if i < 9_990 { "hr_assistant" } else { "code_assistant" };
    let model = ModelInfo { name: "two".into(), fingerprint: "f".repeat(64), dimensions: 2 };
    let documents: Vec<Document> =
        (0..10_000).map(|i| document(&format!("d{i:05}"), &[skill(i)], &[], &text(i))).collect();
    let vector = |i: usize| if i < 9_990 { vec![vec![1.0, 0.0]] } else { vec![vec![0.6, 0.8]] };
    let vectors = (0..10_000).map(vector).collect();
    let plan = DocumentPlan::new(documents).unwrap();
    let docs = DocumentRetriever::open(plan.compile(Some((model, vectors)), Ranking::default()).unwrap()).unwrap();
    for mode in [Mode::Sparse, Mode::Dense, Mode::Hybrid] {
        let query = Request { vector: Some(&[1.0, 0.0]), mode, top_k: 10, ..Request::new("leave handled") };
        let ask = |access: Access| docs.search(&DocumentRequest { query: query.clone(), access, offset: 0 }).unwrap();
        let own = ask(Access::of(&["code_assistant"]));
        assert_eq!((own.pages.len(), own.total), (10, 10), "{mode}");
        assert!(own.pages.iter().all(|page| page.path.as_str() >= "d09990"), "{mode}");
        assert!(ask(Access::all()).pages.iter().all(|page| page.path.as_str() < "d09990"), "{mode}: they rank below");
    }
}

#[test]
fn nothing_of_a_forbidden_document_is_told() {
    let secret =
        document("zebrapath", &["hr_assistant", "zebraskill"], &["zebratag"], "zebraword leave of zebraperson");
    let docs = open(vec![document("plain", &["code_assistant", "otherskill"], &[], "leave handled"), secret]);
    let queries = [
        "zebraword",
        "zebrawrod",
        "zebrawo",
        "leave",
        "zebraperson leave",
        "\"zebraword leave\"",
        "tag:zebratag",
        "-zebraword leave",
        "collection:default",
        "",
    ];
    for text in queries {
        for syntax in [false, true] {
            let query = Request { syntax, ..Request::new(text) };
            let request = DocumentRequest { query, access: Access::of(&["code_assistant"]), offset: 0 };
            let answer = docs.search(&request).unwrap();
            let told = serde_json::to_string(&(&answer.pages, &answer.facets, &answer.reason)).unwrap()
                + &serde_json::to_string(&docs.cite(&request).unwrap()).unwrap();
            assert!(!told.contains("zebra") && !told.contains("hr_assistant"), "{text}: {told}");
            assert!(!told.contains("otherskill"), "who else may see it is not told either: {told}");
        }
    }
    let filtered =
        Request { filter: Filter { tag: names(&["zebratag"]), ..Filter::default() }, ..Request::new("leave") };
    let answer = docs.search(&DocumentRequest { query: filtered, access: Access::default(), offset: 0 }).unwrap();
    assert_eq!((answer.pages.len(), answer.total, answer.reason), (0, 0, Some(Reason::NoneAllowed)));
    let wrong = Request { top_k: 0, ..Request::new("zebraword") };
    let error = docs.search(&DocumentRequest { query: wrong, access: Access::default(), offset: 0 }).unwrap_err();
    assert!(!error.to_string().contains("zebra"));
}

#[test]
fn facets_count_the_pages_that_were_found_and_may_be_seen() {
    let answer = search(&three(), "leave", Access::of(&["code_assistant"]));
    let counts = |facet: &str| -> Vec<(String, usize)> {
        answer.facets[facet].iter().map(|count| (count.value.clone(), count.count)).collect()
    };
    assert_eq!(counts("tag"), [("general".to_owned(), 1), ("python".to_owned(), 1)]);
    assert_eq!(counts("skill"), [("code_assistant".to_owned(), 1)]);
    assert_eq!(counts("collection"), [("default".to_owned(), 2)]);
}

#[test]
fn pages_are_cut_and_passed_over_in_one_order() {
    let docs = open((0..25).map(|i| document(&format!("d{i:02}"), &[], &[], &"leave ".repeat(30 - i))).collect());
    let ask = |limit, offset| {
        let query = Request { top_k: limit, ..Request::new("leave") };
        docs.search(&DocumentRequest { query, access: Access::default(), offset }).unwrap()
    };
    let all: Vec<String> = ask(100, 0).pages.into_iter().map(|page| page.path).collect();
    let parts = [ask(10, 0), ask(10, 10), ask(10, 20), ask(10, 30)];
    assert!(parts.iter().all(|part| part.total == 25));
    assert_eq!(parts.into_iter().flat_map(|part| part.pages).map(|page| page.path).collect::<Vec<_>>(), all);
}

proptest! {
    /// The lists of the snapshot let through exactly what the rule lets through.
    #[test]
    fn lists_and_rule_agree(
        documents in proptest::collection::vec((proptest::collection::vec("[ab,é]{1,2}", 0..3), proptest::collection::vec("[xyX]", 0..3)), 1..20),
        skills in proptest::collection::vec("[ab,é]{1,2}", 0..3),
        tags in proptest::collection::vec("[xyX]", 0..2),
        all in any::<bool>(),
    ) {
        let access = Access { all, skills, tags };
        let made = documents.iter().enumerate().map(|(i, (skills, tags))| Document {
            skills: skills.clone(),
            tags: tags.clone(),
            ..document(&format!("d{i:02}"), &[], &[], "leave handled")
        });
        let docs = open(made.collect());
        let query = Request { top_k: 100, ..Request::new("leave") };
        let answer = docs.search(&DocumentRequest { query, access: access.clone(), offset: 0 }).unwrap();
        let mut seen: Vec<String> = answer.pages.into_iter().map(|page| page.path).collect();
        seen.sort();
        let permitted = documents.iter().enumerate().filter(|(_, (skills, tags))| access.permits(skills, tags));
        prop_assert_eq!(seen, permitted.map(|(i, _)| format!("d{i:02}")).collect::<Vec<_>>());
    }
}

/// Words that are near to one another, so that what is hidden could stand in for what is seen.
const WORDS: [&str; 8] = ["receive", "recieve", "received", "python", "pyhton", "leave", "leaves", "common"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Who sees a part finds in the whole what the part alone gives, whatever the others say.
    #[test]
    fn what_is_hidden_decides_nothing(
        texts in proptest::collection::vec((proptest::collection::vec(0..WORDS.len(), 1..4), any::<bool>()), 1..150),
        query in proptest::collection::vec(proptest::sample::select(vec!["receive", "recieve", "reciev", "recei", "python", "pytohn", "leav", "common", "zzz"]), 1..3),
    ) {
        let words = |picked: &[usize]| picked.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
        let page = |(i, (picked, hidden)): (usize, &(Vec<usize>, bool))| {
            let skills: &[&str] = if *hidden { &["hr_assistant"] } else { &[] };
            document(&format!("d{i:03}"), skills, &[], &format!("common {}", words(picked)))
        };
        let all: Vec<Document> = texts.iter().enumerate().map(page).collect();
        let seen: Vec<Document> = all.iter().filter(|document| document.skills.is_empty()).cloned().collect();
        let found = |docs: DocumentRetriever| {
            let query = query.join(" ");
            let request = Request { top_k: 1000, ..Request::new(&query) };
            let answer = docs.search(&DocumentRequest { query: request, access: Access::default(), offset: 0 }).unwrap();
            let mut paths: Vec<String> = answer.pages.into_iter().map(|page| page.path).collect();
            paths.sort();
            paths
        };
        prop_assert_eq!(found(open(all)), found(open(seen)));
    }
}

#[test]
fn a_word_that_nobody_says_hides_no_page() {
    let docs = open((0..120).map(|i| document(&format!("d{i:03}"), &[], &[], "leave handled")).collect());
    assert_eq!(search(&docs, "leave qqqqq", Access::default()).total, 120);
}

#[test]
fn a_page_shows_its_other_sections_beside_a_long_one() {
    let chunk = |anchor: &str, at: usize| Chunk {
        anchor: anchor.into(),
        span: at..at + 5,
        text: "leave".into(),
        ..Chunk::default()
    };
    let chunks = [("long", 0), ("long", 5), ("long", 10), ("other", 15), ("third", 20), ("fourth", 25)];
    let chunks = chunks.map(|(anchor, at)| chunk(anchor, at)).to_vec();
    let docs = open(vec![Document { chunks, ..document("page", &[], &[], "") }]);
    let urls: Vec<String> =
        search(&docs, "leave", Access::default()).pages.remove(0).sections.into_iter().map(|s| s.url).collect();
    assert_eq!(urls, ["page.html#long", "page.html#other", "page.html#third"]);
}

//! Do the compiled index and the plain formulas agree?

use std::collections::BTreeMap;

use proptest::prelude::*;
use skillmesh::bytes::Packed;
use skillmesh::bytes::Slice;
use skillmesh::index::BuildPlan;
use skillmesh::search::{Filter, Fusion, MinConfidence, Mode, Reason, Request, SkillRetriever};
use skillmesh::snapshot::{ModelInfo, Ranking};
use skillmesh::sparse::{Bm25Params, Dictionary, DictionaryWriter, FieldParams};
use skillmesh::text::Analyzer;
use skillmesh::{Code, ExpertCard};

fn card(id: &str, title: &str, body: &str) -> ExpertCard {
    ExpertCard { id: id.into(), title: title.into(), instruction_text: body.into(), ..Default::default() }
}

fn open(cards: Vec<ExpertCard>) -> SkillRetriever {
    SkillRetriever::open(BuildPlan::new(cards).unwrap().compile(None, Ranking::default()).unwrap()).unwrap()
}

/// Counts the terms of a card's two fields in use here: title with id, and body.
fn counts(card: &ExpertCard) -> [BTreeMap<String, f64>; 2] {
    [format!("{} {}", card.title, card.id), card.instruction_text.clone()].map(|text| {
        let mut counts = BTreeMap::new();
        Analyzer::new().terms(&text).into_iter().for_each(|term| *counts.entry(term).or_default() += 1.0);
        counts
    })
}

/// BM25F as it stands in the paper, in doubles, over every card and term.
fn naive(cards: &[ExpertCard], query: &str) -> Vec<f64> {
    let params = Bm25Params::default();
    let fields = [params.fields[0], params.fields[6]];
    let tables: Vec<_> = cards.iter().map(counts).collect();
    let n = cards.len() as f64;
    let average = |f: usize| tables.iter().map(|t| t[f].values().sum::<f64>()).sum::<f64>() / n;
    let averages = [average(0), average(1)];
    let occurrences = |t: &[BTreeMap<String, f64>; 2], term: &str| -> f64 {
        let part = |f: usize| {
            let FieldParams { weight, b } = fields[f];
            let length: f64 = t[f].values().sum();
            let norm = 1.0 - f64::from(b) + f64::from(b) * length / averages[f];
            t[f].get(term).map_or(0.0, |tf| f64::from(weight) * tf / norm)
        };
        part(0) + part(1)
    };
    let score = |t: &[BTreeMap<String, f64>; 2]| {
        let mut said: BTreeMap<String, f64> = BTreeMap::new();
        Analyzer::new().terms(query).into_iter().for_each(|term| *said.entry(term).or_default() += 1.0);
        let worth = |(term, times): (&String, &f64)| {
            let df = tables.iter().filter(|t| t.iter().any(|field| field.contains_key(term))).count() as f64;
            let x = occurrences(t, term);
            times.sqrt() * (1.0 + (n - df + 0.5) / (df + 0.5)).ln() * x / (f64::from(params.k1) + x)
        };
        said.iter().map(worth).sum()
    };
    tables.iter().map(score).collect()
}

proptest! {
    #[test]
    fn sparse_scores_equal_the_naive_formula(
        texts in proptest::collection::vec(("[a-e]{1,2}( [a-e]{1,2}){0,4}", "[a-e]{1,2}( [a-e]{1,2}){0,20}"), 1..12),
        query in "[a-f]{1,2}( [a-f]{1,2}){0,5}",
    ) {
        let cards: Vec<_> = texts.iter().enumerate().map(|(i, (t, b))| card(&format!("{i:03}"), t, b)).collect();
        let expected = naive(&cards, &query);
        let request = Request { top_k: 100, mode: Mode::Sparse, ..Request::new(&query) };
        let answer = open(cards).retrieve(&request).unwrap();
        prop_assert_eq!(answer.hits.len(), expected.iter().filter(|score| **score > 0.0).count());
        for hit in answer.hits {
            prop_assert!((f64::from(hit.ranked.score) - expected[hit.ranked.number]).abs() < 1e-4 * (1.0 + expected[hit.ranked.number]));
        }
    }

    #[test]
    fn a_damaged_snapshot_never_panics(at in 0usize..4000, byte in any::<u8>(), cut in 0usize..4000) {
        let mut bytes = sample();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len() - cut % bytes.len() / 7);
        if let Ok(mesh) = SkillRetriever::open(bytes) {
            let vector = [0.5, 0.5, 0.5, 0.5];
            for vector in [None, Some(&vector[..])] {
                let filter = Filter { tag: vec!["plot".into()], ..Default::default() };
                let _ = mesh.retrieve(&Request { vector, ..Request::new("heat map") });
                let _ = mesh.retrieve(&Request { vector, filter, ..Request::new("heat map") });
            }
        }
    }
}

fn sample_cards() -> Vec<ExpertCard> {
    let tagged = |mut card: ExpertCard, tag: &str| {
        card.tags = vec![tag.into()];
        card
    };
    vec![
        tagged(card("viz.heat", "Heat map", "draw a matrix in colours"), "plot"),
        tagged(card("ml.fit", "Fitting", "train a model on a table"), "learn"),
        tagged(card("web.map", "Map tiles", "draw a map in a page"), "plot"),
    ]
}

/// A snapshot with vectors of four dimensions: each card's own axis.
fn sample() -> Vec<u8> {
    let model = ModelInfo { name: "axes".into(), fingerprint: "f".repeat(64), dimensions: 4 };
    let axis = |i: usize| (0..4).map(|d| if d == i { 1.0 } else { 0.0 }).collect::<Vec<f32>>();
    let vectors = (0..3).map(|i| vec![axis(i), axis(3)]).collect();
    BuildPlan::new(sample_cards()).unwrap().compile(Some((model, vectors)), Ranking::default()).unwrap()
}

#[test]
fn the_same_cards_give_the_same_bytes_in_any_order() {
    let mut reversed = sample_cards();
    reversed.reverse();
    let bytes = |cards| BuildPlan::new(cards).unwrap().compile(None, Ranking::default()).unwrap();
    assert_eq!(bytes(sample_cards()), bytes(reversed));
}

#[test]
fn any_messagepack_reader_opens_a_snapshot() {
    let bytes = sample();
    let mut rest = &bytes[..];
    let map: BTreeMap<String, serde::de::IgnoredAny> = rmp_serde::from_read(&mut rest).unwrap();
    assert!(rest.is_empty() && map.contains_key("sections") && map.contains_key("checksum"));
}

#[test]
fn verify_finds_every_flipped_byte() {
    let bytes = sample();
    SkillRetriever::open(bytes.clone()).unwrap().verify().unwrap();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let result = SkillRetriever::open(flipped).and_then(|mesh| mesh.verify());
        assert!(result.is_err(), "byte {at}");
    }
}

#[test]
fn every_cut_is_refused() {
    let bytes = sample();
    for length in 0..bytes.len() {
        let error = SkillRetriever::open(bytes[..length].to_vec()).err().unwrap_or_else(|| panic!("{length} bytes"));
        assert!(matches!(error.code(), Code::SnapshotFormat | Code::SnapshotCorrupt), "{length}: {error}");
    }
}

#[test]
fn the_dense_leg_takes_the_best_passage() {
    let mesh = SkillRetriever::open(sample()).unwrap();
    let request = Request { vector: Some(&[0.0, 1.0, 0.0, 0.2]), mode: Mode::Dense, ..Request::new("anything") };
    let answer = mesh.retrieve(&request).unwrap();
    assert_eq!(answer.hits[0].card.id, "viz.heat", "cards are numbered by id: ml.fit, viz.heat, web.map");
    assert_eq!(answer.hits[0].explain.dense.as_ref().unwrap().passage, 0);
    assert_eq!(answer.hits[1].explain.dense.as_ref().unwrap().passage, 1);
}

#[test]
fn a_filtered_card_cannot_be_reached_by_any_leg() {
    let mesh = SkillRetriever::open(sample()).unwrap();
    let filter = Filter { tag: vec!["PLOT".into()], ..Default::default() };
    for (mode, fusion) in
        [(Mode::Sparse, None), (Mode::Dense, None), (Mode::Hybrid, Some(Fusion::Rrf)), (Mode::Auto, None)]
    {
        let request = Request {
            vector: Some(&[1.0, 0.0, 0.0, 0.0]),
            filter: filter.clone(),
            mode,
            fusion,
            top_k: 9,
            ..Request::new("train a model map")
        };
        let ids: Vec<String> = mesh.retrieve(&request).unwrap().hits.into_iter().map(|hit| hit.card.id).collect();
        assert!(!ids.is_empty() && !ids.contains(&"ml.fit".to_owned()), "{mode:?}: {ids:?}");
    }
}

#[test]
fn another_model_is_refused_with_both_fingerprints() {
    let error = SkillRetriever::open(sample()).unwrap().check_model("0123").unwrap_err();
    assert_eq!(error.code(), Code::ModelMismatch);
    assert!(error.to_string().contains(&"f".repeat(64)) && error.to_string().contains("0123"), "{error}");
}

#[test]
fn ties_break_by_id() {
    let mesh = open(vec![card("b", "same", ""), card("a", "same", ""), card("c", "same", "")]);
    let ids: Vec<String> =
        mesh.retrieve(&Request::new("same")).unwrap().hits.into_iter().map(|hit| hit.card.id).collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[test]
fn duplicate_and_empty_ids_are_refused() {
    assert!(
        BuildPlan::new(vec![card("a", "x", ""), card("a", "y", "")]).unwrap_err().to_string().contains("`a` twice")
    );
    assert_eq!(BuildPlan::new(vec![card("", "x", "")]).unwrap_err().code(), Code::Registry);
}

#[test]
fn the_bm25_crate_ranks_alike_where_both_compute_the_same() {
    struct Terms;
    impl bm25::Tokenizer for Terms {
        fn tokenize(&self, text: &str) -> Vec<String> {
            Analyzer::new().terms(text)
        }
    }
    let texts =
        ["red fox runs", "red red fox", "a fox sleeps", "the old red barn door by the road", "nothing here at all"];
    let engine =
        bm25::SearchEngineBuilder::<u32, u32, Terms>::with_tokenizer_and_corpus(Terms, texts).k1(1.2).b(0.4).build();
    let theirs: Vec<u32> = engine.search("red fox", 3).into_iter().map(|hit| hit.document.id).collect();
    let cards = texts.iter().enumerate().map(|(i, text)| ExpertCard {
        id: format!("{i}"),
        description: (*text).into(),
        ..Default::default()
    });
    let ours: Vec<u32> = open(cards.collect())
        .retrieve(&Request::new("red fox"))
        .unwrap()
        .hits
        .iter()
        .map(|hit| hit.card.id.parse().unwrap())
        .collect();
    assert_eq!(ours, theirs);
}

/// Levenshtein's distance as its definition has it.
fn edits(a: &[char], b: &[char]) -> usize {
    match (a, b) {
        ([], rest) | (rest, []) => rest.len(),
        ([x, a_rest @ ..], [y, b_rest @ ..]) => {
            let replaced = edits(a_rest, b_rest) + usize::from(x != y);
            replaced.min(edits(a_rest, b) + 1).min(edits(a, b_rest) + 1)
        }
    }
}

proptest! {
    #[test]
    fn near_keys_are_those_within_the_distance(keys in proptest::collection::btree_set("[ab]{1,5}", 1..12), term in "[ab]{1,5}", most in 0u32..3) {
        let mut writer = DictionaryWriter::default();
        keys.iter().for_each(|key| writer.push(key, &[0]).unwrap());
        let (sections, lists) = writer.finish();
        let slice = |bytes: Vec<u8>| Slice::of(&bytes.clone().into(), 0..bytes.len()).unwrap();
        let dictionary = Dictionary::open(slice(sections), slice(lists)).unwrap();
        let letters = |text: &str| text.chars().collect::<Vec<char>>();
        let near = |key: &&String| key[..1] == term[..1] && edits(&letters(key), &letters(&term)) <= most as usize;
        prop_assert_eq!(dictionary.near(&term, most), keys.iter().filter(near).cloned().collect::<Vec<_>>());
    }
}

#[test]
fn a_misspelt_word_finds_what_was_meant_and_counts_less() {
    let mesh = open(vec![card("k", "Kubernetes clusters", ""), card("p", "Python frames", ""), card("c", "Cat", "")]);
    let best = |query: &str| mesh.retrieve(&Request::new(query)).unwrap().hits;
    for (query, id) in
        [("kubernets", "k"), ("kuberentes", "k"), ("pythn", "p"), ("pyhton framse", "p"), ("clutsers", "k")]
    {
        let hits = best(query);
        assert_eq!(hits.first().map(|hit| hit.card.id.as_str()), Some(id), "{query}");
    }
    assert!(best("pythn")[0].ranked.score < best("python")[0].ranked.score);
    let page: String = (0..12).map(|i| format!("word{i} ")).collect();
    assert!(best(&format!("{page} pythn")).is_empty(), "a page of text is not corrected");
    assert!(best("cut").is_empty(), "short words are taken as they are");
}

#[test]
fn words_of_nearly_every_card_count_only_where_nothing_else_is_said() {
    let cards =
        (0..120).map(|i| card(&format!("{i:03}"), &format!("the tool {i}"), if i == 7 { "kettle" } else { "" }));
    let mesh = open(cards.collect());
    let hits = |query: &str| mesh.retrieve(&Request { top_k: 200, ..Request::new(query) }).unwrap().hits;
    assert_eq!(hits("the kettle").len(), 1);
    assert_eq!(hits("the tool").len(), 120);
    assert_eq!(hits("the spaceship").len(), 120, "a word that no card has tells none from another");
}

#[test]
fn a_vector_of_another_length_is_refused_and_those_of_sentences_are_taken() {
    let mesh = SkillRetriever::open(sample()).unwrap();
    let ask = |text: &str, vector: &[f32]| mesh.retrieve(&Request { vector: Some(vector), ..Request::new(text) });
    let two = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    assert_eq!(ask("heat", &two).unwrap_err().code(), Code::InvalidArgument);
    let three = [&two[..], &[1.0, 0.0, 0.0, 0.0]].concat();
    let hits = ask("Draw a map. Fit a model.", &three).unwrap().hits;
    assert_eq!(hits.len(), 3);
}

/// The ids that a query with marks finds, by id.
fn marked(mesh: &SkillRetriever, query: &str) -> Vec<String> {
    let answer = mesh.retrieve(&Request { syntax: true, top_k: 9, ..Request::new(query) }).unwrap();
    let mut ids: Vec<String> = answer.hits.into_iter().map(|hit| hit.card.id).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn marks_say_what_a_card_must_and_must_not_have() {
    let tagged = |card: ExpertCard, tag: &str| ExpertCard { tags: vec![tag.into()], domain: "d".into(), ..card };
    let mesh = open(vec![
        tagged(card("a", "Heat maps", "a map of heat"), "plot"),
        tagged(card("b", "Maps", "heat and, much later, a map; — C++"), "plot"),
        tagged(card("c", "Heat pumps", "warm water"), "house"),
    ]);
    for (query, ids) in [
        ("\"heat map\"", vec![]),
        ("\"heat-MAPS\"", vec!["a"]),
        ("\"map of heat\"", vec!["a"]),
        ("heat -water", vec!["a", "b"]),
        ("heat -\"heat maps\"", vec!["b", "c"]),
        ("heat tag:house", vec!["c"]),
        ("heat -tag:house", vec!["a", "b"]),
        ("title:heat", vec!["a", "c"]),
        ("map -title:heat", vec!["b"]),
        ("tag:plot", vec!["a", "b"]),
        ("-c++ domain:D", vec!["a", "c"]),
        ("tag:none heat", vec![]),
        ("std::heat", vec!["a", "b", "c"]),
        ("pumps \"", vec!["c"]),
        ("pumps title:! -\"…\"", vec!["c"]),
        ("", vec![]),
    ] {
        assert_eq!(marked(&mesh, query), ids, "{query}");
    }
    assert_eq!(mesh.retrieve(&Request::new("\"heat map\" -water")).unwrap().hits.len(), 3, "marks are off");
}

#[test]
fn an_empty_answer_says_why() {
    let mesh = open(vec![card("a", "Heat maps", "")]);
    let reason = |request: Request| mesh.retrieve(&request).unwrap().reason;
    assert_eq!(reason(Request::new("heat")), None);
    assert_eq!(reason(Request::new("?!")), Some(Reason::NoWords));
    assert_eq!(reason(Request::new("kettle")), Some(Reason::NoMatch));
    let filter = Filter { tag: vec!["x".into()], ..Filter::default() };
    assert_eq!(reason(Request { filter, ..Request::new("heat") }), Some(Reason::NoneAllowed));
    let sure = Request { min_confidence: Some(MinConfidence::Value(1.0)), ..Request::new("heat") };
    let answer = mesh.retrieve(&sure).unwrap();
    assert_eq!((answer.reason, answer.hits.len()), (Some(Reason::LowConfidence), 0));
    assert!(answer.confidence.is_some_and(|confidence| confidence.value < 1.0));
    let odd = Request { min_confidence: Some(MinConfidence::Value(1.5)), ..Request::new("heat") };
    assert_eq!(mesh.retrieve(&odd).unwrap_err().code(), Code::InvalidArgument);
}

#[test]
fn a_filter_that_leaves_few_cards_makes_nothing_sure() {
    let mesh = SkillRetriever::open(sample()).unwrap();
    let far = [0.5, 0.5, 0.5, 0.5];
    let ask = |filter: Filter| {
        let request = Request { vector: Some(&far), mode: Mode::Dense, filter, ..Request::new("kettle") };
        mesh.retrieve(&request).unwrap().confidence.unwrap()
    };
    let all = ask(Filter::default());
    for tag in ["plot", "learn"] {
        let few = ask(Filter { tag: vec![tag.into()], ..Filter::default() });
        assert!(few.value <= all.value.max(0.5) && !few.clear_winner, "{tag}: {few:?} {all:?}");
    }
}

#[test]
fn a_snippet_of_an_example_is_the_whole_example() {
    let examples = vec!["Google Sheets export".into()];
    let mesh = open(vec![ExpertCard { examples, description: "A language.".into(), ..card("go", "Go", "") }]);
    assert_eq!(mesh.snippet(0, Some(1), "kettle", false).unwrap().text, "Google Sheets export");
}

#[test]
fn the_ranking_of_a_snapshot_can_be_changed_and_nothing_else_is() {
    let mesh = SkillRetriever::open(sample()).unwrap();
    let ranking = Ranking { dense_weight: 0.25, ..Ranking::default() };
    let changed = SkillRetriever::open(mesh.with_ranking(ranking.clone()).unwrap()).unwrap();
    changed.verify().unwrap();
    assert_eq!(changed.header().ranking, ranking);
    assert_eq!(changed.with_ranking(Ranking::default()).unwrap(), sample());
}

#[test]
fn a_snippet_is_the_piece_that_says_most_of_the_query_with_its_words_marked() {
    let filler = "Nothing of note stands here, and it goes on for a while. ".repeat(6);
    let body = format!("{filler}\n\nUse <b>pivot</b> tables 🎨 für Übersichten & sums where a < b.\n\n{filler}");
    let mesh = open(vec![ExpertCard { description: "Sums and tables.".into(), ..card("a", "Sheets", &body) }]);
    let snippet = mesh.snippet(0, None, "pivoting tables with ubersichten", false).unwrap();
    let units: Vec<u16> = snippet.text.encode_utf16().collect();
    let said: Vec<String> =
        snippet.ranges.iter().map(|[start, end]| String::from_utf16(&units[*start..*end]).unwrap()).collect();
    assert_eq!(said, ["pivot", "tables", "Übersichten"]);
    assert!(snippet.html.contains("Use <mark>pivot</mark> <mark>tables</mark>"), "{}", snippet.html);
    assert!(snippet.html.contains("&amp; sums where a &lt; b"), "{}", snippet.html);
    assert_eq!(mesh.snippet(0, None, "kettle", false).unwrap().text, "Sums and tables.", "no word: the description");
    assert_eq!(open(vec![card("x", "Only a title", "")]).snippet(0, None, "q", false).unwrap().text, "Only a title");
}

#[test]
fn a_ranking_written_before_confidence_was_known_is_read_with_the_default() {
    let mut written = serde_json::to_value(Ranking::default()).unwrap();
    written.as_object_mut().unwrap().remove("confidence").unwrap();
    let bytes = rmp_serde::to_vec(&written).unwrap();
    assert_eq!(Packed::read(&bytes).unwrap().to::<Ranking>().unwrap(), Ranking::default());
}

#[test]
fn a_half_typed_word_is_found_among_many_cards() {
    let endings = ["visualise", "visuals", "visualist", "visually", "visualiser"];
    let text = |i: usize| format!("{} things", endings[i % endings.len()]);
    let mut cards: Vec<ExpertCard> = (0..200).map(|i| card(&format!("c{i:03}"), &text(i), "")).collect();
    cards.push(card("z", "Other things", ""));
    let answer = open(cards).retrieve(&Request { top_k: 201, ..Request::new("visua") }).unwrap();
    assert!(answer.hits.len() >= 100, "{} hits", answer.hits.len());
    assert!(answer.hits.iter().all(|hit| hit.card.id != "z"));
}

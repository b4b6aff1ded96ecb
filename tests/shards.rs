//! Do shards answer as the whole does, and does a query need but a few of them?

use proptest::prelude::*;
use skillmesh::bytes::Packed;
use skillmesh::card::{Access, Chunk, Document};
use skillmesh::index::{BuildPlan, DocumentPlan, Sharded, sharded};
use skillmesh::search::{DocumentRequest, DocumentRetriever, Filter, Mode, Request, Shards, SkillRetriever};
use skillmesh::snapshot::{Lead, ModelInfo, Ranking};
use skillmesh::{Code, ExpertCard};

const DIMENSIONS: usize = 8;

/// Every topic has words and a direction of its own; cards of a topic share them.
const TOPICS: [&str; 6] =
    ["maps roads rivers", "bees honey hives", "tax income forms", "rust crates", "violin bow", "soup salt"];

fn model() -> ModelInfo {
    ModelInfo { name: "made".into(), fingerprint: "made".into(), dimensions: DIMENSIONS as u32 }
}

fn vector(topic: usize, seed: usize) -> Vec<f32> {
    let noise = |i: usize| (((seed + 1) * 7919 + i * 104_729) % 97) as f32 / 400.0;
    (0..DIMENSIONS).map(|i| noise(i) + if i == topic { 1.0 } else { 0.0 }).collect()
}

fn card(number: usize) -> ExpertCard {
    let topic = number % TOPICS.len();
    ExpertCard {
        id: format!("card-{number:03}"),
        title: format!("{} {}", TOPICS[topic], ["one", "two", "three", "four"][number % 4]),
        domain: format!("topic {topic}"),
        instruction_text: "word ".repeat(number % 9) + &format!("number{number}"),
        ..Default::default()
    }
}

/// A snapshot of so many cards.
fn whole(cards: usize) -> Vec<u8> {
    let vectors = (0..cards).map(|number| vec![vector(number % TOPICS.len(), number)]).collect();
    let usage = (0..cards).step_by(7).map(|number| Lead { id: card(number).id, lead: 0.5 }).collect();
    let plan = BuildPlan::new((0..cards).map(card).collect()).unwrap();
    plan.compile(Some((model(), vectors)), Ranking { usage, ..Ranking::default() }).unwrap()
}

fn divided(snapshot: Vec<u8>, count: usize) -> Sharded {
    sharded(snapshot, count.try_into().unwrap(), "it.shards").unwrap()
}

/// A corpus of which every shard is open.
fn opened(Sharded { root, shards }: Sharded) -> Shards {
    let mut corpus = Shards::open(root).unwrap();
    shards.into_iter().enumerate().for_each(|(number, (_, bytes))| corpus.add(number, bytes).unwrap());
    corpus
}

fn asked<'a>(text: &'a str, vector: &'a [f32], mode: Mode) -> Request<'a> {
    Request { vector: Some(vector), mode, top_k: 10, ..Request::new(text) }
}

fn ids(mesh: &SkillRetriever, request: &Request) -> Vec<(String, f32)> {
    mesh.retrieve(request).unwrap().hits.into_iter().map(|hit| (hit.card.id, hit.ranked.score)).collect()
}

const QUERIES: [(&str, usize); 7] = [
    ("honey", 1),
    ("maps of rivers", 0),
    ("number17", 5),
    ("rust two", 3),
    ("soupp", 5),
    ("nothing known", 2),
    ("tax word", 2),
];

#[test]
fn all_shards_together_answer_as_the_whole() {
    let snapshot = whole(60);
    let mesh = SkillRetriever::open(snapshot.clone()).unwrap();
    let corpus = opened(divided(snapshot, 7));
    let all = corpus.skills(&(0..corpus.shards().len()).collect::<Vec<_>>()).unwrap();
    assert_eq!((all.len(), corpus.header().cards), (60, 60));
    for (text, topic) in QUERIES {
        for mode in [Mode::Sparse, Mode::Dense, Mode::Hybrid] {
            let vector = vector(topic, 1000);
            let request = asked(text, &vector, mode);
            let (expected, got) = (ids(&mesh, &request), ids(&all, &request));
            assert_eq!(expected.len(), got.len(), "{text} {mode}");
            for ((id, score), (other, its)) in expected.iter().zip(&got) {
                // Of equals the whole has the lower id first, shards the one in the earlier shard.
                assert!((score - its).abs() < 1e-5, "{text} {mode}: {id} {score} {other} {its}");
            }
            let confidence = |mesh: &SkillRetriever| mesh.retrieve(&request).unwrap().confidence.map(|c| c.value);
            let (one, other) = (confidence(&mesh), confidence(&all));
            assert!(
                one.zip(other).is_none_or(|(one, other)| (one - other).abs() < 1e-5)
                    && one.is_some() == other.is_some()
            );
        }
    }
}

#[test]
fn what_explains_a_hit_is_the_same() {
    let snapshot = whole(40);
    let mesh = SkillRetriever::open(snapshot.clone()).unwrap();
    let corpus = opened(divided(snapshot, 5));
    let all = corpus.skills(&[0, 1, 2, 3, 4]).unwrap();
    let vector = vector(1, 1000);
    let request = Request { top_k: 1, ..asked("honey number13", &vector, Mode::Hybrid) };
    let (one, other) = (mesh.retrieve(&request).unwrap(), all.retrieve(&request).unwrap());
    let (one, other) = (&one.hits[0], &other.hits[0]);
    assert_eq!((one.card.id.as_str(), &one.card), ("card-013", &other.card));
    let terms = |hit: &skillmesh::search::RetrievalHit| hit.explain.sparse.as_ref().unwrap().terms.clone();
    assert_eq!(
        terms(one).iter().map(|t| &t.term).collect::<Vec<_>>(),
        terms(other).iter().map(|t| &t.term).collect::<Vec<_>>()
    );
    let snippet = |mesh: &SkillRetriever, number| mesh.snippet(number, None, "honey", false).unwrap();
    assert_eq!(snippet(&mesh, one.ranked.number), snippet(&all, other.ranked.number));
    assert_eq!(all.card(other.ranked.number).unwrap(), mesh.card(one.ranked.number).unwrap());
    assert_eq!(all.number("card-013"), Some(other.ranked.number));
}

#[test]
fn near_cards_lie_in_one_shard_and_queries_find_it() {
    let corpus = opened(divided(whole(60), TOPICS.len()));
    for (topic, words) in TOPICS.into_iter().enumerate() {
        let vector = vector(topic, 1000);
        let request = asked(words, &vector, Mode::Hybrid);
        let chosen = corpus.choose(&request, 1);
        let found = corpus.skills(&chosen).unwrap().retrieve(&request).unwrap();
        let of_topic = found.hits.iter().filter(|hit| hit.card.domain == format!("topic {topic}"));
        assert_eq!((chosen.len(), of_topic.count()), (1, 10), "{topic}");
    }
}

#[test]
fn words_that_one_card_has_lead_to_its_shard() {
    let corpus = opened(divided(whole(60), 9));
    for number in 0..60 {
        let word = format!("number{number}");
        let request = Request { mode: Mode::Sparse, ..Request::new(&word) };
        let mesh = corpus.skills(&corpus.choose(&request, 1)).unwrap();
        assert_eq!(mesh.retrieve(&request).unwrap().hits[0].card.id, format!("card-{number:03}"));
    }
}

#[test]
fn only_shards_that_may_pass_the_filter_are_chosen() {
    let corpus = opened(divided(whole(60), 6));
    let (honey, other) = (vector(1, 1000), Filter { domain: vec!["Topic 4".into()], ..Filter::default() });
    let request = Request { filter: other, ..asked("honey", &honey, Mode::Hybrid) };
    let mesh = corpus.skills(&corpus.choose(&request, 1)).unwrap();
    let found = mesh.retrieve(&request).unwrap();
    assert!(!found.hits.is_empty() && found.hits.iter().all(|hit| hit.card.domain == "topic 4"));
    let installed = Request {
        filter: Filter { installed: Some(true), ..Filter::default() },
        ..asked("honey", &honey, Mode::Hybrid)
    };
    assert!(!corpus.skills(&corpus.choose(&installed, 1)).unwrap().retrieve(&installed).unwrap().hits.is_empty());
}

#[test]
fn an_installed_card_is_found_beside_one_that_is_not() {
    let cards = [("on", true), ("off", false)].map(|(id, installed)| ExpertCard {
        id: id.into(),
        title: "bees".into(),
        installed,
        ..Default::default()
    });
    let snapshot = BuildPlan::new(cards.to_vec()).unwrap().compile(None, Ranking::default()).unwrap();
    let corpus = opened(divided(snapshot, 1));
    let request = Request { filter: Filter { installed: Some(true), ..Filter::default() }, ..Request::new("bees") };
    let found = corpus.skills(&corpus.choose(&request, 1)).unwrap().retrieve(&request).unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.card.id.as_str()).collect::<Vec<_>>(), ["on"]);
}

#[test]
fn a_query_that_nothing_matches_says_so() {
    let corpus = opened(divided(whole(30), 5));
    for text in ["zzzzqqqq", "", "?!"] {
        let request = Request { mode: Mode::Sparse, ..Request::new(text) };
        let chosen = corpus.choose(&request, 2);
        assert!(corpus.skills(&chosen).unwrap().retrieve(&request).unwrap().reason.is_some(), "{text}");
    }
}

fn documents() -> Vec<u8> {
    let document = |number: usize| {
        let chunk = |part: usize| {
            let text = format!("# {}\n\nPart {part} of page{number}.\n\n", TOPICS[number % 6]);
            Chunk {
                headings: vec![TOPICS[number % 6].into()],
                anchor: format!("part-{part}"),
                span: 0..text.len(),
                overlap: 0,
                text,
            }
        };
        let skills = if number % 6 == 2 { vec!["hr".to_owned()] } else { Vec::new() };
        Document {
            path: format!("{number:03}.md"),
            title: format!("Page {number}"),
            skills,
            chunks: (0..3).map(chunk).collect(),
            ..Default::default()
        }
    };
    let vectors =
        (0..24).flat_map(|number| (0..3).map(move |part| vec![vector(number % 6, number * 3 + part)])).collect();
    let plan = DocumentPlan::new((0..24).map(document).collect()).unwrap();
    plan.compile(Some((model(), vectors)), Ranking::default()).unwrap()
}

#[test]
fn documents_stay_whole_and_answer_as_the_whole_does() {
    let snapshot = documents();
    let docs = DocumentRetriever::open(snapshot.clone()).unwrap();
    let corpus = opened(divided(snapshot, 5));
    let all = corpus.documents(&[0, 1, 2, 3, 4]).unwrap();
    assert_eq!((all.documents(), all.len()), (24, 72));
    for (text, topic) in QUERIES {
        let vector = vector(topic, 1000);
        let request = DocumentRequest { query: asked(text, &vector, Mode::Hybrid), access: Access::all(), offset: 0 };
        let (one, other) = (docs.search(&request).unwrap(), all.search(&request).unwrap());
        assert_eq!((one.total, &one.facets), (other.total, &other.facets), "{text}");
        let scores = one.pages.iter().zip(&other.pages).map(|(one, other)| (one.score - other.score).abs());
        assert!(scores.fold(0.0, f32::max) < 1e-5 && one.pages.len() == other.pages.len(), "{text}");
        let sorted = |pages: &[skillmesh::search::Page]| {
            let mut all: Vec<String> =
                pages.iter().map(|page| format!("{} {}", page.path, page.sections.len())).collect();
            all.sort();
            all
        };
        if one.total <= 10 {
            assert_eq!(sorted(&one.pages), sorted(&other.pages), "{text}");
        }
    }
}

#[test]
fn shards_of_what_an_asker_may_not_see_are_not_chosen() {
    let corpus = opened(divided(documents(), 6));
    let tax = vector(2, 1000);
    let request = |access| DocumentRequest { query: asked("tax income", &tax, Mode::Hybrid), access, offset: 0 };
    let pages = |request: &DocumentRequest| {
        let docs = corpus.documents(&corpus.choose_documents(request, 1)).unwrap();
        docs.search(request).unwrap().pages.into_iter().map(|page| page.title).collect::<Vec<_>>()
    };
    let (anybody, hr) = (request(Access::default()), request(Access::of(&["hr"])));
    assert!(pages(&hr).contains(&"Page 2".to_owned()));
    assert!(!pages(&anybody).is_empty() && !pages(&anybody).contains(&"Page 2".to_owned()));
}

#[test]
fn what_an_asker_may_not_see_decides_nothing() {
    let chunk = |text: &str| Chunk { span: 0..text.len(), text: text.into(), ..Chunk::default() };
    let document = |path: &str, text: &str, skills: &[&str]| Document {
        path: path.into(),
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
        chunks: vec![chunk(text)],
        ..Document::default()
    };
    let public = [document("a.md", "The zeppelin flies.\n", &[]), document("b.md", "Bees fly too.\n", &[])];
    let hidden = document("c.md", "A zeppelinium is built.\n", &["staff"]);
    let compiled = |documents: Vec<Document>| DocumentPlan::new(documents).unwrap().compile(None, Ranking::default());
    let found = |docs: &DocumentRetriever| -> Vec<(String, f32)> {
        let found = docs.search(&DocumentRequest::new("zeppelinium")).unwrap();
        found.pages.into_iter().map(|page| (page.path, page.score)).collect()
    };
    for documents in [public.to_vec(), [public.to_vec(), vec![hidden]].concat()] {
        let count = documents.len();
        let snapshot = compiled(documents).unwrap();
        let whole = found(&DocumentRetriever::open(snapshot.clone()).unwrap());
        let public = opened(divided(snapshot, count)).documents(&[0, 1]).unwrap();
        assert_eq!(found(&public), whole);
        assert_eq!(whole.len(), 1, "the misspelt word stands for the one that is known");
    }
}

#[test]
fn shards_of_one_corpus_are_not_taken_for_each_other() {
    let Sharded { root, shards } = divided(whole(40), 4);
    let mut corpus = Shards::open(root).unwrap();
    assert_eq!(corpus.add(0, shards[1].1.clone()).unwrap_err().code(), Code::SnapshotFormat);
    assert!(corpus.add(0, shards[0].1.clone()).is_ok());
}

#[test]
fn the_same_snapshot_gives_the_same_bytes() {
    let (one, other) = (divided(whole(50), 6), divided(whole(50), 6));
    assert!(one.root == other.root && one.shards == other.shards);
    let sizes: Vec<u32> = one.shards.iter().map(|(shard, _)| shard.cards).collect();
    assert!(sizes.iter().sum::<u32>() == 50 && sizes.iter().all(|cards| (8..=9).contains(cards)), "{sizes:?}");
    assert!(
        one.shards
            .iter()
            .all(|(shard, bytes)| shard.bytes == bytes.len() as u64 && shard.file.starts_with("it.shards/"))
    );
}

#[test]
fn more_shards_than_cards_are_as_many_as_cards() {
    for (cards, count) in [(1, 8), (3, 8), (0, 4)] {
        let Sharded { root, shards } = divided(whole(cards), count);
        assert_eq!((shards.len(), Shards::open(root).unwrap().header().cards as usize), (cards.max(1), cards));
    }
}

#[test]
fn a_shard_of_another_corpus_is_refused() {
    let (one, other) = (divided(whole(40), 4), divided(whole(44), 4));
    let mut corpus = Shards::open(one.root.clone()).unwrap();
    let code = |result: skillmesh::Result<()>| result.unwrap_err().code();
    assert_eq!(code(corpus.add(0, other.shards[0].1.clone())), Code::SnapshotFormat);
    assert_eq!(code(corpus.add(9, one.shards[0].1.clone())), Code::SnapshotFormat);
    assert_eq!(code(corpus.add(0, whole(10))), Code::SnapshotFormat, "it was counted for itself");
    assert_eq!(code(corpus.add(0, one.root)), Code::SnapshotFormat);
    assert_eq!(code(corpus.skills(&[0]).map(drop)), Code::InvalidArgument, "none was read");
    assert_eq!(code(corpus.skills(&[]).map(drop)), Code::InvalidArgument);
    assert_eq!(code(corpus.documents(&[]).map(drop)), Code::SnapshotFormat);
}

#[test]
fn a_root_is_no_snapshot_and_a_snapshot_no_root() {
    let Sharded { root, shards } = divided(whole(10), 2);
    let code = |result: skillmesh::Result<()>| result.unwrap_err().code();
    assert_eq!(code(SkillRetriever::open(root.clone()).map(drop)), Code::SnapshotFormat);
    assert_eq!(code(DocumentRetriever::open(root.clone()).map(drop)), Code::SnapshotFormat);
    assert_eq!(code(Shards::open(shards[0].1.clone()).map(drop)), Code::SnapshotFormat);
    assert_eq!(code(sharded(root, 2.try_into().unwrap(), "x").map(drop)), Code::SnapshotFormat);
    let corpus = opened(divided(whole(10), 2));
    assert!(corpus.skills(&[0, 1]).unwrap().snapshot().is_err(), "there is no one file of it");
}

/// The root with the file of a shard renamed, which keeps all lengths.
fn renamed(root: &[u8], file: &str, to: &str) -> Vec<u8> {
    assert_eq!(file.len(), to.len());
    let at = root.windows(file.len()).position(|bytes| bytes == file.as_bytes()).unwrap();
    let mut root = root.to_vec();
    root[at..at + to.len()].copy_from_slice(to.as_bytes());
    root
}

#[test]
fn no_shard_lies_outside_of_the_roots_folder() {
    let Sharded { root, shards } = divided(whole(10), 2);
    let file = &shards[0].0.file;
    let rest = &file[3..];
    for start in ["../", "/ab", "a//", "./a", "c:/", "a\\b"] {
        let moved = renamed(&root, file, &format!("{start}{rest}"));
        assert_eq!(Shards::open(moved).map(drop).unwrap_err().code(), Code::SnapshotCorrupt, "{start}");
    }
}

#[test]
fn a_folder_that_is_no_name_everywhere_is_refused() {
    for folder in ["c:x", "a\\b", "..", ""] {
        let error = sharded(whole(4), 2.try_into().unwrap(), folder).map(drop).unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument, "{folder}");
    }
}

#[test]
fn a_root_can_be_read_by_other_tools() {
    let root = divided(whole(10), 2).root;
    let Packed::Map(fields) = Packed::read(&root).unwrap() else { panic!("no map") };
    let kind = fields.iter().find(|(key, _)| key.text() == Some("kind")).unwrap();
    assert_eq!(kind.1.text(), Some("card-shards"));
}

proptest! {
    #[test]
    fn a_damaged_root_never_panics(at in 0usize..20_000, byte in any::<u8>(), cut in 0usize..20_000) {
        let Sharded { mut root, shards } = divided(whole(12), 3);
        let length = root.len();
        root[at % length] = byte;
        if cut < length / 4 {
            root.truncate(cut);
        }
        let Ok(mut corpus) = Shards::open(root) else { return Ok(()) };
        let vector = vector(1, 1000);
        let chosen = corpus.choose(&asked("honey", &vector, Mode::Hybrid), 2);
        prop_assert!(!chosen.is_empty());
        for number in chosen.iter().filter(|number| **number < 3) {
            let _ = corpus.add(*number, shards[*number].1.clone());
        }
        let _ = corpus.skills(&chosen).map(|mesh| mesh.retrieve(&asked("honey", &vector, Mode::Hybrid)));
    }

    #[test]
    fn every_card_is_in_one_shard(cards in 1usize..40, count in 1usize..12) {
        let corpus = opened(divided(whole(cards), count));
        let all: Vec<usize> = (0..corpus.shards().len()).collect();
        let mut ids = corpus.skills(&all).unwrap().ids();
        ids.sort();
        prop_assert_eq!(ids, (0..cards).map(|number| card(number).id).collect::<Vec<_>>());
    }
}

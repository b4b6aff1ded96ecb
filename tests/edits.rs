//! Is a snapshot after edits the one that a build of its cards writes, byte for byte?

use std::collections::BTreeMap;

use proptest::prelude::*;
use skillmesh::index::{BuildPlan, Edits};
use skillmesh::snapshot::{ModelInfo, Ranking, Snapshot};
use skillmesh::{Code, ExpertCard};

const WORDS: [&str; 12] =
    ["git", "merge", "branch", "draw", "maps", "déjà", "解析", "heatmaps", "the", "parseJSON", "v2.1", "x"];

fn card(id: u8, words: &[u8]) -> ExpertCard {
    let said =
        |from: usize| words.iter().skip(from).map(|w| WORDS[*w as usize % WORDS.len()]).collect::<Vec<_>>().join(" ");
    ExpertCard {
        id: format!("card{id}"),
        title: said(1),
        description: said(0),
        tags: words.iter().take(2).map(|w| WORDS[*w as usize % WORDS.len()].to_owned()).collect(),
        examples: vec![said(2)],
        installed: !words.len().is_multiple_of(3),
        instruction_text: said(0).repeat(3),
        ..ExpertCard::default()
    }
}

/// A vector of its own for each text.
fn vector(text: &str) -> Vec<f32> {
    let seed = text.bytes().fold(7u32, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    (0..8).map(|d| (seed.wrapping_mul(d * 2 + 1) % 1_000) as f32 - 500.0).collect()
}

fn model() -> ModelInfo {
    ModelInfo { name: "m".into(), fingerprint: "f".repeat(64), dimensions: 8 }
}

fn build(cards: &BTreeMap<u8, Vec<u8>>, is_dense: bool) -> Vec<u8> {
    let plan = BuildPlan::new(cards.iter().map(|(id, words)| card(*id, words)).collect()).unwrap();
    let vectors = plan.passages().iter().map(|texts| texts.iter().map(|text| vector(text)).collect()).collect();
    plan.compile(is_dense.then(|| (model(), vectors)), Ranking::default()).unwrap()
}

fn edited(old: &[u8], edits: &[(u8, Option<Vec<u8>>)]) -> Vec<u8> {
    let old = Snapshot::open(old.to_vec()).unwrap();
    let mut pending = Edits::of(&old).unwrap();
    for (id, words) in edits {
        match words {
            Some(words) => pending.upsert(vec![card(*id, words)]).unwrap(),
            None => drop(pending.remove(&[format!("card{id}")])),
        }
    }
    for text in pending.unembedded().unwrap() {
        pending.learn(text.clone(), &vector(&text)).unwrap();
    }
    assert!(pending.unembedded().unwrap().is_empty());
    pending.compile().unwrap()
}

fn words() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..9)
}

proptest! {
    #[test]
    fn edits_come_to_what_a_build_gives(
        before in proptest::collection::btree_map(0u8..12, words(), 0..10),
        edits in proptest::collection::vec((0u8..15, proptest::option::of(words())), 0..10),
        is_dense in any::<bool>(),
    ) {
        let mut after = before.clone();
        for (id, words) in &edits {
            match words {
                Some(words) => drop(after.insert(*id, words.clone())),
                None => drop(after.remove(id)),
            }
        }
        prop_assert_eq!(edited(&build(&before, is_dense), &edits), build(&after, is_dense));
    }
}

#[test]
fn ranking_settings_stay_and_so_do_vectors_from_elsewhere() {
    let (one, two) = (card(1, &[1, 2]), card(2, &[3]));
    let ranking = Ranking { dense_weight: 0.1, ..Ranking::default() };
    let brought = vec![vec![vector("brought"); 5], vec![vector("too")]];
    let plan = BuildPlan::new(vec![one, two.clone()]).unwrap();
    let old = Snapshot::open(plan.compile(Some((model(), brought)), ranking.clone()).unwrap()).unwrap();
    let mut edits = Edits::of(&old).unwrap();
    edits.upsert(vec![ExpertCard { title: "Other".into(), ..two }]).unwrap();
    let new = Snapshot::open(edits.compile().unwrap()).unwrap();
    assert_eq!(new.header().ranking, ranking);
    let rows = |snapshot: &Snapshot| snapshot.section(skillmesh::snapshot::Section::Rows).len() / 4;
    assert_eq!((rows(&old), rows(&new)), (6, 5), "the card without a vector is found by its words");
}

#[test]
fn what_cannot_be_in_a_snapshot_is_refused_whole() {
    let mut edits = Edits::of(&Snapshot::open(build(&BTreeMap::new(), false)).unwrap()).unwrap();
    for bad in [vec![card(1, &[]), card(1, &[])], vec![card(1, &[]), ExpertCard::default()]] {
        assert_eq!(edits.upsert(bad).unwrap_err().code(), Code::Registry);
        assert!(edits.is_empty());
    }
}

#[test]
fn damage_is_not_taken_over() {
    let bytes = build(&BTreeMap::from([(1, vec![1, 2, 3]), (2, vec![4, 5])]), true);
    let refused = |at: usize| {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        Snapshot::open(damaged).and_then(|old| Edits::of(&old)).is_err()
    };
    let section = |name: skillmesh::snapshot::Section| {
        let slice = Snapshot::open(bytes.clone()).unwrap().section(name).to_vec();
        bytes.windows(slice.len()).position(|window| window == slice).unwrap()
    };
    use skillmesh::snapshot::Section::{Instructions, Lengths, Postings, Vectors};
    assert!([Postings, Lengths, Vectors, Instructions].into_iter().all(|name| refused(section(name) + 1)));
}

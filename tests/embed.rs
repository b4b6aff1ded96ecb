//! Does the int8 pack give the vectors of the full-precision model?
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test reads model and fixtures")]

use skillmesh::Code;
use skillmesh::embed::Embedder;

fn pack() -> Vec<u8> {
    let path = skillmesh::host::find_model(Some("minilm".as_ref())).expect("the model is installed by ./build.sh test");
    std::fs::read(path).unwrap()
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn two_hundred_sentences_are_within_a_hundredth_of_full_precision() {
    let model = Embedder::open(pack()).unwrap();
    model.verify().unwrap();
    let sentences: Vec<String> = serde_json::from_slice(&std::fs::read("tests/data/reference.json").unwrap()).unwrap();
    let reference = std::fs::read("tests/data/reference.f32").unwrap();
    let reference: Vec<f32> = reference.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    assert_eq!((sentences.len(), reference.len()), (200, 200 * 384));
    for (sentence, expected) in sentences.iter().zip(reference.chunks_exact(384)) {
        let similarity = cosine(&model.embed(sentence).unwrap(), expected);
        assert!(similarity >= 0.99, "{similarity} for {sentence:?}");
    }
}

#[test]
fn the_own_model_gives_the_vectors_that_it_was_trained_to_give() {
    let pack = std::fs::read("models/skillmesh-mini.msgpack").unwrap();
    assert!(pack.len() <= 8_000_000, "{} bytes", pack.len());
    let model = Embedder::open(pack).unwrap();
    let sentences: Vec<String> = serde_json::from_slice(&std::fs::read("tests/data/reference.json").unwrap()).unwrap();
    let trained = std::fs::read("tests/data/mini.f32").unwrap();
    let trained: Vec<f32> = trained.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    assert_eq!(trained.len(), 40 * 384);
    for (sentence, expected) in sentences.iter().zip(trained.chunks_exact(384)) {
        let similarity = cosine(&model.embed(sentence).unwrap(), expected);
        assert!(similarity >= 0.9999, "{similarity} for {sentence:?}");
    }
}

#[test]
fn the_pack_is_small_and_odd_texts_have_vectors() {
    let pack = pack();
    assert!(pack.len() <= 24_000_000, "{} bytes", pack.len());
    let model = Embedder::open(pack).unwrap();
    for text in ["", "\0", "?!…", "画像処理", "[SEP]", &"word ".repeat(200_000), &"x".repeat(1_000_000)] {
        let vector = model.embed(text).unwrap();
        assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-4);
    }
}

#[test]
fn damaged_packs_are_refused() {
    let pack = pack();
    for length in [0, 10, 100, 1000, pack.len() / 2, pack.len() - 1] {
        let error = Embedder::open(pack[..length].to_vec()).unwrap_err();
        assert!(matches!(error.code(), Code::ModelFormat | Code::ModelCorrupt), "{length}: {error}");
    }
    let mut flipped = pack.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(Embedder::open(flipped).unwrap().verify().unwrap_err().code(), Code::ModelCorrupt);
}

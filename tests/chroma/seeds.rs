//! What the first design asked of its Chroma backend, of the example registry and by the real model.

use skillmesh::ExpertCard;
use skillmesh::chroma::Chroma;
use skillmesh::embed::Embedder;
use skillmesh::host;
use skillmesh::search::{Request, RetrievalBackend, SkillRetriever};

use crate::fixtures::{chroma, snapshot};
use crate::server::Server;

fn model() -> Embedder {
    host::open_model(&host::find_model(None).expect("the model is installed by ./build.sh test")).unwrap()
}

fn ids(
    backend: &dyn RetrievalBackend,
    cards: &SkillRetriever,
    model: &Embedder,
    query: &str,
    top_k: usize,
) -> Vec<String> {
    let vector = host::embed_query(model, query, false).unwrap();
    let answer = backend.query(cards, &Request { vector: Some(&vector), top_k, ..Request::new(query) }).unwrap();
    assert_eq!(answer.mode.name(), "hybrid");
    answer.hits.into_iter().map(|hit| hit.card.id).collect()
}

#[test]
fn chroma_answers_the_first_queries() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let model = model();
    let loaded = host::load_paths(&["examples/registry".into()]).unwrap();
    // Heads and examples say enough, and bodies take a minute to embed.
    let cards = loaded.cards.into_iter().map(|card| ExpertCard { instruction_text: String::new(), ..card }).collect();
    let cards = SkillRetriever::open(host::build(cards, Some(&model), &|_, _| {}).unwrap()).unwrap();
    let backend: Box<dyn RetrievalBackend> = Box::new(chroma(&server.url(), "experts"));
    backend.index(&cards, &|_, _| {}).unwrap();
    let found = ids(&*backend, &cards, &model, "build matplotlib seaborn heatmap", 2);
    assert_eq!((found.len(), found[0].as_str()), (2, "viz.matplotlib-seaborn"));
    for (query, id) in [
        ("sklearn pipeline cross validation metrics", "ml.sklearn-modeling"),
        ("pytorch training loop cuda mixed precision checkpoint", "dl.pytorch-training"),
    ] {
        assert_eq!(ids(&*backend, &cards, &model, query, 1), [id]);
    }
}

#[test]
fn no_cards_are_indexed_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path()) else { return };
    let (cards, chroma): (SkillRetriever, Chroma) = (snapshot(&[]), chroma(&server.url(), "empty"));
    assert_eq!(chroma.index(&cards, &|_, _| {}).unwrap().rows, 0);
    let request = Request { vector: Some(&[0.5; 32]), ..Request::new("anything") };
    assert!(chroma.query(&cards, &request).unwrap().hits.is_empty());
}

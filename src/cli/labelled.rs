//! Which labelled queries are asked, with which vectors?

use std::collections::BTreeSet;
use std::path::Path;

use super::{count, progress, say};
use crate::embed::Embedder;
use crate::eval::{Judged, judged};
use crate::search::{Mode, Request, SkillRetriever, query_parts};
use crate::{Result, host};

/// Labelled queries, ready to be asked.
pub struct Labelled {
    pub queries: Vec<Judged>,
    /// Each query's vectors, one after the other, where there is a model.
    vectors: Option<Vec<Vec<f32>>>,
    syntax: bool,
}

impl Labelled {
    /// The queries, with vectors by the `model` of the snapshot's, if there is one; says what they ask for in vain.
    pub fn new(
        queries: Vec<Judged>,
        syntax: bool,
        retriever: &SkillRetriever,
        model: Option<&Embedder>,
    ) -> Result<Self> {
        note_unknown(retriever, &queries)?;
        let vectors = model.map(|model| embed(&queries, syntax, model)).transpose()?;
        Ok(Labelled { queries, vectors, syntax })
    }

    /// The modes that can answer.
    pub fn modes(&self) -> Vec<Mode> {
        let dense = self.vectors.iter().flat_map(|_| [Mode::Dense, Mode::Hybrid]);
        std::iter::once(Mode::Sparse).chain(dense).collect()
    }

    /// The query at `at` as a request.
    pub fn request(&self, at: usize, mode: Mode, top_k: usize) -> Request<'_> {
        let vector = self.vectors.as_ref().map(|vectors| vectors[at].as_slice());
        Request { vector, mode, top_k, syntax: self.syntax, ..Request::new(&self.queries[at].text) }
    }
}

/// Reads queries, and judgements where they stand in a file of their own.
pub fn read(queries: &Path, qrels: Option<&Path>) -> Result<Vec<Judged>> {
    judged(&host::source(queries)?, qrels.map(host::source).transpose()?.as_ref())
}

/// A judged card that is not there can't be found, and lowers every figure.
fn note_unknown(retriever: &SkillRetriever, queries: &[Judged]) -> Result<()> {
    let ids = (0..retriever.len()).map(|number| Ok(retriever.summary(number)?.id)).collect::<Result<BTreeSet<_>>>()?;
    let judged: BTreeSet<&String> = queries.iter().flat_map(|query| &query.relevant).collect();
    let unknown: Vec<_> = judged.into_iter().filter(|id| !ids.contains(*id)).collect();
    if let Some(first) = unknown.first() {
        let unknown = count(unknown.len(), "judged card");
        say(&format!("note: the corpus lacks {unknown}, such as `{first}`; queries for them count as misses\n"));
    }
    Ok(())
}

fn embed(queries: &[Judged], syntax: bool, model: &Embedder) -> Result<Vec<Vec<f32>>> {
    let parts: Vec<Vec<String>> = queries.iter().map(|query| query_parts(&query.text, syntax)).collect();
    let bar = progress::bar();
    let vectors = host::embed_cards(model, &parts, &|done, all| progress::advance(&bar, done, all))?;
    bar.finish_and_clear();
    Ok(vectors.into_iter().map(|parts| parts.concat()).collect())
}

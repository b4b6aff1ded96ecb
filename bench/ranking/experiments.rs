//! What is tried? Each variant differs from the product in one thing.

use skillmesh::search::{Fusion, Mode};
use skillmesh::sparse::{Bm25Params, Field, FieldParams};

use crate::blend::{Blend, min_max, within_three_sigma};
use crate::keywords::Keywords;
use crate::meaning::Meaning;
use crate::pool::Pool;
use crate::respell::{humps_joined, joined, trigrams, unstemmed};
use crate::weigh::{Weigh, as_said, every_time, once, rarest_half, rarest_three_quarters};

/// One way to rank.
pub enum Variant {
    /// The product's own retriever, asked in this mode and with this fusion.
    Product(Mode, Option<Fusion>),
    Keywords(Keywords),
    Meaning(Meaning),
    Blend(Blend),
}

/// What a variant is called, and what it is.
pub type Named = (&'static str, Variant);

/// Variants of one part of the ranking, the product first.
pub struct Group {
    pub title: &'static str,
    pub variants: Vec<Named>,
}

/// All that is tried.
pub fn groups() -> [Group; 3] {
    let group = |title, name, mode, variants: Vec<Vec<Named>>| {
        let product = (name, Variant::Product(mode, None));
        Group { title, variants: std::iter::once(product).chain(variants.into_iter().flatten()).collect() }
    };
    let keywords = vec![formulas(), weights(), texts(), spellings(), query_terms()];
    [
        group("keywords", "BM25F", Mode::Sparse, keywords),
        group("meaning", "soft maximum 15, sentences .6", Mode::Dense, vec![pools(), parts()]),
        group("both", "sum in units of σ, .75", Mode::Hybrid, vec![shares(), fusions()]),
    ]
}

fn formulas() -> Vec<Named> {
    let k1 = |k1| Bm25Params { k1, ..Bm25Params::default() };
    let b = |b| fields(|_, params| FieldParams { b, ..params });
    vec![
        bm25("k1 .6", k1(0.6)),
        bm25("k1 .9", k1(0.9)),
        bm25("k1 2", k1(2.0)),
        bm25("b 0 in every field", b(0.0)),
        bm25("b .4 in every field", b(0.4)),
        bm25("b .75 in every field", b(0.75)),
    ]
}

fn weights() -> Vec<Named> {
    let times = |field, factor| {
        fields(move |own, params| {
            let weight = if own == field { params.weight * factor } else { params.weight };
            FieldParams { weight, ..params }
        })
    };
    vec![
        bm25("all fields weigh 1", fields(|_, params| FieldParams { weight: 1.0, ..params })),
        bm25("title × .5", times(Field::Title, 0.5)),
        bm25("title × 2", times(Field::Title, 2.0)),
        bm25("body × 0", times(Field::Body, 0.0)),
        bm25("body × 2", times(Field::Body, 2.0)),
    ]
}

/// Flat BM25 takes all text for one field, with the constants that are usual for passages.
fn texts() -> Vec<Named> {
    let flat = fields(|_, _| FieldParams { weight: 1.0, b: 0.4 });
    let flat =
        Keywords { bm25: Bm25Params { k1: 0.9, ..flat }, place: |_, text| (Field::Body, text), ..Keywords::default() };
    let capped = |place| Variant::Keywords(Keywords { place, ..Keywords::default() });
    vec![
        ("flat BM25, k1 .9, b .4", Variant::Keywords(flat)),
        ("body: first 50 words", capped(first_words::<50>)),
        ("body: first 200 words", capped(first_words::<200>)),
        ("body: first 1,000 words", capped(first_words::<1000>)),
    ]
}

fn spellings() -> Vec<Named> {
    let respelt = |name, respell| (name, Variant::Keywords(Keywords { respell, ..Keywords::default() }));
    vec![
        respelt("no stemming", unstemmed),
        respelt("no splitting at capitals", humps_joined),
        respelt("no splitting of identifiers", joined),
        respelt("trigrams of letters", trigrams),
    ]
}

fn query_terms() -> Vec<Named> {
    let weighed = |name, weigh: Weigh| (name, Variant::Keywords(Keywords { weigh, ..Keywords::default() }));
    vec![
        weighed("repeated words count each time", every_time),
        weighed("repeated words count once", once),
        weighed("nothing stands in for unknown words", as_said),
        weighed("long queries: rarest 3/4 of terms", rarest_three_quarters),
        weighed("long queries: rarest 1/2 of terms", rarest_half),
    ]
}

fn pools() -> Vec<Named> {
    let pooled = |name, pool| (name, Variant::Meaning(Meaning { pool, ..Meaning::default() }));
    vec![
        pooled("head only", Pool::Head),
        pooled("nearest passage", Pool::Best),
        pooled("mean of nearest two", Pool::BestTwo),
        pooled("soft maximum 5", Pool::Soft(5.0)),
        pooled("soft maximum 10", Pool::Soft(10.0)),
        pooled("soft maximum 25", Pool::Soft(25.0)),
        pooled("soft maximum 50", Pool::Soft(50.0)),
    ]
}

fn parts() -> Vec<Named> {
    let shared = |name, sentences| (name, Variant::Meaning(Meaning { sentences, ..Meaning::default() }));
    let fed = |name, feedback| (name, Variant::Meaning(Meaning { feedback, ..Meaning::default() }));
    vec![
        shared("whole query only", 0.0),
        shared("sentences .3", 0.3),
        shared("sentences .8", 0.8),
        shared("sentences only", 1.0),
        fed("feedback of nearest 3, .2", 0.2),
        fed("feedback of nearest 3, .5", 0.5),
    ]
}

fn shares() -> Vec<Named> {
    let convex = |name, dense_weight| (name, Variant::Product(Mode::Hybrid, Some(Fusion::Convex { dense_weight })));
    vec![
        convex("share .5", 0.5),
        convex("share .6", 0.6),
        convex("share .7", 0.7),
        convex("share .8", 0.8),
        convex("share .9", 0.9),
    ]
}

fn fusions() -> Vec<Named> {
    vec![
        ("min-max, .7", Variant::Blend(Blend::Scaled(min_max, 0.7))),
        ("cut at 3 σ, .75", Variant::Blend(Blend::Scaled(within_three_sigma, 0.75))),
        ("cut at 3 σ, .5", Variant::Blend(Blend::Scaled(within_three_sigma, 0.5))),
        ("RRF, k = 60", Variant::Product(Mode::Hybrid, Some(Fusion::Rrf))),
        ("RRF, k = 10", Variant::Blend(Blend::Ranks(10.0))),
        ("equal cards once", Variant::Blend(Blend::Distinct)),
    ]
}

fn bm25(name: &'static str, bm25: Bm25Params) -> Named {
    (name, Variant::Keywords(Keywords { bm25, ..Keywords::default() }))
}

/// The product's constants with those of each field changed.
fn fields(change: impl Fn(Field, FieldParams) -> FieldParams) -> Bm25Params {
    let own = Bm25Params::default();
    let fields = Field::ALL.map(|field| change(field, own.fields[field as usize]));
    Bm25Params { fields, ..own }
}

/// A body cut after its first words.
fn first_words<const MOST: usize>(field: Field, text: String) -> (Field, String) {
    let read = |text: String| text.split_whitespace().take(MOST).collect::<Vec<_>>().join(" ");
    if field == Field::Body { (field, read(text)) } else { (field, text) }
}

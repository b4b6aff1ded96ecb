//! Which of a corpus's snapshots does a query need, and what is known of all of them?
//!
//! A root has, instead of cards, what tells shards apart: under each term how many cards of the corpus hold it, and for
//! each shard the most that the term counts in one card there; under each filter value the shards that have it; and of each
//! shard's vectors the means of near ones. So a query is ranked twice: shards first, then the cards in the best of them.

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::access::access_key;
use super::allowed::Allowed;
use super::cards::SkillRetriever;
use super::documents::{DocumentRequest, DocumentRetriever};
use super::filter::listed;
use super::fusion::Fusion;
use super::index::{Index, Stats, no_vectors};
use super::leg::{Leg, Scored, top};
use super::legs::said;
use super::request::{Mode, Request};
use super::segment::{Segment, check_kind, misplaced, open_dense};
use super::syntax::{Asked, Condition, What};
use crate::bytes::{Packed, Records, Varints, from_packed, hex};
use crate::dense::DenseIndex;
use crate::snapshot::{Header, Kind, Section, Snapshot};
use crate::sparse::{Dictionary, Vocabulary};
use crate::text::Analyzer;
use crate::{Code, Error, Result, order};

/// What meaning counts where shards are ranked, and words the rest: less than where cards are, for which means of many
/// vectors say less than vectors do. `bench/shards.mjs` tells how well it finds.
const DENSE_WEIGHT: f32 = 0.6;

/// The most that a term can count in a card, as a root writes it.
pub const WHOLE: f32 = 255.0;

/// What is known of all cards of a corpus, wherever they are.
pub struct Corpus {
    pub terms: Dictionary,
    /// As if it were one snapshot.
    pub header: Header,
    /// Whether everybody may see all of it.
    pub is_open: bool,
}

impl Corpus {
    /// The terms of all cards.
    pub fn vocabulary(&self) -> Vocabulary<'_> {
        Vocabulary::new(vec![(0, &self.terms)], None, self.header.cards as usize)
    }
}

/// One of the snapshots that hold a corpus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shard {
    /// Where it lies, seen from the root: names with `/` between them.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// The hash of its bytes, hex.
    pub sha256: String,
    /// How many cards, or chunks, it holds.
    pub cards: u32,
}

from_packed!(Shard { file, bytes, sha256, cards });

impl Shard {
    /// Whether its file lies below the root's folder on every system, also as an address.
    pub fn is_inside(&self) -> bool {
        let is_plain =
            |name: &str| !name.is_empty() && name != "." && name != ".." && !name.contains(['\\', ':', '\0']);
        self.file.split('/').all(is_plain)
    }
}

/// A corpus in several snapshots, of which some are open.
pub struct Shards {
    snapshot: Snapshot,
    corpus: Arc<Corpus>,
    facets: Dictionary,
    means: Option<DenseIndex>,
    analyzer: Analyzer,
    shards: Vec<Shard>,
    open: Vec<Option<Arc<Segment>>>,
}

impl Shards {
    /// Opens a root; no shard of it is open then.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let snapshot = Snapshot::open(bytes)?;
        let root = snapshot.header();
        let Some(kind) = kind_within(root.kind) else { return Err(misplaced(root.kind, Kind::CardShards)) };
        let header = Header { kind, ..root.clone() };
        let shards = files(&snapshot)?;
        let dictionary = |keys, lists| Dictionary::open(snapshot.section(keys), snapshot.section(lists));
        let terms = dictionary(Section::Terms, Section::Postings)?;
        let facets = dictionary(Section::Facets, Section::FacetLists)?;
        let is_open = facets.beginning(&access_key("skill", "")).is_empty();
        Ok(Shards {
            corpus: Arc::new(Corpus { terms, header, is_open }),
            facets,
            means: open_dense(&snapshot, shards.len())?,
            analyzer: Analyzer::new(),
            open: shards.iter().map(|_| None).collect(),
            shards,
            snapshot,
        })
    }

    /// Compares every checksum of the root.
    pub fn verify(&self) -> Result<()> {
        self.snapshot.verify()
    }

    /// What the root says of itself; its `cards` are those of all shards.
    pub fn header(&self) -> &Header {
        self.snapshot.header()
    }

    /// The shards by number.
    pub fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// Sizes and counts of the root itself.
    pub fn stats(&self) -> Stats {
        let size = |section: Section| (section.name(), self.snapshot.section(section).len());
        Stats {
            header: self.header().clone(),
            bytes: self.snapshot.size(),
            documents: None,
            shards: Some(self.shards.len()),
            terms: self.corpus.terms.len(),
            passages: self.means.as_ref().map_or(0, DenseIndex::rows),
            sections: order::map(Section::ALL.into_iter().map(size)),
        }
    }

    /// Refuses a query model that is not the one of the shards' vectors.
    pub fn check_model(&self, fingerprint: &str) -> Result<()> {
        self.header().model.as_ref().ok_or_else(no_vectors)?.check(fingerprint)
    }

    /// The numbers of the `most` shards in which the best cards for a query are likely to be, ascending.
    pub fn choose(&self, request: &Request, most: usize) -> Vec<usize> {
        self.chosen(request, &request.filter.shards(&self.facets, self.shards.len()), most)
    }

    /// The same for a query in documents: only shards that have some which the asker may see.
    pub fn choose_documents(&self, request: &DocumentRequest, most: usize) -> Vec<usize> {
        let passed = request.query.filter.shards(&self.facets, self.shards.len());
        let visible = request.access.allowed(&self.facets, self.shards.len());
        self.chosen(&request.query, &visible.and(passed.into_marks(self.shards.len())), most)
    }

    /// The bytes of a shard, which were read.
    pub fn add(&mut self, number: usize, bytes: Vec<u8>) -> Result<()> {
        let other = || {
            Error::new(Code::SnapshotFormat, "this is not the shard that its root means")
                .at(format!("shard {number}"))
                .help("put root and shards there that were written together, or fetch them again")
        };
        let shard = self.shards.get(number).ok_or_else(other)?;
        let sha256 = hex(&Sha256::digest(&bytes));
        if sha256 != shard.sha256 {
            return Err(other().expected(format!("SHA-256 {}", shard.sha256)).got(sha256));
        }
        let root = &self.corpus.header;
        let segment = Segment::open(bytes, root.kind)?;
        let header = segment.snapshot.header();
        if (header.cards, header.averages, &header.model) != (shard.cards, root.averages, &root.model) {
            return Err(other());
        }
        self.open[number] = Some(Arc::new(segment));
        Ok(())
    }

    /// Forgets the bytes of a shard, once nothing is asked of them any more.
    pub fn drop(&mut self, number: usize) {
        if let Some(open) = self.open.get_mut(number) {
            *open = None;
        }
    }

    /// What answers from these shards of cards.
    pub fn skills(&self, numbers: &[usize]) -> Result<SkillRetriever> {
        check_kind(self.header().kind, Kind::CardShards)?;
        Ok(SkillRetriever::over(self.index(numbers)?))
    }

    /// What answers from these shards of documents.
    pub fn documents(&self, numbers: &[usize]) -> Result<DocumentRetriever> {
        check_kind(self.header().kind, Kind::DocumentShards)?;
        DocumentRetriever::over(self.index(numbers)?)
    }

    fn index(&self, numbers: &[usize]) -> Result<Index> {
        let open = |number: &usize| {
            let segment = self.open.get(*number).and_then(Option::as_ref).map(Arc::clone);
            segment
                .ok_or_else(|| Error::new(Code::InvalidArgument, "a shard is not open").at(format!("shard {number}")))
        };
        let segments = numbers.iter().map(open).collect::<Result<Vec<_>>>()?;
        let (first, others) = segments.split_first().ok_or_else(|| {
            Error::new(Code::InvalidArgument, "no shard is asked").expected("the number of one at least").got("none")
        })?;
        Ok(Index::over(Arc::clone(first), others, Some(Arc::clone(&self.corpus))))
    }

    fn chosen(&self, request: &Request, allowed: &Allowed, most: usize) -> Vec<usize> {
        let asked = Asked::of(request.text, request.syntax);
        let allowed =
            &asked.conditions.iter().fold(allowed.clone(), |allowed, condition| self.may_hold(allowed, condition));
        let scored = self.scored(request, &asked.text, allowed);
        let mut numbers: Vec<usize> = top(scored, most.max(1)).into_iter().map(|scored| scored.card).collect();
        if numbers.is_empty() {
            // Conditions alone list what fulfils them; else one shard says that nothing matches.
            let few = if asked.conditions.is_empty() { 1 } else { most };
            numbers = (0..self.shards.len()).filter(|shard| allowed.has(*shard)).take(few).collect();
        }
        if numbers.is_empty() {
            numbers.push(0);
        }
        order::sort_by_key(&mut numbers, |number| *number);
        numbers
    }

    /// Those of the allowed shards that may have a card which fulfils a condition.
    fn may_hold(&self, allowed: Allowed, Condition { negated, what }: &Condition) -> Allowed {
        let words = match what {
            _ if *negated => return allowed,
            What::Facet(field, value) => {
                let listed = listed(&self.facets, field, std::slice::from_ref(value), self.shards.len());
                return listed.map_or(allowed.clone(), |marks| allowed.and(marks));
            }
            What::Words(_, words) | What::Phrase(words) => words,
        };
        self.analyzer.terms(words).iter().fold(allowed, |allowed, term| {
            let mut marks = vec![false; self.shards.len()];
            each_shard(self.corpus.terms.list(term).unwrap_or_default(), |shard, _| {
                marks.get_mut(shard).into_iter().for_each(|mark| *mark = true);
            });
            allowed.and(marks)
        })
    }

    fn scored(&self, request: &Request, text: &str, allowed: &Allowed) -> Vec<Scored> {
        let sparse = (request.mode != Mode::Dense).then(|| self.by_words(text, allowed));
        let dense = if request.mode == Mode::Sparse { None } else { self.by_meaning(request, allowed) };
        match (sparse, dense) {
            (Some(sparse), Some(dense)) => Fusion::Convex { dense_weight: DENSE_WEIGHT }.fuse(&sparse, &dense),
            (Some(leg), None) | (None, Some(leg)) => leg.scored().to_vec(),
            (None, None) => Vec::new(),
        }
    }

    /// The most that any card of a shard can score by the query's words.
    fn by_words(&self, text: &str, allowed: &Allowed) -> Leg {
        let mut scores = vec![0.0; self.shards.len()];
        for term in self.corpus.vocabulary().query_terms(&self.analyzer, text) {
            let list = self.corpus.terms.list(&term.term).unwrap_or_default();
            each_shard(list, |shard, share| {
                if let Some(score) = scores.get_mut(shard) {
                    *score += term.weight * share;
                }
            });
        }
        let scored = |(card, score): (usize, f32)| Scored { card, score };
        let matched = scores.into_iter().enumerate().map(scored).filter(|s| s.score > 0.0 && allowed.has(s.card));
        Leg::new(matched.collect(), allowed.count(self.shards.len()))
    }

    /// How near the nearest of a shard's means is.
    fn by_meaning(&self, request: &Request, allowed: &Allowed) -> Option<Leg> {
        let (vector, means) = (request.vector?, self.means.as_ref()?);
        let scores = |part| means.nearest(part, self.shards.len(), |shard| allowed.has(shard));
        let (scored, _) = said(vector.chunks_exact(means.dimensions()).map(scores))?;
        let count = scored.len();
        Some(Leg::new(scored, count))
    }
}

/// Calls `visit` with each shard of a term's list, and with the share of its weight that the term can count there.
fn each_shard(list: &[u8], mut visit: impl FnMut(usize, f32)) {
    let mut list = Varints::new(list);
    list.next();
    let mut shard = 0usize;
    while let Some((distance, share)) = list.next().zip(list.byte()) {
        shard = shard.saturating_add(distance as usize);
        visit(shard, f32::from(share) / WHOLE);
    }
}

/// What the shards of such a root hold.
fn kind_within(root: Kind) -> Option<Kind> {
    match root {
        Kind::CardShards => Some(Kind::Cards),
        Kind::DocumentShards => Some(Kind::Documents),
        Kind::Cards | Kind::Documents => None,
    }
}

fn files(snapshot: &Snapshot) -> Result<Vec<Shard>> {
    let broken = || Error::new(Code::SnapshotCorrupt, "the root's list of shards is unreadable");
    let section = snapshot.section(Section::Shards);
    let records = Records::open(&section).ok_or_else(broken)?;
    let shard = |record| {
        let shard: Shard =
            Packed::read(record).map_err(|e| broken().caused_by(e))?.to().map_err(|e| broken().caused_by(e))?;
        shard
            .is_inside()
            .then_some(shard)
            .ok_or_else(|| broken().caused_by("a file that is not below the root's folder"))
    };
    let shards = records.iter().map(shard).collect::<Result<Vec<_>>>()?;
    if shards.is_empty() { Err(broken()) } else { Ok(shards) }
}

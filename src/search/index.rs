//! What of open snapshots is ranked, whatever is found in it?

use std::sync::Arc;

use serde::Serialize;

use super::allowed::Allowed;
use super::cards::SkillRetriever;
use super::documents::DocumentRetriever;
use super::nearest::Nearest;
use super::request::Request;
use super::segment::Segment;
use super::shards::{Corpus, Shards};
use crate::bytes::{FromPacked, Packed};
use crate::dense::{DenseIndex, Row};
use crate::snapshot::{Header, Kind, Ranking, Section, Snapshot};
use crate::sparse::Vocabulary;
use crate::text::Analyzer;
use crate::{Code, Error, Result, order};

/// What can be found, by number, in one snapshot or in several of one corpus: the next one's numbers follow the last of
/// the one before.
pub struct Index {
    /// Each with its first number; never none.
    segments: Vec<(usize, Arc<Segment>)>,
    pub(super) analyzer: Analyzer,
    /// What is known of the corpus beyond these segments.
    corpus: Option<Arc<Corpus>>,
}

/// What a snapshot holds.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    /// The header.
    #[serde(flatten)]
    pub header: Header,
    /// The file's size in bytes.
    pub bytes: usize,
    /// How many documents the chunks make; `None` where there are cards.
    pub documents: Option<usize>,
    /// How many shards the root is of; `None` where it is no root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shards: Option<usize>,
    /// Distinct terms.
    pub terms: usize,
    /// Embedded passages.
    pub passages: usize,
    /// Bytes of each section.
    pub sections: std::collections::BTreeMap<&'static str, usize>,
}

impl Stats {
    /// What a snapshot of any kind holds, after checking it.
    pub fn of(bytes: Vec<u8>) -> Result<Stats> {
        match Snapshot::kind(&bytes)? {
            Kind::Cards => SkillRetriever::open(bytes).and_then(|cards| cards.verify().map(|()| cards.stats())),
            Kind::Documents => DocumentRetriever::open(bytes).and_then(|docs| docs.verify().map(|()| docs.stats())),
            Kind::CardShards | Kind::DocumentShards => {
                Shards::open(bytes).and_then(|root| root.verify().map(|()| root.stats()))
            }
        }
    }
}

impl Index {
    /// Opens a snapshot of this kind; nothing is tokenised or embedded.
    pub(super) fn open(bytes: Vec<u8>, kind: Kind) -> Result<Self> {
        Ok(Index::over(Arc::new(Segment::open(bytes, kind)?), &[], None))
    }

    /// The first and all others as one.
    pub(super) fn over(first: Arc<Segment>, others: &[Arc<Segment>], corpus: Option<Arc<Corpus>>) -> Self {
        let mut segments = vec![(0, first)];
        for segment in others {
            let start = segments.last().map_or(0, |(start, before)| start + before.len());
            segments.push((start, Arc::clone(segment)));
        }
        Index { segments, analyzer: Analyzer::new(), corpus }
    }

    /// Compares every checksum.
    pub(super) fn verify_sections(&self) -> Result<()> {
        self.segments().try_for_each(|(_, segment)| segment.snapshot.verify())
    }

    /// The number of cards, or of chunks.
    pub fn len(&self) -> usize {
        self.segments.last().map_or(0, |(start, last)| start + last.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of a snapshot that differs in its ranking settings only.
    pub fn with_ranking(&self, ranking: Ranking) -> Result<Vec<u8>> {
        self.snapshot()?.with_ranking(ranking)
    }

    /// What the snapshot says of itself; of shards, what the corpus does.
    pub fn header(&self) -> &Header {
        match &self.corpus {
            Some(corpus) => &corpus.header,
            None => self.segments[0].1.snapshot.header(),
        }
    }

    /// The snapshot that is searched; an error where it is several.
    pub fn snapshot(&self) -> Result<&Snapshot> {
        match &self.segments[..] {
            [(_, only)] if self.corpus.is_none() => Ok(&only.snapshot),
            _ => Err(Error::new(Code::InvalidArgument, "shards are only searched")
                .help("change the files that they were made from, and build them again")),
        }
    }

    /// What tells this snapshot from others.
    pub fn stamp(&self) -> String {
        self.segments().map(|(_, segment)| segment.snapshot.stamp()).collect::<Vec<_>>().join(" ")
    }

    /// Sizes and counts; those of shards together.
    pub fn stats(&self) -> Stats {
        let sum = |count: &dyn Fn(&Segment) -> usize| self.segments().map(|(_, segment)| count(segment)).sum();
        let size = |section: Section| (section.name(), sum(&|segment| segment.snapshot.section(section).len()));
        Stats {
            header: Header { cards: self.len() as u32, ..self.header().clone() },
            bytes: sum(&|segment| segment.snapshot.size()),
            documents: (self.header().kind == Kind::Documents).then(|| sum(&|s| s.records(Section::Documents))),
            shards: None,
            terms: match &self.corpus {
                Some(corpus) => corpus.terms.len(),
                None => sum(&|segment| segment.sparse.dictionary().len()),
            },
            passages: sum(&|segment| segment.dense.as_ref().map_or(0, DenseIndex::rows)),
            sections: order::map(Section::ALL.into_iter().map(size)),
        }
    }

    /// Refuses a query model that is not the one of the snapshot's vectors.
    pub fn check_model(&self, fingerprint: &str) -> Result<()> {
        self.header().model.as_ref().ok_or_else(no_vectors)?.check(fingerprint)
    }

    /// The rows of each entry's vectors, as they lie in the snapshot; `None` where it has no vectors.
    pub fn entry_rows(&self) -> Option<Vec<Vec<Row>>> {
        let mut entries = vec![Vec::new(); self.len()];
        for (start, segment) in self.segments() {
            let dense = segment.dense.as_ref()?;
            for (entry, rows) in dense.ranges() {
                entries[start + entry] = rows.filter_map(|row| dense.row(row)).collect();
            }
        }
        Some(entries)
    }

    /// The segments, each with its first number.
    pub(super) fn segments(&self) -> impl Iterator<Item = (usize, &Segment)> {
        self.segments.iter().map(|(start, segment)| (*start, &**segment))
    }

    /// The segment of a number, and the number there.
    pub(super) fn at(&self, number: usize) -> (&Segment, usize) {
        let after = self.segments.partition_point(|(start, _)| *start <= number);
        let (start, segment) = &self.segments[after - 1];
        (segment, number - start)
    }

    /// What `marks` says of each segment, as of all.
    pub(super) fn allowed_in(&self, marks: &dyn Fn(&Segment) -> Allowed) -> Allowed {
        let each: Vec<Allowed> = self.segments().map(|(_, segment)| marks(segment)).collect();
        if each.iter().all(|allowed| *allowed == Allowed::All) {
            return Allowed::All;
        }
        let sizes = self.segments().map(|(_, segment)| segment.len());
        Allowed::Some(each.into_iter().zip(sizes).flat_map(|(allowed, size)| allowed.into_marks(size)).collect())
    }

    /// The terms of the cards that are allowed: where all of these shards are, of the whole corpus.
    pub(super) fn vocabulary<'a>(&'a self, allowed: &'a Allowed) -> Vocabulary<'a> {
        match self.corpus_of(allowed) {
            Some(corpus) => corpus.vocabulary(),
            None => {
                let dictionaries = self.segments().map(|(start, segment)| (start, segment.sparse.dictionary()));
                Vocabulary::new(dictionaries.collect(), allowed.marks(), self.len())
            }
        }
    }

    /// How many cards are allowed: where all of these shards are, those of the whole corpus.
    pub(super) fn count(&self, allowed: &Allowed) -> usize {
        let corpus = self.corpus_of(allowed).map(|corpus| corpus.header.cards as usize);
        corpus.unwrap_or_else(|| allowed.count(self.len()))
    }

    /// The corpus, if whoever may see these cards may see all: what others say must not decide what is found.
    fn corpus_of(&self, allowed: &Allowed) -> Option<&Corpus> {
        self.corpus.as_deref().filter(|corpus| corpus.is_open && allowed.count(self.len()) == self.len())
    }

    /// Whether this request can be answered by vectors: those that a backend found, else the snapshot's own.
    pub(super) fn dimensions_for(&self, request: &Request) -> Option<usize> {
        let own = || self.segments[0].1.dense.as_ref();
        request.nearest.map(Nearest::rows).or_else(own).map(DenseIndex::dimensions)
    }

    /// Calls `visit` with each term of a snapshot in order, how many cards hold it, and the most that it counts in any.
    pub fn each_term(&self, visit: &mut dyn FnMut(&str, u32, f32) -> Result<()>) -> Result<()> {
        self.segments().try_for_each(|(_, segment)| segment.sparse.each_term(visit))
    }

    /// Calls `visit` with each key under which a filter or an asker finds something.
    pub fn each_facet(&self, visit: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        self.segments().try_for_each(|(_, segment)| segment.facets.each(&mut |key, _| visit(key)))
    }

    /// What every record of a section says.
    pub(super) fn all_decoded<T: for<'a> FromPacked<'a>>(&self, section: Section) -> Result<Vec<T>> {
        let all = self.segments().flat_map(|(_, segment)| (0..segment.records(section)).map(move |n| (segment, n)));
        all.map(|(segment, number)| decoded(segment, section, number)).collect()
    }

    /// The bytes of one record of a section that has one for each number.
    pub(super) fn record(&self, section: Section, number: usize) -> Result<Vec<u8>> {
        let (segment, number) = self.at(number);
        segment.record(section, number)
    }

    /// What one record says.
    pub(super) fn decoded<T: for<'a> FromPacked<'a>>(&self, section: Section, number: usize) -> Result<T> {
        let (segment, number) = self.at(number);
        decoded(segment, section, number)
    }
}

fn decoded<T: for<'a> FromPacked<'a>>(segment: &Segment, section: Section, number: usize) -> Result<T> {
    let broken = || Error::new(Code::SnapshotCorrupt, "unreadable record").at(format!("{} {number}", section.name()));
    let record = segment.record(section, number)?;
    let packed = Packed::read(&record).map_err(|e| broken().caused_by(e))?;
    packed.to().map_err(|e| broken().caused_by(e))
}

pub(super) fn no_vectors() -> Error {
    Error::new(Code::NoModel, "the snapshot holds no vectors")
        .help("write it with a model (`skillmesh build` or `ingest` with `--model FILE`), or use mode `sparse`")
}

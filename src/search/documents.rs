//! Which pages answer a query, and which of their sections?

use std::ops::Deref;

use super::allowed::Allowed;
use super::document_hit::{Cited, DocumentAnswer, DocumentHit, Page, facets};
use super::hit::{Explanation, Ranked, RankedCards};
use super::index::Index;
use super::leg::Scored;
use super::legs::Legs;
use super::rank::Search;
use super::request::Request;
use super::segment::Segment;
use crate::bytes::u32_at;
use crate::card::{Access, Chunk, Document};
use crate::snapshot::{ChunkHead, Kind, Section};
use crate::sparse::QueryTerm;
use crate::text::plain;
use crate::{Code, Error, Result};

/// Pages in an answer unless asked otherwise.
const PAGES: usize = 10;

/// A page shows this many sections at most.
const SECTIONS: usize = 3;

/// Without any word of the query, only this many of the nearest chunks count as found: every chunk is near to some extent.
const NEAREST: usize = 50;

/// One query over documents.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRequest<'a> {
    /// The query; its `top_k` counts pages, or for [`DocumentRetriever::cite`] chunks.
    pub query: Request<'a>,
    /// What the asker may see.
    pub access: Access,
    /// How many pages to pass over.
    pub offset: usize,
}

impl<'a> DocumentRequest<'a> {
    /// A query for the first ten pages that everybody may see.
    pub fn new(text: &'a str) -> Self {
        DocumentRequest { query: Request { top_k: PAGES, ..Request::new(text) }, access: Access::default(), offset: 0 }
    }
}

/// Answers queries from a snapshot of documents. What every [`Index`] tells, such as its size, it tells too.
pub struct DocumentRetriever {
    index: Index,
    documents: Vec<Document>,
    /// The number of each chunk's document.
    owners: Vec<u32>,
}

impl Deref for DocumentRetriever {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

impl DocumentRetriever {
    /// Opens a snapshot; nothing is tokenised or embedded.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        DocumentRetriever::over(Index::open(bytes, Kind::Documents)?)
    }

    /// What answers from an index of chunks.
    pub(super) fn over(index: Index) -> Result<Self> {
        let documents = index.all_decoded(Section::Documents)?;
        let owners = owners(&index)?;
        Ok(DocumentRetriever { index, documents, owners })
    }

    /// Compares every checksum and decodes every chunk.
    pub fn verify(&self) -> Result<()> {
        self.index.verify_sections()?;
        (0..self.len()).try_for_each(|number| self.head(number).and(self.text(number)).map(drop))
    }

    /// The number of documents; [`Index::len`] is that of their chunks.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// Every document with its chunks, as it was when the snapshot was made.
    pub fn whole(&self) -> Result<Vec<Document>> {
        let mut documents = self.documents.clone();
        for (number, owner) in self.owners.iter().enumerate() {
            documents[*owner as usize].chunks.push(self.chunk(number)?);
        }
        Ok(documents)
    }

    /// The best pages for a query, each with its best sections; an answer without pages says why.
    pub fn search(&self, request: &DocumentRequest) -> Result<DocumentAnswer> {
        let mut search = self.ranked(request)?;
        let pages = self.by_document(&search.order);
        let found = pages.iter().map(|(document, _)| &self.documents[*document]);
        let (facets, total) = (facets(found, &request.access), pages.len());
        let shown = pages.into_iter().skip(request.offset).take(request.query.top_k);
        let shown =
            shown.map(|(document, chunks)| Ok((document, self.sections(chunks)?))).collect::<Result<Vec<_>>>()?;
        let sections = shown.iter().flat_map(|(_, sections)| sections.iter().map(|(scored, _)| *scored));
        search.show(&sections.collect::<Vec<_>>());
        let mut found = search.found.cards.iter().cloned().zip(self.index.explanations(&search));
        let page = |(document, sections): (usize, Vec<(Scored, ChunkHead)>)| {
            let hits = sections.into_iter().map(|(_, head)| head).zip(&mut found);
            self.page(&self.documents[document], hits, search.terms())
        };
        let pages = shown.into_iter().map(page).collect::<Result<_>>()?;
        let RankedCards { mode, confidence, reason, .. } = search.found;
        Ok(DocumentAnswer { query: request.query.text.to_owned(), mode, confidence, reason, total, pages, facets })
    }

    /// The best chunks for a query, whole, with where they stand: what an agent is given to read.
    pub fn cite(&self, request: &DocumentRequest) -> Result<Vec<Cited>> {
        let search = self.ranked(request)?;
        let best = search.order.iter().skip(request.offset).take(request.query.top_k);
        best.map(|scored| self.cited(scored)).collect()
    }

    /// Everything that counts as found, best first.
    fn ranked(&self, request: &DocumentRequest) -> Result<Search> {
        let allowed = self.allowed_in(&|Segment { facets, snapshot, .. }| {
            let chunks = snapshot.header().cards as usize;
            let visible = request.access.allowed(facets, chunks);
            match request.query.filter.allowed(facets, chunks) {
                Allowed::All => visible,
                Allowed::Some(marks) => visible.and(marks),
            }
        });
        let texts = |number| self.searched(number);
        let top_k = if request.query.top_k == 0 { 0 } else { usize::MAX };
        let sieve = |legs: &Legs, scored: &mut Vec<Scored>| legs.keep_found(NEAREST, scored);
        self.index.search(&Request { top_k, ..request.query.clone() }, allowed, &texts, &sieve)
    }

    /// Documents in order of their best chunk, each with its chunks, best first.
    fn by_document(&self, order: &[Scored]) -> Vec<(usize, Vec<Scored>)> {
        let mut places = vec![None; self.documents.len()];
        let mut pages: Vec<(usize, Vec<Scored>)> = Vec::new();
        for chunk in order {
            let document = self.owners[chunk.card] as usize;
            let place = *places[document].get_or_insert(pages.len());
            if place == pages.len() {
                pages.push((document, Vec::new()));
            }
            pages[place].1.push(*chunk);
        }
        pages
    }

    /// The best chunk of each of the page's best sections.
    fn sections(&self, chunks: Vec<Scored>) -> Result<Vec<(Scored, ChunkHead)>> {
        let mut sections: Vec<(Scored, ChunkHead)> = Vec::new();
        for chunk in chunks {
            let head = self.head(chunk.card)?;
            if sections.iter().all(|(_, known)| known.anchor != head.anchor) {
                sections.push((chunk, head));
            }
            if sections.len() == SECTIONS {
                break;
            }
        }
        Ok(sections)
    }

    fn page(
        &self,
        document: &Document,
        hits: impl Iterator<Item = (ChunkHead, (Ranked, Explanation))>,
        terms: &[QueryTerm],
    ) -> Result<Page> {
        let hits = hits.map(|(head, (ranked, explain))| self.hit(document, ranked, head, explain, terms));
        let sections: Vec<DocumentHit> = hits.collect::<Result<_>>()?;
        let score = sections.first().map_or(0.0, |section| section.ranked.score);
        let Document { path, title, url, collection, tags, .. } = document.clone();
        Ok(Page { path, title, url, collection, tags, score, sections })
    }

    fn hit(
        &self,
        document: &Document,
        ranked: Ranked,
        head: ChunkHead,
        explain: Explanation,
        terms: &[QueryTerm],
    ) -> Result<DocumentHit> {
        let text = without_headings(&self.own(ranked.number)?, &head.headings);
        let snippet = self.index.best_snippet(&[text], terms);
        let ChunkHead { headings, anchor, start, end, .. } = head;
        Ok(DocumentHit { url: anchored(&document.url, &anchor), headings, start, end, ranked, explain, snippet })
    }

    fn cited(&self, Scored { card: number, score }: &Scored) -> Result<Cited> {
        let ChunkHead { headings, anchor, start, end, .. } = self.head(*number)?;
        let Document { path, title, url, .. } = self.documents[self.owners[*number] as usize].clone();
        let (url, text) = (anchored(&url, &anchor), self.text(*number)?);
        Ok(Cited { number: *number, path, title, headings, url, start, end, score: *score, text })
    }

    /// What a phrase is looked for in.
    fn searched(&self, number: usize) -> Result<Vec<String>> {
        let document = &self.documents[self.owners[number] as usize];
        let names = self.head(number)?.headings.into_iter().chain([document.title.clone()]);
        Ok(names.chain(document.tags.clone()).chain([self.own(number)?]).collect())
    }

    fn chunk(&self, number: usize) -> Result<Chunk> {
        let ChunkHead { headings, anchor, start, end, overlap } = self.head(number)?;
        let (text, overlap) = (self.text(number)?, overlap as usize);
        if !text.is_char_boundary(overlap) {
            return Err(Error::new(Code::SnapshotCorrupt, "a chunk overlaps more than it says")
                .at(format!("chunk {number}"))
                .help("fetch the snapshot again, or build it again with `skillmesh ingest`"));
        }
        Ok(Chunk { headings, anchor, span: start as usize..end as usize, overlap, text })
    }

    fn head(&self, number: usize) -> Result<ChunkHead> {
        self.decoded(Section::Chunks, number)
    }

    fn text(&self, number: usize) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.record(Section::Texts, number)?).into_owned())
    }

    /// What a chunk says beyond the one before, without Markdown's marks.
    fn own(&self, number: usize) -> Result<String> {
        let (text, overlap) = (self.text(number)?, self.head(number)?.overlap as usize);
        Ok(plain(text.get(overlap..).unwrap_or(&text)))
    }
}

/// A hit's headings are shown beside its snippet; where a chunk has nothing else, they are what there is to show.
fn without_headings(text: &str, headings: &[String]) -> String {
    let is_heading = |line: &&str| line.trim().is_empty() || headings.iter().any(|heading| heading == line.trim());
    let said: Vec<&str> = text.lines().skip_while(is_heading).collect();
    if said.is_empty() { text.to_owned() } else { said.join("\n") }
}

fn anchored(url: &str, anchor: &str) -> String {
    if anchor.is_empty() { url.to_owned() } else { format!("{url}#{anchor}") }
}

/// The number of each chunk's document, of all that the index holds.
fn owners(index: &Index) -> Result<Vec<u32>> {
    let (mut all, mut before) = (Vec::with_capacity(index.len()), 0);
    for (_, segment) in index.segments() {
        let (bytes, documents) = (segment.snapshot.section(Section::Owners), segment.records(Section::Documents));
        let owners =
            (0..segment.len()).map(|chunk| u32_at(&bytes, chunk).filter(|owner| (*owner as usize) < documents));
        for owner in owners {
            let owner = owner.ok_or_else(|| {
                Error::new(Code::SnapshotCorrupt, "a chunk without a document")
                    .help("fetch the snapshot again, or build it again with `skillmesh ingest`")
            })?;
            all.push(before + owner);
        }
        before += documents as u32;
    }
    Ok(all)
}

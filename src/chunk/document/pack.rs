//! How do the sections of a document become chunks of about one size?

use super::section::{Kind, Section};
use super::units::{BUDGET, Unit, units};
use crate::card::Chunk;
use crate::chunk::sentences;

/// A chunk repeats at most this many characters of the one before.
const OVERLAP_CHARS: usize = 120;

/// And at most this many of its sentences.
const OVERLAP_SENTENCES: usize = 2;

/// The chunks of all sections, in order; no chunk reaches over the end of a section.
pub fn chunks(text: &str, sections: &[Section]) -> Vec<Chunk> {
    sections.iter().flat_map(|section| packed(text, section)).collect()
}

fn packed(text: &str, section: &Section) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut before: &[Unit] = &[];
    let units: Vec<Unit> = section.blocks.iter().flat_map(|block| units(text, block)).collect();
    let mut rest = units.as_slice();
    while !rest.is_empty() {
        let (these, others) = rest.split_at(fitting(rest));
        chunks.push(chunk(text, section, these, overlap(text, before, these)));
        (before, rest) = (these, others);
    }
    chunks
}

/// How many of these units fit one chunk: as many as the budget holds, and one in any case.
fn fitting(units: &[Unit]) -> usize {
    let sums = units.iter().scan(0, |sum, unit| {
        *sum += unit.tokens;
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= BUDGET).count().max(1)
}

fn chunk(text: &str, section: &Section, units: &[Unit], overlap: usize) -> Chunk {
    let span = units[0].span.start..units[units.len() - 1].span.end;
    Chunk {
        headings: section.headings.clone(),
        anchor: section.anchor.clone(),
        overlap,
        text: text[span.start - overlap..span.end].to_owned(),
        span,
    }
}

/// How many bytes before these units are repeated with them: the last sentences of prose that prose goes on from.
fn overlap(text: &str, before: &[Unit], these: &[Unit]) -> usize {
    let is_prose = |unit: &&Unit| unit.kind == Kind::Prose;
    let Some(first) = before.iter().rev().take_while(is_prose).last() else { return 0 };
    if these[0].kind == Kind::Prose { last_sentences(&text[first.span.start..these[0].span.start]) } else { 0 }
}

/// The bytes of the last sentences that are short enough, without the white space before them.
fn last_sentences(text: &str) -> usize {
    let reach = text.char_indices().rev().take(OVERLAP_CHARS + 1).last().map_or(0, |(at, _)| at);
    let starts = sentences::ends(&text[reach..]).map(|end| reach + end).chain((reach == 0).then_some(0));
    let said = starts
        .map(|start| text[start..].trim_start().len())
        .filter(|length| !text[text.len() - length..].trim().is_empty());
    let mut lengths: Vec<usize> = said.collect();
    lengths.sort_unstable();
    lengths.dedup();
    lengths.truncate(OVERLAP_SENTENCES);
    lengths.pop().unwrap_or(0)
}

//! How is what was learnt written to bytes, and can bytes be trusted?

use std::borrow::Cow;

use serde::Serialize;
use serde_bytes::Bytes;

use super::memory::{Feedback, MAX_QUESTIONS, Remembered};
use super::moments::Moments;
use super::question::Gist;
use crate::bytes::{Packed, Unpacked, from_packed};
use crate::dense::Direction;
use crate::{Code, Error, Result};

const MAGIC: &str = "skillmesh-feedback";

/// The format that is written, and the only one that is read.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct WrittenState<'a> {
    magic: &'a str,
    format: u32,
    questions: Vec<WrittenQuestion<'a>>,
}

#[derive(Serialize)]
struct WrittenQuestion<'a> {
    terms: &'a str,
    model: Option<&'a str>,
    direction: Option<&'a Bytes>,
    skills: Vec<WrittenSkill<'a>>,
}

#[derive(Serialize)]
struct WrittenSkill<'a> {
    id: &'a str,
    moments: &'a Moments,
}

struct Identity {
    magic: String,
    format: u32,
}

from_packed!(Identity {} default { magic, format });

struct ReadState<'a> {
    questions: Vec<ReadQuestion<'a>>,
}

from_packed!(ReadState<'a> { questions });

struct ReadQuestion<'a> {
    terms: String,
    model: Option<String>,
    direction: Option<Cow<'a, [u8]>>,
    skills: Vec<ReadSkill>,
}

from_packed!(ReadQuestion<'a> { terms, skills } default { model, direction });

struct ReadSkill {
    id: String,
    moments: Moments,
}

from_packed!(ReadSkill { id, moments });

impl Feedback {
    /// Everything that is remembered, as MessagePack; the same memory gives the same bytes.
    ///
    /// ```
    /// use skillmesh::{Code, feedback::{Feedback, Outcome, Question}};
    /// let mut feedback = Feedback::default();
    /// feedback.record(&Question { text: "commit", ..Question::default() }, &Outcome { skill: "git", success: true, now: 9.0 })?;
    /// assert_eq!(Feedback::from_bytes(&feedback.to_bytes()?)?, feedback);
    /// assert_eq!(Feedback::from_bytes(b"else").unwrap_err().code(), Code::StateFormat);
    /// # Ok::<(), skillmesh::Error>(())
    /// ```
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let questions = self.questions.iter().map(written).collect();
        let state = WrittenState { magic: MAGIC, format: FORMAT, questions };
        rmp_serde::to_vec_named(&state).map_err(|e| Error::new(Code::Internal, "unwritable state").caused_by(e))
    }

    /// What [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Feedback> {
        let packed = Packed::read(bytes).map_err(|e| not_a_state("other bytes").caused_by(e))?;
        let identity: Identity = packed.clone().to().map_err(|e| not_a_state("other bytes").caused_by(e))?;
        if identity.magic != MAGIC {
            return Err(not_a_state("other bytes"));
        }
        if identity.format != FORMAT {
            return Err(not_a_state(&format!("format {}", identity.format)));
        }
        read(packed).map_err(|why| not_a_state("one that contradicts itself").caused_by(why))
    }
}

fn written(Remembered { gist: Gist { terms, meaning }, skills }: &Remembered) -> WrittenQuestion<'_> {
    WrittenQuestion {
        terms,
        model: meaning.as_ref().map(|(model, _)| model.as_str()),
        direction: meaning.as_ref().map(|(_, direction)| Bytes::new(direction.bytes())),
        skills: skills.iter().map(|(id, moments)| WrittenSkill { id, moments }).collect(),
    }
}

fn read(packed: Packed) -> Unpacked<Feedback> {
    let state: ReadState = packed.to()?;
    let questions: Vec<Remembered> = state.questions.into_iter().map(remembered).collect();
    if let Some(at) = questions.iter().position(|question| !question.is_sound()) {
        return Err(format!("question {at} is not as it was written"));
    }
    if !questions.windows(2).all(|pair| pair[0].gist.terms < pair[1].gist.terms) {
        return Err("the questions do not stand in order".to_owned());
    }
    if questions.len() > MAX_QUESTIONS {
        return Err(format!("{} questions are more than are ever written", questions.len()));
    }
    Ok(Feedback { questions })
}

fn remembered(ReadQuestion { terms, model, direction, skills }: ReadQuestion) -> Remembered {
    let meaning = model.zip(direction.map(|bytes| Direction::from_bytes(&bytes)));
    let skills = skills.into_iter().map(|ReadSkill { id, moments }| (id, moments)).collect();
    Remembered { gist: Gist { terms, meaning }, skills }
}

fn not_a_state(got: &str) -> Error {
    Error::new(Code::StateFormat, "this is not a state that can be imported")
        .expected(format!("what `exportState` wrote, format {FORMAT}"))
        .got(got)
        .help("drop it and begin afresh, or use the skillmesh version that wrote it")
}

//! How is what was learnt written to bytes, and can bytes be trusted?

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;
use serde_bytes::Bytes;

use super::memory::{Feedback, MOST, Remembered};
use super::question::{Gist, LONGEST, MOST_DIMENSIONS, Meaning};
use crate::bytes::{Packed, Unpacked, from_packed};
use crate::dense::Direction;
use crate::{Code, Error, Result, order};

const MAGIC: &str = "skillmesh-feedback";

/// The format that is written, and the only one that is read.
const FORMAT: u32 = 1;

/// As many bytes as a model's name may have.
const LONGEST_MODEL: usize = 200;

/// More than a full memory takes: of each outcome its question, an id of 200 characters, and the names of the fields.
const MAX_BYTES: usize = 2 * MOST * (LONGEST + MOST_DIMENSIONS + LONGEST_MODEL + 1_000);

#[derive(Serialize)]
struct WrittenState<'a> {
    magic: &'a str,
    format: u32,
    questions: Vec<WrittenQuestion<'a>>,
    outcomes: Vec<WrittenOutcome<'a>>,
}

#[derive(Serialize)]
struct WrittenQuestion<'a> {
    terms: &'a str,
    model: Option<&'a str>,
    direction: Option<&'a Bytes>,
}

#[derive(Serialize)]
struct WrittenOutcome<'a> {
    at: u64,
    question: usize,
    skill: &'a str,
    success: bool,
}

struct Identity {
    magic: String,
    format: u32,
}

from_packed!(Identity {} default { magic, format });

struct ReadState<'a> {
    questions: Vec<ReadQuestion<'a>>,
    outcomes: Vec<ReadOutcome>,
}

from_packed!(ReadState<'a> { questions, outcomes });

struct ReadQuestion<'a> {
    terms: String,
    model: Option<String>,
    direction: Option<Cow<'a, [u8]>>,
}

from_packed!(ReadQuestion<'a> { terms } default { model, direction });

struct ReadOutcome {
    at: u64,
    question: usize,
    skill: String,
    success: bool,
}

from_packed!(ReadOutcome { at, question, skill, success });

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
        let mut numbers = order::map(self.outcomes.iter().map(|known| (&*known.question, 0)));
        numbers.values_mut().enumerate().for_each(|(number, place)| *place = number);
        let outcomes = self.outcomes.iter().map(|known| WrittenOutcome {
            at: known.at,
            question: numbers[&*known.question],
            skill: &known.skill,
            success: known.success,
        });
        let outcomes = outcomes.collect();
        let questions = numbers.into_keys().map(written).collect();
        let state = WrittenState { magic: MAGIC, format: FORMAT, questions, outcomes };
        rmp_serde::to_vec_named(&state).map_err(|e| Error::new(Code::Internal, "unwritable state").caused_by(e))
    }

    /// What [`to_bytes`](Self::to_bytes) wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Feedback> {
        if bytes.len() > MAX_BYTES {
            return Err(not_a_state(&format!("{} bytes", bytes.len())));
        }
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

fn written(Gist { terms, meaning }: &Gist) -> WrittenQuestion<'_> {
    let (model, direction) = meaning.as_ref().map(|m| (m.model.as_str(), Bytes::new(m.direction.bytes()))).unzip();
    WrittenQuestion { terms, model, direction }
}

fn read(packed: Packed) -> Unpacked<Feedback> {
    let state: ReadState = packed.to()?;
    let questions = state.questions.into_iter().map(question).collect::<Unpacked<Vec<_>>>()?;
    let outcomes = state.outcomes.into_iter().map(|read| outcome(read, &questions)).collect::<Unpacked<Vec<_>>>()?;
    if outcomes.len() > 2 * MOST {
        return Err(format!("{} outcomes are more than are ever written", outcomes.len()));
    }
    if !outcomes.is_sorted_by(|before, after| before < after) {
        return Err("the outcomes do not stand in order".to_owned());
    }
    Ok(Feedback { outcomes })
}

fn question(ReadQuestion { terms, model, direction }: ReadQuestion) -> Unpacked<Arc<Gist>> {
    let fits = |text: Option<usize>, most| text.unwrap_or(0) <= most;
    let direction = direction.as_deref();
    if !fits(Some(terms.len()), LONGEST)
        || !fits(model.as_ref().map(String::len), LONGEST_MODEL)
        || !fits(direction.map(<[u8]>::len), MOST_DIMENSIONS)
    {
        return Err("a question is longer than any that is written".to_owned());
    }
    let meaning = model.zip(direction.map(Direction::from_bytes));
    Ok(Arc::new(Gist { terms, meaning: meaning.map(|(model, direction)| Meaning { model, direction }) }))
}

fn outcome(ReadOutcome { at, question, skill, success }: ReadOutcome, questions: &[Arc<Gist>]) -> Unpacked<Remembered> {
    let question = questions.get(question).ok_or_else(|| format!("there is no question {question}"))?;
    let known = Remembered { at, question: question.clone(), skill, success };
    known.check().map(|()| known).map_err(|error| error.to_string())
}

fn not_a_state(got: &str) -> Error {
    Error::new(Code::StateFormat, "this is not a state that can be imported")
        .expected(format!("what `exportState` wrote, format {FORMAT}"))
        .got(got)
        .help("drop it and begin afresh, or use the skillmesh version that wrote it")
}

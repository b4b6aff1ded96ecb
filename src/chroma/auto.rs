//! What answers where Chroma cannot?

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::backend::Chroma;
use crate::search::{Indexed, Nearest, Request, RetrievalBackend, SkillRetriever};
use crate::{Code, Error, Result};

/// A server that failed is left alone for so long: questions need not wait for it one after another.
const REST: Duration = Duration::from_secs(30);

/// Chroma where it answers, else the snapshot's own vectors, which is said.
pub struct Auto {
    chroma: Chroma,
    tell: Box<dyn Fn(String) + Send + Sync>,
    failed: Mutex<Option<Instant>>,
}

impl Auto {
    /// A collection to try first; `tell` hears why it was not used.
    pub fn new(chroma: Chroma, tell: impl Fn(String) + Send + Sync + 'static) -> Auto {
        Auto { chroma, tell: Box::new(tell), failed: Mutex::default() }
    }

    /// Whether the snapshot's own vectors answer in place of this error.
    pub fn covers(error: &Error) -> bool {
        matches!(error.code(), Code::Chroma | Code::ModelMismatch)
    }

    /// What is said then.
    pub fn note(error: &Error) -> String {
        format!("note: Chroma is not used, the snapshot's own vectors answer: {error}")
    }

    fn rests(&self) -> bool {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|since| since.elapsed() < REST)
    }

    fn fall_back(&self, error: &Error) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        (self.tell)(Auto::note(error));
    }
}

impl RetrievalBackend for Auto {
    fn index(&self, cards: &SkillRetriever, progress: &dyn Fn(usize, usize)) -> Result<Indexed> {
        self.chroma.index(cards, progress)
    }

    fn nearest(&self, cards: &SkillRetriever, request: &Request) -> Result<Option<Nearest>> {
        if self.rests() {
            return Ok(None);
        }
        match self.chroma.nearest(cards, request) {
            Err(error) if Auto::covers(&error) => {
                self.fall_back(&error);
                Ok(None)
            }
            found => found,
        }
    }
}

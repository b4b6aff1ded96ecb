//! What is said of an input that is not as it should be?

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ExpertCard;

/// A file as read: where it was found, with forward slashes, and what it holds.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as shown to the user.
    pub path: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The card or file cannot be used.
    Error,
    /// It is used, and could be better.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Severity::Error { "error" } else { "warning" })
    }
}

/// One remark on one file; prints as `path:line: code: message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The JSON pointer into a registry.
    pub pointer: Option<String>,
    /// A stable name of the kind.
    pub code: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl Finding {
    /// The card or file cannot be used.
    pub fn error(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        Finding {
            path: path.into(),
            line: None,
            pointer: None,
            code: code.into(),
            severity: Severity::Error,
            message: message.into(),
        }
    }

    /// It is used all the same.
    pub fn warning(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        Finding { severity: Severity::Warning, ..Finding::error(path, code, message) }
    }

    /// At this line, from 1.
    pub fn line(self, line: usize) -> Self {
        Finding { line: Some(line), ..self }
    }

    /// At this JSON pointer.
    pub fn pointer(self, pointer: impl Into<String>) -> Self {
        Finding { pointer: Some(pointer.into()), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}: ", self.code)?;
        if let Some(pointer) = self.pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
            write!(f, "{pointer}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Cards and what was found on the way to them.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The usable cards, in the order of their files.
    pub cards: Vec<ExpertCard>,
    /// The file that each card was read from, in step with `cards`.
    pub origins: Vec<String>,
    /// Every remark.
    pub findings: Vec<Finding>,
}

impl Loaded {
    /// Adds a card that was read from the file `origin`.
    pub fn keep(&mut self, card: ExpertCard, origin: &str) {
        self.cards.push(card);
        self.origins.push(origin.to_owned());
    }
}

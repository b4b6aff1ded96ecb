//! What can go wrong, said so that a person can mend it and a program can tell it apart.
//!
//! Every error carries a stable [`Code`] and renders as one line:
//! `place: message: expected …, got …; what to do`.

use std::fmt;

/// `Result` with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// The stable name of a kind of failure; new kinds may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// An argument or option is outside its range.
    InvalidArgument,
    /// A file is missing or cannot be read or written.
    Io,
    /// A registry, card or skill file does not say what it should.
    Registry,
    /// A path in a registry points outside the registry's folder.
    PathEscape,
    /// The bytes are not a snapshot.
    SnapshotFormat,
    /// The snapshot has another format version.
    SnapshotVersion,
    /// The snapshot is cut, or its contents contradict each other.
    SnapshotCorrupt,
    /// The bytes are not a model pack, or a model of a kind that is not supported.
    ModelFormat,
    /// The model pack has another format version.
    ModelVersion,
    /// The model pack is cut, or its contents contradict each other.
    ModelCorrupt,
    /// Query model and snapshot model differ.
    ModelMismatch,
    /// Semantic search was asked for where there is no model or there are no vectors.
    NoModel,
    /// The bytes are not an exported state, or one of another format version.
    StateFormat,
    /// The metrics database, or a project's file of uses, cannot be read or written.
    Metrics,
    /// The Chroma server cannot be reached, refuses, or holds something else than the snapshot.
    Chroma,
    /// A defect of this library.
    Internal,
}

impl Code {
    /// The code as programs see it, such as `snapshot-version`.
    ///
    /// ```
    /// assert_eq!(skillmesh::Code::SnapshotVersion.as_str(), "snapshot-version");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidArgument => "invalid-argument",
            Code::Io => "io",
            Code::Registry => "registry",
            Code::PathEscape => "path-escape",
            Code::SnapshotFormat => "snapshot-format",
            Code::SnapshotVersion => "snapshot-version",
            Code::SnapshotCorrupt => "snapshot-corrupt",
            Code::ModelFormat => "model-format",
            Code::ModelVersion => "model-version",
            Code::ModelCorrupt => "model-corrupt",
            Code::ModelMismatch => "model-mismatch",
            Code::NoModel => "no-model",
            Code::StateFormat => "state-format",
            Code::Metrics => "metrics",
            Code::Chroma => "chroma",
            Code::Internal => "internal",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One failure: code, place, what was expected and got, what to do, and its cause.
///
/// ```
/// use skillmesh::{Code, Error};
/// let error = Error::new(Code::SnapshotVersion, "unreadable format version")
///     .at("registry.msgpack")
///     .expected("1")
///     .got("7")
///     .help("rebuild it with `skillmesh build`");
/// assert_eq!(
///     error.to_string(),
///     "registry.msgpack: unreadable format version: expected 1, got 7; rebuild it with `skillmesh build`"
/// );
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    message: String,
    place: Option<String>,
    expected: Option<String>,
    got: Option<String>,
    help: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of this kind; `message` in lower case without a full stop.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            code,
            message: message.into(),
            place: None,
            expected: None,
            got: None,
            help: None,
            source: None,
        }))
    }

    /// Where: a file, `file:line`, a JSON pointer, an option's name.
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.0.place = Some(place.into());
        self
    }

    /// What would have been right.
    pub fn expected(mut self, expected: impl fmt::Display) -> Self {
        self.0.expected = Some(expected.to_string());
        self
    }

    /// What was there instead.
    pub fn got(mut self, got: impl fmt::Display) -> Self {
        self.0.got = Some(got.to_string());
        self
    }

    /// What the reader can do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// The error beneath this one.
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The stable kind.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The place, where one is known.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &self.0;
        if let Some(place) = &e.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&e.message)?;
        match (&e.expected, &e.got) {
            (Some(expected), Some(got)) => write!(f, ": expected {expected}, got {got}")?,
            (Some(expected), None) => write!(f, ": expected {expected}")?,
            (None, Some(got)) => write!(f, ": got {got}")?,
            (None, None) => {}
        }
        if let Some(source) = &e.source {
            write!(f, ": {source}")?;
        }
        match &e.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|s| s as _)
    }
}

//! How sure is it that an answer holds what was looked for?

use serde::Serialize;

use super::request::Mode;
use crate::bytes::{FromPacked, Packed, Unpacked};
use crate::snapshot::{Calibration, Calibrations};
use crate::{Code, Error, Result};

/// From this probability on, confidence is high.
const HIGH_FROM: f32 = 0.9;

/// What an agent is shown of an answer: confidence is about these.
pub const SHOWN: usize = 3;

/// A first hit that stands this many standard deviations before the second is hardly ever the wrong one.
const CLEAR_LEAD: f32 = 1.5;

/// Keeps the logarithm of no lead at all finite.
const LEAST_LEAD: f32 = 0.05;

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Confidence {
    /// The probability that one of the first three hits is relevant.
    pub value: f32,
    /// The same in words.
    pub level: Level,
    /// How far the first hit stands before the second, in standard deviations.
    pub lead: f32,
    /// Whether that is far enough to take the first without looking at the second; never where confidence is low.
    pub clear_winner: bool,
}

/// A probability in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Hardly any query that has an answer is answered like this: likely nothing fits.
    Low,
    /// Likely, not sure.
    Medium,
    /// Nine in ten and more.
    High,
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
        })
    }
}

/// What an answer is judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// The first hit's dense score, 0 without the dense leg.
    pub similarity: f32,
    /// The first hit's sparse score, 0 without the sparse leg.
    pub keywords: f32,
    /// How far the first hit stands before the second, in standard deviations.
    pub before_second: f32,
    /// The same before the fourth: those that an agent is not shown.
    pub before_fourth: f32,
}

impl Figures {
    /// The figures as [`Calibration`] weighs them: 1 for the bias, similarity, keywords, lead.
    pub fn weighed(&self) -> [f32; 4] {
        [1.0, self.similarity, libm::log1pf(self.keywords), libm::logf(self.before_fourth.max(0.0) + LEAST_LEAD)]
    }

    /// The confidence of an answer with these figures.
    ///
    /// ```
    /// use skillmesh::{search::{Figures, Mode}, snapshot::Calibrations};
    /// let near = Figures { similarity: 0.6, keywords: 9.0, before_second: 2.0, before_fourth: 4.0 };
    /// let far = Figures { similarity: 0.1, ..Figures::default() };
    /// let value = |figures: Figures| figures.confidence(Mode::Hybrid, &Calibrations::default()).value;
    /// assert!(value(near) > 0.9 && value(far) < 0.1);
    /// ```
    pub fn confidence(&self, mode: Mode, calibrations: &Calibrations) -> Confidence {
        let calibration = calibrations.of(mode);
        let value = calibration.probability(self.weighed());
        let level = match value {
            value if value >= HIGH_FROM => Level::High,
            value if value >= calibration.low_below => Level::Medium,
            _ => Level::Low,
        };
        let clear_winner = level > Level::Low && self.before_second >= CLEAR_LEAD;
        Confidence { value, level, lead: self.before_second, clear_winner }
    }
}

impl Calibration {
    /// The probability for weighed figures.
    pub fn probability(&self, figures: [f32; 4]) -> f32 {
        let weights = [self.bias, self.similarity, self.keywords, self.lead];
        let z: f32 = weights.iter().zip(figures).map(|(weight, figure)| weight * figure).sum();
        1.0 / (1.0 + libm::expf(-z))
    }
}

impl Calibrations {
    /// The calibration of the mode that answered.
    pub fn of(&self, mode: Mode) -> Calibration {
        match mode {
            Mode::Sparse | Mode::Auto => self.sparse,
            Mode::Dense => self.dense,
            Mode::Hybrid => self.hybrid,
        }
    }

    /// These with another calibration for one mode.
    pub fn with(self, mode: Mode, calibration: Calibration) -> Calibrations {
        match mode {
            Mode::Sparse | Mode::Auto => Calibrations { sparse: calibration, ..self },
            Mode::Dense => Calibrations { dense: calibration, ..self },
            Mode::Hybrid => Calibrations { hybrid: calibration, ..self },
        }
    }
}

/// Answers that are less sure than this are withheld.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MinConfidence {
    /// A level: `medium` withholds what the calibration calls low.
    Level(Level),
    /// A probability from 0 to 1.
    Value(f32),
}

const ALLOWED: &str = "`low`, `medium`, `high`, or a number from 0 to 1";

const LEVELS: [(&str, Level); 3] = [("low", Level::Low), ("medium", Level::Medium), ("high", Level::High)];

impl<'a> FromPacked<'a> for MinConfidence {
    fn from_packed(value: Packed<'a>) -> Unpacked<Self> {
        let number = value.number().map(|number| MinConfidence::Value(number as f32));
        let level = || value.one_of(&LEVELS).ok().map(MinConfidence::Level);
        number.or_else(level).ok_or_else(|| value.unexpected(ALLOWED))
    }
}

impl MinConfidence {
    /// Whether an answer is sure enough.
    pub fn is_met(self, confidence: &Confidence) -> bool {
        match self {
            MinConfidence::Level(level) => confidence.level >= level,
            MinConfidence::Value(value) => confidence.value >= value,
        }
    }

    /// Refuses what is not a probability.
    pub fn check(self) -> Result<()> {
        match self {
            MinConfidence::Value(value) if !(0.0..=1.0).contains(&value) => Err(unusable(&value.to_string())),
            _ => Ok(()),
        }
    }
}

impl std::str::FromStr for MinConfidence {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parsed = match LEVELS.into_iter().find(|(name, _)| *name == text) {
            Some((_, level)) => MinConfidence::Level(level),
            None => MinConfidence::Value(text.parse().map_err(|_| unusable(text))?),
        };
        parsed.check().map(|()| parsed)
    }
}

fn unusable(got: &str) -> Error {
    Error::new(Code::InvalidArgument, "unusable least confidence")
        .expected(ALLOWED)
        .got(format!("`{}`", got.escape_debug()))
}

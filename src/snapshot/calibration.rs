//! How do an answer's figures become a probability?

use serde::Serialize;

use crate::bytes::from_packed;

/// Logistic regression: `1 / (1 + e^−z)` with `z = bias + similarity · s + keywords · ln(1 + k) + lead · ln(0.05 + g)`.
///
/// Of the first hit, s is the dense and k the sparse score, each 0 where its leg did not answer; g is how far it stands
/// before the fourth, in standard deviations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// What is there before any figure.
    pub bias: f32,
    /// The weight of the dense score.
    pub similarity: f32,
    /// The weight of the sparse score's logarithm.
    pub keywords: f32,
    /// The weight of the lead's logarithm.
    pub lead: f32,
    /// Below this probability, confidence is low: few queries that have an answer fall there.
    pub low_below: f32,
}

/// One calibration for each mode that can answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Calibrations {
    /// Keywords alone.
    pub sparse: Calibration,
    /// Meaning alone.
    pub dense: Calibration,
    /// Both.
    pub hybrid: Calibration,
}

from_packed!(Calibration { bias, similarity, keywords, lead, low_below });
from_packed!(Calibrations { sparse, dense, hybrid });

impl Default for Calibrations {
    /// Fitted on the labelled sets of `docs/ranking.md` together, each counting the same; `skillmesh tune` fits to one's own.
    fn default() -> Self {
        let calibration =
            |bias, similarity, keywords, lead, low_below| Calibration { bias, similarity, keywords, lead, low_below };
        Calibrations {
            sparse: calibration(-1.6, 0.0, 0.7, 1.23, 0.3),
            dense: calibration(-0.87, 4.6, 0.0, 1.2, 0.45),
            hybrid: calibration(-1.39, 3.35, 0.47, 1.3, 0.45),
        }
    }
}

//! How would the dense leg score with other pooling, other shares of sentences, or feedback?

use skillmesh::search::{Leg, Scored};

use crate::passages::Passages;
use crate::pool::Pool;
use crate::set::Set;

/// How many passages feedback moves towards.
const FEEDBACK: usize = 3;

/// A dense leg; [`Meaning::default`] is the product's.
pub struct Meaning {
    pub pool: Pool,
    /// What the nearest sentence counts beside the whole query.
    pub sentences: f32,
    /// How far each of the query's vectors moves towards the mean of its nearest passages (Rocchio 1971): at 0 it stays,
    /// at 1 both count alike.
    pub feedback: f32,
}

impl Default for Meaning {
    fn default() -> Self {
        Meaning { pool: Pool::Soft(15.0), sentences: 0.6, feedback: 0.0 }
    }
}

impl Meaning {
    /// What the leg says of all cards, query by query.
    pub fn legs(&self, set: &Set) -> Vec<Leg> {
        set.vectors.iter().map(|parts| self.leg(parts, &set.passages)).collect()
    }

    fn leg(&self, parts: &[Vec<f32>], passages: &Passages) -> Leg {
        let mut similarities = parts.iter().map(|part| self.similarities(part, passages));
        let whole = similarities.next().unwrap_or_default();
        let nearest = similarities.reduce(nearer).unwrap_or_else(|| whole.clone());
        let score = |(whole, nearest): (&f32, &f32)| (1.0 - self.sentences) * whole + self.sentences * nearest;
        let scores = whole.iter().zip(&nearest).map(score);
        Leg::new(scores.enumerate().map(|(card, score)| Scored { card, score }).collect(), whole.len())
    }

    /// Each card's similarity to one part of the query.
    fn similarities(&self, part: &[f32], passages: &Passages) -> Vec<f32> {
        let mut cosines = passages.cosines(part);
        if self.feedback > 0.0 {
            cosines = passages.cosines(&moved(part, self.feedback, &nearest(&cosines, passages)));
        }
        passages.by_card(&cosines).map(|cosines| self.pool.of(cosines)).collect()
    }
}

fn nearer(one: Vec<f32>, other: Vec<f32>) -> Vec<f32> {
    one.into_iter().zip(other).map(|(one, other)| one.max(other)).collect()
}

/// The vectors of the nearest passages.
fn nearest<'a>(cosines: &[f32], passages: &'a Passages) -> Vec<&'a [f32]> {
    let mut numbers: Vec<usize> = (0..cosines.len()).collect();
    numbers.sort_by(|a, b| cosines[*b].total_cmp(&cosines[*a]));
    numbers.into_iter().take(FEEDBACK).map(|number| passages.vector(number)).collect()
}

/// The vector with a share of the mean of others, of length 1 again.
fn moved(vector: &[f32], share: f32, others: &[&[f32]]) -> Vec<f32> {
    let mean = |at: usize| others.iter().map(|other| other[at]).sum::<f32>() / others.len().max(1) as f32;
    let moved: Vec<f32> = vector.iter().enumerate().map(|(at, value)| value + share * mean(at)).collect();
    let length = moved.iter().map(|value| value * value).sum::<f32>().sqrt();
    moved.into_iter().map(|value| value / length).collect()
}

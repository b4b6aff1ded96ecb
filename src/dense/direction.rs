//! Where does a text's vector point, in a byte a number?

use super::dot::QuantisedQuery;

/// A unit vector, kept small: for what is remembered by the thousand.
///
/// ```
/// use skillmesh::dense::Direction;
/// let east = Direction::of(&[2.0, 0.0]).unwrap();
/// let cosine = |vector: &[f32]| Direction::of(vector).unwrap().towards().cosine(&east);
/// assert!((cosine(&[1.0, 1.0]) - 0.7071).abs() < 0.01);
/// assert_eq!((cosine(&[1.0, 0.0, 0.0]), Direction::of(&[0.0, f32::NAN])), (0.0, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Direction {
    values: Vec<i8>,
    /// The sum of their squares.
    squares: i64,
}

impl Direction {
    /// The direction of a vector; `None` of one that is zero or not finite.
    pub fn of(vector: &[f32]) -> Option<Direction> {
        length(vector)?;
        let largest = vector.iter().fold(0.0f32, |max, v| max.max(v.abs()));
        Some(Direction::new(vector.iter().map(|v| libm::roundf(v / largest * 127.0) as i8).collect()))
    }

    fn new(values: Vec<i8>) -> Direction {
        let squares = values.iter().map(|v| i64::from(*v) * i64::from(*v)).sum();
        Direction { values, squares }
    }

    /// The direction, ready to be compared with many.
    pub fn towards(&self) -> Towards {
        let length = libm::sqrtf(self.squares as f32).max(1.0);
        let unit: Vec<f32> = self.values.iter().map(|value| f32::from(*value) / length).collect();
        Towards { unit: QuantisedQuery::new(&unit), dimensions: unit.len() }
    }

    /// One byte for each number, in two's complement.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.values)
    }

    /// What [`bytes`](Self::bytes) told.
    pub fn from_bytes(bytes: &[u8]) -> Direction {
        Direction::new(bytes.iter().map(|byte| *byte as i8).collect())
    }
}

/// A direction to compare others with.
#[derive(Clone, Debug)]
pub struct Towards {
    unit: QuantisedQuery,
    dimensions: usize,
}

impl Towards {
    /// The cosine with a direction, −1 to 1, right to about 0.005; 0 with one of another number of dimensions.
    pub fn cosine(&self, other: &Direction) -> f32 {
        if other.values.len() != self.dimensions || other.squares == 0 {
            return 0.0;
        }
        (self.unit.dot(&other.values, 1.0) / libm::sqrtf(other.squares as f32)).clamp(-1.0, 1.0)
    }
}

/// The length of a vector that has a direction.
fn length(vector: &[f32]) -> Option<f32> {
    let length = libm::sqrtf(vector.iter().map(|v| v * v).sum());
    (length.is_finite() && length > 0.0).then_some(length)
}

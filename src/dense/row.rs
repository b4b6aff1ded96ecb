//! How does a vector become a row? Its largest component maps to 127.

/// A vector in int8: what a snapshot holds of a passage.
///
/// ```
/// use skillmesh::dense::Row;
/// let row = Row::of(&[0.5, -1.0]);
/// assert_eq!((row.values, row.scale), (vec![64, -127i8 as u8], 1.0 / 127.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The int8 components, a byte each.
    pub values: Vec<u8>,
    /// A component is its int8 value times this.
    pub scale: f32,
}

impl Row {
    /// The row of a vector of finite numbers.
    pub fn of(vector: &[f32]) -> Row {
        let largest = vector.iter().fold(0.0f32, |max, v| max.max(v.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        Row { values: vector.iter().map(|v| libm::roundf(v / scale) as i8 as u8).collect(), scale }
    }

    /// The vector that the row stands for.
    ///
    /// ```
    /// use skillmesh::dense::Row;
    /// let row = Row::of(&[0.3, -0.7]);
    /// assert_eq!(Row::of(&row.vector()).values, row.values);
    /// ```
    pub fn vector(&self) -> Vec<f32> {
        self.values.iter().map(|value| f32::from(*value as i8) * self.scale).collect()
    }
}

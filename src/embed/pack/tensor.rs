//! How is a tensor of the pack read?

use super::document::TensorEntry;
use super::section::{Section, f32_values};
use super::{Kind, corrupt};
use crate::Result;
use std::sync::Arc;

/// Rows of integers with a scale each: `value = scale[row] · data[row][column]`.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    data: Section,
    scales: Vec<f32>,
    columns: usize,
    /// How many numbers are in a byte: 1, 2 or 4.
    packing: usize,
}

impl Matrix {
    pub fn rows(&self) -> usize {
        self.scales.len()
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Copies a row's integers to `wide`, which has a place for each column.
    pub fn widen(&self, row: usize, wide: &mut [i16]) {
        let bytes = self.columns / self.packing;
        let narrow = &self.data.as_i8()[row * bytes..][..bytes];
        match self.packing {
            1 => wide.iter_mut().zip(narrow).for_each(|(wide, narrow)| *wide = i16::from(*narrow)),
            2 => {
                let (low, high) = wide.split_at_mut(bytes);
                low.iter_mut().zip(high).zip(narrow).for_each(|((low, high), both)| {
                    *low = i16::from(*both << 4 >> 4);
                    *high = i16::from(*both >> 4);
                });
            }
            _ => wide.chunks_exact_mut(bytes).enumerate().for_each(|(quarter, wide)| {
                let odd = |byte: i8| i16::from(byte >> (2 * quarter) & 3) * 2 - 3;
                wide.iter_mut().zip(narrow).for_each(|(wide, narrow)| *wide = odd(*narrow));
            }),
        }
    }

    pub fn scale(&self, row: usize) -> f32 {
        self.scales[row]
    }
}

/// A checked tensor, still in the pack's bytes where it is large.
#[derive(Clone, Debug)]
pub(crate) enum Tensor {
    Matrix(Matrix),
    F32(Vec<f32>),
}

impl Tensor {
    /// Checks that shape, kind and lengths agree and that every number is finite.
    pub fn read(entry: &TensorEntry, bytes: &Arc<Vec<u8>>) -> Result<Self> {
        let numbers = match entry.kind {
            Kind::Int8 => Self::matrix(entry, bytes, 1)?,
            Kind::Int4 => Self::matrix(entry, bytes, 2)?,
            Kind::Int2 => Self::matrix(entry, bytes, 4)?,
            Kind::F32 => Self::f32(entry)?,
        };
        match numbers.all_finite() {
            true => Ok(numbers),
            false => Err(corrupt("numbers that are not finite").at(entry.name)),
        }
    }

    fn matrix(entry: &TensorEntry, bytes: &Arc<Vec<u8>>, packing: usize) -> Result<Self> {
        let [rows, columns] = entry.shape[..] else {
            return Err(corrupt("wrong rank").at(entry.name).expected("2 dimensions").got(entry.shape.len()));
        };
        check_length(entry.name, "scales", product(&[rows, 4]), entry.scales.len())?;
        if !columns.is_multiple_of(packing) {
            return Err(corrupt("a part of a byte is left over")
                .at(entry.name)
                .expected(format!("a multiple of {packing} columns"))
                .got(columns));
        }
        check_length(entry.name, "data", product(&[rows, columns / packing]), entry.data.len())?;
        let (data, scales) = (Section::of(bytes, entry.data), f32_values(entry.scales));
        Ok(Tensor::Matrix(Matrix { data, scales, columns, packing }))
    }

    fn f32(entry: &TensorEntry) -> Result<Self> {
        let length = product(&entry.shape).and_then(|n| n.checked_mul(4));
        check_length(entry.name, "data", length, entry.data.len())?;
        Ok(Tensor::F32(f32_values(entry.data)))
    }

    fn all_finite(&self) -> bool {
        let (Tensor::F32(values) | Tensor::Matrix(Matrix { scales: values, .. })) = self;
        values.iter().all(|v| v.is_finite())
    }
}

fn product(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |product, n| product.checked_mul(*n))
}

fn check_length(tensor: &str, part: &str, expected: Option<usize>, got: usize) -> Result<()> {
    match expected {
        Some(length) if length == got => Ok(()),
        Some(length) => Err(corrupt(format!("wrong length of {part}")).at(tensor).expected(length).got(got)),
        None => Err(corrupt("a shape beyond this machine's memory").at(tensor)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_bytes_hold_the_first_half_of_a_row_below_the_second() {
        let data = Arc::new(vec![0x8f, 0x70, 0x12, 0xfe]);
        let matrix =
            |columns, packing| Matrix { data: Section::of(&data, &data), scales: vec![1.0; 2], columns, packing };
        let (mut wide, both) = ([0; 4], matrix(4, 2));
        both.widen(0, &mut wide);
        assert_eq!(wide, [-1, 0, -8, 7]);
        both.widen(1, &mut wide);
        assert_eq!(wide, [2, -2, 1, -1]);
        matrix(2, 1).widen(1, &mut wide[..2]);
        assert_eq!(wide[..2], [18, -2]);
    }

    #[test]
    fn quarters_of_bytes_hold_the_quarters_of_a_row() {
        let data = Arc::new(vec![0b11_10_01_00, 0b00_00_11_01]);
        let matrix = Matrix { data: Section::of(&data, &data), scales: vec![1.0], columns: 8, packing: 4 };
        let mut wide = [0; 8];
        matrix.widen(0, &mut wide);
        assert_eq!(wide, [-3, -1, -1, 3, 1, -3, 3, -3]);
    }

    #[test]
    fn lengths_that_do_not_fit_the_shape_are_refused() {
        let read = |kind, columns, length: usize| {
            let bytes = Arc::new(vec![0; length]);
            let entry = TensorEntry { name: "words", shape: vec![1, columns], kind, scales: &[0; 4], data: &bytes };
            Tensor::read(&entry, &bytes).map(|_| ()).map_err(|e| e.to_string())
        };
        assert!(read(Kind::Int2, 8, 2).is_ok());
        assert!(read(Kind::Int2, 6, 2).unwrap_err().contains("expected a multiple of 4 columns, got 6"));
        assert!(read(Kind::Int4, 5, 3).unwrap_err().contains("expected a multiple of 2 columns, got 5"));
        assert!(read(Kind::Int2, 8, 4).unwrap_err().contains("expected 2, got 4"));
    }
}

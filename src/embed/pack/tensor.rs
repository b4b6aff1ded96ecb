//! How is a tensor of the pack read?

use super::document::TensorEntry;
use super::section::{Section, f32_values};
use super::{Kind, corrupt};
use crate::Result;
use std::sync::Arc;

/// Rows of int8 with a scale each: `value = scale[row] · data[row][column]`.
#[derive(Clone, Debug)]
pub(crate) struct Int8Matrix {
    data: Section,
    scales: Vec<f32>,
    columns: usize,
}

impl Int8Matrix {
    pub fn rows(&self) -> usize {
        self.scales.len()
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn row(&self, row: usize) -> &[i8] {
        &self.data.as_i8()[row * self.columns..][..self.columns]
    }

    pub fn scale(&self, row: usize) -> f32 {
        self.scales[row]
    }
}

/// A checked tensor, still in the pack's bytes where it is large.
#[derive(Clone, Debug)]
pub(crate) enum Tensor {
    Int8(Int8Matrix),
    F32(Vec<f32>),
}

impl Tensor {
    /// Checks that shape, kind and lengths agree and that every number is finite.
    pub fn read(entry: &TensorEntry, bytes: &Arc<Vec<u8>>) -> Result<Self> {
        let numbers = match entry.kind {
            Kind::Int8 => Self::int8(entry, bytes)?,
            Kind::F32 => Self::f32(entry)?,
        };
        match numbers.all_finite() {
            true => Ok(numbers),
            false => Err(corrupt("numbers that are not finite").at(entry.name)),
        }
    }

    fn int8(entry: &TensorEntry, bytes: &Arc<Vec<u8>>) -> Result<Self> {
        let [rows, columns] = entry.shape[..] else {
            return Err(corrupt("wrong rank").at(entry.name).expected("2 dimensions").got(entry.shape.len()));
        };
        check_length(entry.name, "scales", product(&[rows, 4]), entry.scales.len())?;
        check_length(entry.name, "data", product(&[rows, columns]), entry.data.len())?;
        Ok(Tensor::Int8(Int8Matrix { data: Section::of(bytes, entry.data), scales: f32_values(entry.scales), columns }))
    }

    fn f32(entry: &TensorEntry) -> Result<Self> {
        let length = product(&entry.shape).and_then(|n| n.checked_mul(4));
        check_length(entry.name, "data", length, entry.data.len())?;
        Ok(Tensor::F32(f32_values(entry.data)))
    }

    fn all_finite(&self) -> bool {
        let (Tensor::F32(values) | Tensor::Int8(Int8Matrix { scales: values, .. })) = self;
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

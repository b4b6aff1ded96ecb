//! What is the product of an int8 row and a query? In integers, so that every machine gives the same bits.

use wide::i16x8;

/// Values that are multiplied at once.
const BLOCK: usize = 16;

/// The query in 16-bit integers and the factor back to floats.
#[derive(Clone, Debug)]
pub struct QuantisedQuery {
    /// In every whole block first the values at even places, then those at odd ones.
    values: Vec<i16>,
    scale: f32,
}

impl QuantisedQuery {
    /// Quantises so finely that `dims` products with int8 values still fit an `i32`.
    pub fn new(query: &[f32]) -> Self {
        let room = i32::MAX as usize / (128 * query.len().max(1));
        let limit = room.min(i16::MAX as usize) as f32;
        let largest = query.iter().fold(0.0f32, |max, v| max.max(v.abs()));
        let scale = if largest > 0.0 { largest / limit } else { 1.0 };
        let values: Vec<i16> = query.iter().map(|v| libm::roundf(v / scale) as i16).collect();
        QuantisedQuery { values: parted(&values), scale }
    }

    /// The dot product with a row whose values are `row · row_scale`.
    pub fn dot(&self, row: &[i8], row_scale: f32) -> f32 {
        integer_dot(&self.values, row) as f32 * self.scale * row_scale
    }
}

/// Even places before odd ones in every whole block.
fn parted(values: &[i16]) -> Vec<i16> {
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let every_second =
        |block: &[i16; BLOCK], from: usize| block.iter().skip(from).step_by(2).copied().collect::<Vec<_>>();
    let parted = blocks.iter().flat_map(|block| [every_second(block, 0), every_second(block, 1)].concat());
    parted.chain(rest.iter().copied()).collect()
}

/// Two neighbouring bytes are widened where they lie, as the low and the high half of one 16-bit lane: that takes shifts
/// only, which every instruction set has.
fn integer_dot(parted: &[i16], row: &[i8]) -> i32 {
    let (queries, query_rest) = parted.as_chunks::<BLOCK>();
    let (rows, row_rest) = row.as_chunks::<BLOCK>();
    let mut sums = wide::i32x4::ZERO;
    for (query, row) in queries.iter().zip(rows) {
        let [even, odd]: [i16x8; 2] = bytemuck::cast(*query);
        let pairs: i16x8 = bytemuck::cast(*row);
        let low: i16x8 = pairs << 8_i32;
        sums += even.dot(low >> 8_i32) + odd.dot(pairs >> 8_i32);
    }
    let rest: i32 = query_rest.iter().zip(row_rest).map(|(q, r)| i32::from(*q) * i32::from(*r)).sum();
    sums.reduce_add() + rest
}

#[cfg(target_endian = "big")]
compile_error!("the first of two bytes is taken for the low half of a lane");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_naive_sum(pairs in proptest::collection::vec((-3000i16..3000, any::<i8>()), 0..100)) {
            let (query, row): (Vec<i16>, Vec<i8>) = pairs.into_iter().unzip();
            let naive: i32 = query.iter().zip(&row).map(|(q, r)| i32::from(*q) * i32::from(*r)).sum();
            prop_assert_eq!(integer_dot(&parted(&query), &row), naive);
        }
    }

    #[test]
    fn extremes_do_not_overflow() {
        for dims in [1, 384, 768, 4096] {
            let query = QuantisedQuery::new(&vec![1.0; dims]);
            let product = query.dot(&vec![-128; dims], 1.0);
            assert!((product + 128.0 * dims as f32).abs() < 0.2 * dims as f32, "{dims}: {product}");
        }
    }
}

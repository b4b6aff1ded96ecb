//! What is the integer dot product of a few token rows with two weight rows?

use wide::{i16x8, i32x4};

/// All products of `T` tokens with two weight rows, exact: [`quantised`](super::quantised) keeps the sums in 32 bits.
///
/// Two rows by up to four tokens is what fits the sixteen vector registers of x86 and of wasm engines on it:
/// eight sums, four tokens, two weights.
#[inline(always)]
pub(super) fn dots<const T: usize>(tokens: [&[i16x8]; T], rows: [&[i16x8]; 2]) -> [[i32; 2]; T] {
    let steps = rows[0].len();
    let tokens = tokens.map(|token| &token[..steps]);
    let rows = rows.map(|row| &row[..steps]);
    let mut sums = [[i32x4::ZERO; 2]; T];
    for step in 0..steps {
        let weights = [rows[0][step], rows[1][step]];
        for (sum, token) in sums.iter_mut().zip(tokens) {
            sum[0] += token[step].dot(weights[0]);
            sum[1] += token[step].dot(weights[1]);
        }
    }
    sums.map(|pair| pair.map(total))
}

fn total(lanes: i32x4) -> i32 {
    lanes.to_array().iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vectors(values: &[i16]) -> Vec<i16x8> {
        values.as_chunks::<8>().0.iter().map(|v| i16x8::from(*v)).collect()
    }

    fn naive(a: &[i16], b: &[i16]) -> f64 {
        a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    }

    proptest! {
        #[test]
        fn equals_the_naive_sum(
            tokens in proptest::array::uniform3(proptest::collection::vec(-4095i16..=4095, 64)),
            rows in proptest::array::uniform2(proptest::collection::vec(-128i16..=127, 64)),
        ) {
            let (wide_tokens, wide_rows) = (tokens.each_ref().map(|t| vectors(t)), rows.each_ref().map(|r| vectors(r)));
            let got = dots(wide_tokens.each_ref().map(|t| &t[..]), wide_rows.each_ref().map(|r| &r[..]));
            for (t, pair) in got.iter().enumerate() {
                for (r, value) in pair.iter().enumerate() {
                    prop_assert_eq!(f64::from(*value), naive(&tokens[t], &rows[r]));
                }
            }
        }
    }

    #[test]
    fn the_widest_row_does_not_overflow() {
        let (token, row) = (vectors(&[4095; 4096]), vectors(&[-128; 4096]));
        assert_eq!(dots([&token], [&row, &row]), [[-4095 * 128 * 4096; 2]]);
    }
}

//! How do token vectors become one vector?

use super::pack::Pooling;

/// One vector from rows of `width`.
pub(crate) fn pool(rows: &[f32], width: usize, pooling: Pooling) -> Vec<f32> {
    match pooling {
        Pooling::Mean => mean(rows, width),
        Pooling::Cls => rows[..width].to_vec(),
    }
}

fn mean(rows: &[f32], width: usize) -> Vec<f32> {
    let mut sum = vec![0.0; width];
    for row in rows.chunks_exact(width) {
        sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
    }
    let count = (rows.len() / width) as f32;
    sum.iter().map(|s| s / count).collect()
}

/// Scales a vector to length 1; a zero vector stays zero.
pub(crate) fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_averages_and_cls_takes_the_first() {
        let rows = [1.0, 2.0, 3.0, 6.0];
        assert_eq!(pool(&rows, 2, Pooling::Mean), [2.0, 4.0]);
        assert_eq!(pool(&rows, 2, Pooling::Cls), [1.0, 2.0]);
    }

    #[test]
    fn normalize_leaves_zero_alone() {
        let (mut zero, mut vector) = ([0.0, 0.0], [3.0, 4.0]);
        normalize(&mut zero);
        normalize(&mut vector);
        assert_eq!((zero, vector), ([0.0, 0.0], [0.6, 0.8]));
    }
}

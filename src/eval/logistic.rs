//! Which weights turn figures into a probability? Logistic regression by Newton's method (Hastie, Tibshirani, Friedman
//! 2009, section 4.4.1).

/// Figures and weights have this many components; the first figure is 1, for the bias.
pub const TERMS: usize = 4;

/// Draws weights towards 0, so that figures which tell the labels apart without error don't drive them to infinity.
const RIDGE: f64 = 1e-4;

/// Newton's method doubles the correct digits at each step.
const STEPS: usize = 40;

/// The weights under which labels are likeliest; a figure that is always 0 gets weight 0.
pub fn fit(figures: &[[f64; TERMS]], labels: &[bool]) -> [f64; TERMS] {
    let mut weights = [0.0; TERMS];
    for _ in 0..STEPS {
        let (gradient, hessian) = slopes(figures, labels, &weights);
        let step = solve(hessian, gradient);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight -= step);
    }
    weights
}

/// `1 / (1 + e^−z)` of the weighed figures.
pub fn probability(figures: &[f64; TERMS], weights: &[f64; TERMS]) -> f64 {
    let z: f64 = figures.iter().zip(weights).map(|(figure, weight)| figure * weight).sum();
    1.0 / (1.0 + libm::exp(-z))
}

type Matrix = [[f64; TERMS]; TERMS];

/// First and second derivatives of the mean loss.
fn slopes(figures: &[[f64; TERMS]], labels: &[bool], weights: &[f64; TERMS]) -> ([f64; TERMS], Matrix) {
    let mut gradient: [f64; TERMS] = std::array::from_fn(|i| if i == 0 { 0.0 } else { RIDGE * weights[i] });
    let mut hessian: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| if i == j { RIDGE } else { 0.0 }));
    let share = 1.0 / figures.len() as f64;
    for (x, label) in figures.iter().zip(labels) {
        let p = probability(x, weights);
        for i in 0..TERMS {
            gradient[i] += share * (p - f64::from(*label)) * x[i];
            (0..TERMS).for_each(|j| hessian[i][j] += share * p * (1.0 - p) * x[i] * x[j]);
        }
    }
    (gradient, hessian)
}

/// The solution of a positive definite system, by elimination.
fn solve(mut a: Matrix, mut b: [f64; TERMS]) -> [f64; TERMS] {
    for pivot in 0..TERMS {
        for row in pivot + 1..TERMS {
            let factor = a[row][pivot] / a[pivot][pivot];
            (pivot..TERMS).for_each(|column| a[row][column] -= factor * a[pivot][column]);
            b[row] -= factor * b[pivot];
        }
    }
    for row in (0..TERMS).rev() {
        let known: f64 = (row + 1..TERMS).map(|column| a[row][column] * b[column]).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_that_made_the_labels_are_found() {
        let figures: Vec<[f64; TERMS]> = (0..4000).map(|i| [1.0, f64::from(i % 40) / 10.0 - 2.0, 0.0, 0.0]).collect();
        // Of each hundred with the same figure, as many are true as the probability says.
        let made = [0.5, 1.5, 0.0, 0.0];
        let label = |(i, x): (usize, &[f64; TERMS])| ((i / 40) as f64) < 100.0 * probability(x, &made);
        let labels: Vec<bool> = figures.iter().enumerate().map(label).collect();
        let found = fit(&figures, &labels);
        assert!((found[0] - 0.5).abs() < 0.05 && (found[1] - 1.5).abs() < 0.05, "{found:?}");
        assert_eq!(found[2..], [0.0, 0.0]);
    }

    #[test]
    fn labels_without_error_give_finite_weights() {
        let found = fit(&[[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]], &[false, true]);
        assert!(found.iter().all(|weight| weight.is_finite()) && found[1] > 5.0, "{found:?}");
    }
}

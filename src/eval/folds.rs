//! Which queries are learnt from, and which are kept to see what was learnt?

use fastrand::Rng;

/// Parts that the queries are dealt into.
const FOLDS: usize = 5;

/// The seed of the dealing: the same number of queries is always dealt the same way.
const SEED: u64 = 29;

/// Queries dealt into parts, each of which is once held out.
#[derive(Clone, Debug)]
pub struct Folds {
    /// The part of each query.
    part: Vec<usize>,
}

/// One way to divide the queries, by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Those to learn from.
    pub train: Vec<usize>,
    /// Those to try it on.
    pub held_out: Vec<usize>,
}

impl Folds {
    /// Deals `queries` queries.
    ///
    /// ```
    /// use skillmesh::eval::Folds;
    /// let mut held_out: Vec<usize> = Folds::of(12).all().flat_map(|fold| fold.held_out).collect();
    /// held_out.sort_unstable();
    /// assert_eq!(held_out, (0..12).collect::<Vec<_>>());
    /// ```
    pub fn of(queries: usize) -> Folds {
        let mut part: Vec<usize> = (0..queries).map(|at| at % FOLDS).collect();
        Rng::with_seed(SEED).shuffle(&mut part);
        Folds { part }
    }

    /// Each part held out once.
    pub fn all(&self) -> impl Iterator<Item = Fold> {
        (0..FOLDS).map(|fold| {
            let (held_out, train) = (0..self.part.len()).partition(|at| self.part[*at] == fold);
            Fold { train, held_out }
        })
    }
}

//! Which entries are near each other? Halves of halves, cut where as much lies on one side as on the other, so that groups
//! are of one size whatever the corpus is like.

use crate::dense::Row;

/// How often entries change sides: towards the end few do.
const ROUNDS: usize = 10;

/// `count` groups of about the same size, near entries together, each ascending; by number alone, where there are no
/// vectors. None is empty: there are never more groups than entries.
pub fn divided(vectors: &[Vec<f32>], sizes: &[usize], count: usize) -> Vec<Vec<usize>> {
    let mut groups = Vec::new();
    let all: Vec<usize> = (0..sizes.len()).collect();
    let dimensions = vectors.iter().map(Vec::len).max().unwrap_or(0);
    Dividing { vectors, sizes, dimensions }.divide(all, count.min(sizes.len()).max(1), &mut groups);
    groups
}

/// The direction in which vectors lie together; of none, none.
pub fn mean<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    for vector in rows.map(Row::vector) {
        add(&mut sum, &unit(vector));
    }
    unit(sum)
}

struct Dividing<'a> {
    vectors: &'a [Vec<f32>],
    sizes: &'a [usize],
    dimensions: usize,
}

impl Dividing<'_> {
    fn divide(&self, mut entries: Vec<usize>, count: usize, groups: &mut Vec<Vec<usize>>) {
        if count < 2 {
            entries.sort_unstable();
            return groups.push(entries);
        }
        let (first, second) = (count / 2, count - count / 2);
        let rest = self.halved(&mut entries, first, second);
        self.divide(entries, first, groups);
        self.divide(rest, second, groups);
    }

    /// Leaves the part for the first groups, and gives that for the second: each entry is nearer to the middle of its part
    /// than those of the other part are, as far as both shall be of their sizes.
    fn halved(&self, entries: &mut Vec<usize>, first: usize, second: usize) -> Vec<usize> {
        if !self.vectors.is_empty() {
            let mut line = self.widest(entries);
            for _ in 0..ROUNDS {
                self.sort_along(&line, entries);
                let (part, rest) = entries.split_at(self.cut(entries, first, second));
                line = less(self.middle(part), &self.middle(rest));
            }
            self.sort_along(&line, entries);
        }
        entries.split_off(self.cut(entries, first, second))
    }

    /// Ties by number.
    fn sort_along(&self, line: &[f32], entries: &mut [usize]) {
        let mut places: Vec<(f32, usize)> = entries.iter().map(|e| (dot(&self.vectors[*e], line), *e)).collect();
        places.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        entries.iter_mut().zip(places).for_each(|(entry, (_, place))| *entry = place);
    }

    /// How many of the sorted entries make the first part, for so many groups on either side.
    fn cut(&self, entries: &[usize], first: usize, second: usize) -> usize {
        let total: usize = entries.iter().map(|entry| self.sizes[*entry]).sum();
        let mut before = 0;
        let fits = |entry: &&usize| {
            before += self.sizes[**entry];
            before * (first + second) <= total * first
        };
        entries.iter().take_while(fits).count().clamp(first, entries.len() - second)
    }

    /// From the entry that is farthest from the middle to the one that is farthest from it.
    fn widest(&self, entries: &[usize]) -> Vec<f32> {
        let farthest = |from: &[f32]| {
            let nearness = |entry: &&usize| dot(&self.vectors[**entry], from);
            let found = entries.iter().min_by(|a, b| nearness(a).total_cmp(&nearness(b)).then(a.cmp(b)));
            found.map_or(&[][..], |entry| &self.vectors[*entry])
        };
        let one = farthest(&self.middle(entries));
        less(one.to_vec(), farthest(one))
    }

    fn middle(&self, entries: &[usize]) -> Vec<f32> {
        let mut sum = vec![0.0; self.dimensions];
        entries.iter().for_each(|entry| add(&mut sum, &self.vectors[*entry]));
        unit(sum)
    }
}

fn less(mut one: Vec<f32>, other: &[f32]) -> Vec<f32> {
    one.iter_mut().zip(other).for_each(|(one, other)| *one -= other);
    one
}

fn add(sum: &mut Vec<f32>, vector: &[f32]) {
    sum.resize(sum.len().max(vector.len()), 0.0);
    sum.iter_mut().zip(vector).for_each(|(sum, v)| *sum += v);
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = libm::sqrtf(dot(&vector, &vector));
    if length > 0.0 {
        vector.iter_mut().for_each(|v| *v /= length);
    }
    vector
}

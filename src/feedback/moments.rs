//! When did a skill do well or badly for one question? The latest times only.

use crate::bytes::from_packed;
use serde::Serialize;

/// As many as it takes for what happened lately to outweigh what happened before.
const KEPT: usize = 8;

/// What happened in one millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Moment {
    at: u64,
    good: u32,
    bad: u32,
}

from_packed!(Moment { at, good, bad });

/// The latest moments, ascending by time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Moments {
    kept: Vec<Moment>,
}

from_packed!(Moments { kept });

impl Moments {
    /// Notes an outcome.
    pub fn add(&mut self, at: u64, success: bool) {
        let place = self.kept.partition_point(|moment| moment.at < at);
        if self.kept.get(place).is_none_or(|moment| moment.at != at) {
            self.kept.insert(place, Moment { at, good: 0, bad: 0 });
        }
        let Moment { good, bad, .. } = &mut self.kept[place];
        let count = if success { good } else { bad };
        *count = count.saturating_add(1);
        self.trim();
    }

    /// What both saw: of the same millisecond what the one saw that saw more, so that nothing counts twice.
    pub fn merge(&mut self, other: &Moments) {
        for theirs in &other.kept {
            match self.kept.binary_search_by_key(&theirs.at, |moment| moment.at) {
                Ok(at) => self.kept[at] = both(self.kept[at], *theirs),
                Err(at) => self.kept.insert(at, *theirs),
            }
        }
        self.trim();
    }

    /// Successes less failures, each counting half as much after every half-life.
    pub fn balance(&self, now: u64, half_life: f32) -> f32 {
        let faded = |moment: &Moment| {
            let age = now.saturating_sub(moment.at) as f32;
            (moment.good as f32 - moment.bad as f32) * libm::exp2f(-age / half_life)
        };
        self.kept.iter().map(faded).sum()
    }

    /// The last time; 0 where nothing happened.
    pub fn latest(&self) -> u64 {
        self.kept.last().map_or(0, |moment| moment.at)
    }

    /// Whether the times ascend, as they must when they come from outside.
    pub fn is_sound(&self) -> bool {
        self.kept.len() <= KEPT && self.kept.windows(2).all(|pair| pair[0].at < pair[1].at)
    }

    fn trim(&mut self) {
        self.kept.drain(..self.kept.len().saturating_sub(KEPT));
    }
}

fn both(one: Moment, other: Moment) -> Moment {
    Moment { at: one.at, good: one.good.max(other.good), bad: one.bad.max(other.bad) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_fades_by_half_every_half_life() {
        let mut moments = Moments::default();
        moments.add(1_000, true);
        assert_eq!([0, 1_000, 1_500, 2_000].map(|now| moments.balance(now, 500.0)), [1.0, 1.0, 0.5, 0.25]);
        moments.add(1_500, false);
        assert_eq!(moments.balance(1_500, 500.0), -0.5);
    }

    #[test]
    fn only_the_latest_are_kept_in_whatever_order_they_come() {
        let all = |times: &[u64]| {
            let mut moments = Moments::default();
            times.iter().for_each(|at| moments.add(*at, true));
            moments
        };
        let up: Vec<u64> = (0..20).collect();
        let down: Vec<u64> = (0..20).rev().collect();
        assert_eq!(all(&up), all(&down));
        assert!(all(&up).is_sound() && all(&up).latest() == 19);
    }
}

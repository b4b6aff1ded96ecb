//! Do a card's examples teach the index anything that its title does not?

use std::collections::BTreeSet;

use super::Subject;
use crate::load::Finding;
use crate::text::Analyzer;

/// An example must bring this many terms of its own.
const NEW_TERMS: usize = 2;

pub fn check(subject: &Subject) -> Vec<Finding> {
    let analyzer = Analyzer::new();
    let terms = |text: &str| analyzer.terms(text).into_iter().collect::<BTreeSet<String>>();
    let title = terms(&subject.card.title);
    let repeats = subject.card.examples.iter().filter(|example| terms(example).difference(&title).count() < NEW_TERMS);
    repeats.map(|example| repeated(subject, example)).collect()
}

fn repeated(subject: &Subject, example: &str) -> Finding {
    let message = format!(
        "`{}`: the example `{}` says no more than the title; write what a user would ask",
        subject.card.id,
        example.escape_debug()
    );
    Finding::warning(subject.registry, "example-repeats-title", message)
}

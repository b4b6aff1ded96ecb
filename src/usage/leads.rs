//! Which card has which lead over the average skill?

use std::collections::BTreeMap;

use super::evidence::Evidence;
use crate::snapshot::Lead;

/// Leads are told in thousandths: more would say more than is known, and make every build another one.
const THOUSANDTHS: f64 = 1000.0;

/// What is known of cards.
#[derive(Debug, Default, PartialEq)]
pub struct Leads {
    /// By ascending id; a card that does as well as the average is not among them.
    pub leads: Vec<Lead>,
    /// Skills that no card, or more than one, is named after.
    pub without_card: Vec<String>,
}

/// The leads of the cards with these ids. A skill's card is the one with its name as id, else the only one whose id ends
/// with its name after a dot, a slash or a colon.
///
/// ```
/// use skillmesh::usage::{Evidence, leads};
/// let used = [("pdf", 0, 60), ("review", 60, 0)].map(|(name, successes, failures)| (name.to_owned(), Evidence { successes, failures }));
/// let found = leads(&used, &["docs.pdf".into(), "review".into(), "new".into()]);
/// assert_eq!((found.leads[0].id.as_str(), found.leads[0].lead), ("docs.pdf", -0.375));
/// assert_eq!(found.leads[1].lead, 0.375);
/// let whole = [("plug.review".to_owned(), Evidence { successes: 9, failures: 1 })];
/// assert!(leads(&whole, &["x/plug.review".into()]).without_card.is_empty());
/// ```
pub fn leads(used: &[(String, Evidence)], ids: &[String]) -> Leads {
    let (successes, judged) = used.iter().fold((0, 0), |(s, n), (_, one)| (s + one.successes, n + one.judged()));
    let average = if judged == 0 { 0.0 } else { successes as f64 / judged as f64 };
    let mut evidence: BTreeMap<&str, Evidence> = BTreeMap::new();
    let mut without_card = Vec::new();
    for (name, one) in used {
        match card(name, ids) {
            // Two names of one card are one skill.
            Some(id) => {
                let all = evidence.entry(id).or_default();
                *all = Evidence { successes: all.successes + one.successes, failures: all.failures + one.failures };
            }
            None => without_card.push(name.clone()),
        }
    }
    let lead = |(id, one): (&str, Evidence)| {
        let lead = (one.lead(average) * THOUSANDTHS).round() / THOUSANDTHS;
        (lead != 0.0).then(|| Lead { id: id.to_owned(), lead: lead as f32 })
    };
    Leads { leads: evidence.into_iter().filter_map(lead).collect(), without_card }
}

fn card<'a>(name: &str, ids: &'a [String]) -> Option<&'a str> {
    let ends_with = |id: &str| id.strip_suffix(name).is_some_and(|before| before.ends_with(['.', '/', ':']));
    let mut named = ids.iter().filter(|id| ends_with(id));
    let exact = ids.iter().find(|id| *id == name);
    let id = exact.or_else(|| named.next().filter(|_| named.next().is_none()))?;
    Some(id)
}

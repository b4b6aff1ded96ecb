//! Are cards and instruction files good to route to, beyond being readable? `skillmesh validate --content`.
//!
//! Every remark is a warning: the registry works as it is, and could work better.

mod copied;
mod examples;
mod references;
mod sections;

use crate::ExpertCard;
use crate::load::{Finding, Loaded};
use crate::roles::is_role;

/// One registry card with the files it was read from. Skills keep their authors' own structure and are passed over.
struct Subject<'a> {
    card: &'a ExpertCard,
    registry: &'a str,
    /// Where the instructions stand: a file, or the card itself; a role's are its own and have no sections.
    file: Option<String>,
}

/// Every remark on the content of the registry cards, in the order of the cards.
///
/// ```
/// use skillmesh::{lint, load};
/// let bytes = br#"[{"id":"viz.heat","title":"Heat maps","examples":["heat maps"],"dependencies":["viz.plot"]}]"#;
/// let loaded = load::registry(&load::Source { path: "r.json".into(), bytes: bytes.to_vec() }, &|_| unreachable!());
/// let codes: Vec<String> = lint::content(&loaded).into_iter().map(|finding| finding.code.into()).collect();
/// assert_eq!(codes, ["instructions-missing", "example-repeats-title", "unknown-dependency"]);
/// ```
pub fn content(loaded: &Loaded) -> Vec<Finding> {
    let subjects: Vec<Subject> = loaded.cards.iter().zip(&loaded.origins).filter_map(subject).collect();
    let mut findings: Vec<Finding> = subjects.iter().flat_map(sections::check).collect();
    findings.extend(subjects.iter().flat_map(examples::check));
    findings.extend(references::check(&subjects, &loaded.cards));
    findings.extend(copied::check(&subjects));
    findings
}

fn subject<'a>((card, origin): (&'a ExpertCard, &'a String)) -> Option<Subject<'a>> {
    let file = (!is_role(card)).then(|| place(card, origin));
    (!origin.ends_with(".md")).then_some(Subject { card, registry: origin, file })
}

fn place(card: &ExpertCard, origin: &str) -> String {
    let folder = origin.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let inline = card.instruction_file.is_empty();
    if inline { format!("{origin}#{}", card.id) } else { format!("{folder}{}", card.instruction_file) }
}

//! `skillmesh validate`: every finding, with its place.

use serde_json::json;

use super::args::Validate;
use super::{Outcome, count, print, print_json};
use crate::load::{Loaded, Severity};
use crate::{Result, host, lint};

pub fn run(args: &Validate) -> Result<Outcome> {
    let mut loaded = host::load_with_roles(&args.paths)?;
    if args.content {
        loaded.findings.extend(lint::content(&loaded));
    }
    let errors = number(&loaded, Severity::Error);
    let warnings = number(&loaded, Severity::Warning);
    if args.json {
        let Loaded { cards, findings, .. } = &loaded;
        print_json(&json!({"cards": cards.len(), "errors": errors, "warnings": warnings, "findings": findings}))?;
    } else {
        print(&loaded.findings.iter().map(|finding| format!("{}: {finding}\n", finding.severity)).collect::<String>())?;
        let cards = count(loaded.cards.len(), "card");
        print(&format!("{cards}, {}, {}\n", count(errors, "error"), count(warnings, "warning")))?;
    }
    let failed = errors > 0 || (args.strict && warnings > 0);
    Ok(if failed { Outcome::BadInput } else { Outcome::Done })
}

fn number(loaded: &Loaded, severity: Severity) -> usize {
    loaded.findings.iter().filter(|finding| finding.severity == severity).count()
}

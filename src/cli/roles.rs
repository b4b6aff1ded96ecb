//! `skillmesh roles`: what can be played, what a role holds, and how a registry gets it.

use std::path::Path;

use serde_json::json;

use super::args::{Install, Roles, RolesCommand};
use super::{Outcome, count, print, print_json};
use crate::host::{self, Target};
use crate::roles::{self, Installation};
use crate::{ExpertCard, Result};

pub fn run(args: &Roles) -> Result<Outcome> {
    let library = host::library(args.from.as_deref())?;
    match &args.command {
        RolesCommand::List => list(&library, args.json)?,
        RolesCommand::Show { role } => show(&library, roles::find(&library, role)?, args.json)?,
        RolesCommand::Install(install) => self::install(&library, install, args.json)?,
    }
    Ok(Outcome::Done)
}

fn list(library: &[ExpertCard], as_json: bool) -> Result<()> {
    let found: Vec<&ExpertCard> = library.iter().filter(|card| roles::is_role(card)).collect();
    if as_json {
        let entry = |card: &&ExpertCard| json!({"id": card.id, "title": card.title, "experts": card.dependencies});
        return print_json(&found.iter().map(entry).collect::<Vec<_>>());
    }
    let width = found.iter().map(|card| card.id.len()).max().unwrap_or(0);
    let line = |card: &&ExpertCard| {
        format!("{:width$}  {} ({})\n", card.id, card.title, count(card.dependencies.len(), "expert"))
    };
    print(&found.iter().map(line).collect::<String>())
}

fn show(library: &[ExpertCard], role: &ExpertCard, as_json: bool) -> Result<()> {
    if as_json {
        return print_json(role);
    }
    let experts = roles::experts(library, role)?;
    let line = |card: &&ExpertCard| {
        let through = if role.dependencies.contains(&card.id) { "" } else { " (through another expert)" };
        format!("- {}  {}{through}\n", card.id, card.title)
    };
    let listed: String = experts.iter().map(line).collect();
    print(&format!(
        "{} (`{}`)\n{}\n\nExperts:\n{listed}\n{}\n",
        role.title,
        role.id,
        role.description,
        role.instruction_text.trim_end()
    ))
}

fn install(library: &[ExpertCard], args: &Install, as_json: bool) -> Result<()> {
    let target = Target::open(&args.into)?;
    let plan = roles::install(library, roles::find(library, &args.role)?, &target.text, &target.cards)?;
    if args.dry_run {
        target.check(&plan)?
    } else {
        target.apply(&plan)?
    }
    if as_json {
        let Installation { added, kept, files, .. } = &plan;
        let files: Vec<&String> = files.iter().map(|(file, _)| file).collect();
        let written = !args.dry_run && plan.registry.is_some();
        return print_json(
            &json!({"registry": target.file, "written": written, "added": added, "kept": kept, "files": files}),
        );
    }
    print(&report(&target.file, &plan, args.dry_run))
}

fn report(registry: &Path, plan: &Installation, dry_run: bool) -> String {
    let line = |mark: &str, id: &String| format!("{mark} {id}\n");
    let mut text: String = plan.added.iter().map(|id| line("+", id)).collect();
    text.extend(plan.files.iter().map(|(file, _)| line("+", file)));
    text.extend(plan.kept.iter().map(|id| line("=", id)));
    let verb = if dry_run { "Would add" } else { "Added" };
    let (cards, files) = (count(plan.added.len(), "card"), count(plan.files.len(), "instruction file"));
    text + &format!("{verb} {cards} and {files} to {}; {} there already\n", registry.display(), plan.kept.len())
}

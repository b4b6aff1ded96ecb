//! What do the metrics say? One function a command; no logic of its own.

use std::path::Path;

use serde::Serialize;

use super::args::{Metrics, MetricsCommand, OrderArg, Register, WindowArg};
use super::text;
use crate::cli::{Outcome, count, print, print_json, say};
use crate::metrics::{Collected, Order, Scope, Store, Window};
use crate::snapshot::Lead;
use crate::usage::{self, Clock};
use crate::{Result, host};

/// So many skills without a card are named.
const NAMED: usize = 10;

pub fn run(args: &Metrics) -> Result<Outcome> {
    host::keep_files_private();
    let file = host::metrics_file(args.db.as_deref())?;
    let store =
        if let MetricsCommand::Register(_) = args.command { Store::open_or_make(&file) } else { Store::open(&file) }?;
    let now = host::now_micros();
    let tell = Tell { json: args.json };
    match &args.command {
        MetricsCommand::Register(Register { path, name, kind, moved_from }) => {
            moved_from.iter().try_for_each(|from| store.relocate(from, path))?;
            let id = store.register(path, name, kind, now)?;
            tell.value(&serde_json::json!({"project": id}), |_| format!("Registered {name} as {id}\n"))
        }
        MetricsCommand::Unregister { project, forget } => {
            store.unregister(project, *forget)?;
            let said = if *forget { "Its uses are deleted" } else { "Its uses count no longer; --forget deletes them" };
            tell.value(&serde_json::json!({"forgotten": forget}), |_| format!("{said}\n"))
        }
        MetricsCommand::Projects { paths } => tell.rows(&store.projects(*paths)?, text::projects),
        MetricsCommand::Collect(args) => collected(&tell, &store.collect(args.project.as_deref(), &Clock::local(now))?),
        MetricsCommand::Aggregate { window } => aggregate(&tell, &store, window),
        MetricsCommand::Top(args) => {
            let scope = scope(args.window, &args.project, args.limit, now);
            tell.rows(&store.top(scope, args.by.into())?, text::top)
        }
        MetricsCommand::Effectiveness { skill } => match store.effectiveness(skill)? {
            Some(found) => tell.value(&found, text::effectiveness),
            None => nothing(&tell, skill),
        },
        MetricsCommand::Compare { skill } => tell.rows(&store.compare(skill)?, text::compared),
        MetricsCommand::Trends(args) => {
            let scope = scope(args.window, &args.project, args.limit, now);
            tell.rows(&store.trends(scope, args.skill.as_deref())?, text::trends)
        }
        MetricsCommand::Pairs { limit } => tell.rows(&store.pairs(*limit)?, text::pairs),
        MetricsCommand::Prune { days } => {
            let deleted = store.prune(*days, now)?;
            tell.value(&serde_json::json!({"uses": deleted}), |_| format!("Deleted {}\n", count(deleted, "use")))
        }
        MetricsCommand::Health => tell.value(&store.health(now)?, text::health),
        MetricsCommand::Export { paths, include_queries } => {
            print_json(&store.export(*paths, *include_queries)?).map(|()| Outcome::Done)
        }
    }
}

/// How well the cards with these ids did; skills without a card are said.
pub fn leads(database: &Path, ids: &[String]) -> Result<Vec<Lead>> {
    let found = usage::leads(&Store::open(database)?.evidence()?, ids);
    if !found.without_card.is_empty() {
        let number = count(found.without_card.len(), "skill");
        let named: Vec<String> = found.without_card.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
        let more = found.without_card.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        say(&format!("note: {number} in use without a card: {}{more}\n", named.join(", ")));
    }
    Ok(found.leads)
}

struct Tell {
    json: bool,
}

impl Tell {
    fn value<T: Serialize>(&self, value: &T, text: impl Fn(&T) -> String) -> Result<Outcome> {
        if self.json {
            print_json(value)?
        } else {
            print(&text(value))?
        }
        Ok(Outcome::Done)
    }

    /// The same with what may be nothing.
    fn rows<T: Serialize>(&self, rows: &[T], text: impl Fn(&[T]) -> String) -> Result<Outcome> {
        if self.json {
            print_json(&rows)?;
        } else if !rows.is_empty() {
            print(&text(rows))?;
        }
        if rows.is_empty() {
            eprintln!("note: nothing was found; `skillmesh metrics health` says what is registered and collected");
        }
        Ok(if rows.is_empty() { Outcome::NothingFound } else { Outcome::Done })
    }
}

/// What was skipped is said on standard error, and a project that could not be read is bad input.
fn collected(tell: &Tell, all: &[Collected]) -> Result<Outcome> {
    if all.is_empty() {
        eprintln!("note: no project counts; register one with `skillmesh metrics register PATH NAME TYPE`");
    }
    say(&all.iter().map(text::remarks).collect::<String>());
    tell.value(&all, |all| all.iter().map(text::collected).collect())?;
    Ok(if all.iter().any(|told| told.error.is_some()) { Outcome::BadInput } else { Outcome::Done })
}

fn aggregate(tell: &Tell, store: &Store, windows: &[WindowArg]) -> Result<Outcome> {
    let windows = if windows.is_empty() { Window::ALL.to_vec() } else { windows.iter().map(|w| (*w).into()).collect() };
    let computed = windows.iter().map(|window| store.aggregate(*window)).sum::<Result<usize>>()?;
    tell.value(&serde_json::json!({"computed": computed}), |_| format!("Computed {}\n", count(computed, "figure")))
}

fn nothing(tell: &Tell, skill: &str) -> Result<Outcome> {
    if tell.json {
        print_json(&serde_json::Value::Null)?;
    }
    say(&format!("note: `{skill}` was never used in a project that counts\n"));
    Ok(Outcome::NothingFound)
}

fn scope(window: WindowArg, project: &Option<String>, limit: usize, now: i64) -> Scope<'_> {
    Scope { window: window.into(), project: project.as_deref(), limit, now }
}

impl From<WindowArg> for Window {
    fn from(window: WindowArg) -> Window {
        match window {
            WindowArg::Daily => Window::Daily,
            WindowArg::Weekly => Window::Weekly,
            WindowArg::Monthly => Window::Monthly,
            WindowArg::All => Window::All,
        }
    }
}

impl From<OrderArg> for Order {
    fn from(order: OrderArg) -> Order {
        match order {
            OrderArg::Uses => Order::Uses,
            OrderArg::Success => Order::Success,
            OrderArg::FollowUps => Order::FollowUps,
            OrderArg::Duration => Order::Duration,
        }
    }
}

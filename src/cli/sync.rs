//! `skillmesh sync | reindex | reconcile | watch`: a snapshot follows its files.

use std::time::SystemTime;

use serde_json::json;

use super::args::{Kept, Reindex};
use super::progress::Terminal;
use super::{Outcome, count, lines, print, print_findings, print_json, say};
use crate::Result;
use crate::host::{self, FileChanges, KeptSnapshot, Pace, Report, Stop, Trust, Watch};

/// `skillmesh sync`.
pub fn run(args: &Kept) -> Result<Outcome> {
    tell(args, &synced(args, Trust::Metadata)?)
}

/// `skillmesh reindex`: as `sync` does, or from scratch.
pub fn reindex(args: &Reindex) -> Result<Outcome> {
    let trust = if args.clear { Trust::Nothing } else { Trust::Metadata };
    tell(&args.kept, &synced(&args.kept, trust)?)
}

/// `skillmesh reconcile`: as `sync` does, whatever the files look like.
pub fn reconcile(args: &Kept) -> Result<Outcome> {
    let report = synced(args, Trust::Content)?;
    let (removed, reindexed) = (report.cards.removed.len(), report.cards.added.len() + report.cards.changed.len());
    print_findings(&report.findings);
    if args.json {
        let mut said = json!(report);
        (said["removed"], said["reindexed"]) = (removed.into(), reindexed.into());
        print_json(&said)?;
    } else {
        print(&format!("Removed {}, reindexed {}\n", count(removed, "card"), count(reindexed, "card")))?;
    }
    Ok(outcome(&report))
}

/// `skillmesh watch`: a line whenever the snapshot or what is wrong with its files changed.
pub fn watch(args: &Kept) -> Result<Outcome> {
    let kept = kept(args);
    let watch = Watch::new(&kept, Pace::default())?;
    stop_on_signal(watch.stop())?;
    let terminal = Terminal::new();
    let mut told: Option<String> = None;
    let mut tell = |synced: Result<Report>| {
        terminal.clear();
        let (written, wrong) = match &synced {
            Ok(report) => (report.written, lines(&report.findings)),
            Err(error) => (false, format!("error: {error}; the snapshot stays as it was\n")),
        };
        let is_news = told.as_ref() != Some(&wrong);
        if is_news {
            say(&wrong);
        }
        if written || is_news {
            // Whoever reads standard output may have gone; the snapshot is kept all the same.
            drop(print(&format!("{}\n", event(args, &synced))));
        }
        told = Some(wrong);
    };
    watch.run(&terminal, &mut tell)?;
    Ok(Outcome::Done)
}

/// The first signal ends the watch after the sync that may be going on, the second one ends the program: a sync can be
/// broken off anywhere.
#[cfg(not(target_family = "wasm"))]
fn stop_on_signal(stop: Stop) -> Result<()> {
    let handler = move || {
        if stop.ask() {
            std::process::exit(0);
        }
    };
    let deaf = |error| crate::Error::new(crate::Code::Io, "signals cannot be heard").caused_by(error);
    ctrlc::set_handler(handler).map_err(deaf)
}

/// Whoever runs the program in wasm hears the signals, and ends it.
#[cfg(target_family = "wasm")]
fn stop_on_signal(_: Stop) -> Result<()> {
    Ok(())
}

fn kept(args: &Kept) -> KeptSnapshot {
    KeptSnapshot {
        paths: args.paths.clone(),
        snapshot: args.snapshot.clone(),
        model: args.model.as_deref().map(host::named_model),
        dense: !args.no_dense,
    }
}

fn synced(args: &Kept, trust: Trust) -> Result<Report> {
    let terminal = Terminal::new();
    let report = kept(args).sync(trust, SystemTime::now(), &terminal);
    terminal.clear();
    report
}

fn tell(args: &Kept, report: &Report) -> Result<Outcome> {
    print_findings(&report.findings);
    if args.json {
        print_json(report)?;
    } else {
        print(&format!("{}\n", line(report)))?;
    }
    Ok(outcome(report))
}

fn outcome(report: &Report) -> Outcome {
    if report.is_broken() { Outcome::BadInput } else { Outcome::Done }
}

/// Files were scanned and tracked, cards differ.
fn line(report: &Report) -> String {
    let (FileChanges { scanned, tracked, renamed, .. }, cards) = (&report.files, &report.cards);
    let mut line = format!(
        "Scanned {} / Tracked {} / Diff: +{} ~{} -{} of {}",
        count(*scanned, "file"),
        count(*tracked, "file"),
        cards.added.len(),
        cards.changed.len(),
        cards.removed.len(),
        count(report.total, "card"),
    );
    if *renamed > 0 {
        line += &format!(", {} renamed", count(*renamed, "file"));
    }
    if report.passages > 0 {
        line += &format!(", {} of {} embedded", report.embedded, count(report.passages, "passage"));
    }
    line
}

/// One line of a watch.
fn event(args: &Kept, synced: &Result<Report>) -> String {
    match synced {
        Ok(report) if args.json => json!(report).to_string(),
        Ok(report) => line(report),
        Err(error) if args.json => {
            json!({"error": {"code": error.code().as_str(), "message": error.to_string()}}).to_string()
        }
        Err(_) => "Not synced; the snapshot stays as it was".to_owned(),
    }
}

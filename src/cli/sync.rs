//! `skillmesh sync | reindex | reconcile | watch`: a snapshot follows its files.

use serde_json::json;

use super::args::{Kept, Reindex};
use super::{Outcome, count, print, print_findings, print_json, progress};
use crate::Result;
use crate::host::{self, FileChanges, Report, Sync, Trust};
use crate::load::Finding;

/// `skillmesh sync`.
pub fn run(args: &Kept) -> Result<Outcome> {
    tell(args, &synced(args, Trust::Looks)?)
}

/// `skillmesh reindex`: the same, or from scratch.
pub fn reindex(args: &Reindex) -> Result<Outcome> {
    let trust = if args.clear { Trust::Nothing } else { Trust::Looks };
    tell(&args.kept, &synced(&args.kept, trust)?)
}

/// `skillmesh reconcile`: the same, whatever the files look like.
pub fn reconcile(args: &Kept) -> Result<Outcome> {
    let report = synced(args, Trust::Vectors)?;
    let (removed, reindexed) = (report.cards.removed.len(), report.cards.added.len() + report.cards.changed.len());
    print_findings(&report.findings);
    if args.json {
        print_json(&json!({"removed": removed, "reindexed": reindexed}))?;
    } else {
        print(&format!("Removed {}, reindexed {}\n", count(removed, "card"), count(reindexed, "card")))?;
    }
    Ok(outcome(&report))
}

/// `skillmesh watch`: a line whenever the snapshot or what is wrong with its files changed.
pub fn watch(args: &Kept) -> Result<Outcome> {
    let mut told: Option<String> = None;
    let bar = progress::bar();
    let mut tell = |synced: Result<Report>| {
        bar.finish_and_clear();
        let (written, wrong) = match &synced {
            Ok(report) => (report.written, lines(&report.findings)),
            Err(error) => (false, format!("error: {error}; the snapshot stays as it was\n")),
        };
        if written || told.as_ref() != Some(&wrong) {
            eprint!("{wrong}");
            // Whoever reads standard output may have gone; the snapshot is kept all the same.
            drop(print(&format!("{}\n", event(args, &synced))));
        }
        told = Some(wrong);
    };
    note_missing_model(args);
    host::watch(&sync(args), &|done, all| progress::advance(&bar, done, all), &mut tell)?;
    Ok(Outcome::Done)
}

fn sync(args: &Kept) -> Sync {
    Sync {
        paths: args.paths.clone(),
        snapshot: args.snapshot.clone(),
        model: args.model.clone(),
        dense: !args.no_dense,
    }
}

fn synced(args: &Kept, trust: Trust) -> Result<Report> {
    note_missing_model(args);
    let bar = progress::bar();
    let report = sync(args).run(trust, &|done, all| progress::advance(&bar, done, all))?;
    bar.finish_and_clear();
    Ok(report)
}

fn note_missing_model(args: &Kept) {
    if !args.no_dense && host::find_model(args.model.as_deref()).is_none() {
        eprintln!("note: no model found; vectors that are there stay, new ones need --model FILE");
    }
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

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{}: {finding}\n", finding.severity)).collect()
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

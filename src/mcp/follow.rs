//! How do a server's skills follow their files?

use std::sync::Arc;

use tokio::runtime::Runtime;

use super::Skills;
use super::library::Library;
use super::remark::remark;
use crate::Result;
use crate::host::{KeptSnapshot, Pace, Report, Stop, Watch};

/// Begins to follow the files, if that is wanted; what ends it.
pub fn begin(library: &Arc<Library>, runtime: &Runtime) -> Result<Option<Stop>> {
    let Skills::Kept(kept) = &library.start.skills else { return Ok(None) };
    // What can be said before a client waits is said now.
    Watch::new(kept, Pace::default())?;
    let (sender, receiver) = std::sync::mpsc::channel();
    let library = Arc::clone(library);
    runtime.spawn_blocking(move || {
        if let Skills::Kept(kept) = &library.start.skills {
            follow(&library, kept, &sender);
        }
    });
    Ok(receiver.recv().ok())
}

fn follow(library: &Library, kept: &KeptSnapshot, started: &std::sync::mpsc::Sender<Stop>) {
    let followed = Watch::new(kept, Pace::default()).and_then(|watch| {
        drop(started.send(watch.stop()));
        let mut told = String::new();
        watch.run(&(), &mut |synced| tell(synced.and_then(|report| shown(library, kept, report)), &mut told))
    });
    if let Err(error) = followed {
        remark(format!("error: {error}; the skills stay as they are\n"));
    }
}

/// What is wrong with the files, after the snapshot is shown as it is now.
fn shown(library: &Library, kept: &KeptSnapshot, report: Report) -> Result<String> {
    library.reload(&kept.snapshot)?;
    Ok(report.findings.iter().map(|finding| format!("{}: {finding}\n", finding.severity)).collect())
}

/// Says what is wrong, once.
fn tell(wrong: Result<String>, told: &mut String) {
    let wrong = wrong.unwrap_or_else(|error| format!("error: {error}; the skills stay as they are\n"));
    if wrong != *told {
        remark(wrong.as_str());
    }
    *told = wrong;
}

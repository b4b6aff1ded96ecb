//! How do a server's skills follow their files?

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use tokio::runtime::Runtime;

use super::Skills;
use super::library::Library;
use super::remark::remark;
use crate::Result;
use crate::host::{KeptSnapshot, Pace, Report, Stop, Watch};

/// Begins to follow the files, or to embed what was indexed, where that is wanted; what ends it.
pub fn begin(library: &Arc<Library>, runtime: &Runtime) -> Result<Option<Stop>> {
    match &library.start.skills {
        Skills::Kept(kept) => follow(library, kept, runtime),
        Skills::Registry { dense: true, .. } => {
            let library = Arc::clone(library);
            runtime.spawn_blocking(move || {
                let embedded = library.embed();
                library.tell(embedded.err().map(|error| format!("{error}; only keywords answer")));
            });
            Ok(None)
        }
        Skills::Registry { .. } | Skills::Snapshot(_) => Ok(None),
    }
}

fn follow(library: &Arc<Library>, kept: &KeptSnapshot, runtime: &Runtime) -> Result<Option<Stop>> {
    // What can be said before a client waits is said now.
    Watch::new(kept, Pace::default())?;
    let (library, kept, (sender, receiver)) = (Arc::clone(library), kept.clone(), channel());
    runtime.spawn_blocking(move || {
        if let Err(error) = watch(&library, &kept, &sender) {
            library.tell(Some(format!("{error}; the skills do not follow their files any more")));
        }
    });
    Ok(receiver.recv().ok())
}

fn watch(library: &Library, kept: &KeptSnapshot, started: &Sender<Stop>) -> Result<()> {
    let watch = Watch::new(kept, Pace::default())?;
    drop(started.send(watch.stop()));
    let mut findings = String::new();
    watch.run(&(), &mut |synced| {
        let shown = synced.and_then(|report| library.reload(&kept.snapshot).map(|()| report));
        library.tell(shown.as_ref().err().map(|error| format!("{error}; the skills stay as they are")));
        shown.iter().for_each(|report| tell(report, &mut findings));
    })
}

/// Says what is wrong with the files, once.
fn tell(report: &Report, told: &mut String) {
    let findings: String = report.findings.iter().map(|finding| format!("{}: {finding}\n", finding.severity)).collect();
    if findings != *told {
        remark(findings.as_str());
    }
    *told = findings;
}

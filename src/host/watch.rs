//! When is a snapshot brought up to date by itself? When a file among its sources changed and nothing more follows.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::embedding::Progress;
use super::sync::{Report, Sync, Trust, is_own};
use crate::{Code, Error, Result};

/// Changes that follow each other within this time are one.
const QUIET: Duration = Duration::from_millis(200);

/// However many follow, a sync comes after this time.
const PATIENCE: Duration = Duration::from_secs(2);

enum Signal {
    Changed,
    Stop,
}

/// Reconciles the snapshot, then syncs it after each change, until Ctrl-C or SIGTERM; `tell` hears of every sync.
///
/// A sync that fails leaves the snapshot as it was; only that the watching itself fails is an `Err`.
pub fn watch(sync: &Sync, progress: Progress, tell: &mut dyn FnMut(Result<Report>)) -> Result<()> {
    let (sender, receiver) = channel();
    stop_on_signal(sender.clone())?;
    let mut watcher = watcher(sync.snapshot.clone(), sender)?;
    // Watched before it is read: what changes in between is not missed.
    for (folder, mode) in folders(&sync.paths) {
        watcher.watch(&folder, mode).map_err(|error| unwatchable(error).at(folder.display().to_string()))?;
    }
    tell(sync.run(Trust::Vectors, progress));
    while next(&receiver) {
        tell(sync.run(Trust::Looks, progress));
    }
    Ok(())
}

/// The first signal ends the watching after the sync that may be going on, the second one ends the program: a sync can
/// be broken off anywhere.
fn stop_on_signal(sender: Sender<Signal>) -> Result<()> {
    let stopping = AtomicBool::new(false);
    let handler = move || {
        if stopping.swap(true, Ordering::SeqCst) || sender.send(Signal::Stop).is_err() {
            std::process::exit(0);
        }
    };
    ctrlc::set_handler(handler).map_err(unwatchable)
}

fn watcher(snapshot: PathBuf, sender: Sender<Signal>) -> Result<RecommendedWatcher> {
    let hear = move |event: notify::Result<Event>| {
        // What could not be told may have been a change; that nobody listens any more means that it is over.
        if event.map_or(true, |event| is_change(&event, &snapshot)) {
            drop(sender.send(Signal::Changed));
        }
    };
    notify::recommended_watcher(hear).map_err(unwatchable)
}

/// Whether a source may have changed: nobody is woken by reading, or by what a sync writes.
fn is_change(event: &Event, snapshot: &Path) -> bool {
    let read = matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write));
    !read && (event.paths.is_empty() || event.paths.iter().any(|path| !is_own(snapshot, path)))
}

/// Folders with all below them. Of a file its folder, since editors put new files in the place of old ones; a registry's
/// instruction files lie below it.
fn folders(paths: &[PathBuf]) -> Vec<(PathBuf, RecursiveMode)> {
    let folder = |path: &PathBuf| match path.parent() {
        _ if path.is_dir() => path.clone(),
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    paths.iter().map(|path| (folder(path), RecursiveMode::Recursive)).collect()
}

/// Waits for a change, and until no more follow; false when it is time to stop.
fn next(receiver: &Receiver<Signal>) -> bool {
    let Ok(Signal::Changed) = receiver.recv() else { return false };
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        match receiver.recv_timeout(QUIET) {
            Ok(Signal::Changed) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    true
}

fn unwatchable(error: impl std::error::Error + Send + std::marker::Sync + 'static) -> Error {
    Error::new(Code::Io, "files cannot be watched")
        .caused_by(error)
        .help("run `skillmesh sync` instead, or allow more watches (on Linux fs.inotify.max_user_watches)")
}

//! When is a snapshot brought up to date by itself? When a file among its sources changed and nothing more follows; and now
//! and then all the same, since no system tells of every change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::listener::{Listener, Step};
use super::sync::{KeptSnapshot, Report, Trust, identity};
use crate::{Code, Error, Result};

/// What is never a source: what a sync writes, of this snapshot or another one.
const OWN: [&str; 4] = ["held", "lock", "new", "sync"];

/// How soon a watch does something.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Changes that follow each other within this time are one.
    pub quiet: Duration,
    /// However many follow, a sync comes after this time.
    pub patience: Duration,
    /// Without any change a sync comes after this time; it reads nothing if all files look as they did.
    pub poll: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { quiet: Duration::from_millis(200), patience: Duration::from_secs(2), poll: Duration::from_secs(30) }
    }
}

/// Ends a watch, from any thread.
#[derive(Clone)]
pub struct Stop {
    is_asked: Arc<AtomicBool>,
    sender: Sender<Signal>,
}

impl Stop {
    /// Asks the watch to end, and the sync that may be going on as soon as it can be broken off; whether that was asked before.
    pub fn ask(&self) -> bool {
        // Nobody hears it where the watch is over.
        drop(self.sender.send(Signal::Stop));
        self.is_asked.swap(true, Ordering::SeqCst)
    }
}

enum Signal {
    Changed,
    /// Events were lost.
    Lost,
    Stop,
}

/// Keeps a snapshot up to date.
pub struct Watch<'a> {
    kept: &'a KeptSnapshot,
    pace: Pace,
    stop: Stop,
    receiver: Receiver<Signal>,
    /// What is watched, and which folder that was.
    armed: BTreeMap<PathBuf, Armed>,
    watcher: Option<RecommendedWatcher>,
}

/// A folder as it was when it was watched: its mode and which one it was.
type Armed = (bool, [u64; 2]);

impl<'a> Watch<'a> {
    /// A watch that has not begun; a path that is not there is an `Err`.
    pub fn new(kept: &'a KeptSnapshot, pace: Pace) -> Result<Watch<'a>> {
        kept.check_paths()?;
        let (sender, receiver) = channel();
        let stop = Stop { is_asked: Arc::default(), sender };
        Ok(Watch { kept, pace, stop, receiver, armed: BTreeMap::new(), watcher: None })
    }

    /// What ends it.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// Reconciles the snapshot, then syncs it after each change, until it is stopped; `tell` hears of every sync.
    ///
    /// A sync that fails leaves the snapshot as it was; only that the watching itself cannot begin is an `Err`.
    pub fn run(mut self, listener: &dyn Listener, tell: &mut dyn FnMut(Result<Report>)) -> Result<()> {
        let listener = Stoppable { listener, stop: self.stop.clone() };
        // Watched before it is read: what changes in between is not missed.
        self.arm(&[])?;
        let (mut trust, mut folders) = (Trust::Content, Vec::new());
        while !self.stop.is_asked.load(Ordering::SeqCst) {
            let synced = self.kept.sync(trust, SystemTime::now(), &listener);
            if let Ok(report) = &synced {
                folders = report.folders.iter().cloned().collect();
            }
            if !(self.stop.is_asked.load(Ordering::SeqCst) && synced.is_err()) {
                tell(synced);
            }
            trust = Trust::Metadata;
            // The folders of instruction files are known only now.
            if self.arm(&folders).is_ok_and(|changed| changed) {
                continue;
            }
            if !self.wait() {
                break;
            }
            drop(self.arm(&folders));
        }
        Ok(())
    }

    /// Watches what should be watched, if that is not what is; whether it was not. A folder in the place of another one,
    /// such as a new release, is another folder.
    fn arm(&mut self, of_files: &[PathBuf]) -> Result<bool> {
        let wanted = self.wanted(of_files);
        if self.watcher.is_some() && wanted == self.armed {
            return Ok(false);
        }
        let mut watcher = watcher(self.kept, self.stop.sender.clone())?;
        for (folder, (is_deep, _)) in &wanted {
            let mode = if *is_deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            watcher.watch(folder, mode).map_err(|error| unwatchable(error).at(folder.display().to_string()))?;
        }
        (self.armed, self.watcher) = (wanted, Some(watcher));
        Ok(true)
    }

    /// Folders with all below them, and the folders that hold those, where one may take another's place. Of a file its
    /// folder, since editors put new files in the place of old ones, and those of the files that it names.
    fn wanted(&self, of_files: &[PathBuf]) -> BTreeMap<PathBuf, Armed> {
        let paths: Vec<PathBuf> = self.kept.paths.iter().map(|path| absolute(path)).collect();
        let mut folders = BTreeMap::new();
        let holders = paths.iter().filter_map(|path| path.parent()).map(Path::to_owned);
        let below_none = |folder: &PathBuf| !paths.iter().any(|path| path.is_dir() && folder.starts_with(path));
        let shallow = holders.chain(of_files.iter().map(|folder| absolute(folder))).filter(below_none);
        let wanted = shallow.map(|path| (path, false)).chain(paths.iter().cloned().map(|path| (path, true)));
        for (path, is_deep) in wanted {
            if let Some(about) = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_dir) {
                folders.insert(path, (is_deep, identity(&about)));
            }
        }
        folders
    }

    /// Waits for a change, and until no more follow, or for the next poll; false when it is time to stop.
    fn wait(&mut self) -> bool {
        let mut until = Instant::now() + self.pace.poll;
        let mut pause = self.pace.poll;
        while Instant::now() < until {
            match self.receiver.recv_timeout(pause.min(until.saturating_duration_since(Instant::now()))) {
                Ok(signal @ (Signal::Changed | Signal::Lost)) => {
                    if matches!(signal, Signal::Lost) {
                        self.watcher = None;
                    }
                    if pause != self.pace.quiet {
                        (pause, until) = (self.pace.quiet, Instant::now() + self.pace.patience);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return true,
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        true
    }
}

/// A listener that wants no more once the watch is to end.
struct Stoppable<'a> {
    listener: &'a dyn Listener,
    stop: Stop,
}

impl Listener for Stoppable<'_> {
    fn waiting(&self, snapshot: &Path) -> bool {
        self.listener.waiting(snapshot) && !self.stop.is_asked.load(Ordering::SeqCst)
    }

    fn is_wanted(&self) -> bool {
        self.listener.is_wanted() && !self.stop.is_asked.load(Ordering::SeqCst)
    }

    fn embedded(&self, done: usize, all: usize) {
        self.listener.embedded(done, all);
    }

    fn step(&self, file: &Path, step: Step) {
        self.listener.step(file, step);
    }
}

fn watcher(kept: &KeptSnapshot, sender: Sender<Signal>) -> Result<RecommendedWatcher> {
    // Some systems tell of a path as it was named, some without links.
    let both = |path: &PathBuf| [absolute(path), path.canonicalize().unwrap_or_else(|_| absolute(path))];
    let (paths, snapshot): (Vec<_>, _) = (kept.paths.iter().flat_map(both).collect(), both(&kept.snapshot));
    let is_source = move |path: &PathBuf| !snapshot.contains(path) && may_be_source(path, &paths);
    let hear = move |event: notify::Result<Event>| {
        let signal = match event {
            Ok(event) if event.need_rescan() => Signal::Lost,
            Ok(event) if is_change(&event) && event.paths.iter().any(&is_source) => Signal::Changed,
            Ok(_) => return,
            // What could not be told may have been a change.
            Err(_) => Signal::Lost,
        };
        // That nobody listens any more means that it is over.
        drop(sender.send(signal));
    };
    notify::recommended_watcher(hear).map_err(unwatchable)
}

/// Nobody is woken by reading.
fn is_change(event: &Event) -> bool {
    !matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}

/// Whether a path lies below those that are followed, or in the folder of one that is a file, and is neither git's nor what
/// a sync writes.
fn may_be_source(path: &Path, paths: &[PathBuf]) -> bool {
    let is_own = path.extension().is_some_and(|end| OWN.iter().any(|own| end == *own));
    let is_git = path.components().any(|part| part.as_os_str() == ".git");
    let lies_at =
        |root: &PathBuf| path.starts_with(root) || root.is_file() && root.parent().is_some_and(|f| path.starts_with(f));
    !is_own && !is_git && paths.iter().any(lies_at)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn unwatchable(error: notify::Error) -> Error {
    let help = match error.kind {
        notify::ErrorKind::MaxFilesWatch => "allow more watches (on Linux fs.inotify.max_user_watches)",
        _ => "check that the folder can be read, or run `skillmesh sync` instead",
    };
    Error::new(Code::Io, "files cannot be watched").caused_by(error).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_that_is_to_end_wants_nothing_embedded() {
        let stop = Stop { is_asked: Arc::default(), sender: channel().0 };
        let listener = Stoppable { listener: &(), stop: stop.clone() };
        assert!(listener.is_wanted() && listener.waiting(Path::new("x")));
        assert!(!stop.ask());
        assert!(!listener.is_wanted() && !listener.waiting(Path::new("x")));
    }
}

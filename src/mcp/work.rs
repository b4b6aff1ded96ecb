//! Is what a client asked for still wanted, and how far is it?
#![cfg_attr(not(feature = "metrics"), allow(dead_code, reason = "only questions to metrics are brief"))]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::host::Listener;

/// A question waits for another program this long, from when it came: clients give up after some ten seconds, and a person who
/// waits for an agent sooner.
const BRIEFLY: Duration = Duration::from_secs(2);

/// Passages that are embedded, of all.
pub type Progress = (usize, usize);

/// One request's work, as those who do it see it.
#[derive(Clone)]
pub struct Work {
    is_dropped: Arc<AtomicBool>,
    progress: watch::Sender<Progress>,
    began: Instant,
}

/// Held while the request is wanted: its end is the work's end.
pub struct Wanted(Arc<AtomicBool>);

impl Work {
    pub fn new() -> (Work, Wanted, watch::Receiver<Progress>) {
        let (progress, receiver) = watch::channel((0, 0));
        let is_dropped = Arc::new(AtomicBool::new(false));
        let work = Work { is_dropped: Arc::clone(&is_dropped), progress, began: Instant::now() };
        (work, Wanted(is_dropped), receiver)
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Listener for Work {
    fn waiting(&self, _: &Path) -> bool {
        self.is_wanted()
    }

    fn is_wanted(&self) -> bool {
        !self.is_dropped.load(Ordering::SeqCst)
    }

    fn embedded(&self, done: usize, all: usize) {
        // Passages are embedded on every core: none of them may set it back.
        self.progress.send_if_modified(|told| {
            let is_further = done > told.0;
            *told = if is_further { (done, all) } else { *told };
            is_further
        });
    }
}

/// Work that would rather be told that another program is in the way than wait for it.
pub struct Brief<'a> {
    work: &'a Work,
    has_given_up: AtomicBool,
}

impl Brief<'_> {
    pub fn new(work: &Work) -> Brief<'_> {
        Brief { work, has_given_up: AtomicBool::new(false) }
    }

    /// Whether the other program was waited for in vain.
    pub fn has_given_up(&self) -> bool {
        self.has_given_up.load(Ordering::SeqCst)
    }
}

impl Listener for Brief<'_> {
    fn waiting(&self, path: &Path) -> bool {
        let waits = self.work.waiting(path) && self.work.began.elapsed() < BRIEFLY;
        self.has_given_up.store(!waits, Ordering::SeqCst);
        waits
    }
}

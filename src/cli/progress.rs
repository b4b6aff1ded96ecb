//! How far is it? A bar on standard error, where somebody is looking.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::say;
use crate::host::Listener;

/// A bar that counts passages; invisible where standard error is no terminal.
pub fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("embedding [{bar:30}] {human_pos}/{human_len} passages, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// Counts `what` while nobody knows how much there will be.
pub fn spinner(what: &'static str) -> ProgressBar {
    let bar = bar();
    let style = ProgressStyle::with_template("{spinner} {human_pos} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.with_message(what)
}

/// Shows how far a snapshot is, and for whom it waits.
pub struct Terminal {
    bar: ProgressBar,
    has_waited: AtomicBool,
}

impl Terminal {
    pub fn new() -> Terminal {
        Terminal { bar: bar(), has_waited: AtomicBool::new(false) }
    }

    /// Whatever was shown goes, until there is something to show again.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
        self.has_waited.store(false, Ordering::Relaxed);
    }
}

impl Listener for Terminal {
    fn waiting(&self, snapshot: &Path) -> bool {
        if !self.has_waited.swap(true, Ordering::Relaxed) {
            say(&format!("note: waiting for another program that writes {}\n", snapshot.display()));
        }
        true
    }

    fn embedded(&self, done: usize, all: usize) {
        advance(&self.bar, done, all);
    }
}

/// What the builder calls after each passage.
pub fn advance(bar: &ProgressBar, done: usize, all: usize) {
    // A bar that was cleared stays hidden until then.
    if bar.is_finished() {
        bar.reset();
    }
    bar.set_length(all as u64);
    bar.set_position(done as u64);
}

//! How far is it? A bar on standard error, where somebody is looking.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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

/// What the builder calls after each passage.
pub fn advance(bar: &ProgressBar, done: usize, all: usize) {
    bar.set_length(all as u64);
    bar.set_position(done as u64);
}

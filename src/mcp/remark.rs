//! How is whoever runs the server told, though standard error be closed, or never read? By somebody who may wait, or fail, alone.

use std::io::Write;
use std::sync::LazyLock;
use std::sync::mpsc::{SyncSender, sync_channel};

/// So many remarks wait to be read; what comes after is told to nobody, since nobody reads.
const WAITING: usize = 64;

static REMARKS: LazyLock<SyncSender<String>> = LazyLock::new(|| {
    let (sender, receiver) = sync_channel::<String>(WAITING);

    std::thread::spawn(move || {
        for remark in receiver {
            // A client that closed its end wants to hear nothing.
            drop(std::io::stderr().write_all(remark.as_bytes()));
        }
    });
    sender
});

/// Says these lines on standard error, some time soon.
pub fn remark(lines: impl Into<String>) {
    drop(REMARKS.try_send(lines.into()));
}

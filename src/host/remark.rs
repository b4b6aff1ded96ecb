//! How is something told to whoever looks at standard error, if anybody does?

use std::io::Write;
use std::sync::LazyLock;
use std::sync::mpsc::{SyncSender, sync_channel};

/// So many remarks wait for somebody who reads slowly; more are lost.
const WAITING: usize = 256;

/// A thread of its own writes, since who reads nothing would hold up who tells.
static REMARKS: LazyLock<SyncSender<String>> = LazyLock::new(|| {
    let (sender, receiver) = sync_channel::<String>(WAITING);
    std::thread::spawn(move || {
        for remark in receiver {
            // That standard error is closed is nobody's trouble.
            drop(writeln!(std::io::stderr(), "{}", remark.trim_end()));
        }
    });
    sender
});

/// Tells it; neither a closed standard error nor one that nobody reads stops anything.
pub fn remark(text: &str) {
    drop(REMARKS.try_send(text.to_owned()));
}

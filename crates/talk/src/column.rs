//! Whether standard output stands at the beginning of a line: for a face whose words go to the same terminal.

use std::sync::atomic::{AtomicBool, Ordering};

/// What was written last left a line open. There is one standard output in a process.
static LINE_IS_OPEN: AtomicBool = AtomicBool::new(false);

/// Tells whether what a conversation wrote last to standard output left a line open, and takes that line for ended: whoever
/// asks ends it, where words and bytes go to the same place.
#[must_use]
pub fn take_open_line() -> bool {
    LINE_IS_OPEN.swap(false, Ordering::Relaxed)
}

/// Writes to standard output, and notes how the line stands then. An observer of the write is told of it before it
/// returns, so the note is made before.
pub(crate) fn watched(bytes: &[u8], write: impl FnOnce() -> sock::Result<usize>) -> sock::Result<usize> {
    let is_open = |bytes: &[u8]| bytes.last().map(|last| *last != b'\n');
    let before = LINE_IS_OPEN.load(Ordering::Relaxed);
    LINE_IS_OPEN.store(is_open(bytes).unwrap_or(before), Ordering::Relaxed);
    let written = write();
    match &written {
        Ok(n) if *n == bytes.len() => {}
        Ok(n) => LINE_IS_OPEN.store(bytes.get(..*n).and_then(is_open).unwrap_or(before), Ordering::Relaxed),
        Err(_) => LINE_IS_OPEN.store(before, Ordering::Relaxed),
    }
    written
}

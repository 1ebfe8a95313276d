//! What the process was started with, seen before Rust's runtime changes it.
//!
//! The runtime opens `/dev/null` in the place of a standard stream that is closed, and ignores SIGPIPE: then a program can
//! no longer tell that its output goes nowhere because somebody closed it, or that whoever started it wants EPIPE and not
//! the signal. A function in `.init_array` runs before (ELF gABI, "Initialization and Termination Functions").

use std::os::fd::RawFd;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

static CLOSED: AtomicU8 = AtomicU8::new(0);
static IGNORES_SIGPIPE: AtomicBool = AtomicBool::new(false);

// SAFETY: the section holds pointers to functions of this type, which are called once, before main, on the only thread.
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    for fd in 0..3 {
        // SAFETY: no pointer is passed, and nothing is changed.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
            CLOSED.fetch_or(1 << fd, Ordering::Relaxed);
        }
    }
    // SAFETY: all-zero bytes are a valid `sigaction`.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the one action that the kernel writes.
    unsafe { libc::sigaction(libc::SIGPIPE, std::ptr::null(), &raw mut action) };
    IGNORES_SIGPIPE.store(action.sa_sigaction == libc::SIG_IGN, Ordering::Relaxed);
}

/// Tells whether a standard stream was closed when the process was started: a write to it goes to `/dev/null` now.
#[must_use]
pub fn was_closed(fd: RawFd) -> bool {
    (0..3).contains(&fd) && CLOSED.load(Ordering::Relaxed) >> fd & 1 == 1
}

/// Tells whether SIGPIPE was ignored when the process was started, as under `trap '' PIPE`: it wants to see EPIPE.
#[must_use]
pub fn ignores_sigpipe() -> bool {
    IGNORES_SIGPIPE.load(Ordering::Relaxed)
}

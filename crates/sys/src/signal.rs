//! Being interrupted: SIGINT, SIGTERM and SIGHUP as a descriptor to poll, and as a flag.
//!
//! The handler does the two things that signal-safety(7) allows and that are enough: it raises the flag and writes to an
//! event descriptor. So a wait wakes without a race, and a blocked read or write ends with EINTR (no `SA_RESTART`).
//! A second signal kills, as if nothing had been installed: whoever presses Ctrl-C twice means it.

use std::os::fd::{BorrowedFd, IntoRawFd};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::{Errno, rehearsal, wait};

/// The signal that arrived, 0 for none.
static ARRIVED: AtomicI32 = AtomicI32::new(0);
/// The event descriptor's number for the handler, which may not touch a lock.
static WAKE: AtomicI32 = AtomicI32::new(-1);
/// Held while the handler is being installed.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Catches `SIGINT`, `SIGTERM` and `SIGHUP` from now on, but for a `SIGHUP` that was inherited ignored, once in a process; returns a descriptor that becomes readable when one
/// arrives and stays so. A rehearsal installs nothing, and its descriptor is made up. Source: sigaction(2), eventfd(2).
///
/// # Errors
/// `EMFILE`, `ENFILE`, `ENOMEM` of the event descriptor; then nothing is caught, and a later call tries again.
pub fn catch_interrupts() -> Result<BorrowedFd<'static>, Errno> {
    if rehearsal::rehearsing() {
        if let Some(wake) = wake() {
            return Ok(wake);
        }
        let made_up = wait::eventfd()?.into_raw_fd();
        rehearsal::wakes_by(made_up);
        // SAFETY: the number is no descriptor, and of a rehearsal's no call reaches the kernel; it is not -1.
        return Ok(unsafe { BorrowedFd::borrow_raw(made_up) });
    }
    let _one = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(wake) = wake() {
        return Ok(wake);
    }
    let raw = wait::eventfd()?.into_raw_fd();
    WAKE.store(raw, Ordering::SeqCst);
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
        install(signal);
    }
    // SAFETY: the descriptor was leaked on purpose above and is never closed.
    Ok(unsafe { BorrowedFd::borrow_raw(raw) })
}

/// Returns the descriptor of [`catch_interrupts`], if it was called; in a rehearsal, if it was called there.
#[must_use]
pub fn wake() -> Option<BorrowedFd<'static>> {
    let raw = if rehearsal::rehearsing() { rehearsal::wake() } else { Some(WAKE.load(Ordering::SeqCst)) };
    // SAFETY: the descriptor was leaked on purpose and is never closed, or it is a made-up number, of which no call
    // reaches the kernel; it is not -1.
    raw.filter(|raw| *raw >= 0).map(|raw| unsafe { BorrowedFd::borrow_raw(raw) })
}

/// Tells which signal asked the process to stop, if one did.
#[must_use]
pub fn arrived() -> Option<i32> {
    if rehearsal::is_over() {
        return Some(libc::SIGINT);
    }
    match ARRIVED.load(Ordering::Relaxed) {
        0 => None,
        signal => Some(signal),
    }
}

/// Catches `SIGUSR1` and does nothing about it: a call that is under way when it comes ends with `EINTR`, and nothing else
/// comes of it. That is what any signal with a handler does to a program; who wants to see that a call goes on needs one
/// that asks for nothing. Source: signal(7).
pub fn catch_usr1() {
    extern "C" fn nothing(_signal: i32) {}
    // SAFETY: all-zero bytes are a valid `sigaction`: no flags, SA_RESTART neither, and an empty mask.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = nothing as extern "C" fn(i32) as usize;
    // SAFETY: the handler does nothing; the old action is not asked for.
    unsafe {
        libc::sigaction(libc::SIGUSR1, &raw const action, std::ptr::null_mut());
    }
}

/// Ends this process by a signal, as if nothing had ever been done about it: what a shell shows of it is 128 and its number.
/// Does nothing in a rehearsal. Source: signal(7), raise(3).
pub fn end_by(signal: i32) {
    if rehearsal::rehearsing() {
        return;
    }
    // SAFETY: the default action is no handler, so no code of ours runs.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
    // SAFETY: no pointer is passed.
    unsafe { libc::raise(signal) };
}

fn install(signal: i32) {
    // SAFETY: all-zero bytes are a valid `sigaction`: no flags, an empty mask.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the one action that the kernel writes.
    unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) };
    if signal == libc::SIGHUP && action.sa_sigaction == libc::SIG_IGN {
        // nohup wants it ignored. The other two are what ends a server in order, however it was started.
        return;
    }
    // SAFETY: as above.
    action = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handle as extern "C" fn(i32) as usize;
    // The second one is the default action again.
    action.sa_flags = libc::SA_RESETHAND;
    // SAFETY: `handle` only does what signal-safety(7) allows; the old action is not asked for.
    unsafe {
        libc::sigaction(signal, &raw const action, std::ptr::null_mut());
    }
}

extern "C" fn handle(signal: i32) {
    ARRIVED.store(signal, Ordering::Relaxed);
    let one = 1u64;
    // SAFETY: the location of this thread's errno is always valid.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    let before = unsafe { *errno };
    // SAFETY: write(2) is async-signal-safe; the pointer is to 8 bytes on this stack. It is not reported at the door: an
    // observer may not run inside a signal handler.
    unsafe { libc::write(WAKE.load(Ordering::Relaxed), (&raw const one).cast(), 8) };
    // SAFETY: as above; signal-safety(7) asks to put errno back.
    unsafe { *errno = before };
}

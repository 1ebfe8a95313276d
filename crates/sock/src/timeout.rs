//! The three modes of a socket, with Python's meaning, and deadlines.
//!
//! In timeout mode the descriptor is non-blocking underneath and each operation waits by poll(2): one budget for the
//! whole operation (PEP 475: a signal does not begin it anew; `sendall`'s is total, not per piece).

use std::os::fd::BorrowedFd;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use sys::wait::{self, PollFd};
use sys::{Errno, Op, c};

use crate::error::{Cause, Error, Result};

/// How a socket's operations wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For ever: the kernel puts the process to sleep.
    Blocking,
    /// Not at all: `EAGAIN` instead.
    NonBlocking,
    /// At most this long in one operation; not zero.
    Timeout(Duration),
}

impl Mode {
    /// Reads a timeout as Python's `settimeout` does: none is blocking, zero is non-blocking.
    #[must_use]
    pub fn from_timeout(timeout: Option<Duration>) -> Self {
        match timeout {
            None => Self::Blocking,
            Some(Duration::ZERO) => Self::NonBlocking,
            Some(timeout) => Self::Timeout(timeout),
        }
    }

    /// Returns the timeout as Python's `gettimeout` does.
    #[must_use]
    pub const fn timeout(self) -> Option<Duration> {
        match self {
            Self::Blocking => None,
            Self::NonBlocking => Some(Duration::ZERO),
            Self::Timeout(timeout) => Some(timeout),
        }
    }
}

/// The mode of sockets that are opened from now on.
static DEFAULT: Mutex<Mode> = Mutex::new(Mode::Blocking);

/// Returns the mode that new sockets begin in: Python's `getdefaulttimeout`.
#[must_use]
pub fn default_mode() -> Mode {
    *DEFAULT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets the mode that new sockets begin in: Python's `setdefaulttimeout`.
pub fn set_default_mode(mode: Mode) {
    *DEFAULT.lock().unwrap_or_else(PoisonError::into_inner) = mode;
}

/// A point in time by which something must be done, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    at: Option<Instant>,
    budget: Duration,
}

impl Deadline {
    /// Never passes.
    pub const NEVER: Self = Self { at: None, budget: Duration::MAX };

    /// Passes `budget` from now.
    #[must_use]
    pub fn after(budget: Duration) -> Self {
        Self { at: Instant::now().checked_add(budget), budget }
    }

    /// Passes `budget` from now, or never.
    #[must_use]
    pub fn after_if(budget: Option<Duration>) -> Self {
        budget.map_or(Self::NEVER, Self::after)
    }

    /// Returns how long there is, `None` for ever, zero when it has passed.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.at.map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Tells whether it has passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.remaining() == Some(Duration::ZERO)
    }

    /// Returns the budget it began with.
    #[must_use]
    pub const fn budget(&self) -> Duration {
        self.budget
    }

    /// Returns the earlier of two.
    #[must_use]
    pub fn sooner(self, other: Self) -> Self {
        match (self.at, other.at) {
            (Some(a), Some(b)) if b < a => other,
            (None, Some(_)) => other,
            _ => self,
        }
    }
}

/// Fails when a caught signal has arrived; else the call that got EINTR is to be tried again.
pub(crate) fn check_interrupt(op: Op) -> Result<()> {
    match sys::signal::arrived() {
        Some(signal) => Err(Error::because(op, Cause::Interrupted(signal))),
        None => Ok(()),
    }
}

/// Waits until something happens on one of `fds`, returns how many are ready: 0 when the deadline has passed.
///
/// A signal caught by [`signal::catch_interrupts`](sys::signal::catch_interrupts) ends the wait too. Source: poll(2).
///
/// # Errors
/// An interruption; `EINVAL` above the descriptor limit.
pub fn wait_any(fds: &mut Vec<PollFd>, deadline: Deadline) -> Result<usize> {
    wait_as(Op::Poll, fds, deadline)
}

/// Waits as [`wait_any`], and lets no signal that was caught end it: for what is still to be done after one, such as to
/// write what was received before. Source: poll(2).
///
/// # Errors
/// `EINVAL` above the descriptor limit.
pub fn wait_through(fds: &mut [PollFd], deadline: Deadline) -> Result<usize> {
    loop {
        match wait::poll(fds, deadline.remaining()) {
            Err(Errno::EINTR) => {}
            waited => return waited.map_err(|errno| Error::new(Op::Poll, errno)),
        }
    }
}

fn wait_as(op: Op, fds: &mut Vec<PollFd>, deadline: Deadline) -> Result<usize> {
    let asked = fds.len();
    fds.extend(sys::signal::wake().map(|wake| PollFd::new(wake, c::POLLIN)));
    let waited = poll_until(op, fds, deadline);
    fds.truncate(asked);
    waited?;
    // A signal from before this wait has woken it at once; what is ready is in the list all the same.
    check_interrupt(op)?;
    Ok(fds.iter().filter(|fd| fd.revents() != 0).count())
}

fn poll_until(op: Op, fds: &mut [PollFd], deadline: Deadline) -> Result<()> {
    loop {
        match wait::poll(fds, deadline.remaining()) {
            Ok(_) => return Ok(()),
            Err(Errno::EINTR) => check_interrupt(op)?,
            Err(errno) => return Err(Error::new(op, errno)),
        }
    }
}

/// Waits so long and for nothing but a caught signal, which ends it. Source: poll(2).
pub(crate) fn pause(op: Op, time: Duration) -> Result<()> {
    wait_as(op, &mut Vec::new(), Deadline::after(time)).map(drop)
}

/// Waits before a call that blocks, if signals are caught: the call itself would sleep through one that came just before
/// it. Without [`catch_interrupts`](sys::signal::catch_interrupts) it does nothing. Source: poll(2).
pub(crate) fn wait_before(op: Op, fd: BorrowedFd<'_>, events: i16) -> Result<()> {
    if sys::signal::wake().is_some() { wait_for(op, fd, events, Deadline::NEVER) } else { Ok(()) }
}

/// Waits for `events` on one descriptor until the deadline.
pub(crate) fn wait_for(op: Op, fd: BorrowedFd<'_>, events: i16, deadline: Deadline) -> Result<()> {
    match wait_as(op, &mut vec![PollFd::new(fd, events)], deadline)? {
        0 => Err(Error::because(op, Cause::TimedOut(deadline.budget()))),
        _ => Ok(()),
    }
}

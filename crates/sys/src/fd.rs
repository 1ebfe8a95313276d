//! An owned file descriptor that is closed through the door, so that a trace shows the close too.
//!
//! `std::os::fd::OwnedFd` would call close(2) unseen.

use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

use crate::door::{self, Value, pass};
use crate::{Errno, Op, rehearsal};

/// An open file descriptor; dropping it is close(2).
#[derive(Debug)]
pub struct Fd {
    raw: RawFd,
}

impl Fd {
    /// Takes ownership of a descriptor that a system call just returned.
    pub(crate) const fn new(raw: RawFd) -> Self {
        Self { raw }
    }

    /// Closes the descriptor and says how that went. Source: close(2): after an error it is closed all the same.
    ///
    /// # Errors
    /// `EIO`, `ENOSPC`, `EDQUOT` where delayed writes failed.
    pub fn close(self) -> Result<(), Errno> {
        let raw = ManuallyDrop::new(self).raw;
        close(raw)
    }
}

/// Borrows standard input.
#[must_use]
pub fn stdin() -> BorrowedFd<'static> {
    standard(0)
}

/// Borrows standard output.
#[must_use]
pub fn stdout() -> BorrowedFd<'static> {
    standard(1)
}

/// Borrows standard error.
#[must_use]
pub fn stderr() -> BorrowedFd<'static> {
    standard(2)
}

fn standard(raw: RawFd) -> BorrowedFd<'static> {
    // SAFETY: Rust's runtime opens /dev/null for a standard stream that was closed at the start, and nothing of ours
    // owns or closes one.
    unsafe { BorrowedFd::borrow_raw(raw) }
}

/// The call itself, shared by [`Fd::close`] and `Drop`.
fn close(raw: RawFd) -> Result<(), Errno> {
    // SAFETY: the caller owns `raw` and gives it up here; no pointer is passed.
    let closed = pass!(Op::Close, SYS_close(raw), on raw, rehearsed Ok(0), |_result| [fd: Value::Fd(raw)]);
    if door::is_watched() {
        rehearsal::closed(raw);
    }
    closed.map(drop)
}

impl Drop for Fd {
    fn drop(&mut self) {
        // A close that fails has closed the descriptor (close(2)); a drop has nobody to tell.
        let _ = close(self.raw);
    }
}

impl AsRawFd for Fd {
    fn as_raw_fd(&self) -> RawFd {
        self.raw
    }
}

impl AsFd for Fd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: the descriptor stays open as long as `self`, which the lifetime says, and is never -1.
        unsafe { BorrowedFd::borrow_raw(self.raw) }
    }
}

impl IntoRawFd for Fd {
    fn into_raw_fd(self) -> RawFd {
        ManuallyDrop::new(self).raw
    }
}

impl FromRawFd for Fd {
    unsafe fn from_raw_fd(raw: RawFd) -> Self {
        Self { raw }
    }
}

impl From<OwnedFd> for Fd {
    fn from(owned: OwnedFd) -> Self {
        Self { raw: owned.into_raw_fd() }
    }
}

impl From<Fd> for OwnedFd {
    fn from(fd: Fd) -> Self {
        // SAFETY: `into_raw_fd` gives up an open descriptor that nobody else owns.
        unsafe { Self::from_raw_fd(fd.into_raw_fd()) }
    }
}

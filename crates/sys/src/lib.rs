//! The ground floor: system calls, and the one door through which each of them passes.
//!
//! This crate knows numbers and file descriptors. It has no words for users, no protocols and no policy: a function
//! here is one system call, tried once, with its errno handed back. What the numbers mean is said one floor up, in
//! `jackfield-sock`.
//!
//! Every call goes through [`door`]: when nobody watches, that costs one relaxed load; when somebody does, it becomes
//! an [`Event`](door::Event) with arguments, result and duration. So a trace is complete by construction.
//!
//! All `unsafe` code and all of `libc` live in this crate.
//!
//! ```
//! use std::os::fd::AsFd;
//! use jackfield_sys::{c, socket};
//!
//! let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_STREAM, 0)?;
//! socket::send(left.as_fd(), b"hello", 0)?;
//! let mut room = [0; 16];
//! assert_eq!(socket::recv(right.as_fd(), &mut room, 0)?, 5);
//! # Ok::<(), jackfield_sys::Errno>(())
//! ```

#![allow(unsafe_code, reason = "the one crate that talks to the kernel; every block says why it is sound")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::unnecessary_cast,
    reason = "the kernel's own argument types meet ours here; each value is a descriptor, a length or a flag word"
)]

#[cfg(not(target_os = "linux"))]
compile_error!(
    "Jackfield runs on Linux 5.10 or newer: its jobs use packet sockets, epoll and the error queue."
);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("Jackfield runs on x86_64 and aarch64 Linux.");

pub mod c;
pub mod cap;
pub mod door;
pub mod file;
pub mod filter;
pub mod inherited;
pub mod link;
pub mod message;
pub mod names;
pub mod option;
pub mod process;
pub mod question;
pub mod rehearsal;
pub mod rights;
pub mod signal;
pub mod socket;
pub mod terminal;
pub mod wait;

mod address;
mod errno;
mod fd;
mod op;
mod pointers;

pub use address::{Address, LinkAddress, UnixAddress};
pub use errno::Errno;
pub use fd::{Fd, stderr, stdin, stdout};
pub use op::Op;

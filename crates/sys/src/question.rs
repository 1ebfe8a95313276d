//! What an observer may ask about a descriptor of which an event only told the number.
//!
//! The number is not owned and not borrowed: at worst its owner has closed it since, and the question fails with `EBADF`
//! or is about a newer file. So these are fixed questions, which change nothing; no descriptor is handed out.

use std::os::fd::{BorrowedFd, RawFd};

use crate::file::{self, Queue};
use crate::{Errno, c, socket};

/// Reads the start of `struct tcp_info` into `info`; returns how much of it the kernel wrote. Source: tcp(7), `TCP_INFO`.
///
/// # Errors
/// `EBADF`, `ENOTSOCK`, `EOPNOTSUPP` where there is no TCP socket.
pub fn tcp_info(raw: RawFd, info: &mut [u8]) -> Result<usize, Errno> {
    lend(raw, |fd| socket::getsockopt(fd, c::SOL_TCP, c::TCP_INFO, info))
}

/// Asks how many bytes wait in a queue. Source: tcp(7), udp(7), unix(7).
///
/// # Errors
/// `EBADF` and those of [`file::queued`].
pub fn queued(raw: RawFd, queue: Queue) -> Result<i32, Errno> {
    lend(raw, |fd| file::queued(fd, queue))
}

fn lend<R>(raw: RawFd, ask: impl FnOnce(BorrowedFd<'_>) -> Result<R, Errno>) -> Result<R, Errno> {
    if raw < 0 {
        return Err(Errno::EBADF);
    }
    // SAFETY: -1, the one value that a `BorrowedFd` must not have, is kept out, and the borrow ends with the question,
    // which neither keeps nor changes anything. A number that is closed makes the call fail and endangers no memory.
    ask(unsafe { BorrowedFd::borrow_raw(raw) })
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsFd, AsRawFd};

    use super::*;

    #[test]
    fn questions_are_answered_by_number() {
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_STREAM, 0).unwrap();
        socket::send(left.as_fd(), b"hello", 0).unwrap();
        assert_eq!(queued(right.as_raw_fd(), Queue::Receive), Ok(5));
        assert_eq!(queued(right.as_raw_fd(), Queue::Send), Ok(0));
        assert_eq!(tcp_info(right.as_raw_fd(), &mut [0; 8]), Err(Errno::EOPNOTSUPP));
        assert_eq!(tcp_info(-1, &mut [0; 8]), Err(Errno::EBADF));
        let tcp = socket::socket(c::AF_INET, c::SOCK_STREAM, 0).unwrap();
        let mut info = [0; 8];
        assert_eq!(tcp_info(tcp.as_raw_fd(), &mut info), Ok(8));
        // TCP_CLOSE of `linux/tcp.h`.
        assert_eq!(info[0], 7);
    }
}

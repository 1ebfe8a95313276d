//! Passing open descriptors from process to process over a Unix socket, as Python's `send_fds` and `recv_fds` do.
//!
//! The receiver gets a copy, as dup(2) makes one: the same open file, another number. Source: unix(7), `SCM_RIGHTS`.

use std::io::IoSlice;
use std::os::fd::{AsRawFd, BorrowedFd};

use sys::door::{self, Value};
use sys::{Address, Fd, Op};

use crate::cmsg::{Builder, Cmsg, cmsg_len, walk};
use crate::error::Result;
use crate::socket::Socket;

/// Sends bytes and copies of descriptors, to `address` where given; returns how many bytes were taken: one sendmsg(2).
///
/// A stream passes descriptors only with at least one byte.
///
/// ```
/// use std::os::fd::AsFd;
/// use jackfield_sock::{Family, Protocol, Socket, Type, recv_fds, send_fds};
///
/// let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
/// let (here, there) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
/// send_fds(&left, b"take this", &[there.as_fd()], 0, None)?;
///
/// let (bytes, fds, _flags, _address) = recv_fds(&right, 100, 4, 0)?;
/// assert_eq!((bytes.as_slice(), fds.len()), (&b"take this"[..], 1));
/// for fd in fds {
///     Socket::from_fd(fd)?.sendall(b"through the copy", 0)?;
/// }
/// assert_eq!(here.recv(100, 0)?, b"through the copy");
/// # Ok::<(), jackfield_sock::Error>(())
/// ```
///
/// # Errors
/// `EINVAL` above 253 descriptors or on a socket that is not `AF_UNIX`, `ETOOMANYREFS`, those of [`Socket::sendmsg`].
pub fn send_fds(
    socket: &Socket,
    bytes: &[u8],
    fds: &[BorrowedFd<'_>],
    flags: i32,
    address: Option<&Address>,
) -> Result<usize> {
    let args = || {
        vec![
            ("fd", Value::Fd(socket.fileno())),
            ("buffer", Value::bytes(bytes)),
            ("fds", Value::List(fds.iter().map(|fd| Value::Fd(fd.as_raw_fd())).collect())),
        ]
    };
    let body = || {
        let control = if fds.is_empty() { Builder::new() } else { Builder::new().push_rights(fds) };
        socket.sendmsg(&[IoSlice::new(bytes)], &control.build(), flags, address)
    };
    door::compose(Op::SendFds, args, body, |sent| match sent {
        Ok(sent) => Ok(Value::len(*sent)),
        Err(error) => Err(error.traced()),
    })
}

/// Receives at most `size` bytes and `max_fds` descriptors: one recvmsg(2). Returns the bytes, the descriptors,
/// close-on-exec, the `MSG_` flags and the sender's address.
///
/// Of more than `max_fds` the kernel opens none, and `MSG_CTRUNC` is among the flags.
///
/// # Errors
/// Those of [`Socket::recv`].
pub fn recv_fds(
    socket: &Socket,
    size: usize,
    max_fds: usize,
    flags: i32,
) -> Result<(Vec<u8>, Vec<Fd>, i32, Address)> {
    let args = || {
        vec![
            ("fd", Value::Fd(socket.fileno())),
            ("length", Value::len(size)),
            ("max_fds", Value::len(max_fds)),
        ]
    };
    let body = || {
        // Not `cmsg_space`: in its padding the kernel would find room for one more.
        let room = cmsg_len(max_fds.saturating_mul(size_of::<i32>()));
        let (bytes, received) = socket.recvmsg(size, room, flags)?;
        let rights = |message| if let Cmsg::Rights(fds) = message { fds } else { Vec::new() };
        let fds: Vec<Fd> = walk(received.control).flat_map(rights).collect();
        Ok((bytes, fds, received.flags, received.address))
    };
    door::compose(Op::RecvFds, args, body, |received: &Result<(_, Vec<Fd>, _, _)>| match received {
        Ok((bytes, fds, ..)) => Ok(Value::Fields(vec![
            ("buffer", Value::bytes(bytes)),
            ("fds", Value::List(fds.iter().map(|fd| Value::Fd(fd.as_raw_fd())).collect())),
        ])),
        Err(error) => Err(error.traced()),
    })
}

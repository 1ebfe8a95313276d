//! Socket options that are more than bytes in or bytes out: one whose value is a new descriptor, which wants an owner as
//! soon as the call is back, and those whose value the kernel changes while it is set.

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::door::{Kind, NO_FD, Value, pass};
use crate::{Errno, Fd, Op, c, pointers, socket};

/// Writes a socket option whose value the kernel may change, as `IPV6_FLOWLABEL_MGR` puts the label that it chose into
/// the request. Source: setsockopt(2).
///
/// # Errors
/// Those of [`socket::setsockopt`].
pub fn setsockopt_mut(fd: BorrowedFd<'_>, level: i32, name: i32, value: &mut [u8]) -> Result<(), Errno> {
    pointers::refuse(level, name, value)?;
    let fd = fd.as_raw_fd();
    // SAFETY: the kernel reads and writes no more than the bytes of the slice, which is ours alone.
    pass!(
        Op::Setsockopt, SYS_setsockopt(fd, level, name, value.as_mut_ptr(), value.len()), on fd, rehearsed Ok(0),
        |_result| [
            fd: Value::Fd(fd), level: Value::Number(Kind::Level, level.into()),
            name: Value::Number(Kind::OptionName(level), name.into()), value: Value::bytes(value),
        ]
    )?;
    Ok(())
}

/// Opens a descriptor of the process at the other end of a Unix socket: `SO_PEERPIDFD` of unix(7), Linux 6.5. `None`
/// from a door that only rehearses.
///
/// # Errors
/// `ENODATA` without a peer, `ESRCH` when the process is gone, `ENOPROTOOPT` from an older kernel, `EMFILE`.
pub fn peer_pidfd(fd: BorrowedFd<'_>) -> Result<Option<Fd>, Errno> {
    let mut value = NO_FD.to_ne_bytes();
    socket::getsockopt(fd, c::SOL_SOCKET, c::option::SO_PEERPIDFD, &mut value)?;
    let raw = i32::from_ne_bytes(value);
    Ok((raw >= 0).then(|| Fd::new(raw)))
}

//! Socket options whose value is a new descriptor, which wants an owner as soon as the call is back.

use std::os::fd::BorrowedFd;

use crate::door::NO_FD;
use crate::{Errno, Fd, c, socket};

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

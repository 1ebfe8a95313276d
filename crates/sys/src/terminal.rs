//! The one thing to ask a terminal: how wide it is.

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::door::{Kind, Value, pass};
use crate::{Errno, Op, c};

/// Asks how many columns a terminal has; 0 when it does not know. Source: `TIOCGWINSZ` of `ioctl_tty(2)`.
///
/// # Errors
/// `ENOTTY` where the descriptor is no terminal.
pub fn columns(fd: BorrowedFd<'_>) -> Result<u16, Errno> {
    let fd = fd.as_raw_fd();
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the request makes the kernel write one `winsize`, for which there is room.
    pass!(Op::Ioctl, SYS_ioctl(fd, c::TIOCGWINSZ, &raw mut size), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), request: Value::Number(Kind::IoctlRequest, c::TIOCGWINSZ as i64),
        columns: Value::Int(size.ws_col.into()),
    ])?;
    Ok(size.ws_col)
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn what_is_no_terminal_has_no_columns() {
        let (left, _right) = crate::file::pipe(0).unwrap();
        assert_eq!(columns(left.as_fd()), Err(Errno::ENOTTY));
    }
}

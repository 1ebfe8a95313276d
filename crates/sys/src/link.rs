//! Network interfaces by name and index, through the ioctls of netdevice(7).

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::door::{Kind, Value, pass};
use crate::{Errno, Op, c};

/// The room for an interface's name, closing NUL included: `IFNAMSIZ`.
pub const NAME_ROOM: usize = libc::IFNAMSIZ;

/// `struct ifreq` as far as these requests use it: a name, then a union whose first member here is an `int`.
#[repr(C)]
struct Request {
    name: [u8; NAME_ROOM],
    index: i32,
    rest: [u8; 20],
}

/// Looks up the index of an interface; any socket serves as `fd`. Source: netdevice(7), `SIOCGIFINDEX`.
///
/// # Errors
/// `ENODEV` when there is none of that name, `EINVAL` when the name does not fit or holds a NUL.
pub fn index_of(fd: BorrowedFd<'_>, name: &[u8]) -> Result<u32, Errno> {
    if name.is_empty() || name.len() >= NAME_ROOM || name.contains(&0) {
        return Err(Errno::EINVAL);
    }
    let mut request = Request { name: [0; NAME_ROOM], index: 0, rest: [0; 20] };
    request.name.iter_mut().zip(name).for_each(|(to, from)| *to = *from);
    ask(fd, c::SIOCGIFINDEX, &mut request)?;
    Ok(request.index as u32)
}

/// Looks up the name of an interface; any socket serves as `fd`. Source: netdevice(7), `SIOCGIFNAME`.
///
/// # Errors
/// `ENODEV` when there is none with that index.
pub fn name_of(fd: BorrowedFd<'_>, index: u32) -> Result<Vec<u8>, Errno> {
    let mut request = Request { name: [0; NAME_ROOM], index: index as i32, rest: [0; 20] };
    ask(fd, c::SIOCGIFNAME, &mut request)?;
    Ok(request.name.iter().copied().take_while(|byte| *byte != 0).collect())
}

fn ask(fd: BorrowedFd<'_>, number: u64, request: &mut Request) -> Result<(), Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: `Request` is as large as `ifreq` (40 bytes) and the kernel reads and writes no more than that.
    pass!(Op::Ioctl, SYS_ioctl(fd, number, std::ptr::from_mut(request)), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), request: Value::Number(Kind::IoctlRequest, number as i64),
        name: Value::Text(request.name.escape_ascii().to_string().replace("\\x00", "")),
        index: Value::Int(request.index.into()),
    ])?;
    Ok(())
}

const _: () = assert!(size_of::<Request>() == size_of::<libc::ifreq>());

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;
    use crate::{c, socket};

    #[test]
    fn loopback_is_found_both_ways() {
        let any = socket::socket(c::AF_INET, c::SOCK_DGRAM | c::SOCK_CLOEXEC, 0).unwrap();
        let index = index_of(any.as_fd(), b"lo").unwrap();
        assert_eq!(name_of(any.as_fd(), index).unwrap(), b"lo");
        assert_eq!(index_of(any.as_fd(), b"no-such-if"), Err(Errno::ENODEV));
        assert_eq!(index_of(any.as_fd(), b"longer-than-a-name"), Err(Errno::EINVAL));
    }
}

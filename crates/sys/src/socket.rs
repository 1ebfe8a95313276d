//! The Berkeley socket calls, one function for each system call.
//!
//! The names are the manual's; where the kernel has a wider call under another name (`recv` is recvfrom(2) without an
//! address), the event says both.

use std::os::fd::{AsRawFd, BorrowedFd};

use crate::address::RawAddress;
use crate::door::{Kind, NO_FD, Value, pass};
use crate::rehearsal::{self, made_up_bytes, made_up_connection, made_up_fd, made_up_peer, made_up_socket};
use crate::{Address, Errno, Fd, Op, c, pointers};

/// Opens a socket. Source: socket(2). `kind` is `SOCK_…` with its flags.
///
/// # Errors
/// `EPERM`/`EACCES` without the privilege that the family or type takes, `EAFNOSUPPORT`, `EPROTONOSUPPORT`, `EMFILE`.
pub fn socket(family: i32, kind: i32, protocol: i32) -> Result<Fd, Errno> {
    // SAFETY: no pointer is passed; the new descriptor is ours.
    let fd = pass!(Op::Socket, SYS_socket(family, kind, protocol), on NO_FD, rehearsed made_up_socket(family, kind), |_result| [
        family: Value::Number(Kind::Family, family.into()),
        r#type: Value::Number(Kind::SocketType, kind.into()),
        protocol: Value::Number(Kind::Protocol(family), protocol.into()),
    ])?;
    Ok(Fd::new(fd as i32))
}

/// Opens two connected sockets. Source: socketpair(2).
///
/// # Errors
/// `EOPNOTSUPP` where the family cannot (all but `AF_UNIX`), `EMFILE`.
pub fn socketpair(family: i32, kind: i32, protocol: i32) -> Result<(Fd, Fd), Errno> {
    let mut pair = [NO_FD; 2];
    if rehearsal::rehearsing() {
        pair = [made_up_fd()? as i32, made_up_fd()? as i32];
    }
    // SAFETY: `pair` has room for the two descriptors that the kernel writes, and outlives the call.
    pass!(Op::Socketpair, SYS_socketpair(family, kind, protocol, pair.as_mut_ptr()), on NO_FD, rehearsed Ok(0), |_result| [
        family: Value::Number(Kind::Family, family.into()),
        r#type: Value::Number(Kind::SocketType, kind.into()),
        protocol: Value::Number(Kind::Protocol(family), protocol.into()),
        pair: Value::List(pair.iter().map(|fd| Value::Fd(*fd)).collect()),
    ])?;
    Ok((Fd::new(pair[0]), Fd::new(pair[1])))
}

/// Gives a socket its local address. Source: bind(2).
///
/// # Errors
/// `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES` (a port below `ip_unprivileged_port_start`), what [`Address::encode`] says.
pub fn bind(fd: BorrowedFd<'_>, address: &Address) -> Result<(), Errno> {
    let (fd, raw) = (fd.as_raw_fd(), address.to_raw()?);
    // SAFETY: `raw.bytes` holds `raw.len` bytes, which the kernel only reads.
    pass!(Op::Bind, SYS_bind(fd, raw.bytes.as_ptr(), raw.len), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), address: Value::Address(address.clone()),
    ])?;
    Ok(())
}

/// Makes a socket one that accepts connections. Source: listen(2).
///
/// # Errors
/// `EADDRINUSE`, `EOPNOTSUPP` on a datagram socket.
pub fn listen(fd: BorrowedFd<'_>, backlog: i32) -> Result<(), Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: no pointer is passed.
    pass!(Op::Listen, SYS_listen(fd, backlog), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), backlog: Value::Int(backlog.into()),
    ])?;
    Ok(())
}

/// Takes the next connection from the queue, with the peer's address. Source: accept4(2).
///
/// # Errors
/// `EAGAIN` when non-blocking and nobody waits, `ECONNABORTED`, `EMFILE`, `ENFILE`, `EINTR`.
pub fn accept4(fd: BorrowedFd<'_>, flags: i32) -> Result<(Fd, Address), Errno> {
    let (fd, mut raw) = (fd.as_raw_fd(), RawAddress::room());
    if rehearsal::rehearsing() {
        raw.len = 0;
    }
    // SAFETY: `raw.bytes` has room for `raw.len` bytes; the kernel writes both and no more.
    let accepted = pass!(
        Op::Accept, SYS_accept4(fd, raw.bytes.as_mut_ptr(), &raw mut raw.len, flags), on fd, rehearsed made_up_peer(fd),
        |result| [
            fd: Value::Fd(fd),
            address: result.map_or(Value::Null, |_| Value::Address(raw.decode())),
            flags: Value::Number(Kind::SocketType, flags.into()),
        ]
    )?;
    Ok((Fd::new(accepted as i32), raw.decode()))
}

/// Connects to a peer, or begins to. Source: connect(2).
///
/// # Errors
/// `EINPROGRESS` when non-blocking, `ECONNREFUSED`, `ETIMEDOUT`, `ENETUNREACH`, `EHOSTUNREACH`, `EACCES`, `EINTR` …
pub fn connect(fd: BorrowedFd<'_>, address: &Address) -> Result<(), Errno> {
    let (fd, raw) = (fd.as_raw_fd(), address.to_raw()?);
    // SAFETY: `raw.bytes` holds `raw.len` bytes, which the kernel only reads.
    pass!(Op::Connect, SYS_connect(fd, raw.bytes.as_ptr(), raw.len), on fd, rehearsed made_up_connection(fd), |_result| [
        fd: Value::Fd(fd), address: Value::Address(address.clone()),
    ])?;
    Ok(())
}

/// Ends one or both directions of a connection. Source: shutdown(2).
///
/// # Errors
/// `ENOTCONN`.
pub fn shutdown(fd: BorrowedFd<'_>, how: i32) -> Result<(), Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: no pointer is passed.
    pass!(Op::Shutdown, SYS_shutdown(fd, how), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), how: Value::Number(Kind::How, how.into()),
    ])?;
    Ok(())
}

/// Reads the local address. Source: getsockname(2).
///
/// # Errors
/// `ENOTSOCK`, `EBADF`.
pub fn getsockname(fd: BorrowedFd<'_>) -> Result<Address, Errno> {
    let (fd, mut raw) = (fd.as_raw_fd(), RawAddress::room());
    if rehearsal::rehearsing() {
        raw.len = 0;
    }
    // SAFETY: `raw.bytes` has room for `raw.len` bytes; the kernel writes both and no more.
    pass!(Op::Getsockname, SYS_getsockname(fd, raw.bytes.as_mut_ptr(), &raw mut raw.len), on fd, rehearsed Ok(0), |result| [
        fd: Value::Fd(fd), address: result.map_or(Value::Null, |_| Value::Address(raw.decode())),
    ])?;
    Ok(raw.decode())
}

/// Reads the peer's address. Source: getpeername(2).
///
/// # Errors
/// `ENOTCONN`, `ENOTSOCK`, `EBADF`.
pub fn getpeername(fd: BorrowedFd<'_>) -> Result<Address, Errno> {
    let (fd, mut raw) = (fd.as_raw_fd(), RawAddress::room());
    if rehearsal::rehearsing() {
        raw.len = 0;
    }
    // SAFETY: `raw.bytes` has room for `raw.len` bytes; the kernel writes both and no more.
    pass!(Op::Getpeername, SYS_getpeername(fd, raw.bytes.as_mut_ptr(), &raw mut raw.len), on fd, rehearsed Ok(0), |result| [
        fd: Value::Fd(fd), address: result.map_or(Value::Null, |_| Value::Address(raw.decode())),
    ])?;
    Ok(raw.decode())
}

/// Sends bytes to the connected peer; returns how many were taken. Source: send(2).
///
/// # Errors
/// `EPIPE`, `ECONNRESET`, `EAGAIN`, `EMSGSIZE`, `ENOTCONN`, `EINTR` …
pub fn send(fd: BorrowedFd<'_>, bytes: &[u8], flags: i32) -> Result<usize, Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: the kernel only reads the bytes of the slice; a NULL address of length 0 is "the connected peer".
    let sent = pass!(
        Op::Send, SYS_sendto(fd, bytes.as_ptr(), bytes.len(), flags, 0usize, 0usize), on fd, rehearsed Ok(bytes.len() as i64),
        |_result| [
            fd: Value::Fd(fd), buffer: Value::bytes(bytes), length: Value::len(bytes.len()),
            flags: Value::Number(Kind::MessageFlags, flags.into()),
        ]
    )?;
    Ok(sent as usize)
}

/// Sends bytes to `address`; returns how many were taken. Source: sendto(2).
///
/// # Errors
/// `EMSGSIZE`, `EDESTADDRREQ`, `ENETUNREACH`, `EACCES` (broadcast), `ECONNREFUSED` (an earlier datagram's ICMP) …
pub fn sendto(fd: BorrowedFd<'_>, bytes: &[u8], flags: i32, address: &Address) -> Result<usize, Errno> {
    let (fd, raw) = (fd.as_raw_fd(), address.to_raw()?);
    // SAFETY: the kernel only reads the slice's bytes and the `raw.len` bytes of the address.
    let sent = pass!(
        Op::Sendto, SYS_sendto(fd, bytes.as_ptr(), bytes.len(), flags, raw.bytes.as_ptr(), raw.len),
        on fd, rehearsed Ok(bytes.len() as i64),
        |_result| [
            fd: Value::Fd(fd), buffer: Value::bytes(bytes), length: Value::len(bytes.len()),
            flags: Value::Number(Kind::MessageFlags, flags.into()), address: Value::Address(address.clone()),
        ]
    )?;
    Ok(sent as usize)
}

/// Receives bytes into `buffer`; 0 from a stream is its end. Source: recv(2).
///
/// With `MSG_TRUNC` on a datagram socket the result may be larger than the buffer: the datagram's real length.
///
/// # Errors
/// `EAGAIN`, `ECONNRESET`, `ECONNREFUSED`, `ENOTCONN`, `EINTR` …
pub fn recv(fd: BorrowedFd<'_>, buffer: &mut [u8], flags: i32) -> Result<usize, Errno> {
    let fd = fd.as_raw_fd();
    // SAFETY: the kernel writes at most `buffer.len()` bytes into the slice; no address is asked for.
    let got = pass!(
        Op::Recv, SYS_recvfrom(fd, buffer.as_mut_ptr(), buffer.len(), flags, 0usize, 0usize), on fd, rehearsed made_up_bytes(fd, buffer.len()),
        |result| [
            fd: Value::Fd(fd), buffer: Value::filled(buffer, &result), length: Value::len(buffer.len()),
            flags: Value::Number(Kind::MessageFlags, flags.into()),
        ]
    )?;
    Ok(got as usize)
}

/// Receives bytes and the sender's address, [`Address::Unspecified`] on a stream. Source: recvfrom(2).
///
/// # Errors
/// Those of [`recv`].
pub fn recvfrom(fd: BorrowedFd<'_>, buffer: &mut [u8], flags: i32) -> Result<(usize, Address), Errno> {
    let (fd, mut raw) = (fd.as_raw_fd(), RawAddress::room());
    if rehearsal::rehearsing() {
        raw.len = 0;
    }
    // SAFETY: the kernel writes at most `buffer.len()` bytes into the slice, at most `raw.len` into the address.
    let got = pass!(
        Op::Recvfrom,
        SYS_recvfrom(fd, buffer.as_mut_ptr(), buffer.len(), flags, raw.bytes.as_mut_ptr(), &raw mut raw.len),
        on fd, rehearsed made_up_bytes(fd, buffer.len()),
        |result| [
            fd: Value::Fd(fd), buffer: Value::filled(buffer, &result), length: Value::len(buffer.len()),
            flags: Value::Number(Kind::MessageFlags, flags.into()),
            address: result.map_or(Value::Null, |_| Value::Address(raw.decode())),
        ]
    )?;
    Ok((got as usize, raw.decode()))
}

/// Reads a socket option into `value`; returns the length that the kernel wrote. Source: getsockopt(2).
///
/// # Errors
/// `ENOPROTOOPT`, `EINVAL`, `EPERM`, `EOPNOTSUPP`: also for a value that could hold an address for the
/// kernel to write to: of an option that is not known here, any of 8 bytes or more that is not all zeros.
pub fn getsockopt(fd: BorrowedFd<'_>, level: i32, name: i32, value: &mut [u8]) -> Result<usize, Errno> {
    pointers::refuse(level, name, value)?;
    // One option counts its room in BPF instructions of 8 bytes (`sk_get_filter` of the kernel) and not in bytes.
    let unit = if (level, name) == (c::SOL_SOCKET, c::option::SO_GET_FILTER) { 8 } else { 1 };
    let (fd, mut len) = (fd.as_raw_fd(), (value.len() / unit) as u32);
    if unit > 1 && len == 0 {
        // To the kernel that is the question how long the filter is, which `filter::attached` asks.
        return Err(Errno::EINVAL);
    }
    // SAFETY: the kernel writes at most `len` units into the slice, and the length it used into `len`.
    pass!(
        Op::Getsockopt, SYS_getsockopt(fd, level, name, value.as_mut_ptr(), &raw mut len), on fd, rehearsed Ok(0),
        |result| [
            fd: Value::Fd(fd), level: Value::Number(Kind::Level, level.into()),
            name: Value::Number(Kind::OptionName(level), name.into()),
            value: result.map_or(Value::Null, |_| option_value(value, len as usize * unit)),
        ]
    )?;
    Ok(len as usize * unit)
}

/// Writes a socket option. Source: setsockopt(2).
///
/// # Errors
/// `ENOPROTOOPT`, `EINVAL`, `EPERM`, `EDOM`, `EOPNOTSUPP`: also for a value as at [`getsockopt`].
pub fn setsockopt(fd: BorrowedFd<'_>, level: i32, name: i32, value: &[u8]) -> Result<(), Errno> {
    pointers::refuse(level, name, value)?;
    if (level, name) == (c::SOL_IPV6, c::option::IPV6_FLOWLABEL_MGR) {
        // The one option whose value the kernel may write to: it gets a copy.
        return crate::option::setsockopt_mut(fd, level, name, &mut value.to_vec());
    }
    let fd = fd.as_raw_fd();
    // SAFETY: the kernel only reads the bytes of the slice.
    pass!(Op::Setsockopt, SYS_setsockopt(fd, level, name, value.as_ptr(), value.len()), on fd, rehearsed Ok(0), |_result| [
        fd: Value::Fd(fd), level: Value::Number(Kind::Level, level.into()),
        name: Value::Number(Kind::OptionName(level), name.into()),
        value: option_value(value, value.len()),
    ])?;
    Ok(())
}

/// Most options are one `int`; the others are shown as bytes.
fn option_value(value: &[u8], len: usize) -> Value {
    let value = value.get(..len).unwrap_or(value);
    match <[u8; 4]>::try_from(value) {
        Ok(int) => Value::Int(i32::from_ne_bytes(int).into()),
        Err(_) => Value::bytes(value),
    }
}

/// Receives a socket's pending error and clears it: `SO_ERROR` of socket(7), `None` when there is none.
///
/// # Errors
/// Those of [`getsockopt`].
pub fn take_error(fd: BorrowedFd<'_>) -> Result<Option<Errno>, Errno> {
    let mut value = [0; 4];
    getsockopt(fd, c::SOL_SOCKET, c::SO_ERROR, &mut value)?;
    Ok(match i32::from_ne_bytes(value) {
        0 => None,
        errno => Some(Errno(errno)),
    })
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;
    use crate::filter::{self, Instruction};

    #[test]
    fn a_filter_is_read_in_whole_instructions_and_no_further() {
        let (left, _right) = socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
        // BPF_RET | BPF_K: take 100 bytes of every packet.
        let program = [Instruction { code: 0x06, jt: 0, jf: 0, k: 100 }; 3];
        filter::attach(left.as_fd(), c::SOL_SOCKET, c::option::SO_ATTACH_FILTER, &program).unwrap();
        let mut room = [0xaa; 40];
        let read = |room: &mut [u8]| getsockopt(left.as_fd(), c::SOL_SOCKET, c::option::SO_GET_FILTER, room);
        assert_eq!(read(&mut room[..7]), Err(Errno::EINVAL));
        assert_eq!(read(&mut room[..16]), Err(Errno::EINVAL), "three instructions do not fit into two");
        assert_eq!(room, [0xaa; 40]);
        assert_eq!(read(&mut room[..32]), Ok(24));
        assert_eq!(room[24..], [0xaa; 16]);
    }
}

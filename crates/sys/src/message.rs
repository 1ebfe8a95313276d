//! sendmsg(2) and recvmsg(2): several buffers, an address and control bytes in one call.
//!
//! Control bytes are bytes here, but for the descriptors in what was received, which [`Control`] owns. Building control
//! messages and reading them is the work of `jackfield-sock`'s `cmsg`, which needs no pointer for it; [`HEADER_LEN`] and
//! [`align`] are the layout that both share. Source: cmsg(3).

use std::fmt;
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd};

use crate::address::RawAddress;
use crate::door::{Kind, Value, pass};
use crate::rehearsal::{self, made_up_bytes};
use crate::rights::Control;
use crate::{Address, Errno, Op, names, pointers};

/// The size of a control message's header: a `size_t` and two `int`s.
pub const HEADER_LEN: usize = size_of::<libc::cmsghdr>();

/// Rounds a length up to where the next control message begins, `CMSG_ALIGN` of cmsg(3).
#[must_use]
pub const fn align(len: usize) -> usize {
    len.next_multiple_of(size_of::<usize>())
}

/// Sends buffers, with an address and control bytes where given; returns how many bytes were taken.
///
/// # Errors
/// Those of send(2); `EINVAL` for control bytes that the kernel cannot parse, `EPERM` for credentials not one's own,
/// `EOPNOTSUPP` for control messages that name memory (those of `linux/rds.h`).
pub fn sendmsg(
    fd: BorrowedFd<'_>,
    buffers: &[IoSlice<'_>],
    control: &[u8],
    flags: i32,
    address: Option<&Address>,
) -> Result<usize, Errno> {
    pointers::refuse_control(control)?;
    let fd = fd.as_raw_fd();
    let mut raw = address.map(Address::to_raw).transpose()?;
    // The kernel wants the header aligned as a `size_t`; a `Vec<u64>` is.
    let aligned = to_words(control);
    let mut header = empty_header();
    if let Some(raw) = &mut raw {
        header.msg_name = raw.bytes.as_mut_ptr().cast();
        header.msg_namelen = raw.len;
    }
    header.msg_iov = buffers.as_ptr().cast_mut().cast();
    header.msg_iovlen = buffers.len() as _;
    if !control.is_empty() {
        header.msg_control = aligned.as_ptr().cast_mut().cast();
        header.msg_controllen = control.len() as _;
    }
    let total: usize = buffers.iter().map(|b| b.len()).sum();
    // SAFETY: the header points to the address, the buffers (`IoSlice` is ABI-compatible with `iovec`) and the control
    // bytes, all alive during the call; the kernel only reads them.
    let sent = pass!(
        Op::Sendmsg, SYS_sendmsg(fd, &raw const header, flags), on fd, rehearsed Ok(total as i64),
        |_result| [
            fd: Value::Fd(fd),
            buffers: Value::List(buffers.iter().map(|b| Value::bytes(b)).collect()),
            control: Value::bytes(control),
            flags: Value::Number(Kind::MessageFlags, flags.into()),
            address: address.map_or(Value::Null, |address| Value::Address(address.clone())),
        ]
    )?;
    Ok(sent as usize)
}

/// What [`recvmsg`] received beside the bytes.
pub struct Received {
    /// How many bytes were received; more than there was room for with `MSG_TRUNC` among the flags asked.
    pub len: usize,
    /// The control bytes, whole messages but for the last when `MSG_CTRUNC` is set. Dropping them closes the
    /// descriptors that nobody took out.
    pub control: Control,
    /// `MSG_TRUNC`, `MSG_CTRUNC`, `MSG_EOR`, `MSG_ERRQUEUE` …
    pub flags: i32,
    /// Who sent it; [`Address::Unspecified`] on a stream.
    pub address: Address,
}

impl fmt::Debug for Received {
    /// Writes the flags by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("len", &self.len)
            .field("control", &self.control)
            .field("flags", &format_args!("{}", names::flags(names::MESSAGE_FLAGS, self.flags.into())))
            .field("address", &self.address)
            .finish()
    }
}

/// Receives into buffers, with at most `control_room` control bytes.
///
/// # Errors
/// Those of recv(2).
pub fn recvmsg(
    fd: BorrowedFd<'_>,
    buffers: &mut [IoSliceMut<'_>],
    control_room: usize,
    flags: i32,
) -> Result<Received, Errno> {
    let fd = fd.as_raw_fd();
    let mut raw = RawAddress::room();
    // No message of the kernel's comes near this; what a caller asks beyond it would only be memory.
    let control_room = control_room.min(1 << 20);
    let mut control = vec![0u64; control_room.div_ceil(8)];
    let mut header = empty_header();
    header.msg_name = raw.bytes.as_mut_ptr().cast();
    header.msg_namelen = if rehearsal::rehearsing() { 0 } else { raw.len };
    header.msg_iov = buffers.as_mut_ptr().cast();
    header.msg_iovlen = buffers.len() as _;
    if control_room > 0 && !rehearsal::rehearsing() {
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = control_room as _;
    }
    // SAFETY: the header points to room for an address, to the buffers (`IoSliceMut` is ABI-compatible with `iovec`)
    // and to room for control bytes, each with its length, all alive during the call.
    let got = pass!(Op::Recvmsg, SYS_recvmsg(fd, &raw mut header, flags), on fd, rehearsed made_up_bytes(fd, buffers.iter().map(|b| b.len()).sum()), |result| [
        fd: Value::Fd(fd),
        buffers: Value::List(filled(buffers, result.unwrap_or(0) as usize)),
        control_length: Value::len(header.msg_controllen as usize),
        flags: Value::Number(Kind::MessageFlags, flags.into()),
        flags_out: Value::Number(Kind::MessageFlags, header.msg_flags.into()),
        address: result.map_or(Value::Null, |_| {
            raw.len = header.msg_namelen;
            Value::Address(raw.decode())
        }),
    ])?;
    raw.len = header.msg_namelen;
    Ok(Received {
        len: got as usize,
        control: Control::received(to_bytes(&control, header.msg_controllen as usize)),
        flags: header.msg_flags,
        address: raw.decode(),
    })
}

fn empty_header() -> libc::msghdr {
    // SAFETY: all-zero bytes are a valid `msghdr`: NULL pointers with length 0 (musl's has private padding, so it
    // cannot be written as a literal).
    unsafe { std::mem::zeroed() }
}

fn to_words(bytes: &[u8]) -> Vec<u64> {
    bytes
        .chunks(8)
        .map(|chunk| {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            u64::from_ne_bytes(word)
        })
        .collect()
}

fn to_bytes(words: &[u64], len: usize) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_ne_bytes()).take(len).collect()
}

/// Cuts what was received into the pieces that each buffer holds.
pub(crate) fn filled(buffers: &[IoSliceMut<'_>], mut len: usize) -> Vec<Value> {
    let mut shown = Vec::new();
    for buffer in buffers {
        let here = len.min(buffer.len());
        shown.push(Value::bytes(buffer.get(..here).unwrap_or_default()));
        len -= here;
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;
    use crate::{c, socket};

    #[test]
    fn several_buffers_arrive_as_one_message() {
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
        let sent = sendmsg(left.as_fd(), &[IoSlice::new(b"ab"), IoSlice::new(b"cde")], &[], 0, None);
        assert_eq!(sent, Ok(5));
        let (mut first, mut second) = ([0; 3], [0; 8]);
        let mut room = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        let got = recvmsg(right.as_fd(), &mut room, 64, 0).unwrap();
        assert_eq!((got.len, got.flags), (5, 0));
        assert_eq!((&first, &second[..2]), (b"abc", &b"de"[..]));
    }

    #[test]
    fn debug_names_the_flags() {
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
        socket::send(left.as_fd(), b"abc", 0).unwrap();
        let got = recvmsg(right.as_fd(), &mut [IoSliceMut::new(&mut [0])], 0, 0).unwrap();
        assert_eq!(
            format!("{got:?}"),
            "Received { len: 1, control: Control { bytes: [], rights: [] }, flags: MSG_TRUNC, address: unspecified }"
        );
    }
}

//! Control messages as recvmsg(2) gave them, and the descriptors that came with them.
//!
//! A descriptor in a control message is a bare number that the receiver now owns: who forgets it leaks it, who takes it
//! twice closes somebody else's. So [`Control`] can only be made by recvmsg, turns each number into one [`Fd`] at once,
//! and closes what nobody takes. The bytes stay readable: a number in them says something and owns nothing.
//! Source: cmsg(3), unix(7).

use crate::message::{HEADER_LEN, align};
use crate::{Fd, c};

/// One control message, its data still bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The protocol that it is about, `SOL_…`.
    pub level: i32,
    /// What it is on that level, such as `SCM_RIGHTS`.
    pub kind: i32,
    /// What it says; shorter than its header promised when the bytes end before.
    pub data: &'a [u8],
}

impl Message<'_> {
    /// Lists the numbers in it that recvmsg(2) makes descriptors of the receiver; none for any other message.
    pub fn descriptors(&self) -> impl Iterator<Item = i32> {
        let carries = matches!((self.level, self.kind), (c::SOL_SOCKET, c::SCM_RIGHTS | c::SCM_PIDFD));
        let data = if carries { self.data } else { &[] };
        // The kernel writes a negative errno where it could open no descriptor.
        data.as_chunks().0.iter().map(|number| i32::from_ne_bytes(*number)).filter(|number| *number >= 0)
    }
}

/// Walks the control messages in `bytes`, whatever they are: ends where a header makes no sense.
#[must_use]
pub const fn messages(bytes: &[u8]) -> Messages<'_> {
    Messages { rest: bytes }
}

/// The iterator of [`messages`].
#[derive(Clone, Debug)]
pub struct Messages<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Messages<'a> {
    type Item = Message<'a>;

    fn next(&mut self) -> Option<Message<'a>> {
        let (len, after) = self.rest.split_first_chunk()?;
        let (level, after) = after.split_first_chunk()?;
        let (kind, _) = after.split_first_chunk()?;
        let len = usize::from_ne_bytes(*len).min(self.rest.len());
        let data = self.rest.get(HEADER_LEN..len)?;
        self.rest = self.rest.get(align(len)..).unwrap_or_default();
        Some(Message { level: i32::from_ne_bytes(*level), kind: i32::from_ne_bytes(*kind), data })
    }
}

/// The control bytes of one recvmsg(2), with the descriptors that are in them. Dropping it closes those.
#[derive(Debug, Default)]
pub struct Control {
    bytes: Vec<u8>,
    rights: Vec<Fd>,
}

impl Control {
    /// Takes over control bytes that recvmsg(2) has just written, and with them the descriptors in them.
    ///
    /// Private to this crate, because [`Fd::new`] takes a number at its word: only the kernel writes control messages
    /// of received bytes (a peer's are checked and translated), and it opens each number it writes for this process.
    pub(crate) fn received(bytes: Vec<u8>) -> Self {
        let rights = messages(&bytes)
            .flat_map(|message| message.descriptors().map(Fd::new).collect::<Vec<_>>())
            .collect();
        Self { bytes, rights }
    }

    /// Returns the bytes, descriptors as the numbers they have in this process.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes the descriptors out, in the order in which they stand in the bytes; a second time there are none.
    #[must_use = "what is not kept is closed"]
    pub fn take_rights(&mut self) -> Vec<Fd> {
        std::mem::take(&mut self.rights)
    }

    /// Gives up the bytes and the descriptors.
    #[must_use = "what is not kept is closed"]
    pub fn into_parts(self) -> (Vec<u8>, Vec<Fd>) {
        (self.bytes, self.rights)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{IoSlice, IoSliceMut};
    use std::os::fd::{AsFd, AsRawFd};

    use super::*;
    use crate::{Errno, file, message, socket};

    fn header(len: usize, level: i32, kind: i32) -> Vec<u8> {
        [&len.to_ne_bytes()[..], &level.to_ne_bytes(), &kind.to_ne_bytes()].concat()
    }

    /// Passes one end of a pipe from one socket to another, `count` times in one message.
    fn pass_a_pipe(count: usize, room: usize) -> (message::Received, Fd) {
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_STREAM | c::SOCK_CLOEXEC, 0).unwrap();
        let (out, into) = file::pipe(c::O_CLOEXEC).unwrap();
        let mut control = header(HEADER_LEN + 4 * count, c::SOL_SOCKET, c::SCM_RIGHTS);
        for _ in 0..count {
            control.extend(into.as_raw_fd().to_ne_bytes());
        }
        message::sendmsg(left.as_fd(), &[IoSlice::new(b"x")], &control, 0, None).unwrap();
        let mut byte = [0];
        let mut buffers = [IoSliceMut::new(&mut byte)];
        let got = message::recvmsg(right.as_fd(), &mut buffers, room, c::MSG_CMSG_CLOEXEC).unwrap();
        (got, out)
    }

    /// A pipe is at its end when no writing end is left: that is how to see that descriptors were closed.
    fn at_its_end(out: &Fd) -> bool {
        let nonblocking = i64::from(c::O_NONBLOCK);
        file::fcntl(out.as_fd(), c::F_SETFL, nonblocking).unwrap();
        match file::read(out.as_fd(), &mut [0]) {
            Ok(0) => true,
            Err(Errno::EAGAIN) => false,
            other => panic!("an empty pipe gave {other:?}"),
        }
    }

    #[test]
    fn descriptors_that_nobody_takes_are_closed() {
        let (got, out) = pass_a_pipe(2, 64);
        assert!(!at_its_end(&out));
        drop(got);
        assert!(at_its_end(&out));
    }

    #[test]
    fn descriptors_are_taken_once() {
        let (mut got, out) = pass_a_pipe(2, 64);
        let taken = got.control.take_rights();
        assert_eq!(taken.len(), 2);
        assert!(got.control.take_rights().is_empty());
        drop(got);
        assert!(!at_its_end(&out));
        drop(taken);
        assert!(at_its_end(&out));
    }

    #[test]
    fn what_did_not_fit_was_never_opened() {
        let (mut got, out) = pass_a_pipe(5, HEADER_LEN + 4);
        assert_eq!(got.flags & c::MSG_CTRUNC, c::MSG_CTRUNC);
        let taken = got.control.take_rights();
        assert!((1..5).contains(&taken.len()), "{taken:?}");
        drop(taken);
        assert!(at_its_end(&out));
    }

    #[test]
    fn a_walk_ends_at_nonsense() {
        assert_eq!(messages(&[]).count(), 0);
        assert_eq!(messages(&header(3, 1, 1)).count(), 0);
        assert_eq!(messages(&header(0, 1, 1)).count(), 0);
        let promised_more: Vec<_> = [header(usize::MAX, 9, 8), vec![1, 2]].concat();
        let only = Message { level: 9, kind: 8, data: &[1, 2] };
        assert_eq!(messages(&promised_more).collect::<Vec<_>>(), [only]);
    }
}

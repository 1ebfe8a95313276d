//! The door in dry mode: calls are answered without being made, which is how `jack explain -- COMMAND` learns what a
//! command would do.
//!
//! Descriptors are made up, sends succeed in full, each receive brings a few bytes and then the end, one peer comes to
//! each listener, waits return at once, and after some dozen of them a signal arrives. Two kinds of calls are made all
//! the same: those that only look, and those on a descriptor that
//! [`file::open_config`](crate::file::open_config) opened in this rehearsal, because what is inside decides what the job
//! would do.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::os::fd::RawFd;

use crate::door::{self, OnDrop};
use crate::{Errno, c};

/// The number of the first descriptor that a rehearsal makes up.
///
/// The kernel always gives the lowest number that is free (open(2)), so a real one of this size takes a million open
/// descriptors, which is also what `fs.nr_open` allows at most unless it was raised; who rehearses has a handful open.
/// And it is small enough for the bit sets of select(2), which need a bit for every number below: 128 KiB each.
pub const FIRST_REHEARSED_FD: RawFd = 1 << 20;

/// Runs `body` with the door in dry mode on this thread.
pub fn rehearse<R>(body: impl FnOnce() -> R) -> R {
    let _watching = door::Watching::begin();
    let before = REHEARSAL.replace(Some(Rehearsal::begin()));
    let _back = OnDrop::new(|| {
        let _ = REHEARSAL.try_with(|rehearsal| rehearsal.replace(before));
    });
    body()
}

/// Tells whether this thread only rehearses.
#[must_use]
pub fn rehearsing() -> bool {
    door::is_watched() && with(false, |_| true)
}

/// Stands for the descriptor of a call that has none and only looks: a rehearsal makes it.
pub(crate) const LOOKING: RawFd = -2;

/// What a rehearsal answers to a call: a number, or an errno that belongs to the ordinary course of things.
pub(crate) type Answer = Result<i64, Errno>;

/// How often a rehearsal may wait before it is interrupted: a server would wait for ever.
const WAITS: u32 = 24;

thread_local! {
    static REHEARSAL: RefCell<Option<Rehearsal>> = const { RefCell::new(None) };
}

/// Made-up descriptors, from [`FIRST_REHEARSED_FD`] on: above any real one, so that none is ever mistaken for one.
struct Rehearsal {
    next: RawFd,
    waits: u32,
    /// The kinds of the sockets made up, with the flags of socket(2).
    kinds: HashMap<RawFd, (i32, i32)>,
    /// The descriptors that gave something already: the next time they are at their end.
    gave: HashSet<RawFd>,
    /// The descriptors that are open in truth.
    real: HashSet<RawFd>,
    /// What a signal would wake, once signals are caught.
    wake: Option<RawFd>,
}

impl Rehearsal {
    fn begin() -> Self {
        Self {
            next: FIRST_REHEARSED_FD,
            waits: 0,
            kinds: HashMap::new(),
            gave: HashSet::new(),
            real: HashSet::new(),
            wake: None,
        }
    }

    const fn descriptor(&mut self) -> i64 {
        self.next += 1;
        self.next as i64 - 1
    }
}

/// Asks this thread's rehearsal. There is none, too, when the thread ends and has given up its variables already.
fn with<R>(otherwise: R, body: impl FnOnce(&mut Rehearsal) -> R) -> R {
    match REHEARSAL.try_with(|rehearsal| rehearsal.borrow_mut().as_mut().map(body)) {
        Ok(Some(answer)) => answer,
        Ok(None) | Err(_) => otherwise,
    }
}

/// Tells whether a call on `fd` must not reach the kernel.
pub(crate) fn keeps_off(fd: RawFd) -> bool {
    fd != LOOKING && with(false, |rehearsal| !rehearsal.real.contains(&fd))
}

/// Notes a descriptor that was opened in truth.
pub(crate) fn opened(fd: RawFd) {
    with((), |rehearsal| {
        rehearsal.real.insert(fd);
    });
}

/// Forgets a descriptor that was closed.
pub(crate) fn closed(fd: RawFd) {
    with((), |rehearsal| {
        rehearsal.real.remove(&fd);
    });
}

/// Notes the made-up descriptor that a signal would wake.
pub(crate) fn wakes_by(fd: RawFd) {
    with((), |rehearsal| rehearsal.wake = Some(fd));
}

/// Returns what a signal would wake, if signals are caught in this thread's rehearsal.
pub(crate) fn wake() -> Option<RawFd> {
    with(None, |rehearsal| rehearsal.wake)
}

/// Counts a wait.
pub(crate) fn wait() {
    with((), |rehearsal| rehearsal.waits += 1);
}

/// Tells whether this thread's rehearsal has waited so often that somebody would press Ctrl-C.
pub(crate) fn is_over() -> bool {
    door::is_watched() && with(false, |rehearsal| rehearsal.waits > WAITS)
}

/// Makes up a descriptor.
pub(crate) fn made_up_fd() -> Answer {
    Ok(with(-1, Rehearsal::descriptor))
}

/// Makes up a socket, whose type decides how connecting goes.
pub(crate) fn made_up_socket(family: i32, kind: i32) -> Answer {
    let fd = made_up_fd()?;
    with(None, |rehearsal| rehearsal.kinds.insert(fd as RawFd, (family, kind)));
    Ok(fd)
}

/// Answers a connect: over TCP a non-blocking one is under way, everything else stands at once.
pub(crate) fn made_up_connection(fd: RawFd) -> Answer {
    let under_way = with(false, |rehearsal| {
        rehearsal.kinds.get(&fd).is_some_and(|(family, kind)| {
            let internet = [c::AF_INET, c::AF_INET6].contains(family);
            internet && kind & 0xf == c::SOCK_STREAM && kind & c::SOCK_NONBLOCK != 0
        })
    });
    if under_way { Err(Errno::EINPROGRESS) } else { Ok(0) }
}

/// Answers an accept: one peer comes to each listener.
pub(crate) fn made_up_peer(fd: RawFd) -> Answer {
    if with(false, |rehearsal| rehearsal.gave.insert(fd)) { made_up_fd() } else { Err(Errno::EAGAIN) }
}

/// Answers a read or receive: each descriptor has a few bytes, then its end.
pub(crate) fn made_up_bytes(fd: RawFd, room: usize) -> Answer {
    let first = with(false, |rehearsal| rehearsal.gave.insert(fd));
    Ok(if first { room.min(6) as i64 } else { 0 })
}

#[cfg(test)]
mod tests {
    use std::os::fd::{AsFd, AsRawFd};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::door::tests::watch;
    use crate::wait::{FdSet, select};
    use crate::{Address, file, signal, socket};

    #[test]
    fn a_rehearsal_reaches_no_kernel() {
        let events = watch(|| {
            rehearse(|| {
                let fd = socket::socket(c::AF_PACKET, c::SOCK_RAW, 0).unwrap();
                let nowhere = Address::from(std::net::SocketAddr::from(([127, 0, 0, 1], 1)));
                socket::connect(fd.as_fd(), &nowhere).unwrap();
                assert_eq!(socket::send(fd.as_fd(), b"abc", 0), Ok(3));
            });
        });
        assert_eq!(events.len(), 4);
        assert!(events.iter().all(|event| event.rehearsed));
        assert!(!rehearsing());
    }

    #[test]
    fn a_descriptor_from_before_is_left_alone_and_a_configuration_is_read() {
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
        rehearse(|| {
            assert_eq!(socket::send(left.as_fd(), b"abc", 0), Ok(3));
            let config = file::open_config(b"/proc/self/comm").unwrap();
            let number = config.as_raw_fd();
            let mut room = [0; 64];
            let len = file::read(config.as_fd(), &mut room).unwrap();
            assert_eq!(room[..len], std::fs::read("/proc/self/comm").unwrap());
            drop(config);
            assert!(keeps_off(number), "closed, the number is nobody's");
        });
        let mut room = [0; 8];
        let flags = c::MSG_DONTWAIT;
        assert_eq!(socket::recv(right.as_fd(), &mut room, flags), Err(Errno::EAGAIN), "nothing was sent");
    }

    #[test]
    fn interrupts_are_not_caught_in_a_rehearsal() {
        // The state of the process is another test's, should it catch them: compare instead of expecting none.
        let before = signal::wake().map(|wake| wake.as_raw_fd());
        rehearse(|| {
            assert!(signal::wake().is_none(), "another rehearsal's, or the process's, is not this one's");
            let wake = signal::catch_interrupts().unwrap().as_raw_fd();
            assert!(wake >= FIRST_REHEARSED_FD);
            assert_eq!(signal::wake().map(|wake| wake.as_raw_fd()), Some(wake));
            assert_eq!(signal::catch_interrupts().unwrap().as_raw_fd(), wake, "once is enough");
        });
        assert_eq!(signal::wake().map(|wake| wake.as_raw_fd()), before);
    }

    #[test]
    fn a_panic_ends_the_rehearsal() {
        let ended = catch_unwind(AssertUnwindSafe(|| rehearse(|| panic!("in the middle"))));
        assert!(ended.is_err() && !rehearsing());
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_DGRAM, 0).unwrap();
        socket::send(left.as_fd(), b"abc", 0).unwrap();
        assert_eq!(socket::recv(right.as_fd(), &mut [0; 8], 0), Ok(3));
    }

    #[test]
    fn a_rehearsed_select_fits_its_sets() {
        let events = watch(|| {
            rehearse(|| {
                let fd = socket::socket(c::AF_INET, c::SOCK_STREAM, 0).unwrap();
                let mut read = FdSet::of(&[fd.as_raw_fd()]);
                let ready = select(&mut read, &mut FdSet::default(), &mut FdSet::default(), None);
                assert_eq!((ready, read.contains(fd.as_raw_fd())), (Ok(1), true));
            });
        });
        assert!(events.iter().all(|event| event.rehearsed));
        let bytes_a_set = (FIRST_REHEARSED_FD as usize + 64) / 8;
        assert!(bytes_a_set <= 256 * 1024, "{bytes_a_set}");
    }
}

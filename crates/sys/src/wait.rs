//! Waiting for descriptors: poll, select, epoll, and an event descriptor to wake a waiter.
//!
//! `None` as a timeout waits for ever. The kernel's newest forms are used (`ppoll`, `pselect6`, `epoll_pwait`), because
//! they exist on every architecture; no signal mask is passed.

use std::fmt;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::time::Duration;

use crate::door::{Kind, NO_FD, Value, pass};
use crate::names::{self, EPOLL_EVENTS, POLL_EVENTS};
use crate::rehearsal::{self, made_up_fd};
use crate::{Errno, Fd, Op, c};

/// What to wait for on one descriptor, and what happened: `struct pollfd`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct PollFd {
    fd: RawFd,
    events: i16,
    revents: i16,
}

impl PollFd {
    /// Waits for `events` (`POLL…`) on `fd`; the descriptor must stay open until poll(2) has returned.
    #[must_use]
    pub fn new(fd: BorrowedFd<'_>, events: i16) -> Self {
        Self { fd: fd.as_raw_fd(), events, revents: 0 }
    }

    /// Returns what happened: `POLL…` flags, `POLLERR`, `POLLHUP` and `POLLNVAL` among them unasked.
    #[must_use]
    pub const fn revents(&self) -> i16 {
        self.revents
    }

    /// Returns the descriptor's number.
    #[must_use]
    pub const fn raw_fd(&self) -> RawFd {
        self.fd
    }

    fn shown(&self) -> Value {
        Value::Fields(vec![
            ("fd", Value::Fd(self.fd)),
            ("events", Value::Number(Kind::PollEvents, self.events.into())),
            ("revents", Value::Number(Kind::PollEvents, self.revents.into())),
        ])
    }
}

impl fmt::Debug for PollFd {
    /// Writes the events by name: `PollFd { fd: 3, events: POLLIN, revents: 0 }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = |events: i16| names::flags(POLL_EVENTS, events.cast_unsigned().into());
        f.debug_struct("PollFd")
            .field("fd", &self.fd)
            .field("events", &format_args!("{}", events(self.events)))
            .field("revents", &format_args!("{}", events(self.revents)))
            .finish()
    }
}

/// Waits until something happens on one of the descriptors; returns on how many. Source: poll(2).
///
/// # Errors
/// `EINTR`, `EINVAL` above the descriptor limit, `ENOMEM`.
pub fn poll(fds: &mut [PollFd], timeout: Option<Duration>) -> Result<usize, Errno> {
    if rehearsal::rehearsing() {
        fds.iter_mut().for_each(|fd| fd.revents = fd.events);
        rehearsal::wait();
    }
    let mut until = timeout.map(timespec);
    let until = until.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: `PollFd` has the layout of `pollfd`; `until` is NULL or a timespec that the kernel may update; the mask is
    // NULL.
    let ready = pass!(
        Op::Poll, SYS_ppoll(fds.as_mut_ptr(), fds.len(), until, 0usize, 8usize), on NO_FD, rehearsed Ok(fds.len() as i64),
        |_result| [fds: Value::List(fds.iter().map(PollFd::shown).collect()), timeout: shown_timeout(timeout)]
    )?;
    Ok(ready as usize)
}

/// A set of descriptors for [`select`], without the `FD_SETSIZE` limit of the C library.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FdSet {
    bits: Vec<u64>,
}

impl FdSet {
    /// Makes the set of these descriptors.
    #[must_use]
    pub fn of(fds: &[RawFd]) -> Self {
        let mut set = Self::default();
        for fd in fds {
            let Ok(at) = usize::try_from(*fd) else { continue };
            if set.bits.len() <= at / 64 {
                set.bits.resize(at / 64 + 1, 0);
            }
            if let Some(word) = set.bits.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
        }
        set
    }

    /// Tells whether a descriptor is in the set.
    #[must_use]
    pub fn contains(&self, fd: RawFd) -> bool {
        usize::try_from(fd)
            .is_ok_and(|at| self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1))
    }

    /// Lists the descriptors in the set, lowest first.
    #[must_use]
    pub fn list(&self) -> Vec<RawFd> {
        (0..self.bits.len() as RawFd * 64).filter(|fd| self.contains(*fd)).collect()
    }

    fn shown(&self) -> Value {
        Value::List(self.list().into_iter().map(Value::Fd).collect())
    }
}

impl fmt::Debug for FdSet {
    /// Writes the descriptors: `{3, 4}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.list()).finish()
    }
}

/// Waits until one of the descriptors can be read, written, or has an exceptional condition; the sets are cut down
/// to those. Returns how many they are. Source: select(2).
///
/// # Errors
/// `EBADF`, `EINTR`, `EINVAL`.
pub fn select(
    read: &mut FdSet,
    write: &mut FdSet,
    except: &mut FdSet,
    timeout: Option<Duration>,
) -> Result<usize, Errno> {
    if rehearsal::rehearsing() {
        rehearsal::wait();
    }
    let words = read.bits.len().max(write.bits.len()).max(except.bits.len());
    for set in [&mut *read, &mut *write, &mut *except] {
        set.bits.resize(words, 0);
    }
    let highest = words * 64;
    let mut until = timeout.map(timespec);
    let until = until.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let (r, w, e) = (read.bits.as_mut_ptr(), write.bits.as_mut_ptr(), except.bits.as_mut_ptr());
    // SAFETY: each set has room for `highest` bits; `until` is NULL or a timespec that the kernel may update; the mask
    // argument is NULL.
    let ready = pass!(
        Op::Select, SYS_pselect6(highest, r, w, e, until, 0usize), on NO_FD, rehearsed Ok(1),
        |_result| [
            read: read.shown(), write: write.shown(), except: except.shown(), timeout: shown_timeout(timeout),
        ]
    )?;
    Ok(ready as usize)
}

/// One event of [`epoll_wait`]: which flags, and the token that was given at [`epoll_ctl`].
#[derive(Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(target_arch = "x86_64", repr(C, packed))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C))]
pub struct EpollEvent {
    events: u32,
    token: u64,
}

impl EpollEvent {
    /// Returns the `EPOLL…` flags.
    #[must_use]
    pub const fn events(&self) -> u32 {
        self.events
    }

    /// Returns the token that was registered.
    #[must_use]
    pub const fn token(&self) -> u64 {
        self.token
    }
}

impl fmt::Debug for EpollEvent {
    /// Writes the events by name: `EpollEvent { events: EPOLLIN, token: 3 }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EpollEvent")
            .field("events", &format_args!("{}", names::flags(EPOLL_EVENTS, self.events().into())))
            .field("token", &self.token())
            .finish()
    }
}

/// Opens an epoll instance, close-on-exec. Source: `epoll_create1(2)`.
///
/// # Errors
/// `EMFILE`, `ENFILE`, `ENOMEM`.
pub fn epoll_create() -> Result<Fd, Errno> {
    // SAFETY: no pointer is passed; the new descriptor is ours.
    let fd = pass!(
        Op::EpollCreate, SYS_epoll_create1(libc::EPOLL_CLOEXEC), on NO_FD, rehearsed made_up_fd(), |_result| []
    )?;
    Ok(Fd::new(fd as RawFd))
}

/// Adds, changes or removes a descriptor of an epoll instance. Source: `epoll_ctl(2)`.
///
/// # Errors
/// `EPERM` for a regular file or directory (it is always ready), `EEXIST`, `ENOENT`.
pub fn epoll_ctl(
    epoll: BorrowedFd<'_>,
    op: i32,
    fd: BorrowedFd<'_>,
    events: u32,
    token: u64,
) -> Result<(), Errno> {
    let (epoll, fd) = (epoll.as_raw_fd(), fd.as_raw_fd());
    let event = EpollEvent { events, token };
    // SAFETY: `EpollEvent` has the layout of `epoll_event` on this architecture; the kernel only reads it.
    pass!(Op::EpollCtl, SYS_epoll_ctl(epoll, op, fd, &raw const event), on epoll, rehearsed Ok(0), |_result| [
        epfd: Value::Fd(epoll), op: Value::Number(Kind::EpollOp, op.into()), fd: Value::Fd(fd),
        events: Value::Number(Kind::EpollEvents, events.into()),
    ])?;
    Ok(())
}

/// Waits for events of an epoll instance; returns how many were written. Source: `epoll_wait(2)`.
///
/// # Errors
/// `EINTR`, `EINVAL` when `events` is empty.
pub fn epoll_wait(
    epoll: BorrowedFd<'_>,
    events: &mut [EpollEvent],
    timeout: Option<Duration>,
) -> Result<usize, Errno> {
    if rehearsal::rehearsing() {
        rehearsal::wait();
    }
    let epoll = epoll.as_raw_fd();
    let room = i32::try_from(events.len()).unwrap_or(i32::MAX);
    let milliseconds = timeout.map_or(-1, milliseconds);
    // SAFETY: the kernel writes at most `room` events; the mask is NULL.
    let ready = pass!(
        Op::EpollWait, SYS_epoll_pwait(epoll, events.as_mut_ptr(), room, milliseconds, 0usize, 8usize),
        on epoll, rehearsed Ok(0),
        |result| [
            epfd: Value::Fd(epoll),
            events: Value::List(events.iter().take(result.unwrap_or(0) as usize)
                .map(|event| Value::Number(Kind::EpollEvents, event.events.into())).collect()),
            timeout: shown_timeout(timeout),
        ]
    )?;
    Ok(ready as usize)
}

/// Opens an event descriptor, non-blocking and close-on-exec: written to wake whoever polls it. Source: eventfd(2).
///
/// # Errors
/// `EMFILE`, `ENFILE`, `ENOMEM`.
pub fn eventfd() -> Result<Fd, Errno> {
    let flags = libc::EFD_NONBLOCK | libc::EFD_CLOEXEC;
    // SAFETY: no pointer is passed; the new descriptor is ours.
    let fd = pass!(Op::Eventfd, SYS_eventfd2(0, flags), on NO_FD, rehearsed made_up_fd(), |_result| [])?;
    Ok(Fd::new(fd as RawFd))
}

fn timespec(duration: Duration) -> libc::timespec {
    libc::timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: duration.subsec_nanos().into(),
    }
}

/// Rounds up, so that a wait of half a millisecond does not become a busy loop.
fn milliseconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX)
}

fn shown_timeout(timeout: Option<Duration>) -> Value {
    timeout.map_or(Value::Null, |timeout| Value::Word(format!("{timeout:?}")))
}

/// Tells whether `revents` of a [`PollFd`] says that a read will not block: data, end, or an error to fetch.
#[must_use]
pub const fn is_readable(revents: i16) -> bool {
    revents & (c::POLLIN | c::POLLHUP | c::POLLERR | c::POLLRDHUP) != 0
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::*;
    use crate::socket;

    #[test]
    fn poll_select_and_epoll_agree() {
        let (left, right) = socket::socketpair(c::AF_UNIX, c::SOCK_STREAM, 0).unwrap();
        let now = Some(Duration::ZERO);
        let mut fds = [PollFd::new(right.as_fd(), c::POLLIN)];
        assert_eq!(poll(&mut fds, now), Ok(0));
        let epoll = epoll_create().unwrap();
        epoll_ctl(epoll.as_fd(), c::EPOLL_CTL_ADD, right.as_fd(), c::EPOLLIN as u32, 7).unwrap();
        let mut events = [EpollEvent::default(); 4];
        assert_eq!(epoll_wait(epoll.as_fd(), &mut events, now), Ok(0));

        socket::send(left.as_fd(), b"x", 0).unwrap();
        assert_eq!(poll(&mut fds, None), Ok(1));
        assert!(is_readable(fds[0].revents()));
        assert_eq!(epoll_wait(epoll.as_fd(), &mut events, None), Ok(1));
        assert_eq!((events[0].token(), events[0].events()), (7, c::EPOLLIN as u32));
        let mut read = FdSet::of(&[right.as_raw_fd(), left.as_raw_fd()]);
        let mut write = FdSet::of(&[left.as_raw_fd()]);
        assert_eq!(select(&mut read, &mut write, &mut FdSet::default(), None), Ok(2));
        assert_eq!((read.list(), write.list()), (vec![right.as_raw_fd()], vec![left.as_raw_fd()]));
    }

    #[test]
    fn debug_prints_names_never_bare_numbers() {
        let (left, _right) = socket::socketpair(c::AF_UNIX, c::SOCK_STREAM, 0).unwrap();
        let fd = left.as_raw_fd();
        let polled = PollFd { revents: c::POLLIN | c::POLLHUP, ..PollFd::new(left.as_fd(), c::POLLIN) };
        assert_eq!(
            format!("{polled:?}"),
            format!("PollFd {{ fd: {fd}, events: POLLIN, revents: POLLIN|POLLHUP }}")
        );
        assert_eq!(
            format!("{:?}", PollFd::new(left.as_fd(), 0)),
            format!("PollFd {{ fd: {fd}, events: 0, revents: 0 }}")
        );
        assert_eq!(
            format!("{:?}", EpollEvent { events: c::EPOLLIN as u32 | c::EPOLLET as u32, token: 7 }),
            "EpollEvent { events: EPOLLIN|EPOLLET, token: 7 }"
        );
        assert_eq!(format!("{:?}", FdSet::of(&[70, 3])), "{3, 70}");
    }

    #[test]
    fn fd_sets_have_no_limit_of_1024() {
        let set = FdSet::of(&[3, 5000, -1]);
        assert_eq!(set.list(), [3, 5000]);
    }
}

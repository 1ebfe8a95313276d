//! Waiting for many descriptors at once: select, poll and epoll, as Python's `select` module offers them.
//!
//! All three say the same thing; they differ in what they cost. select(2) and poll(2) carry the whole list into the
//! kernel on each call, epoll(7) keeps it there. A wait that a signal interrupts goes on with the time that remains (PEP
//! 475), unless the signal is a caught one, which ends it, also if it came before the wait. Time passed is no error: nothing is ready.

use std::fmt;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sys::wait::{self, EpollEvent, FdSet, PollFd};
use sys::{Errno, Fd, Op, c, signal};

use crate::error::{Error, Result};
use crate::timeout::{Deadline, check_interrupt, wait_any};

/// Waits until something of `read` can be read, of `write` can be written, or of `except` has an exceptional condition,
/// at most `timeout` long. Returns those of each list that are ready, in its order. Source: select(2).
///
/// What the lists hold is cloned into the answer: references, `Rc`s or `BorrowedFd`s. There is no limit of 1,024
/// descriptors here; that one is the C library's.
///
/// ```
/// use jackfield_sock::{Family, Protocol, Socket, Type, select};
///
/// let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
/// left.sendall(b"hello", 0)?;
/// let (readable, writable, _) = select::select(&[&left, &right], &[&left], &[], None)?;
/// assert_eq!(readable[0].fileno(), right.fileno());
/// assert_eq!(writable[0].fileno(), left.fileno());
/// # Ok::<(), jackfield_sock::Error>(())
/// ```
///
/// # Errors
/// `ENOMEM`; a caught signal.
pub fn select<T: AsFd + Clone>(
    read: &[T],
    write: &[T],
    except: &[T],
    timeout: Option<Duration>,
) -> Result<(Vec<T>, Vec<T>, Vec<T>)> {
    let lists = [read, write, except];
    let wake = signal::wake().map(|wake| wake.as_raw_fd());
    let [r, w, e] = lists.map(|list| list.iter().map(number).collect::<Vec<_>>());
    let (r, w, e) = (FdSet::of(&[&r[..], wake.as_slice()].concat()), FdSet::of(&w), FdSet::of(&e));
    let deadline = Deadline::after_if(timeout);
    loop {
        check_interrupt(Op::Select)?;
        // The kernel cuts the sets down, and says nothing of them after EINTR.
        let (mut r, mut w, mut e) = (r.clone(), w.clone(), e.clone());
        match wait::select(&mut r, &mut w, &mut e, deadline.remaining()) {
            Ok(0) => return Ok((Vec::new(), Vec::new(), Vec::new())),
            Ok(_) => {
                check_interrupt(Op::Select)?;
                let ready = |list: &[T], set: &FdSet| {
                    list.iter().filter(|fd| set.contains(number(fd))).cloned().collect()
                };
                return Ok((ready(read, &r), ready(write, &w), ready(except, &e)));
            }
            Err(Errno::EINTR) => check_interrupt(Op::Select)?,
            Err(errno) => return Err(Error::new(Op::Select, errno)),
        }
    }
}

/// A list of descriptors to wait for by poll(2): Python's poll object.
///
/// It holds numbers, not the descriptors: unregister one before it is closed. A closed one is reported as `POLLNVAL`; a
/// number that has been given to another descriptor since is mistaken for it.
///
/// ```
/// use jackfield_sock::select::Poll;
/// use jackfield_sock::{Family, Protocol, Socket, Type, c};
///
/// let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
/// let mut poll = Poll::new();
/// poll.register(&right, c::POLLIN);
/// left.sendall(b"hello", 0)?;
/// assert_eq!(poll.poll(None)?, [(right.fileno(), c::POLLIN)]);
/// # Ok::<(), jackfield_sock::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Poll {
    fds: Vec<PollFd>,
}

impl Poll {
    /// What Python's `register` waits for unless told otherwise.
    pub const DEFAULT: i16 = c::POLLIN | c::POLLPRI | c::POLLOUT;

    /// Begins with an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self { fds: Vec::new() }
    }

    /// Waits for `events` (`POLL…`) on a descriptor from now on, instead of what it was registered for before.
    pub fn register(&mut self, fd: &impl AsFd, events: i16) {
        let entry = PollFd::new(fd.as_fd(), events);
        match self.position(entry.raw_fd()).and_then(|at| self.fds.get_mut(at)) {
            Some(known) => *known = entry,
            None => self.fds.push(entry),
        }
    }

    /// Waits for other `events` on a descriptor that is registered.
    ///
    /// # Errors
    /// `ENOENT` when it is not.
    pub fn modify(&mut self, fd: &impl AsFd, events: i16) -> Result<()> {
        self.position(number(fd)).ok_or(Error::new(Op::Poll, Errno::ENOENT))?;
        self.register(fd, events);
        Ok(())
    }

    /// Waits for a descriptor no longer; its number will do, should it be closed already.
    ///
    /// # Errors
    /// `ENOENT` when it is not registered.
    pub fn unregister(&mut self, fd: &impl AsRawFd) -> Result<()> {
        let at = self.position(fd.as_raw_fd()).ok_or(Error::new(Op::Poll, Errno::ENOENT))?;
        self.fds.remove(at);
        Ok(())
    }

    /// Waits until something happens, at most `timeout` long; returns the numbers of the descriptors that are ready with
    /// their `POLL…` flags, in the order of registration. `POLLERR`, `POLLHUP` and `POLLNVAL` come unasked. Source: poll(2).
    ///
    /// # Errors
    /// `EINVAL` above the descriptor limit, `ENOMEM`; a caught signal.
    pub fn poll(&mut self, timeout: Option<Duration>) -> Result<Vec<(RawFd, i16)>> {
        wait_any(&mut self.fds, Deadline::after_if(timeout))?;
        let ready = self.fds.iter().filter(|fd| fd.revents() != 0);
        Ok(ready.map(|fd| (fd.raw_fd(), fd.revents())).collect())
    }

    fn position(&self, fd: RawFd) -> Option<usize> {
        self.fds.iter().position(|known| known.raw_fd() == fd)
    }
}

/// A list of descriptors that the kernel keeps and watches: Python's epoll object. Dropping it closes it.
///
/// A descriptor leaves the list when its last duplicate is closed.
///
/// ```
/// use jackfield_sock::select::Epoll;
/// use jackfield_sock::{Family, Protocol, Socket, Type, c};
///
/// let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
/// let epoll = Epoll::new()?;
/// epoll.register(&right, c::EPOLLIN)?;
/// left.sendall(b"hello", 0)?;
/// assert_eq!(epoll.poll(None, None)?, [(right.fileno(), c::EPOLLIN)]);
/// # Ok::<(), jackfield_sock::Error>(())
/// ```
pub struct Epoll {
    fd: Fd,
    /// Room for the events of a wait, kept from one to the next. Of two threads that wait at once, one makes its own.
    room: Mutex<Vec<EpollEvent>>,
}

impl Epoll {
    /// What Python's `register` waits for unless told otherwise.
    pub const DEFAULT: i32 = c::EPOLLIN | c::EPOLLPRI | c::EPOLLOUT;

    /// The most events of one [`Epoll::poll`] unless told otherwise; as in Python, `FD_SETSIZE` - 1.
    const EVENTS: usize = 1023;

    /// Opens an empty list, close-on-exec. Source: `epoll_create1(2)`.
    ///
    /// # Errors
    /// `EMFILE`, `ENFILE`, `ENOMEM`.
    pub fn new() -> Result<Self> {
        let fd = wait::epoll_create().map_err(|errno| Error::new(Op::EpollCreate, errno))?;
        Ok(Self::from_fd(fd))
    }

    /// Takes over the descriptor of an epoll instance that somebody else opened: Python's `epoll.fromfd`. No call; what
    /// is no epoll instance is refused by the first one.
    #[doc(alias = "fromfd")]
    #[must_use]
    pub const fn from_fd(fd: Fd) -> Self {
        Self { fd, room: Mutex::new(Vec::new()) }
    }

    /// Watches a descriptor for `events` (`EPOLL…`), among them the modes `EPOLLET`, `EPOLLONESHOT` and `EPOLLEXCLUSIVE`.
    /// Source: `epoll_ctl(2)`.
    ///
    /// # Errors
    /// `EEXIST` when it is watched already, `EPERM` for a regular file or a directory, `ENOSPC`.
    pub fn register(&self, fd: &impl AsFd, events: i32) -> Result<()> {
        self.control(c::EPOLL_CTL_ADD, fd, events)
    }

    /// Watches a descriptor for other `events`. Source: `epoll_ctl(2)`.
    ///
    /// # Errors
    /// `ENOENT` when it is not watched, `EINVAL` for a change of `EPOLLEXCLUSIVE`.
    pub fn modify(&self, fd: &impl AsFd, events: i32) -> Result<()> {
        self.control(c::EPOLL_CTL_MOD, fd, events)
    }

    /// Watches a descriptor no longer. Source: `epoll_ctl(2)`.
    ///
    /// # Errors
    /// `ENOENT` when it is not watched.
    pub fn unregister(&self, fd: &impl AsFd) -> Result<()> {
        self.control(c::EPOLL_CTL_DEL, fd, 0)
    }

    /// Waits until something happens, at most `timeout` long, rounded up to milliseconds; returns the numbers that the
    /// descriptors had when they were registered, with their `EPOLL…` flags, at most `max_events` of them (1,023 unless
    /// told otherwise). `EPOLLERR` and `EPOLLHUP` come unasked. Source: `epoll_wait(2)`.
    ///
    /// # Errors
    /// `EINVAL` when `max_events` is 0; a caught signal.
    pub fn poll(&self, timeout: Option<Duration>, max_events: Option<usize>) -> Result<Vec<(RawFd, i32)>> {
        /// More room than this is only memory: what does not fit comes with the next call.
        const MOST: usize = 1 << 16;
        let most = max_events.unwrap_or(Self::EVENTS).min(MOST);
        let mut events = std::mem::take(&mut *self.room());
        if events.len() < most {
            events.resize(most, EpollEvent::default());
        }
        let ready = self.wait(events.get_mut(..most).unwrap_or_default(), Deadline::after_if(timeout));
        let told = ready.map(|ready| {
            let ready = events.iter().take(ready);
            ready.map(|event| (token_number(event), flags(event))).collect()
        });
        *self.room() = events;
        told
    }

    fn room(&self) -> MutexGuard<'_, Vec<EpollEvent>> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, events: &mut [EpollEvent], deadline: Deadline) -> Result<usize> {
        loop {
            check_interrupt(Op::EpollWait)?;
            if signal::wake().is_some() {
                // An epoll instance is itself a descriptor to be polled: epoll(7).
                let mut own = vec![PollFd::new(self.as_fd(), c::POLLIN)];
                wait_any(&mut own, deadline)?;
            }
            match wait::epoll_wait(self.fd.as_fd(), events, deadline.remaining()) {
                Ok(ready) => return Ok(ready),
                Err(Errno::EINTR) => check_interrupt(Op::EpollWait)?,
                Err(errno) => return Err(Error::new(Op::EpollWait, errno)),
            }
        }
    }

    /// Returns the descriptor's number: Python's `fileno`.
    #[must_use]
    pub fn fileno(&self) -> RawFd {
        self.fd.as_raw_fd()
    }

    /// Closes the list and says how that went. Source: close(2).
    ///
    /// # Errors
    /// `EIO`; the descriptor is closed all the same.
    pub fn close(self) -> Result<()> {
        self.fd.close().map_err(|errno| Error::new(Op::Close, errno))
    }

    fn control(&self, op: i32, fd: &impl AsFd, events: i32) -> Result<()> {
        let token = u64::try_from(number(fd)).unwrap_or_default();
        wait::epoll_ctl(self.fd.as_fd(), op, fd.as_fd(), events.cast_unsigned(), token)
            .map_err(|errno| Error::new(Op::EpollCtl, errno))
    }
}

impl fmt::Debug for Epoll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Epoll").field("fd", &self.fileno()).finish()
    }
}

impl AsFd for Epoll {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl AsRawFd for Epoll {
    fn as_raw_fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }
}

fn number(fd: &impl AsFd) -> RawFd {
    fd.as_fd().as_raw_fd()
}

/// The token is the number that went in at [`Epoll::control`].
fn token_number(event: &EpollEvent) -> RawFd {
    RawFd::try_from(event.token()).unwrap_or(-1)
}

fn flags(event: &EpollEvent) -> i32 {
    event.events().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_for_events_is_kept_between_waits() {
        let epoll = Epoll::new().unwrap();
        let room = || epoll.room().as_ptr_range();
        for (most, kept) in [(None, Epoll::EVENTS), (Some(1), Epoll::EVENTS), (Some(2000), 2000)] {
            epoll.poll(Some(Duration::ZERO), most).unwrap();
            assert_eq!(epoll.room().len(), kept);
        }
        let before = room();
        epoll.poll(Some(Duration::ZERO), None).unwrap();
        assert_eq!(room(), before, "the same memory");
        assert_eq!(epoll.poll(Some(Duration::ZERO), Some(0)).unwrap_err().errno(), Some(Errno::EINVAL));
        assert_eq!(room(), before, "also after a failure");
    }
}

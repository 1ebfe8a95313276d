//! The socket: one method is one call, named as the manual page names it.
//!
//! In blocking and non-blocking mode a method makes exactly one system call, but for EINTR, after which it is made again.
//! In timeout mode ([`Mode::Timeout`]) a call that would block is followed by poll(2) and made again until the time is
//! up. Methods that do more say so. When signals are caught ([`signal::catch_interrupts`](crate::signal::catch_interrupts)),
//! a blocking call, too, is preceded by poll(2), which a signal wakes even if it came just before: the call alone would
//! sleep through it.
//!
//! After [`privilege::lower`](crate::privilege::lower), a call that takes a capability raises it for itself and lowers it
//! again, when it was refused without.

use std::fmt;
use std::io::{IoSlice, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, IntoRawFd, RawFd};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sys::door::{self, Value};
use sys::message::Received;
use sys::{Address, Errno, Fd, Op, c, file, message, socket};

use crate::error::{Cause, Error, Result};
use crate::family::{Family, Protocol, Type};
use crate::raise;
use crate::timeout::{Deadline, Mode, check_interrupt, default_mode, pause, wait_before, wait_for};

/// An open socket of any family and type. Dropping it closes it.
pub struct Socket {
    fd: Fd,
    family: Family,
    kind: Type,
    protocol: Protocol,
    mode: Mutex<Mode>,
    /// Whether it may have a limit of its own on how long calls block: `SO_RCVTIMEO`, `SO_SNDTIMEO`.
    limited: AtomicBool,
}

/// Which directions [`Socket::shutdown`] ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// `SHUT_RD`: nothing more is received.
    Read,
    /// `SHUT_WR`: nothing more is sent; a TCP peer gets a FIN.
    Write,
    /// `SHUT_RDWR`: both.
    Both,
}

impl Socket {
    /// Opens a socket, not inheritable, in the default mode. Source: socket(2).
    ///
    /// ```
    /// use jackfield_sock::{Family, Protocol, Socket, Type};
    ///
    /// let socket = Socket::open(Family::INET, Type::STREAM, Protocol::DEFAULT)?;
    /// assert_eq!(format!("{:?}", socket.family()), "AF_INET");
    /// # Ok::<(), jackfield_sock::Error>(())
    /// ```
    ///
    /// # Errors
    /// `EPERM` for a raw or packet socket without `CAP_NET_RAW`, `EAFNOSUPPORT`, `EPROTONOSUPPORT`, `EMFILE`.
    pub fn open(family: Family, kind: Type, protocol: Protocol) -> Result<Self> {
        Self::open_with(family, kind, protocol, default_mode())
    }

    /// Opens a socket in a given mode. Source: socket(2): non-blocking at birth, by `SOCK_NONBLOCK`, takes no second call.
    ///
    /// # Errors
    /// Those of [`Socket::open`].
    pub fn open_with(family: Family, kind: Type, protocol: Protocol, mode: Mode) -> Result<Self> {
        let (kind, mode) = kind_and_mode(kind, mode);
        let flags = birth_flags(mode);
        let open = || socket::socket(family.0, kind.0 | flags, protocol.0);
        let fd = raise::around(raise::to_open(family.0, kind.0, protocol.0), open)
            .map_err(|errno| Error::new(Op::Socket, errno).of_socket(family.0, kind.0, protocol.0))?;
        Ok(Self::from_parts(fd, family, kind, protocol, mode))
    }

    /// Opens two connected sockets. Source: socketpair(2).
    ///
    /// # Errors
    /// `EOPNOTSUPP` for a family other than `AF_UNIX`, `EMFILE`.
    pub fn pair(family: Family, kind: Type, protocol: Protocol) -> Result<(Self, Self)> {
        let (kind, mode) = kind_and_mode(kind, default_mode());
        let flags = birth_flags(mode);
        let (left, right) = socket::socketpair(family.0, kind.0 | flags, protocol.0)
            .map_err(|errno| Error::new(Op::Socketpair, errno).of_socket(family.0, kind.0, protocol.0))?;
        let wrap = |fd| Self::from_parts(fd, family, kind, protocol, mode);
        Ok((wrap(left), wrap(right)))
    }

    /// Takes over a descriptor; asks the kernel what it is by three getsockopt(2) and one fcntl(2).
    ///
    /// # Errors
    /// `ENOTSOCK` when it is no socket, `EBADF`. The descriptor was given away: it is closed then too. Who wants to keep
    /// it gives a duplicate.
    pub fn from_fd(fd: Fd) -> Result<Self> {
        let ask = |name| {
            let mut value = [0; 4];
            socket::getsockopt(fd.as_fd(), c::SOL_SOCKET, name, &mut value)
                .map(|_| i32::from_ne_bytes(value))
                .map_err(|errno| Error::new(Op::Getsockopt, errno).of_option(c::SOL_SOCKET, name))
        };
        let (family, kind) = (Family(ask(c::SO_DOMAIN)?), Type(ask(c::SO_TYPE)?));
        let protocol = Protocol(ask(c::SO_PROTOCOL)?);
        let flags = file::fcntl(fd.as_fd(), c::F_GETFL, 0).map_err(|errno| Error::new(Op::Fcntl, errno))?;
        let blocking = flags & i64::from(c::O_NONBLOCK) == 0;
        let mode = if blocking { Mode::Blocking } else { Mode::NonBlocking };
        // What its former owner set is not asked: it may have a limit.
        Ok(Self { limited: AtomicBool::new(true), ..Self::from_parts(fd, family, kind, protocol, mode) })
    }

    fn from_parts(fd: Fd, family: Family, kind: Type, protocol: Protocol, mode: Mode) -> Self {
        Self { fd, family, kind, protocol, mode: Mutex::new(mode), limited: AtomicBool::new(false) }
    }

    /// Makes a socket that the kernel derived from this one: it has its limits too.
    fn derived(&self, fd: Fd, mode: Mode) -> Self {
        let limited = AtomicBool::new(self.limited.load(Ordering::Relaxed));
        Self { limited, ..Self::from_parts(fd, self.family, self.kind, self.protocol, mode) }
    }

    /// Returns the family.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Returns the type.
    #[must_use]
    pub const fn kind(&self) -> Type {
        self.kind
    }

    /// Returns the protocol it was opened with; 0 when the kernel chose.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Returns the descriptor's number: Python's `fileno`.
    #[must_use]
    pub fn fileno(&self) -> RawFd {
        self.fd.as_raw_fd()
    }

    /// Gives the socket its local address. Source: bind(2).
    ///
    /// # Errors
    /// `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES` for a port below `ip_unprivileged_port_start` without
    /// `CAP_NET_BIND_SERVICE`.
    pub fn bind(&self, address: &Address) -> Result<()> {
        raise::around(raise::to_bind(address), || socket::bind(self.as_fd(), address))
            .map_err(|errno| Error::new(Op::Bind, errno).at(address).of_kind(self.kind()))
    }

    /// Lets the socket accept connections; `backlog` is how many may wait, at most `net.core.somaxconn`.
    /// Source: listen(2).
    ///
    /// # Errors
    /// `EADDRINUSE`, `EOPNOTSUPP` on a datagram socket.
    pub fn listen(&self, backlog: i32) -> Result<()> {
        socket::listen(self.as_fd(), backlog).map_err(|errno| Error::new(Op::Listen, errno))
    }

    /// Takes the next connection: a new socket, in the default mode, and the peer's address. Source: accept4(2).
    ///
    /// # Errors
    /// `EAGAIN`, `ECONNABORTED`, `EMFILE`; timeout.
    pub fn accept(&self) -> Result<(Self, Address)> {
        self.accept_with(default_mode())
    }

    /// Takes the next connection as a socket in a given mode. Source: accept4(2).
    ///
    /// # Errors
    /// Those of [`Socket::accept`].
    pub fn accept_with(&self, mode: Mode) -> Result<(Self, Address)> {
        let mode = Mode::from_timeout(mode.timeout());
        let flags = birth_flags(mode);
        let (fd, peer) = self.attempt(Op::Accept, c::POLLIN, 0, |fd| socket::accept4(fd, flags))?;
        Ok((self.derived(fd, mode), peer))
    }

    /// Connects to `address`. In timeout mode several calls: connect(2), poll(2), `SO_ERROR`. Source: connect(2).
    ///
    /// A blocking connect is done the same way when signals are caught, non-blocking for as long as it takes: else one
    /// that another thread takes would be slept through for minutes.
    ///
    /// # Errors
    /// `ECONNREFUSED`, `ETIMEDOUT`, `ENETUNREACH`, `EHOSTUNREACH`, `EINPROGRESS` when non-blocking; timeout.
    pub fn connect(&self, address: &Address) -> Result<()> {
        // A connect cannot be waited for before it has begun; but a signal from before it is not slept through.
        check_interrupt(Op::Connect).map_err(|error| error.at(address))?;
        let mode = self.mode();
        // A limit of the socket's own (SO_SNDTIMEO) counts in the call, and would not in poll(2).
        if mode == Mode::Blocking && sys::signal::wake().is_some() && !self.limited.load(Ordering::Relaxed) {
            crate::io::set_nonblocking(self.as_fd(), true)?;
            let connected = self.connect_until(address, true, Deadline::NEVER);
            let as_before = crate::io::set_nonblocking(self.as_fd(), false);
            return connected.map_err(|error| error.at(address)).and(as_before);
        }
        self.connect_until(address, matches!(mode, Mode::Timeout(_)), self.deadline())
            .map_err(|error| error.at(address))
    }

    /// Begins a connection; one that is under way is waited for where `waits` says so.
    fn connect_until(&self, address: &Address, waits: bool, deadline: Deadline) -> Result<()> {
        let unix = matches!(address, Address::Unix(_));
        let mut time = QUEUE_PAUSE;
        loop {
            let begin = || socket::connect(self.as_fd(), address);
            match raise::around(raise::to_reach(address), begin) {
                Ok(()) => return Ok(()),
                // connect(2): the connection goes on. But over a Unix socket it has not begun: it waited for a place.
                Err(Errno::EINTR) => {
                    check_interrupt(Op::Connect)?;
                    if !unix {
                        return self.finish_connect(deadline);
                    }
                }
                Err(Errno::EINPROGRESS) if waits => return self.finish_connect(deadline),
                // unix(7): the listener's queue is full, and nothing tells when it is no more. Who wants to wait asks
                // again; in timeout mode nobody does, as in Python.
                Err(Errno::EAGAIN) if unix && waits && self.mode() == Mode::Blocking => {
                    pause(Op::Connect, time)?;
                    time = (2 * time).min(QUEUE_PAUSE_MOST);
                }
                Err(errno) => return Err(Error::new(Op::Connect, errno)),
            }
        }
    }

    /// Waits until a connection that has begun is made or has failed: poll(2), then `SO_ERROR`.
    ///
    /// # Errors
    /// Those of [`Socket::connect`]; timeout at the deadline.
    pub fn finish_connect(&self, deadline: Deadline) -> Result<()> {
        wait_for(Op::Connect, self.as_fd(), c::POLLOUT, deadline)?;
        match self.take_error()? {
            None => Ok(()),
            Some(errno) => Err(Error::new(Op::Connect, errno)),
        }
    }

    /// Connects and returns the errno instead of failing: Python's `connect_ex`. `None` is success.
    pub fn connect_ex(&self, address: &Address) -> Option<Errno> {
        match self.connect(address) {
            Ok(()) => None,
            // Python reports a timeout of its own as EAGAIN here.
            Err(error) if matches!(error.cause(), Cause::TimedOut(_)) => Some(Errno::EAGAIN),
            Err(error) => error.errno(),
        }
    }

    /// Ends one or both directions. Source: shutdown(2).
    ///
    /// # Errors
    /// `ENOTCONN`.
    pub fn shutdown(&self, how: Shutdown) -> Result<()> {
        let how = match how {
            Shutdown::Read => c::SHUT_RD,
            Shutdown::Write => c::SHUT_WR,
            Shutdown::Both => c::SHUT_RDWR,
        };
        socket::shutdown(self.as_fd(), how).map_err(|errno| Error::new(Op::Shutdown, errno))
    }

    /// Closes the socket and says how that went. Source: close(2).
    ///
    /// # Errors
    /// `EIO`; the descriptor is closed all the same.
    pub fn close(self) -> Result<()> {
        self.fd.close().map_err(|errno| Error::new(Op::Close, errno))
    }

    /// Duplicates the descriptor: two sockets on one connection. Source: fcntl(2), `F_DUPFD_CLOEXEC`.
    ///
    /// # Errors
    /// `EMFILE`.
    pub fn dup(&self) -> Result<Self> {
        let fd = file::dup(self.as_fd()).map_err(|errno| Error::new(Op::Dup, errno))?;
        Ok(self.derived(fd, self.mode()))
    }

    /// Gives up the descriptor without closing it: Python's `detach`.
    #[must_use]
    pub fn detach(self) -> RawFd {
        let fd = self.fd.into_raw_fd();
        door::note(Op::Detach, || (vec![("fd", Value::Fd(fd))], Ok(Value::Fd(fd))));
        fd
    }

    /// Gives up the descriptor as an owned one.
    #[must_use]
    pub fn into_fd(self) -> Fd {
        self.fd
    }

    /// Reads the local address. Source: getsockname(2).
    ///
    /// # Errors
    /// `ENOBUFS`.
    pub fn getsockname(&self) -> Result<Address> {
        socket::getsockname(self.as_fd()).map_err(|errno| Error::new(Op::Getsockname, errno))
    }

    /// Reads the peer's address. Source: getpeername(2).
    ///
    /// # Errors
    /// `ENOTCONN`.
    pub fn getpeername(&self) -> Result<Address> {
        socket::getpeername(self.as_fd()).map_err(|errno| Error::new(Op::Getpeername, errno))
    }

    /// Sends bytes to the connected peer and returns how many the kernel took, which may be fewer. Source: send(2).
    ///
    /// `MSG_NOSIGNAL` is always added: a closed peer is `EPIPE`, not a signal.
    ///
    /// # Errors
    /// `EPIPE`, `ECONNRESET`, `EAGAIN`, `EMSGSIZE`, `ENOTCONN`; timeout.
    pub fn send(&self, bytes: &[u8], flags: i32) -> Result<usize> {
        self.attempt(Op::Send, c::POLLOUT, flags, |fd| socket::send(fd, bytes, flags | c::MSG_NOSIGNAL))
    }

    /// Sends all bytes, by as many send(2) as it takes; the timeout is one for all of them.
    ///
    /// # Errors
    /// Those of [`Socket::send`]; how much was sent before is not known, as in Python.
    pub fn sendall(&self, bytes: &[u8], flags: i32) -> Result<()> {
        let args = || {
            vec![
                ("fd", Value::Fd(self.fileno())),
                ("buffer", Value::bytes(bytes)),
                ("length", Value::len(bytes.len())),
            ]
        };
        let body = || {
            let (deadline, mut rest) = (self.deadline(), bytes);
            while !rest.is_empty() {
                let sent = self.attempt_until(Op::Sendall, c::POLLOUT, flags, deadline, |fd| {
                    socket::send(fd, rest, flags | c::MSG_NOSIGNAL)
                })?;
                rest = rest.get(sent..).unwrap_or_default();
            }
            Ok(())
        };
        door::compose(Op::Sendall, args, body, outcome)
    }

    /// Sends bytes to `address`. Source: sendto(2).
    ///
    /// # Errors
    /// `EMSGSIZE`, `ENETUNREACH`, `EACCES` (broadcast without `SO_BROADCAST`), `EISCONN`; timeout.
    pub fn sendto(&self, bytes: &[u8], flags: i32, address: &Address) -> Result<usize> {
        let needed = raise::to_reach(address);
        self.attempt(Op::Sendto, c::POLLOUT, flags, |fd| {
            let send = || socket::sendto(fd, bytes, flags | c::MSG_NOSIGNAL, address);
            raise::around(needed, send)
        })
        .map_err(|error| error.at(address))
    }

    /// Sends several buffers with control bytes, to `address` where given. Source: sendmsg(2).
    ///
    /// # Errors
    /// Those of [`Socket::sendto`]; `EINVAL` for control bytes that the kernel cannot parse.
    pub fn sendmsg(
        &self,
        buffers: &[IoSlice<'_>],
        control: &[u8],
        flags: i32,
        address: Option<&Address>,
    ) -> Result<usize> {
        let flags = flags | c::MSG_NOSIGNAL;
        let needed = raise::to_send(control, address);
        self.attempt(Op::Sendmsg, c::POLLOUT, flags, |fd| {
            raise::around(&needed, || message::sendmsg(fd, buffers, control, flags, address))
        })
        .map_err(|error| match address {
            Some(address) => error.at(address),
            None => error,
        })
    }

    /// Receives at most `size` bytes; none from a stream is its end. Source: recv(2).
    ///
    /// # Errors
    /// `ECONNRESET`, `EAGAIN`, `ENOTCONN`, `ECONNREFUSED` (a datagram's ICMP answer); timeout.
    pub fn recv(&self, size: usize, flags: i32) -> Result<Vec<u8>> {
        let mut buffer = room(size);
        let len = self.recv_into(&mut buffer, flags)?;
        buffer.truncate(len);
        Ok(buffer)
    }

    /// Receives into `buffer`; returns how many bytes, 0 at a stream's end. Source: recv(2).
    ///
    /// # Errors
    /// Those of [`Socket::recv`].
    pub fn recv_into(&self, buffer: &mut [u8], flags: i32) -> Result<usize> {
        self.attempt(Op::Recv, c::POLLIN, flags, |fd| socket::recv(fd, buffer, flags))
    }

    /// Receives at most `size` bytes and the sender's address; a stream gives [`Address::Unspecified`].
    /// Source: recvfrom(2).
    ///
    /// # Errors
    /// Those of [`Socket::recv`].
    pub fn recvfrom(&self, size: usize, flags: i32) -> Result<(Vec<u8>, Address)> {
        let mut buffer = room(size);
        let (len, address) = self.recvfrom_into(&mut buffer, flags)?;
        buffer.truncate(len);
        Ok((buffer, address))
    }

    /// Receives into `buffer`; returns how many bytes, and the sender's address. Source: recvfrom(2).
    ///
    /// # Errors
    /// Those of [`Socket::recv`].
    pub fn recvfrom_into(&self, buffer: &mut [u8], flags: i32) -> Result<(usize, Address)> {
        self.attempt(Op::Recvfrom, c::POLLIN, flags, |fd| socket::recvfrom(fd, buffer, flags))
    }

    /// Receives at most `size` bytes and `control_room` control bytes. Source: recvmsg(2).
    ///
    /// # Errors
    /// Those of [`Socket::recv`].
    pub fn recvmsg(&self, size: usize, control_room: usize, flags: i32) -> Result<(Vec<u8>, Received)> {
        let mut buffer = room(size);
        let received = self.recvmsg_into(&mut [IoSliceMut::new(&mut buffer)], control_room, flags)?;
        buffer.truncate(received.len);
        Ok((buffer, received))
    }

    /// Receives into several buffers, with at most `control_room` control bytes. Source: recvmsg(2).
    ///
    /// Descriptors in the control bytes are close-on-exec.
    ///
    /// # Errors
    /// Those of [`Socket::recv`].
    pub fn recvmsg_into(
        &self,
        buffers: &mut [IoSliceMut<'_>],
        control_room: usize,
        flags: i32,
    ) -> Result<Received> {
        let flags = flags | c::MSG_CMSG_CLOEXEC;
        let mut received = self.attempt(Op::Recvmsg, c::POLLIN, flags, |fd| {
            message::recvmsg(fd, buffers, control_room, flags)
        })?;
        // The kernel hands our own flag back.
        received.flags &= !c::MSG_CMSG_CLOEXEC;
        Ok(received)
    }

    /// Reads as from any descriptor. Source: read(2).
    ///
    /// # Errors
    /// Those of [`Socket::recv`].
    pub fn read(&self, buffer: &mut [u8]) -> Result<usize> {
        self.attempt(Op::Read, c::POLLIN, 0, |fd| file::read(fd, buffer))
    }

    /// Writes as to any descriptor. Source: write(2). A closed peer raises SIGPIPE, which Rust programs ignore.
    ///
    /// # Errors
    /// Those of [`Socket::send`].
    pub fn write(&self, bytes: &[u8]) -> Result<usize> {
        self.attempt(Op::Write, c::POLLOUT, 0, |fd| file::write(fd, bytes))
    }

    /// Reads into several buffers. Source: readv(2).
    ///
    /// # Errors
    /// Those of [`Socket::recv`].
    pub fn readv(&self, buffers: &mut [IoSliceMut<'_>]) -> Result<usize> {
        self.attempt(Op::Readv, c::POLLIN, 0, |fd| file::readv(fd, buffers))
    }

    /// Writes several buffers. Source: writev(2).
    ///
    /// # Errors
    /// Those of [`Socket::send`].
    pub fn writev(&self, buffers: &[IoSlice<'_>]) -> Result<usize> {
        self.attempt(Op::Writev, c::POLLOUT, 0, |fd| file::writev(fd, buffers))
    }

    /// Sends `count` bytes of a file from `offset`, or all that is left, within the kernel where it can, else by
    /// read(2) and send(2): Python's `sendfile`. Returns how many were sent. Source: sendfile(2).
    ///
    /// # Errors
    /// Those of [`Socket::send`] and of reading the file; `ESPIPE` for an offset in a pipe.
    pub fn sendfile(&self, from: BorrowedFd<'_>, offset: u64, count: Option<u64>) -> Result<u64> {
        let args = || vec![("fd", Value::Fd(self.fileno())), ("file", Value::Fd(from.as_raw_fd()))];
        let body = || self.sendfile_until(from, offset, count, self.deadline());
        door::compose(Op::Sendfile, args, body, |sent| match sent {
            Ok(sent) => Ok(Value::Int(i64::try_from(*sent).unwrap_or(i64::MAX))),
            Err(error) => Err(error.traced()),
        })
    }

    fn sendfile_until(
        &self,
        from: BorrowedFd<'_>,
        offset: u64,
        count: Option<u64>,
        deadline: Deadline,
    ) -> Result<u64> {
        let mut at = i64::try_from(offset).map_err(|_| Error::new(Op::Sendfile, Errno::EOVERFLOW))?;
        let mut sent = 0;
        loop {
            let left = count.map_or(u64::MAX, |count| count - sent);
            let piece = usize::try_from(left).unwrap_or(MOST).min(MOST);
            if piece == 0 {
                return Ok(sent);
            }
            let moved = self.attempt_until(Op::Sendfile, c::POLLOUT, 0, deadline, |fd| {
                file::sendfile(fd, from, Some(&mut at), piece)
            });
            match moved {
                Ok(0) => return Ok(sent),
                Ok(n) => sent += n as u64,
                // Not a file that can be mapped, or a pipe, which has no offsets: its own position is the only one.
                Err(error)
                    if matches!(error.errno(), Some(Errno::EINVAL | Errno::ESPIPE))
                        && (offset, sent) == (0, 0) =>
                {
                    return self.copy_file(from, count, deadline);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The way for a file that cannot be mapped, such as a pipe: its own position is used.
    fn copy_file(&self, from: BorrowedFd<'_>, count: Option<u64>, deadline: Deadline) -> Result<u64> {
        let mut buffer = vec![0; 64 * 1024];
        let mut sent = 0;
        loop {
            let left = count.map_or(u64::MAX, |count| count - sent);
            let room = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let piece = buffer.get_mut(..room).unwrap_or_default();
            let got = crate::io::read(from, piece)?;
            let mut rest = piece.get(..got).unwrap_or_default();
            if rest.is_empty() {
                return Ok(sent);
            }
            while !rest.is_empty() {
                let n = self.attempt_until(Op::Send, c::POLLOUT, 0, deadline, |fd| {
                    socket::send(fd, rest, c::MSG_NOSIGNAL)
                })?;
                rest = rest.get(n..).unwrap_or_default();
                sent += n as u64;
            }
        }
    }

    /// Reads an option by number into `value`; returns the length that the kernel wrote. Source: getsockopt(2).
    ///
    /// # Errors
    /// `ENOPROTOOPT`, `EINVAL`, `EOPNOTSUPP`: also for a value that could hold an address for the kernel to write to,
    /// which of an option that we do not know is any of 8 bytes or more that is not all zeros.
    pub fn getsockopt_into(&self, level: i32, name: i32, value: &mut [u8]) -> Result<usize> {
        raise::around(raise::to_set(level, name), || socket::getsockopt(self.as_fd(), level, name, value))
            .map_err(|errno| Error::new(Op::Getsockopt, errno).of_option(level, name))
    }

    /// Reads an integer option by number: Python's `getsockopt(level, name)`. Source: getsockopt(2).
    ///
    /// # Errors
    /// Those of [`Socket::getsockopt_into`].
    pub fn getsockopt(&self, level: i32, name: i32) -> Result<i32> {
        let mut value = [0; 4];
        self.getsockopt_into(level, name, &mut value)?;
        Ok(i32::from_ne_bytes(value))
    }

    /// Reads an option of at most `size` bytes by number: Python's `getsockopt(level, name, size)`.
    ///
    /// # Errors
    /// Those of [`Socket::getsockopt_into`].
    pub fn getsockopt_bytes(&self, level: i32, name: i32, size: usize) -> Result<Vec<u8>> {
        let mut value = vec![0; size];
        let len = self.getsockopt_into(level, name, &mut value)?;
        value.truncate(len);
        Ok(value)
    }

    /// Writes an integer option by number. Source: setsockopt(2).
    ///
    /// # Errors
    /// `ENOPROTOOPT`, `EINVAL`, `EPERM`.
    pub fn setsockopt(&self, level: i32, name: i32, value: i32) -> Result<()> {
        self.setsockopt_bytes(level, name, &value.to_ne_bytes())
    }

    /// Writes an option by number and bytes. Source: setsockopt(2).
    ///
    /// # Errors
    /// Those of [`Socket::setsockopt`]; `EOPNOTSUPP` for a value that could hold an address, as at
    /// [`Socket::getsockopt_into`].
    pub fn setsockopt_bytes(&self, level: i32, name: i32, value: &[u8]) -> Result<()> {
        use c::option::{SO_RCVTIMEO, SO_RCVTIMEO_NEW, SO_SNDTIMEO, SO_SNDTIMEO_NEW};
        if level == c::SOL_SOCKET
            && matches!(name, SO_RCVTIMEO | SO_RCVTIMEO_NEW | SO_SNDTIMEO | SO_SNDTIMEO_NEW)
        {
            self.limited.store(true, Ordering::Relaxed);
        }
        let set = || socket::setsockopt(self.as_fd(), level, name, value);
        raise::around(raise::to_set(level, name), set)
            .map_err(|errno| Error::new(Op::Setsockopt, errno).of_option(level, name))
    }

    /// Takes the pending error: `SO_ERROR` of socket(7).
    ///
    /// # Errors
    /// Those of [`Socket::getsockopt_into`].
    pub fn take_error(&self) -> Result<Option<Errno>> {
        socket::take_error(self.as_fd())
            .map_err(|errno| Error::new(Op::Getsockopt, errno).of_option(c::SOL_SOCKET, c::SO_ERROR))
    }

    /// Returns the mode.
    #[must_use]
    pub fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the mode; two calls of fcntl(2) when blocking begins or ends. Python's `setblocking` and `settimeout`.
    ///
    /// # Errors
    /// `EBADF`.
    pub fn set_mode(&self, mode: Mode) -> Result<()> {
        let mode = Mode::from_timeout(mode.timeout());
        let mut current = self.mode.lock().unwrap_or_else(PoisonError::into_inner);
        if (*current == Mode::Blocking) != (mode == Mode::Blocking) {
            crate::io::set_nonblocking(self.as_fd(), mode != Mode::Blocking)?;
        }
        *current = mode;
        Ok(())
    }

    /// Tells whether a program started by exec(2) keeps the descriptor. Source: fcntl(2), `F_GETFD`.
    ///
    /// # Errors
    /// `EBADF`.
    pub fn inheritable(&self) -> Result<bool> {
        let flags = file::fcntl(self.as_fd(), c::F_GETFD, 0).map_err(|errno| Error::new(Op::Fcntl, errno))?;
        Ok(flags & i64::from(c::FD_CLOEXEC) == 0)
    }

    /// Says whether a program started by exec(2) keeps the descriptor. Source: fcntl(2), `F_SETFD`.
    ///
    /// # Errors
    /// `EBADF`.
    pub fn set_inheritable(&self, inheritable: bool) -> Result<()> {
        let flags = if inheritable { 0 } else { i64::from(c::FD_CLOEXEC) };
        file::fcntl(self.as_fd(), c::F_SETFD, flags).map_err(|errno| Error::new(Op::Fcntl, errno))?;
        Ok(())
    }

    /// Returns when an operation that begins now must have ended.
    fn deadline(&self) -> Deadline {
        match self.mode() {
            Mode::Timeout(timeout) => Deadline::after(timeout),
            Mode::Blocking | Mode::NonBlocking => Deadline::NEVER,
        }
    }

    fn attempt<T>(
        &self,
        op: Op,
        events: i16,
        flags: i32,
        call: impl FnMut(BorrowedFd<'_>) -> std::result::Result<T, Errno>,
    ) -> Result<T> {
        self.attempt_until(op, events, flags, self.deadline(), call)
    }

    /// Makes a call, again after EINTR, and in timeout mode again when poll(2) says that it will not block. `events` are
    /// what it waits for, `flags` those of the call: some make it answer at once.
    fn attempt_until<T>(
        &self,
        op: Op,
        events: i16,
        flags: i32,
        deadline: Deadline,
        mut call: impl FnMut(BorrowedFd<'_>) -> std::result::Result<T, Errno>,
    ) -> Result<T> {
        let mode = self.mode();
        // A limit of the socket's own (SO_RCVTIMEO) counts in the call, and would not in poll(2).
        let waits = flags & (c::MSG_DONTWAIT | c::MSG_ERRQUEUE | c::MSG_OOB) == 0;
        let waits_before = mode == Mode::Blocking && waits && !self.limited.load(Ordering::Relaxed);
        loop {
            if waits_before {
                wait_before(op, self.as_fd(), events)?;
            }
            match call(self.as_fd()) {
                Ok(done) => return Ok(done),
                Err(Errno::EINTR) => check_interrupt(op)?,
                Err(Errno::EAGAIN) if matches!(mode, Mode::Timeout(_)) => {
                    wait_for(op, self.as_fd(), events, deadline)?;
                }
                Err(errno) => return Err(Error::new(op, errno)),
            }
        }
    }
}

/// Takes the flags out of a type, with Python's meaning: `SOCK_NONBLOCK` is the non-blocking mode, `SOCK_CLOEXEC` is how
/// every socket is opened here. A timeout of zero is the non-blocking mode too.
fn kind_and_mode(kind: Type, mode: Mode) -> (Type, Mode) {
    let mode =
        if kind.0 & c::SOCK_NONBLOCK != 0 { Mode::NonBlocking } else { Mode::from_timeout(mode.timeout()) };
    (Type(kind.0 & !(c::SOCK_NONBLOCK | c::SOCK_CLOEXEC)), mode)
}

/// Says with which flags of socket(2) a socket begins.
const fn birth_flags(mode: Mode) -> i32 {
    match mode {
        Mode::Blocking => c::SOCK_CLOEXEC,
        Mode::NonBlocking | Mode::Timeout(_) => c::SOCK_CLOEXEC | c::SOCK_NONBLOCK,
    }
}

/// How long a connect waits at first, and at most, before it asks again for a place in a Unix listener's queue.
const QUEUE_PAUSE: Duration = Duration::from_millis(1);
const QUEUE_PAUSE_MOST: Duration = Duration::from_millis(50);

/// The most that one call moves, whatever it is asked: `MAX_RW_COUNT` of read(2).
const MOST: usize = 0x7fff_f000;

/// Makes room for `size` bytes, but for no more than one call could fill.
fn room(size: usize) -> Vec<u8> {
    vec![0; size.min(MOST)]
}

/// Reads as from a file, so that `std::io::BufReader` gives lines: what Python's `makefile` is for.
impl std::io::Read for &Socket {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.recv_into(buffer, 0).map_err(Into::into)
    }
}

/// Writes as to a file.
impl std::io::Write for &Socket {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.send(bytes, 0).map_err(Into::into)
    }

    /// Does nothing: a socket holds nothing back.
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a composite that returns nothing reports.
pub(crate) fn outcome(result: &Result<()>) -> std::result::Result<Value, Errno> {
    match result {
        Ok(()) => Ok(Value::Null),
        Err(error) => Err(error.traced()),
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket")
            .field("fd", &self.fileno())
            .field("family", &self.family)
            .field("type", &self.kind)
            .field("protocol", &self.protocol)
            .field("mode", &self.mode())
            .finish()
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl AsRawFd for Socket {
    fn as_raw_fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }
}

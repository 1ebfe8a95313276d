//! The parts that conversations are built of: where bytes come from, where they go, and one flow between the two.
//!
//! Nothing here waits: a flow says what it wants to be told of, and is told.

use std::io::ErrorKind;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sock::option::{TcpState, tcp};
use sock::{Deadline, Errno, Fd, PollFd, Shutdown, Socket, c, io};

use crate::show::Show;

/// A descriptor that bytes come from or go to.
#[derive(Clone, Debug)]
pub(crate) enum Handle {
    /// A socket of ours, non-blocking.
    Socket(Arc<Socket>),
    /// A file or pipe that we opened.
    File(Arc<Fd>),
    /// Standard input, with the flags it was inherited with.
    Stdin,
    /// Standard output, likewise: a file, a terminal.
    Stdout,
    /// Standard output that is a pipe and could not be opened for us alone: it may be blocking.
    StdoutPipe,
    /// Standard output that is a socket, with the flags it was inherited with.
    StdoutSocket(Arc<Socket>),
}

/// A pipe that poll(2) calls writable takes this many bytes without blocking: `PIPE_BUF` of pipe(7).
const PIPE_BUF: usize = 4096;

impl Handle {
    fn read(&self, buffer: &mut [u8]) -> sock::Result<usize> {
        match self {
            Self::Socket(socket) => socket.recv_into(buffer, 0),
            Self::File(_) | Self::Stdin | Self::Stdout | Self::StdoutPipe | Self::StdoutSocket(_) => {
                io::read(self.as_fd(), buffer)
            }
        }
    }

    fn write(&self, bytes: &[u8]) -> sock::Result<usize> {
        match self {
            Self::Socket(socket) => socket.send(bytes, 0),
            Self::StdoutSocket(socket) => socket.send(bytes, c::MSG_DONTWAIT),
            Self::StdoutPipe => {
                let mut fds = vec![PollFd::new(self.as_fd(), c::POLLOUT)];
                if sock::wait_any(&mut fds, Deadline::after(Duration::ZERO))? == 0 {
                    return Err(sock::Error::new(sock::Op::Write, Errno::EAGAIN));
                }
                io::write(self.as_fd(), bytes.get(..PIPE_BUF).unwrap_or(bytes))
            }
            Self::File(_) | Self::Stdin | Self::Stdout => io::write(self.as_fd(), bytes),
        }
    }
}

impl AsFd for Handle {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Socket(socket) => socket.as_fd(),
            Self::File(fd) => fd.as_fd(),
            Self::Stdin => sock::stdin(),
            Self::Stdout | Self::StdoutPipe => sock::stdout(),
            Self::StdoutSocket(socket) => socket.as_fd(),
        }
    }
}

/// Where bytes come from.
#[derive(Debug)]
pub(crate) enum Inlet {
    /// A descriptor; `packets` says that nothing received is a packet, not the end.
    Handle { handle: Handle, packets: bool },
    /// Bytes given beforehand, and how many of them are read.
    Bytes(Vec<u8>, usize),
    /// Nothing, and no end either.
    Never,
}

/// What a read brought.
pub(crate) enum Got {
    /// This many bytes at the start of the buffer.
    Some(usize),
    /// Nothing just now.
    Nothing,
    /// The end.
    End,
}

impl Inlet {
    /// Makes an inlet of bytes.
    pub(crate) const fn of(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes, 0)
    }

    fn read(&mut self, buffer: &mut [u8]) -> sock::Result<Got> {
        match self {
            Self::Handle { handle, packets } => match handle.read(buffer) {
                Ok(0) if *packets => Ok(Got::Some(0)),
                Ok(0) => Ok(Got::End),
                Ok(n) => Ok(Got::Some(n)),
                Err(error) if error.would_block() => Ok(Got::Nothing),
                Err(error) => Err(error),
            },
            Self::Bytes(bytes, read) => {
                let rest = bytes.get(*read..).unwrap_or_default();
                let n = rest.len().min(buffer.len());
                buffer.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                *read += n;
                Ok(if n == 0 { Got::End } else { Got::Some(n) })
            }
            Self::Never => Ok(Got::Nothing),
        }
    }

    /// Returns the descriptor to poll; `None` for what is always ready, or never.
    pub(crate) fn pollable(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Handle { handle, .. } => Some(handle.as_fd()),
            Self::Bytes(..) | Self::Never => None,
        }
    }

    pub(crate) const fn is_always_ready(&self) -> bool {
        matches!(self, Self::Bytes(..))
    }
}

/// Where bytes go, with what the descriptor has not taken yet.
#[derive(Debug)]
pub(crate) struct Outlet {
    handle: Option<Handle>,
    pending: Vec<u8>,
    taken: usize,
    /// How many bytes the descriptor has taken in all.
    written: u64,
}

impl Outlet {
    pub(crate) const fn to(handle: Handle) -> Self {
        Self { handle: Some(handle), pending: Vec::new(), taken: 0, written: 0 }
    }

    /// Throws everything away.
    pub(crate) const fn nowhere() -> Self {
        Self { handle: None, pending: Vec::new(), taken: 0, written: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.taken == self.pending.len()
    }

    pub(crate) fn pollable(&self) -> Option<BorrowedFd<'_>> {
        self.handle.as_ref().map(AsFd::as_fd)
    }

    /// Takes bytes: writes what the descriptor will have now, keeps the rest. One call is one message where the
    /// descriptor keeps boundaries.
    pub(crate) fn offer(&mut self, bytes: &[u8]) -> sock::Result<()> {
        let Some(handle) = &self.handle else { return Ok(()) };
        let mut rest = bytes;
        if self.is_empty() {
            match handle.write(bytes) {
                Ok(n) => {
                    self.written += n as u64;
                    rest = bytes.get(n..).unwrap_or_default();
                }
                Err(error) if error.would_block() => {}
                Err(error) => return Err(error),
            }
        }
        if !rest.is_empty() {
            self.pending.drain(..self.taken);
            self.taken = 0;
            self.pending.extend_from_slice(rest);
        }
        Ok(())
    }

    /// Writes on from what is pending.
    pub(crate) fn flush(&mut self) -> sock::Result<()> {
        let Some(handle) = &self.handle else { return Ok(()) };
        while !self.is_empty() {
            match handle.write(self.pending.get(self.taken..).unwrap_or_default()) {
                Ok(n) => {
                    self.written += n as u64;
                    self.taken += n;
                }
                Err(error) if error.would_block() => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        // The room goes back: an idle conversation owns no buffer.
        self.pending = Vec::new();
        self.taken = 0;
        Ok(())
    }

    /// Writes all that is pending, however long it takes: what was received is not lost by being asked to stop. A second
    /// signal still kills.
    pub(crate) fn drain(&mut self) -> sock::Result<()> {
        loop {
            self.flush()?;
            let Some(handle) = self.handle.as_ref().filter(|_| !self.is_empty()) else { return Ok(()) };
            sock::wait_through(&mut [PollFd::new(handle.as_fd(), c::POLLOUT)], Deadline::NEVER)?;
        }
    }

    /// Tells whether the peer's kernel has everything, the FIN included if one was sent: what has not arrived is dropped
    /// when a socket is closed over unread input. Only TCP can tell.
    fn is_delivered(&self) -> bool {
        let Some(Handle::Socket(socket)) = &self.handle else { return true };
        let Ok(info) = tcp::info(socket) else { return true };
        let fin_is_on_its_way =
            matches!(info.state, TcpState::FinWait1 | TcpState::Closing | TcpState::LastAck);
        !fin_is_on_its_way && info.unacked == 0 && info.notsent_bytes == 0
    }

    /// Tells whether bytes leave this process for a peer, and not for whoever started it.
    const fn is_peer(&self) -> bool {
        matches!(self.handle, Some(Handle::Socket(_)))
    }

    pub(crate) fn drop_pending(&mut self) {
        self.pending = Vec::new();
        self.taken = 0;
    }

    /// Passes the end on: a FIN on a stream socket, nothing elsewhere. True when a FIN was sent.
    pub(crate) fn finish(&self) -> sock::Result<bool> {
        let Some(Handle::Socket(socket)) = &self.handle else { return Ok(false) };
        if socket.kind() == sock::Type::DGRAM {
            return Ok(false);
        }
        match socket.shutdown(Shutdown::Write) {
            Ok(()) => Ok(true),
            // The peer was faster: it reset or closed both directions.
            Err(error) if error.errno() == Some(Errno::ENOTCONN) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Turns each lone LF into CR LF; what follows a CR already is left alone.
#[derive(Debug, Default)]
pub(crate) struct Crlf {
    after_cr: bool,
}

impl Crlf {
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16 + 1);
        for byte in bytes {
            if *byte == b'\n' && !self.after_cr {
                out.push(b'\r');
            }
            out.push(*byte);
            self.after_cr = *byte == b'\r';
        }
        out
    }
}

/// Lines that go one by one, each when its time has come.
#[derive(Debug)]
pub(crate) struct Pace {
    delay: Duration,
    waiting: Vec<u8>,
    not_before: Option<Instant>,
}

impl Pace {
    pub(crate) const fn new(delay: Duration) -> Self {
        Self { delay, waiting: Vec::new(), not_before: None }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Returns when the next line may go; `None` when nothing waits.
    pub(crate) fn next_at(&self) -> Option<Instant> {
        (!self.is_empty()).then(|| self.not_before.unwrap_or_else(Instant::now))
    }

    /// Takes the next line if its time has come.
    pub(crate) fn take_due(&mut self) -> Option<Vec<u8>> {
        self.next_at().filter(|at| *at <= Instant::now())?;
        let end = self.waiting.iter().position(|byte| *byte == b'\n').map_or(self.waiting.len(), |at| at + 1);
        self.not_before = Some(Instant::now() + self.delay);
        Some(self.waiting.drain(..end).collect())
    }
}

/// Bytes on their way in one direction.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) inlet: Inlet,
    pub(crate) outlet: Outlet,
    /// The most bytes of one read.
    pub(crate) chunk: usize,
    pub(crate) crlf: Option<Crlf>,
    pub(crate) show: Show,
    /// Show what is held back as soon as nothing more comes at once: somebody is watching.
    pub(crate) show_at_once: bool,
    pub(crate) pace: Option<Pace>,
    ended: bool,
    finished: bool,
    moved: u64,
}

/// What a flow has just done.
pub(crate) enum Step<'a> {
    /// Nothing to do at the moment.
    Idle,
    /// Moved these bytes.
    Moved(&'a [u8]),
    /// The source has ended.
    Ended,
}

/// A failure at one end of a flow.
pub(crate) enum Trouble {
    /// Where bytes come from.
    Inlet(sock::Error),
    /// Where bytes go.
    Outlet(sock::Error),
}

impl Flow {
    pub(crate) const fn new(inlet: Inlet, outlet: Outlet, chunk: usize) -> Self {
        Self {
            inlet,
            outlet,
            chunk,
            crlf: None,
            show: Show::Raw,
            show_at_once: false,
            pace: None,
            ended: false,
            finished: false,
            moved: 0,
        }
    }

    pub(crate) fn wants_read(&self) -> bool {
        !self.ended && self.no_line_waits() && self.outlet.is_empty()
    }

    fn no_line_waits(&self) -> bool {
        self.pace.as_ref().is_none_or(Pace::is_empty)
    }

    pub(crate) fn wants_write(&self) -> bool {
        !self.outlet.is_empty()
    }

    /// Returns when the next line may go.
    pub(crate) fn next_line_at(&self) -> Option<Instant> {
        self.pace.as_ref().and_then(Pace::next_at)
    }

    /// Tells whether the source has ended, whatever is still on its way.
    pub(crate) const fn source_ended(&self) -> bool {
        self.ended
    }

    /// Tells whether the source has ended and everything from it is delivered.
    pub(crate) fn is_drained(&self) -> bool {
        self.ended && self.no_line_waits() && self.outlet.is_empty()
    }

    /// Tells whether the source has ended and the other side has everything from it.
    pub(crate) fn is_delivered(&self) -> bool {
        self.is_drained() && self.outlet.is_delivered()
    }

    /// Counts the bytes that came and went: it stays the same while nothing moves.
    pub(crate) const fn activity(&self) -> u64 {
        self.moved + self.outlet.written
    }

    /// Counts the bytes that the source gave.
    pub(crate) const fn moved(&self) -> u64 {
        self.moved
    }

    /// Gives up: nothing more is read, and what was read and not delivered is dropped. Returns how much that is.
    pub(crate) fn abandon(&mut self) -> usize {
        let waiting = self.pace.take().map_or(0, |pace| pace.waiting.len());
        let lost = waiting + self.outlet.pending.len() - self.outlet.taken;
        self.ended = true;
        self.finished = true;
        self.outlet.drop_pending();
        lost
    }

    /// Passes the end on once everything is delivered; true when a FIN was sent by this call.
    pub(crate) fn finish(&mut self) -> Result<bool, Trouble> {
        if self.finished || !self.is_drained() {
            return Ok(false);
        }
        self.finished = true;
        self.outlet.finish().map_err(Trouble::Outlet)
    }

    /// Writes what is held back and what waits, when the conversation was ended before its source: what was received is
    /// shown. With `patient`, however slow the reader is.
    pub(crate) fn settle(&mut self, patient: bool) -> Result<(), Trouble> {
        if self.outlet.is_peer() {
            return Ok(());
        }
        let mut rest = Vec::new();
        self.show.finish(&mut rest);
        let offered = if rest.is_empty() { Ok(()) } else { self.outlet.offer(&rest) };
        let settled = offered.and_then(|()| if patient { self.outlet.drain() } else { self.outlet.flush() });
        settled.map_err(Trouble::Outlet)
    }

    /// Reads once and passes on what came.
    pub(crate) fn step<'a>(&mut self, buffer: &'a mut Vec<u8>) -> Result<Step<'a>, Trouble> {
        buffer.resize(self.chunk, 0);
        match self.inlet.read(buffer).map_err(Trouble::Inlet)? {
            Got::Nothing => Ok(Step::Idle),
            Got::End => {
                self.ended = true;
                let mut rest = Vec::new();
                self.show.finish(&mut rest);
                if !rest.is_empty() {
                    self.pass(&rest)?;
                }
                Ok(Step::Ended)
            }
            Got::Some(n) => {
                let bytes = buffer.get(..n).unwrap_or_default();
                self.moved += n as u64;
                self.transform_and_pass(bytes)?;
                Ok(Step::Moved(bytes))
            }
        }
    }

    fn transform_and_pass(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        if let Some(crlf) = &mut self.crlf {
            let bytes = crlf.push(bytes);
            return self.pass(&bytes);
        }
        if matches!(self.show, Show::Raw) {
            return self.pass(bytes);
        }
        let mut shown = Vec::new();
        self.show.push(bytes, &mut shown);
        if self.show_at_once {
            self.show.flush(&mut shown);
        }
        self.pass(&shown)
    }

    fn pass(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let Some(pace) = &mut self.pace else {
            return self.outlet.offer(bytes).map_err(Trouble::Outlet);
        };
        pace.push(bytes);
        self.send_line_if_due()
    }

    /// Writes on: what the descriptor did not take, and the next line when its time has come.
    pub(crate) fn flush(&mut self) -> Result<(), Trouble> {
        self.outlet.flush().map_err(Trouble::Outlet)?;
        self.send_line_if_due()
    }

    fn send_line_if_due(&mut self) -> Result<(), Trouble> {
        if !self.outlet.is_empty() {
            return Ok(());
        }
        match self.pace.as_mut().and_then(Pace::take_due) {
            Some(line) => self.outlet.offer(&line).map_err(Trouble::Outlet),
            None => Ok(()),
        }
    }
}

/// Tells whether an error means that nobody reads any more.
pub(crate) fn is_closed_pipe(error: &sock::Error) -> bool {
    error.errno() == Some(Errno::EPIPE)
}

/// Tells whether an error means that the peer ended the connection without ceremony.
pub(crate) fn is_reset(error: &sock::Error) -> bool {
    let kind = std::io::Error::from(error.clone()).kind();
    matches!(kind, ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_line_feeds_get_a_carriage_return_across_pieces() {
        let mut crlf = Crlf::default();
        let mut out = Vec::new();
        for piece in [&b"a\nb\r"[..], b"\nc\n\n", b"\r", b"x"] {
            out.extend(crlf.push(piece));
        }
        assert_eq!(out, b"a\r\nb\r\nc\r\n\r\n\rx");
    }

    #[test]
    fn a_full_descriptor_keeps_the_rest_pending() {
        let (left, right) =
            Socket::pair(sock::Family::UNIX, sock::Type::STREAM, sock::Protocol::DEFAULT).unwrap();
        left.set_mode(sock::Mode::NonBlocking).unwrap();
        let mut outlet = Outlet::to(Handle::Socket(Arc::new(left)));
        let block = vec![7; 100_000];
        let mut offered = 0;
        while outlet.is_empty() {
            outlet.offer(&block).unwrap();
            offered += block.len();
        }
        let mut got = 0;
        while got < offered {
            got += right.recv(1 << 20, 0).unwrap().len();
            outlet.flush().unwrap();
        }
        assert!(outlet.is_empty());
    }

    #[test]
    fn delayed_lines_go_one_by_one() {
        let (left, right) =
            Socket::pair(sock::Family::UNIX, sock::Type::STREAM, sock::Protocol::DEFAULT).unwrap();
        let outlet = Outlet::to(Handle::Socket(Arc::new(left)));
        let mut flow = Flow::new(Inlet::of(b"one\ntwo\n".to_vec()), outlet, 1024);
        flow.pace = Some(Pace::new(Duration::from_secs(3600)));
        assert!(matches!(flow.step(&mut Vec::new()), Ok(Step::Moved(_))));
        assert_eq!(right.recv(100, 0).unwrap(), b"one\n");
        assert!(flow.next_line_at().is_some() && !flow.wants_read());
        assert_eq!(flow.abandon(), 4);
    }
}

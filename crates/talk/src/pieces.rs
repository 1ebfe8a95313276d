//! The parts that conversations are built of: where bytes come from, where they go, and one flow between the two.
//!
//! Nothing here waits: a flow says what it wants to be told of, and is told.

use std::io::ErrorKind;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sock::option::{TcpState, tcp};
use sock::{Address, Deadline, Errno, Family, Fd, Op, PollFd, Shutdown, Socket, Type, c, io};

use crate::column;
use crate::error::Error;
use crate::event::Why;
use crate::lines::{Crlf, Pace};
use crate::payload::Payload;
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
    /// Standard output that is a pipe, opened once more for us alone.
    StdoutOwn(Arc<Fd>),
    /// Standard output that is a pipe and could not be opened for us alone: it may be blocking.
    StdoutPipe,
    /// Standard output that is a socket, with the flags it was inherited with.
    StdoutSocket(Arc<Socket>),
}

/// A pipe that poll(2) calls writable takes this many bytes without blocking: `PIPE_BUF` of pipe(7).
const PIPE_BUF: usize = 4096;

impl Handle {
    /// Reads; of a message the whole length, also where the buffer has less room.
    fn read(&self, buffer: &mut [u8]) -> sock::Result<usize> {
        match self {
            Self::Socket(socket) => {
                socket.recv_into(buffer, if has_messages(socket) { c::MSG_TRUNC } else { 0 })
            }
            _ => io::read(self.as_fd(), buffer),
        }
    }

    const fn is_peer(&self) -> bool {
        matches!(self, Self::Socket(_))
    }

    fn tcp(&self) -> Option<&Socket> {
        let Self::Socket(socket) = self else { return None };
        let internet = matches!(socket.family(), Family::INET | Family::INET6);
        (internet && socket.kind() == Type::STREAM).then_some(socket)
    }

    fn write(&self, bytes: &[u8]) -> sock::Result<usize> {
        match self {
            Self::Socket(socket) => socket.send(bytes, 0),
            Self::File(_) | Self::Stdin => io::write(self.as_fd(), bytes),
            _ => column::watched(bytes, || self.write_output(bytes)),
        }
    }

    fn write_output(&self, bytes: &[u8]) -> sock::Result<usize> {
        match self {
            Self::StdoutSocket(socket) => socket.send(bytes, c::MSG_DONTWAIT),
            Self::StdoutPipe => {
                let mut fds = vec![PollFd::new(self.as_fd(), c::POLLOUT)];
                if sock::wait_any(&mut fds, Deadline::after(Duration::ZERO))? == 0 {
                    return Err(sock::Error::new(Op::Write, Errno::EAGAIN));
                }
                io::write(self.as_fd(), bytes.get(..PIPE_BUF).unwrap_or(bytes))
            }
            _ => io::write(self.as_fd(), bytes),
        }
    }
}

impl AsFd for Handle {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Socket(socket) => socket.as_fd(),
            Self::File(fd) | Self::StdoutOwn(fd) => fd.as_fd(),
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
    /// The datagrams of one peer.
    FromPeer(FromPeer),
    /// Bytes given beforehand.
    Given(Payload),
    /// Nothing, and no end either.
    Never,
}

/// A datagram socket that was connected to the sender of its first datagram: what others sent before that waits in its
/// queue still (connect(2) filters what comes), and is counted and dropped.
#[derive(Debug)]
pub(crate) struct FromPeer {
    pub(crate) socket: Arc<Socket>,
    pub(crate) peer: Address,
    pub(crate) others: Arc<AtomicU64>,
}

impl FromPeer {
    fn read(&self, buffer: &mut [u8]) -> sock::Result<Got> {
        match self.socket.recvfrom_into(buffer, c::MSG_TRUNC) {
            Ok((n, from)) if from == self.peer => {
                Ok(Got::Some(n.min(buffer.len()), Some(n).filter(|n| *n > buffer.len())))
            }
            Ok(_) => {
                self.others.fetch_add(1, Ordering::Relaxed);
                Ok(Got::Nothing)
            }
            Err(error) if error.would_block() => Ok(Got::Nothing),
            Err(error) => Err(error),
        }
    }
}

/// What a read brought.
pub(crate) enum Got {
    /// This many bytes at the start of the buffer; of a message that was longer its length, too.
    Some(usize, Option<usize>),
    /// Nothing just now.
    Nothing,
    /// The end.
    End,
}

impl Inlet {
    fn read(&mut self, buffer: &mut [u8]) -> sock::Result<Got> {
        match self {
            Self::Handle { handle, packets } => match handle.read(buffer) {
                Ok(0) if *packets => Ok(Got::Some(0, None)),
                Ok(0) => Ok(Got::End),
                Ok(n) if n > buffer.len() => Ok(Got::Some(buffer.len(), Some(n))),
                Ok(n) => Ok(Got::Some(n, None)),
                Err(error) if error.would_block() => Ok(Got::Nothing),
                Err(error) => Err(error),
            },
            Self::FromPeer(from) => from.read(buffer),
            Self::Given(payload) => {
                let Some(piece) = payload.take() else { return Ok(Got::End) };
                buffer.iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
                Ok(Got::Some(piece.len(), None))
            }
            Self::Never => Ok(Got::Nothing),
        }
    }

    /// Returns the descriptor to poll; `None` for what is always ready, or never.
    pub(crate) fn pollable(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Handle { handle, .. } => Some(handle.as_fd()),
            Self::FromPeer(from) => Some(from.socket.as_fd()),
            Self::Given(_) | Self::Never => None,
        }
    }

    pub(crate) const fn is_always_ready(&self) -> bool {
        matches!(self, Self::Given(_))
    }

    /// Returns how much room one read needs: of a payload its next piece, of a descriptor `chunk`, or what a message
    /// takes that is longer and not to be `cut`.
    fn room(&self, chunk: usize, cut: bool) -> usize {
        match self {
            Self::Given(payload) => payload.next_len(),
            Self::Handle { handle: Handle::Socket(socket), .. } if !cut => message_room(socket, chunk),
            Self::FromPeer(from) if !cut => message_room(&from.socket, chunk),
            Self::Handle { .. } | Self::FromPeer(_) | Self::Never => chunk,
        }
    }

    /// Returns the socket where it is one of TCP.
    pub(crate) fn tcp(&self) -> Option<&Socket> {
        let Self::Handle { handle, .. } = self else { return None };
        handle.tcp()
    }

    /// Tells whether bytes come from a peer, and not from whoever started us.
    pub(crate) const fn is_peer(&self) -> bool {
        match self {
            Self::Handle { handle, .. } => handle.is_peer(),
            Self::FromPeer(_) => true,
            Self::Given(_) | Self::Never => false,
        }
    }
}

/// Where bytes go, with what the descriptor has not taken yet.
#[derive(Debug)]
pub(crate) struct Outlet {
    handle: Option<Handle>,
    /// What waits; it may be a message of no bytes.
    pending: Option<Vec<u8>>,
    taken: usize,
    /// How many bytes the descriptor has taken in all.
    written: u64,
}

impl Outlet {
    pub(crate) const fn to(handle: Handle) -> Self {
        Self { handle: Some(handle), pending: None, taken: 0, written: 0 }
    }

    /// Throws everything away.
    pub(crate) const fn nowhere() -> Self {
        Self { handle: None, pending: None, taken: 0, written: 0 }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.pending.is_none()
    }

    /// Counts the bytes that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.pending.as_ref().map_or(0, |pending| pending.len() - self.taken)
    }

    /// Counts the bytes that the descriptor has taken in all.
    pub(crate) const fn written(&self) -> u64 {
        self.written
    }

    pub(crate) fn pollable(&self) -> Option<BorrowedFd<'_>> {
        self.handle.as_ref().map(AsFd::as_fd)
    }

    /// Takes bytes: writes what the descriptor will have now, keeps the rest, also when it fails. One call is one message
    /// where the descriptor keeps boundaries.
    pub(crate) fn offer(&mut self, bytes: &[u8]) -> sock::Result<()> {
        let Some(handle) = &self.handle else { return Ok(()) };
        if let Some(pending) = &mut self.pending {
            pending.drain(..self.taken);
            self.taken = 0;
            pending.extend_from_slice(bytes);
            return Ok(());
        }
        let (rest, outcome) = match handle.write(bytes) {
            Ok(n) => {
                self.written += n as u64;
                (bytes.get(n..).filter(|rest| !rest.is_empty()), Ok(()))
            }
            Err(error) if error.would_block() => (Some(bytes), Ok(())),
            Err(error) => (Some(bytes), Err(error)),
        };
        self.pending = rest.map(<[u8]>::to_vec);
        outcome
    }

    /// Writes on from what is pending.
    pub(crate) fn flush(&mut self) -> sock::Result<()> {
        let Some(handle) = &self.handle else { return Ok(()) };
        while let Some(pending) = &self.pending {
            match handle.write(pending.get(self.taken..).unwrap_or_default()) {
                Ok(n) => {
                    self.written += n as u64;
                    self.taken += n;
                    if self.taken >= pending.len() {
                        // The room goes back: an idle conversation owns no buffer.
                        self.pending = None;
                        self.taken = 0;
                    }
                }
                Err(error) if error.would_block() => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes all that is pending, as long as there is patience. A second signal still kills.
    pub(crate) fn drain(&mut self, patience: Patience) -> sock::Result<()> {
        loop {
            let before = self.written;
            self.flush()?;
            let moved = self.written != before;
            let Some(handle) = self.handle.as_ref().filter(|_| !self.is_empty()) else { return Ok(()) };
            let deadline = match patience {
                Patience::ForEver => Deadline::NEVER,
                Patience::WhileItMoves => Deadline::after(STUCK),
                Patience::None => return Ok(()),
            };
            let ready = sock::wait_through(&mut [PollFd::new(handle.as_fd(), c::POLLOUT)], deadline)?;
            if ready == 0 && !moved {
                return Ok(());
            }
        }
    }

    /// Asks whether the peer's kernel has everything, the FIN included if one was sent: what has not arrived is dropped
    /// when a socket is closed over unread input. Only TCP can tell.
    pub(crate) fn delivery(&self) -> Delivery {
        let Some(socket) = self.tcp().filter(|_| self.written > 0) else { return Delivery::Arrived };
        let Ok(info) = tcp::info(socket) else { return Delivery::Arrived };
        match info.state {
            // Both have ended, or it was reset: only the pending error tells.
            TcpState::Closed => match socket.take_error() {
                Ok(Some(errno)) => Delivery::Broken(sock::Error::new(Op::Send, errno)),
                _ => Delivery::Arrived,
            },
            TcpState::FinWait1 | TcpState::Closing | TcpState::LastAck => Delivery::OnItsWay,
            _ if info.unacked > 0 || info.notsent_bytes > 0 => Delivery::OnItsWay,
            _ => Delivery::Arrived,
        }
    }

    /// Returns the socket where it is one of TCP.
    pub(crate) fn tcp(&self) -> Option<&Socket> {
        self.handle.as_ref().and_then(Handle::tcp)
    }

    /// Tells whether bytes leave this process for a peer, and not for whoever started it.
    pub(crate) const fn is_peer(&self) -> bool {
        matches!(&self.handle, Some(handle) if handle.is_peer())
    }

    /// Tells whether what is written here goes to the socket that `inlet` reads.
    pub(crate) fn is_the_same_as(&self, inlet: &Inlet) -> bool {
        match (&self.handle, inlet) {
            (
                Some(Handle::Socket(ours)),
                Inlet::Handle { handle: Handle::Socket(other), .. }
                | Inlet::FromPeer(FromPeer { socket: other, .. }),
            ) => Arc::ptr_eq(ours, other),
            _ => false,
        }
    }

    /// Throws away what waits and all that comes.
    pub(crate) fn give_up(&mut self) {
        self.drop_pending();
        self.handle = None;
    }

    pub(crate) fn drop_pending(&mut self) {
        self.pending = None;
        self.taken = 0;
    }

    /// Passes the end on: a FIN on a stream socket, nothing elsewhere. True when a FIN was sent.
    pub(crate) fn finish(&self) -> sock::Result<bool> {
        let Some(Handle::Socket(socket)) = &self.handle else { return Ok(false) };
        if socket.kind() == Type::DGRAM {
            return Ok(false);
        }
        match socket.shutdown(Shutdown::Write) {
            Ok(()) => Ok(true),
            // The peer was faster: it reset the connection, and what it had not got is lost. Where there was nothing to lose,
            // it is no failure.
            Err(error) if is_reset(&error) && (self.tcp().is_none() || self.written == 0) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Bytes on their way in one direction.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) inlet: Inlet,
    pub(crate) outlet: Outlet,
    /// The most bytes of one read.
    pub(crate) chunk: usize,
    /// A message that is longer loses its rest: that was asked for.
    pub(crate) cuts: bool,
    pub(crate) crlf: Option<Crlf>,
    pub(crate) show: Show,
    /// Show what is held back as soon as nothing more comes at once: somebody is watching.
    pub(crate) show_at_once: bool,
    pub(crate) pace: Option<Pace>,
    ended: bool,
    finished: bool,
    given_up: bool,
    moved: u64,
}

/// What a flow has just done.
pub(crate) enum Step<'a> {
    /// Nothing to do at the moment.
    Idle,
    /// Moved these bytes, of a message that was as long as the number says if it was cut.
    Moved(&'a [u8], Option<usize>),
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
            cuts: false,
            crlf: None,
            show: Show::Raw,
            show_at_once: false,
            pace: None,
            ended: false,
            finished: false,
            given_up: false,
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

    /// Tells whether nothing more is passed on, because the other side takes nothing.
    pub(crate) const fn is_given_up(&self) -> bool {
        self.given_up
    }

    /// Takes the source for ended: it has failed. What was read before is still passed on.
    pub(crate) fn end(&mut self) {
        self.ended = true;
        self.withhold_end();
    }

    /// Keeps the end of the source from a TCP connection that it goes to: it is none, and that connection will be reset.
    /// Where there is no reset, the end is all that can be passed on.
    pub(crate) fn withhold_end(&mut self) {
        self.finished |= self.outlet.tcp().is_some();
    }

    /// Counts the bytes that came and went: it stays the same while nothing moves.
    pub(crate) const fn activity(&self) -> u64 {
        self.moved + self.outlet.written
    }

    /// Counts the bytes that the source gave.
    pub(crate) const fn moved(&self) -> u64 {
        self.moved
    }

    /// Counts the bytes that the source gave and the sink has not taken.
    pub(crate) fn waiting(&self) -> usize {
        let waiting = self.pace.as_ref().map_or(0, Pace::len) + self.outlet.waiting();
        // Nothing is read before all of the last piece has gone: what waits is the end of that one.
        waiting - self.crlf.as_ref().map_or(0, |crlf| crlf.inserted_in_last(waiting))
    }

    /// Gives up: what was read and has not been taken is dropped. Returns how much that is. A peer is read on to its end,
    /// for closing over unread words is a reset, which may take from it what it was sent.
    pub(crate) fn abandon(&mut self) -> usize {
        let lost = self.waiting();
        self.pace = None;
        self.finished = true;
        self.given_up = true;
        self.ended |= !matches!(&self.inlet, Inlet::Handle { handle: Handle::Socket(_), packets: false });
        self.outlet.give_up();
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
    /// shown, as long as there is patience.
    pub(crate) fn settle(&mut self, patience: Patience) -> Result<(), Trouble> {
        if self.outlet.is_peer() {
            return Ok(());
        }
        let mut rest = Vec::new();
        self.show.finish(&mut rest);
        let offered = if rest.is_empty() { Ok(()) } else { self.outlet.offer(&rest) };
        offered.and_then(|()| self.outlet.drain(patience)).map_err(Trouble::Outlet)
    }

    /// Reads once and passes on what came.
    pub(crate) fn step<'a>(&mut self, buffer: &'a mut Vec<u8>) -> Result<Step<'a>, Trouble> {
        let room = with_room(buffer, self.inlet.room(self.chunk, self.cuts));
        match self.inlet.read(room).map_err(Trouble::Inlet)? {
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
            Got::Some(n, cut) => {
                let bytes = buffer.get(..n).unwrap_or_default();
                self.moved += n as u64;
                self.transform_and_pass(bytes)?;
                Ok(Step::Moved(bytes, cut))
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
        match &mut self.pace {
            Some(pace) if !bytes.is_empty() => pace.push(bytes),
            // A message of no bytes is no line that could wait.
            _ => return self.outlet.offer(bytes).map_err(Trouble::Outlet),
        }
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

/// How long a reader may take nothing after a signal has asked to stop.
const STUCK: Duration = Duration::from_secs(1);

/// How long what was received is still written when its conversation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// However slow the reader is.
    ForEver,
    /// As long as the reader takes something each second: a signal asked to stop.
    WhileItMoves,
    /// What goes at once: nothing has moved for as long as anybody wanted to wait.
    None,
}

impl Patience {
    /// Says how patient to be after a conversation, or a service, that ended so.
    pub(crate) const fn after(outcome: &Result<Why, Error>) -> Self {
        match outcome {
            Ok(Why::Idle(_)) | Err(Error::Idle { .. }) => Self::None,
            Ok(Why::Interrupted) | Err(Error::Interrupted(_)) => Self::WhileItMoves,
            _ => Self::ForEver,
        }
    }
}

/// How far a peer has what it was sent.
#[derive(Clone, Debug)]
pub(crate) enum Delivery {
    /// Not all is acknowledged.
    OnItsWay,
    /// Its kernel has all of it, as far as anybody can tell.
    Arrived,
    /// The connection broke, and nobody knows what of it has arrived.
    Broken(sock::Error),
}

/// Tells whether a socket keeps the boundaries of what is sent.
pub(crate) fn has_messages(socket: &Socket) -> bool {
    matches!(socket.kind(), Type::DGRAM | Type::SEQPACKET)
}

/// Returns how much room the next message takes, at least `usual`. Those of UDP are never longer than that; a Unix socket
/// is asked, because what has no room is lost.
pub(crate) fn message_room(socket: &Socket, usual: usize) -> usize {
    if socket.family() != Family::UNIX || !has_messages(socket) {
        return usual;
    }
    // What goes wrong here goes wrong again where it is told.
    socket.recv_into(&mut [], c::MSG_PEEK | c::MSG_TRUNC).map_or(usual, |len| len.max(usual))
}

/// Makes room in a buffer that is used again and again: only what is new is filled with zeros.
pub(crate) fn with_room(buffer: &mut Vec<u8>, room: usize) -> &mut [u8] {
    if buffer.len() < room {
        *buffer = vec![0; room];
    }
    buffer.get_mut(..room).unwrap_or_default()
}

/// Tells whether an error means that nobody reads any more.
pub(crate) fn is_closed_pipe(error: &sock::Error) -> bool {
    error.errno() == Some(Errno::EPIPE)
}

/// Tells whether an error means that the peer ended the connection without ceremony: at a shutdown there is none any more.
pub(crate) fn is_reset(error: &sock::Error) -> bool {
    if error.op() == Op::Shutdown && error.errno() == Some(Errno::ENOTCONN) {
        return true;
    }
    let kind = std::io::Error::from(error.clone()).kind();
    matches!(kind, ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::payload::Cut;

    fn given(bytes: &[u8]) -> Inlet {
        Inlet::Given(Payload::new(bytes.into(), Cut::Pieces(1 << 20)))
    }

    #[test]
    fn a_full_descriptor_keeps_the_rest_pending() {
        let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, sock::Protocol::DEFAULT).unwrap();
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
        let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, sock::Protocol::DEFAULT).unwrap();
        let outlet = Outlet::to(Handle::Socket(Arc::new(left)));
        let mut flow = Flow::new(given(b"one\ntwo\n"), outlet, 1024);
        flow.pace = Some(Pace::new(Duration::from_secs(3600)));
        assert!(matches!(flow.step(&mut Vec::new()), Ok(Step::Moved(..))));
        assert_eq!(right.recv(100, 0).unwrap(), b"one\n");
        assert!(flow.next_line_at().is_some() && !flow.wants_read());
        assert_eq!(flow.abandon(), 4);
    }

    /// What a flow says was read and not taken, against what the other end has got.
    fn lost_and_got(input: &[u8], crlf: bool, peer_reads: bool) -> (usize, Vec<u8>) {
        let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, sock::Protocol::DEFAULT).unwrap();
        left.set_mode(sock::Mode::NonBlocking).unwrap();
        let mut flow = Flow::new(given(input), Outlet::to(Handle::Socket(Arc::new(left))), 1 << 20);
        flow.crlf = crlf.then(Crlf::default);
        if !peer_reads {
            drop(right);
            assert!(matches!(flow.step(&mut Vec::new()), Err(Trouble::Outlet(_))));
            return (flow.abandon(), Vec::new());
        }
        assert!(matches!(flow.step(&mut Vec::new()), Ok(Step::Moved(..))));
        let lost = flow.abandon();
        drop(flow);
        let mut got = Vec::new();
        loop {
            match right.recv(1 << 20, 0).unwrap() {
                piece if piece.is_empty() => return (lost, got),
                piece => got.extend(piece),
            }
        }
    }

    #[test]
    fn what_was_read_and_not_taken_is_counted_in_bytes_of_input() {
        let input = b"line\n".repeat(200_000);
        // Refused at once: all that was read, also where CRs were put in.
        assert_eq!(lost_and_got(&input, false, false).0, input.len());
        assert_eq!(lost_and_got(&input, true, false).0, input.len());
        // Taken in part.
        let (lost, got) = lost_and_got(&input, false, true);
        assert!(lost > 0 && !got.is_empty());
        assert_eq!(lost + got.len(), input.len());
        let (lost, got) = lost_and_got(&input, true, true);
        assert!(lost > 0 && !got.is_empty());
        assert_eq!(lost + got.iter().filter(|byte| **byte != b'\r').count(), input.len());
    }

    #[test]
    fn a_message_of_no_bytes_waits_for_room_too() {
        let (left, right) = Socket::pair(Family::UNIX, Type::DGRAM, sock::Protocol::DEFAULT).unwrap();
        left.set_mode(sock::Mode::NonBlocking).unwrap();
        let left = Arc::new(left);
        let mut filled = 0;
        while left.send(b"x", 0).is_ok() {
            filled += 1;
        }
        let mut outlet = Outlet::to(Handle::Socket(left));
        outlet.offer(b"").unwrap();
        assert!(!outlet.is_empty() && outlet.waiting() == 0);
        for _ in 0..filled {
            assert_eq!(right.recv(10, 0).unwrap(), b"x");
        }
        outlet.flush().unwrap();
        assert!(outlet.is_empty());
        assert_eq!(right.recv(10, c::MSG_DONTWAIT).unwrap(), b"");
    }
}

//! A listener that serves many peers at once, on one thread and one poll(2).
//!
//! What peers send goes to the one output; what is read from the one input goes to every peer that is there. A peer owns
//! a buffer only while it is slow; while the output is slow nobody is read. `--reply` answers each peer's first data
//! and closes.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sock::{Address, Deadline, Errno, PollFd, Shutdown, Socket, c};

use crate::connect::{DATAGRAM_CHUNK, DATAGRAM_ROOM, STREAM_CHUNK};
use crate::console::{Console, Record};
use crate::endpoint::Net;
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listener::{Listeners, accept, is_passing, tell_accepted};
use crate::options::{Options, Reply, Serve};
use crate::pieces::{Crlf, Flow, Handle, Inlet, Outlet, Step, Trouble, is_closed_pipe};

/// How long a peer that was answered may take to read the answer and close.
const AFTER_REPLY: Duration = Duration::from_secs(2);
/// How long accepting rests when descriptors have run out.
const SHORTAGE_REST: Duration = Duration::from_millis(100);
/// How many datagram peers are remembered; the one silent longest is forgotten first.
const MOST_DATAGRAM_PEERS: usize = 1024;

/// One accepted connection.
struct Peer {
    socket: Arc<Socket>,
    address: Address,
    outlet: Outlet,
    sent: u64,
    received: u64,
    last_moved: Instant,
    /// The peer has sent its FIN.
    ended: bool,
    /// We have sent ours.
    finished: bool,
    replied: bool,
}

/// This side of all conversations: one input, one output.
struct Shared {
    input: Flow,
    output: Outlet,
    show: crate::show::Show,
    show_at_once: bool,
    record: Option<Record>,
}

impl Shared {
    fn new(console: Console, options: &Options, serve: &Serve, chunk: usize) -> Self {
        let unread = options.recv_only || serve.reply.is_some();
        let inlet = if unread { Inlet::Never } else { console.input };
        let mut input = Flow::new(inlet, Outlet::nowhere(), chunk);
        input.crlf = options.crlf.then(Crlf::default);
        let output = if options.send_only { Outlet::nowhere() } else { console.output };
        Self { input, output, show: console.show, show_at_once: console.show_at_once, record: console.record }
    }

    /// Passes on what a peer sent. False when nobody reads the output any more.
    fn deliver(&mut self, bytes: &[u8]) -> Result<bool, Error> {
        let mut shown = Vec::new();
        self.show.push(bytes, &mut shown);
        if self.show_at_once {
            self.show.finish(&mut shown);
        }
        self.record.as_mut().map_or(Ok(()), |record| record.received(bytes))?;
        output_result(self.output.offer(&shown))
    }

    /// Writes what is held back when the service ends.
    fn finish(&mut self) -> Result<(), Error> {
        let mut rest = Vec::new();
        self.show.finish(&mut rest);
        if !rest.is_empty() {
            output_result(self.output.offer(&rest))?;
        }
        while !self.output.is_empty() {
            let mut fds: Vec<_> =
                self.output.pollable().map(|fd| PollFd::new(fd, c::POLLOUT)).into_iter().collect();
            sock::wait_any(&mut fds, Deadline::NEVER)
                .map_err(|error| Error::socket("writing output", error))?;
            if !output_result(self.output.flush())? {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// A closed output ends the service; it is no failure.
fn output_result(result: sock::Result<()>) -> Result<bool, Error> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if is_closed_pipe(&error) => Ok(false),
        Err(error) => Err(Error::socket("writing output", error)),
    }
}

/// Serves connections until a signal, the idle timeout or, without `keep_open`, the end of the first one.
pub(crate) fn serve_streams(
    net: &Net,
    listeners: &Listeners,
    options: &Options,
    serve: &Serve,
    console: Console,
    events: Events<'_>,
) -> Result<Why, Error> {
    let shared = Shared::new(console, options, serve, STREAM_CHUNK);
    let mut server = Streams {
        net,
        options,
        serve,
        events,
        shared,
        peers: BTreeMap::new(),
        next: 0,
        served: 0,
        rest_until: None,
        last_moved: Instant::now(),
    };
    let outcome = server.run(listeners);
    server.shared.finish()?;
    outcome
}

struct Streams<'a> {
    net: &'a Net,
    options: &'a Options,
    serve: &'a Serve,
    events: Events<'a>,
    shared: Shared,
    peers: BTreeMap<u64, Peer>,
    next: u64,
    served: u64,
    /// Descriptors have run out: nobody is accepted before this.
    rest_until: Option<Instant>,
    last_moved: Instant,
}

/// What a polled descriptor belongs to.
#[derive(Clone, Copy)]
enum Who {
    Input,
    Output,
    Listener(usize),
    Peer(u64),
}

impl Streams<'_> {
    fn run(&mut self, listeners: &Listeners) -> Result<Why, Error> {
        let mut buffer = Vec::new();
        loop {
            let (ready, deadline) = match self.wait(listeners) {
                Ok(waited) => waited,
                // Ctrl-C is the normal end of a server.
                Err(Error::Interrupted(_)) if self.serve.keep_open => return Ok(Why::Interrupted),
                Err(error) => return Err(error),
            };
            if ready.is_empty() && deadline.passed() && self.is_idle() {
                let after = self.options.idle_timeout.unwrap_or_default();
                return if self.options.idle_is_failure {
                    Err(Error::Idle { after })
                } else {
                    Ok(Why::Idle(after))
                };
            }
            for who in ready {
                let goes_on = match who {
                    Who::Input => self.read_input(&mut buffer)?,
                    Who::Output => output_result(self.shared.output.flush())?,
                    Who::Listener(at) => {
                        if let Some(listener) = listeners.sockets.get(at) {
                            self.accept(listener)?;
                        }
                        true
                    }
                    Who::Peer(id) => self.serve_peer(id, &mut buffer)?,
                };
                if !goes_on {
                    return Ok(Why::OutputClosed);
                }
            }
            self.close_what_is_over();
            if !self.serve.keep_open && self.served > 0 && self.peers.is_empty() {
                return Ok(if self.serve.reply.is_some() { Why::Replied } else { Why::PeerClosed });
            }
        }
    }

    fn wait(&self, listeners: &Listeners) -> Result<(Vec<Who>, Deadline), Error> {
        let mut fds = Vec::with_capacity(self.peers.len() + 4);
        let mut whose = Vec::with_capacity(self.peers.len() + 4);
        let mut add = |who, fd, events| {
            whose.push(who);
            fds.push(PollFd::new(fd, events));
        };
        if self.wants_input()
            && let Some(fd) = self.shared.input.inlet.pollable()
        {
            add(Who::Input, fd, c::POLLIN);
        }
        let output_waits = !self.shared.output.is_empty();
        if output_waits && let Some(fd) = self.shared.output.pollable() {
            add(Who::Output, fd, c::POLLOUT);
        }
        if self.wants_peers() {
            for (at, listener) in listeners.sockets.iter().enumerate() {
                add(Who::Listener(at), listener.as_fd(), c::POLLIN);
            }
        }
        for (id, peer) in &self.peers {
            let read = if output_waits || peer.ended { 0 } else { c::POLLIN };
            let write = if peer.outlet.is_empty() { 0 } else { c::POLLOUT };
            if read | write != 0 {
                add(Who::Peer(*id), peer.socket.as_fd(), read | write);
            }
        }
        let always = self.wants_input() && self.shared.input.inlet.is_always_ready();
        let deadline = if always { Deadline::after(Duration::ZERO) } else { self.deadline() };
        sock::wait_any(&mut fds, deadline).map_err(|error| Error::socket("serving", error))?;
        let ready = fds.iter().zip(whose).filter(|(fd, _)| fd.revents() != 0).map(|(_, who)| who);
        Ok((always.then_some(Who::Input).into_iter().chain(ready).collect(), deadline))
    }

    /// Input is read when somebody is there to have it and everybody has taken what came before.
    fn wants_input(&self) -> bool {
        !self.peers.is_empty()
            && self.shared.input.wants_read()
            && self.peers.values().all(|peer| peer.outlet.is_empty())
    }

    fn wants_peers(&self) -> bool {
        let resting = self.rest_until.is_some_and(|until| until > Instant::now());
        let one_is_enough = !self.serve.keep_open && self.served > 0;
        !resting && !one_is_enough && self.peers.len() < self.serve.at_once
    }

    fn deadline(&self) -> Deadline {
        let now = Instant::now();
        let idle = self.options.idle_timeout.map(|idle| self.last_moved + idle);
        let closing = self.peers.values().filter_map(|peer| self.closes_at(peer)).min();
        let until = [idle, closing, self.rest_until.filter(|at| *at > now)].into_iter().flatten().min();
        Deadline::after_if(until.map(|at| at.saturating_duration_since(now)))
    }

    fn is_idle(&self) -> bool {
        self.options.idle_timeout.is_some_and(|idle| self.last_moved.elapsed() >= idle)
    }

    fn accept(&mut self, listener: &Socket) -> Result<(), Error> {
        /// So that those who are connected get their turn.
        const AT_ONCE: usize = 64;
        for _ in 0..AT_ONCE {
            if !self.wants_peers() {
                return Ok(());
            }
            let (socket, address) = match accept(listener) {
                Ok(accepted) => accepted,
                Err(error) if error.would_block() => return Ok(()),
                Err(error) if is_passing(&error) => continue,
                Err(error) if is_shortage(&error) => {
                    (self.events)(&Event::Shortage { error: &error });
                    self.rest_until = Some(Instant::now() + SHORTAGE_REST);
                    return Ok(());
                }
                Err(error) => return Err(Error::socket(format!("accepting at {}", self.net), error)),
            };
            tell_accepted(&socket, &address, self.net.transport, self.events);
            let socket = Arc::new(socket);
            let outlet = Outlet::to(Handle::Socket(Arc::clone(&socket)));
            let peer = Peer {
                socket,
                address,
                outlet,
                sent: 0,
                received: 0,
                last_moved: Instant::now(),
                ended: false,
                finished: false,
                replied: false,
            };
            self.peers.insert(self.next, peer);
            self.next += 1;
            self.served += 1;
            self.last_moved = Instant::now();
        }
        Ok(())
    }

    /// Reads input and gives it to everybody.
    fn read_input(&mut self, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let crlf = self.shared.input.crlf.take();
        let step = self.shared.input.step(buffer);
        self.shared.input.crlf = crlf;
        let bytes = match step {
            Ok(Step::Moved(bytes)) => bytes,
            Ok(Step::Idle | Step::Ended) => return Ok(true),
            Err(Trouble::Inlet(error) | Trouble::Outlet(error)) => {
                return Err(Error::socket("reading input", error));
            }
        };
        let converted = self.shared.input.crlf.as_mut().map(|crlf| crlf.push(bytes));
        let bytes = converted.as_deref().unwrap_or(bytes);
        self.last_moved = Instant::now();
        (self.events)(&Event::Sent { peer: None, bytes });
        self.shared.record.as_mut().map_or(Ok(()), |record| record.sent(bytes))?;
        for peer in self.peers.values_mut().filter(|peer| !peer.finished) {
            peer.send(bytes);
        }
        Ok(true)
    }

    /// Reads what a peer sent, writes what it has not had yet. False when the output is closed.
    fn serve_peer(&mut self, id: u64, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let Some(peer) = self.peers.get_mut(&id) else { return Ok(true) };
        if peer.outlet.flush().is_err() {
            peer.give_up();
        }
        if peer.ended || !self.shared.output.is_empty() {
            return Ok(true);
        }
        buffer.resize(self.options.recv_size.unwrap_or(STREAM_CHUNK), 0);
        let got = match peer.socket.recv_into(buffer, 0) {
            Ok(got) => got,
            Err(error) if error.would_block() => return Ok(true),
            Err(error @ sock::Error { .. }) if error.errno() == Some(Errno::EINTR) => {
                return Err(Error::socket("receiving", error));
            }
            // A reset ends this peer's conversation and nobody else's.
            Err(_) => 0,
        };
        peer.last_moved = Instant::now();
        self.last_moved = Instant::now();
        if got == 0 {
            peer.ended = true;
            return Ok(true);
        }
        peer.received += got as u64;
        let bytes = buffer.get(..got).unwrap_or_default();
        (self.events)(&Event::Received { peer: &peer.address, bytes });
        if let Some(reply) = &self.serve.reply
            && !peer.replied
        {
            (self.events)(&Event::Message { peer: &peer.address, bytes });
            peer.replied = true;
            peer.send(match reply {
                Reply::Bytes(reply) => reply,
                Reply::Echo => bytes,
            });
        }
        self.shared.deliver(bytes)
    }

    /// Says when a peer's conversation is over if nothing more happens, `None` if it is not ending.
    fn closes_at(&self, peer: &Peer) -> Option<Instant> {
        if !peer.outlet.is_empty() {
            return None;
        }
        if peer.replied {
            return Some(peer.last_moved + if peer.ended { Duration::ZERO } else { AFTER_REPLY });
        }
        let input_is_over = self.shared.input.source_ended() || !self.input_exists();
        let pause = if input_is_over { Duration::ZERO } else { self.options.pause_after_peer };
        peer.ended.then(|| peer.last_moved.max(self.last_moved) + pause)
    }

    fn input_exists(&self) -> bool {
        !matches!(self.shared.input.inlet, Inlet::Never)
    }

    fn close_what_is_over(&mut self) {
        let input_ended = self.shared.input.source_ended() && self.options.half_close;
        for peer in self.peers.values_mut() {
            if (input_ended || peer.replied) && !peer.finished && peer.outlet.is_empty() {
                peer.finished = true;
                // It may be reset already, which the next receive tells.
                let _ = peer.socket.shutdown(Shutdown::Write);
                (self.events)(&Event::HalfClosed { peer: &peer.address });
            }
        }
        let now = Instant::now();
        let over: Vec<_> = self
            .peers
            .iter()
            .filter(|(_, peer)| self.closes_at(peer).is_some_and(|at| at <= now))
            .map(|(id, _)| *id)
            .collect();
        for id in over {
            if let Some(peer) = self.peers.remove(&id) {
                let why = if peer.replied { Why::Replied } else { Why::PeerClosed };
                let (sent, received) = (peer.sent, peer.received);
                (self.events)(&Event::Ended { peer: &peer.address, why, sent, received });
            }
        }
    }
}

impl Peer {
    fn send(&mut self, bytes: &[u8]) {
        match self.outlet.offer(bytes) {
            Ok(()) => {
                self.sent += bytes.len() as u64;
                self.last_moved = Instant::now();
            }
            Err(_) => self.give_up(),
        }
    }

    /// The peer takes no more; what it still sends is read until its end.
    fn give_up(&mut self) {
        self.outlet.drop_pending();
        self.finished = true;
    }
}

/// Tells whether accept(2) failed because something has run out, which may pass.
fn is_shortage(error: &sock::Error) -> bool {
    matches!(error.errno(), Some(Errno::EMFILE | Errno::ENFILE | Errno::ENOBUFS | Errno::ENOMEM))
}

/// Serves datagrams from any number of peers until a signal or the idle timeout.
pub(crate) fn serve_datagrams(
    net: &Net,
    listeners: &Listeners,
    options: &Options,
    serve: &Serve,
    console: Console,
    events: Events<'_>,
) -> Result<Why, Error> {
    let shared = Shared::new(console, options, serve, DATAGRAM_CHUNK);
    let mut server =
        Datagrams { net, options, serve, events, shared, peers: Vec::new(), last_moved: Instant::now() };
    let outcome = server.run(listeners);
    server.shared.finish()?;
    outcome
}

struct Datagrams<'a> {
    net: &'a Net,
    options: &'a Options,
    serve: &'a Serve,
    events: Events<'a>,
    shared: Shared,
    /// Whom input is sent to, the latest last, each with the listener it came by.
    peers: Vec<(Address, usize)>,
    last_moved: Instant,
}

impl Datagrams<'_> {
    fn run(&mut self, listeners: &Listeners) -> Result<Why, Error> {
        let mut buffer = Vec::new();
        loop {
            let mut fds: Vec<_> =
                listeners.sockets.iter().map(|socket| PollFd::new(socket.as_fd(), c::POLLIN)).collect();
            let output_waits = !self.shared.output.is_empty();
            if output_waits {
                // Nothing is received while the output is slow: the kernel's buffer holds what it can.
                fds.clear();
                fds.extend(self.shared.output.pollable().map(|fd| PollFd::new(fd, c::POLLOUT)));
            }
            let wants_input = !self.peers.is_empty() && self.shared.input.wants_read();
            let inlet = &self.shared.input.inlet;
            let input_at = fds.len();
            if wants_input {
                fds.extend(inlet.pollable().map(|fd| PollFd::new(fd, c::POLLIN)));
            }
            let always = wants_input && inlet.is_always_ready();
            let idle = self
                .options
                .idle_timeout
                .map(|idle| (self.last_moved + idle).saturating_duration_since(Instant::now()));
            let deadline = Deadline::after_if(if always { Some(Duration::ZERO) } else { idle });
            match sock::wait_any(&mut fds, deadline) {
                Ok(0) if deadline.passed() && !always => {
                    let after = self.options.idle_timeout.unwrap_or_default();
                    return if self.options.idle_is_failure {
                        Err(Error::Idle { after })
                    } else {
                        Ok(Why::Idle(after))
                    };
                }
                Ok(_) => {}
                // Datagrams have no end: Ctrl-C is the normal one.
                Err(error) if error.errno() == Some(Errno::EINTR) => return Ok(Why::Interrupted),
                Err(error) => return Err(Error::socket("serving", error)),
            }
            let happened = |at: usize| fds.get(at).is_some_and(|fd| fd.revents() != 0);
            let input_ready = always || happened(input_at);
            let readable: Vec<_> =
                (0..listeners.sockets.len()).filter(|at| !output_waits && happened(*at)).collect();
            drop(fds);
            if output_waits && !output_result(self.shared.output.flush())? {
                return Ok(Why::OutputClosed);
            }
            for at in readable {
                if !self.receive(listeners, at, &mut buffer)? {
                    return Ok(Why::OutputClosed);
                }
            }
            if input_ready {
                self.send_input(listeners, &mut buffer)?;
            }
        }
    }

    fn receive(&mut self, listeners: &Listeners, at: usize, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let Some(socket) = listeners.sockets.get(at) else { return Ok(true) };
        buffer.resize(self.options.recv_size.unwrap_or(DATAGRAM_ROOM), 0);
        let (len, peer) = match socket.recvfrom_into(buffer, 0) {
            Ok(received) => received,
            // ECONNREFUSED tells of an answer to somebody who has gone.
            Err(error) if error.would_block() || error.errno() == Some(Errno::ECONNREFUSED) => {
                return Ok(true);
            }
            Err(error) => return Err(Error::socket("receiving", error)),
        };
        self.last_moved = Instant::now();
        let bytes = buffer.get(..len).unwrap_or_default();
        let known = self.peers.iter().position(|(address, _)| *address == peer);
        match known {
            Some(known) => self.peers.remove(known),
            None => {
                tell_accepted(socket, &peer, self.net.transport, self.events);
                if self.peers.len() == MOST_DATAGRAM_PEERS {
                    self.peers.remove(0);
                }
                (peer.clone(), at)
            }
        };
        self.peers.push((peer.clone(), at));
        let shown = peer.unmapped();
        (self.events)(&Event::Received { peer: &shown, bytes });
        if let Some(reply) = &self.serve.reply {
            (self.events)(&Event::Message { peer: &shown, bytes });
            let answer = match reply {
                Reply::Bytes(reply) => reply,
                Reply::Echo => bytes,
            };
            // A peer without a name, or one that has gone, cannot be answered; the others still can.
            let _ = socket.sendto(answer, 0, &peer);
        }
        self.shared.deliver(bytes)
    }

    /// Sends a piece of input to every peer.
    fn send_input(&mut self, listeners: &Listeners, buffer: &mut Vec<u8>) -> Result<(), Error> {
        let bytes = match self.shared.input.step(buffer) {
            Ok(Step::Moved(bytes)) => bytes,
            Ok(Step::Idle | Step::Ended) => return Ok(()),
            Err(Trouble::Inlet(error) | Trouble::Outlet(error)) => {
                return Err(Error::socket("reading input", error));
            }
        };
        let converted = self.options.crlf.then(|| Crlf::default().push(bytes));
        let bytes = converted.as_deref().unwrap_or(bytes);
        self.last_moved = Instant::now();
        (self.events)(&Event::Sent { peer: None, bytes });
        self.shared.record.as_mut().map_or(Ok(()), |record| record.sent(bytes))?;
        for (peer, at) in &self.peers {
            if let Some(socket) = listeners.sockets.get(*at) {
                let _ = socket.sendto(bytes, 0, peer);
            }
        }
        Ok(())
    }
}

//! A listener for datagrams: any number of peers on one socket.
//!
//! What they send goes to the one output; what is read from the one input goes to every peer that has sent something.
//! `--reply` answers each datagram.

use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use sock::{Address, Deadline, Errno, PollFd, c};

use crate::connect::{DATAGRAM_CHUNK, DATAGRAM_ROOM};
use crate::console::Console;
use crate::endpoint::Net;
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listener::Listeners;
use crate::options::{Options, Reply, Serve};
use crate::shared::{Shared, output_result};

/// How many datagram peers are remembered; the one silent longest is forgotten first.
const MOST_DATAGRAM_PEERS: usize = 1024;

/// How many datagrams may wait for room in their receivers' queues.
const MOST_WAITING: usize = 1024;
/// When they are tried again.
const TRY_AGAIN: Duration = Duration::from_millis(5);

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
    let mut server = Datagrams {
        net,
        options,
        serve,
        events,
        shared,
        peers: Vec::new(),
        waiting: Vec::new(),
        last_moved: Instant::now(),
    };
    let outcome = server.run(listeners);
    server.shared.finish()?;
    outcome
}

/// A datagram that its receiver had no room for. Over a Unix socket that is told, and what is told is not lost.
struct Waiting {
    peer: Address,
    /// Which listener it goes out by.
    at: usize,
    bytes: Vec<u8>,
}

struct Datagrams<'a> {
    net: &'a Net,
    options: &'a Options,
    serve: &'a Serve,
    events: Events<'a>,
    shared: Shared,
    /// Whom input is sent to, the latest last, each with the listener it came by.
    peers: Vec<(Address, usize)>,
    waiting: Vec<Waiting>,
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
            let wants_input = !self.peers.is_empty() && self.waiting.is_empty() && self.shared.wants_input();
            let inlet = &self.shared.input.inlet;
            let input_at = fds.len();
            if wants_input {
                fds.extend(inlet.pollable().map(|fd| PollFd::new(fd, c::POLLIN)));
            }
            let always = wants_input && inlet.is_always_ready();
            let idle = self.options.idle_timeout.map(|idle| self.last_moved + idle);
            let line = self.shared.next_line_at().filter(|_| !self.peers.is_empty());
            // poll(2) tells of room in our own queue, not in that of somebody else.
            let again = (!self.waiting.is_empty()).then(|| Instant::now() + TRY_AGAIN);
            let until = idle.into_iter().chain(line).chain(again).min();
            let until = until.map(|at| at.saturating_duration_since(Instant::now()));
            let deadline = Deadline::after_if(if always { Some(Duration::ZERO) } else { until });
            let is_idle = || idle.is_some_and(|at| at <= Instant::now());
            match sock::wait_any(&mut fds, deadline) {
                Ok(0) if is_idle() && !always => {
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
            let line_is_due = line.is_some_and(|at| at <= Instant::now());
            let input_ready = always || line_is_due || happened(input_at);
            let readable: Vec<_> =
                (0..listeners.sockets.len()).filter(|at| !output_waits && happened(*at)).collect();
            drop(fds);
            if output_waits && !output_result(self.shared.output.flush())? {
                return Ok(Why::OutputClosed);
            }
            self.send_waiting(listeners);
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
                let local = socket.getsockname().unwrap_or(Address::Unspecified);
                let transport = self.net.transport;
                (self.events)(&Event::Accepted { peer: &peer, local: &local, transport });
                if self.peers.len() == MOST_DATAGRAM_PEERS {
                    self.peers.remove(0);
                }
                (peer.clone(), at)
            }
        };
        self.peers.push((peer.clone(), at));
        (self.events)(&Event::Received { peer: &peer, bytes });
        if let Some(reply) = &self.serve.reply {
            (self.events)(&Event::Message { peer: &peer, bytes });
            let answer = match reply {
                Reply::Bytes(reply) => reply,
                Reply::Echo => bytes,
            };
            send(listeners, &mut self.waiting, &peer, at, answer);
        }
        self.shared.deliver(bytes)
    }

    /// Sends a piece of input to every peer.
    fn send_input(&mut self, listeners: &Listeners, buffer: &mut Vec<u8>) -> Result<(), Error> {
        let Some(bytes) = self.shared.take_input(buffer)? else { return Ok(()) };
        let bytes = &bytes;
        self.last_moved = Instant::now();
        (self.events)(&Event::Sent { peer: None, bytes });
        self.shared.record.as_mut().map_or(Ok(()), |record| record.sent(bytes))?;
        for (peer, at) in &self.peers {
            send(listeners, &mut self.waiting, peer, *at, bytes);
        }
        Ok(())
    }

    /// Tries again what had to wait, in its order.
    fn send_waiting(&mut self, listeners: &Listeners) {
        for Waiting { peer, at, bytes } in std::mem::take(&mut self.waiting) {
            send(listeners, &mut self.waiting, &peer, at, &bytes);
        }
    }
}

/// Sends a datagram, or keeps it behind those that wait for the same peer.
fn send(listeners: &Listeners, waiting: &mut Vec<Waiting>, peer: &Address, at: usize, bytes: &[u8]) {
    let Some(socket) = listeners.sockets.get(at) else { return };
    let is_full = waiting.iter().any(|other| other.peer == *peer)
        || socket.sendto(bytes, 0, peer).is_err_and(|error| error.would_block());
    // A peer without a name, or one that has gone, cannot be sent to; the others still can. One that never reads is
    // given up where there is too much for it.
    if is_full && waiting.len() < MOST_WAITING {
        waiting.push(Waiting { peer: peer.clone(), at, bytes: bytes.to_vec() });
    }
}

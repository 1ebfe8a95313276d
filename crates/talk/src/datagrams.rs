//! A listener for datagrams: any number of peers on one socket.
//!
//! What they send goes to the one output; what is read from standard input goes to every peer that has sent something,
//! `--data` to every peer that comes. `--reply` answers each datagram.

use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use sock::{Address, Deadline, Errno, PollFd, c};

use crate::audience::wait;
use crate::connect::DATAGRAM_ROOM;
use crate::duplex::too_long;
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listener::{Listeners, tell_accepted};
use crate::payload::Payload;
use crate::pieces::{message_room, with_room};
use crate::shared::{Service, Shared};
use crate::show::Show;
use crate::time::later;

/// How many datagram peers are remembered; the one silent longest is forgotten first.
const MOST_DATAGRAM_PEERS: usize = 1024;

/// How many datagrams may wait for room in their receivers' queues.
const MOST_WAITING: usize = 1024;
/// When they are tried again.
const TRY_AGAIN: Duration = Duration::from_millis(5);

/// Serves datagrams from any number of peers until a signal or the idle timeout.
pub(crate) fn serve_datagrams<'a>(service: Service<'a>, shared: &mut Shared<'a>) -> Result<Why, Error> {
    let mut server =
        Datagrams { service, shared, peers: Vec::new(), waiting: Vec::new(), last_moved: Instant::now() };
    let outcome = server.run();
    for mut peer in std::mem::take(&mut server.peers) {
        // What went wrong with the output has ended the service already, or is found by who writes the rest.
        let _ = server.shared.deliver_rest(peer.show.as_deref_mut());
    }
    outcome
}

/// Somebody who has sent something.
struct Peer {
    address: Address,
    /// Which listener it came by.
    at: usize,
    /// What this one is told and has not been yet.
    payload: Option<Payload>,
    /// How what it says is shown, with what is held back of it.
    show: Option<Box<Show>>,
}

/// A datagram that its receiver had no room for. Over a Unix socket that is told, and what is told is not lost.
struct Waiting {
    peer: Address,
    /// Which listener it goes out by.
    at: usize,
    bytes: Vec<u8>,
}

struct Datagrams<'a, 's> {
    service: Service<'a>,
    shared: &'s mut Shared<'a>,
    /// Whom input is sent to, the latest last.
    peers: Vec<Peer>,
    waiting: Vec<Waiting>,
    last_moved: Instant,
}

impl Datagrams<'_, '_> {
    fn run(&mut self) -> Result<Why, Error> {
        let Service { listeners, options, .. } = self.service;
        let mut buffer = Vec::new();
        loop {
            let mut fds: Vec<_> =
                listeners.sockets.iter().map(|socket| PollFd::new(socket.as_fd(), c::POLLIN)).collect();
            let output_waits = self.shared.is_slow();
            if output_waits {
                // Nothing is received while the output is slow: the kernel's buffer holds what it can.
                fds.clear();
            }
            fds.extend(self.shared.slow_descriptors().map(|fd| PollFd::new(fd, c::POLLOUT)));
            let wants_input = !self.peers.is_empty() && self.waiting.is_empty() && self.shared.wants_input();
            let inlet = &self.shared.input.inlet;
            let input_at = fds.len();
            if wants_input {
                fds.extend(inlet.pollable().map(|fd| PollFd::new(fd, c::POLLIN)));
            }
            let always = wants_input && inlet.is_always_ready();
            let idle = options.idle_timeout.map(|idle| later(self.last_moved, idle));
            let line = self.shared.next_line_at().filter(|_| !self.peers.is_empty());
            let said = self.peers.iter().filter_map(|peer| peer.payload.as_ref()?.next_at()).min();
            // poll(2) tells of room in our own queue, not in that of somebody else.
            let again = (!self.waiting.is_empty()).then(|| Instant::now() + TRY_AGAIN);
            let until = idle.into_iter().chain(line).chain(said).chain(again).min();
            let until = until.map(|at| at.saturating_duration_since(Instant::now()));
            let deadline = Deadline::after_if(if always { Some(Duration::ZERO) } else { until });
            let is_idle = || idle.is_some_and(|at| at <= Instant::now());
            match wait(&mut fds, deadline, options.audience.as_deref(), || "serving".to_owned()) {
                Ok(0) if is_idle() && !always => {
                    let after = options.idle_timeout.unwrap_or_default();
                    return if options.idle_is_failure {
                        Err(Error::Idle { after })
                    } else {
                        Ok(Why::Idle(after))
                    };
                }
                Ok(_) => {}
                // Datagrams have no end: Ctrl-C is the normal one.
                Err(Error::Interrupted(_)) => return Ok(Why::Interrupted),
                Err(error) => return Err(error),
            }
            let happened = |at: usize| fds.get(at).is_some_and(|fd| fd.revents() != 0);
            let line_is_due = line.is_some_and(|at| at <= Instant::now());
            let input_ready = always || line_is_due || happened(input_at);
            let readable: Vec<_> =
                (0..listeners.sockets.len()).filter(|at| !output_waits && happened(*at)).collect();
            drop(fds);
            if !self.shared.flush()? {
                return Ok(Why::OutputClosed);
            }
            self.send_waiting()?;
            for at in readable {
                if !self.receive(at, &mut buffer)? {
                    return Ok(Why::OutputClosed);
                }
            }
            self.send_payloads()?;
            if input_ready {
                self.send_input(&mut buffer)?;
            }
        }
    }

    fn receive(&mut self, at: usize, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let Service { net, options, listeners, events, .. } = self.service;
        let Some(socket) = listeners.sockets.get(at) else { return Ok(true) };
        let room = options.recv_size.unwrap_or_else(|| message_room(socket, DATAGRAM_ROOM));
        let room = with_room(buffer, room);
        let (len, address) = match socket.recvfrom_into(room, c::MSG_TRUNC) {
            Ok(received) => received,
            // ECONNREFUSED tells of an answer to somebody who has gone.
            Err(error) if error.would_block() || error.errno() == Some(Errno::ECONNREFUSED) => {
                return Ok(true);
            }
            Err(error) => return Err(Error::socket("receiving", error)),
        };
        self.last_moved = Instant::now();
        let bytes = room.get(..len).unwrap_or(room);
        let known = self.peers.iter().position(|peer| peer.address == address);
        let mut peer = match known {
            Some(known) => self.peers.remove(known),
            None => {
                tell_accepted(socket, &address, net.transport, events);
                if self.peers.len() == MOST_DATAGRAM_PEERS
                    && !self.shared.deliver_rest(self.peers.remove(0).show.as_deref_mut())?
                {
                    return Ok(false);
                }
                Peer { address, at, payload: self.shared.greeting(), show: self.shared.shown() }
            }
        };
        let shown = peer.address.unmapped();
        if len > bytes.len() {
            events(&Event::Truncated { peer: &shown, len, kept: bytes.len() });
        }
        events(&Event::Received { peer: &shown, bytes });
        if let Some(answer) = self.shared.answer(bytes) {
            events(&Event::Message { peer: &shown, bytes });
            // Of an answer in lines, those that have not gone give way to the new one.
            peer.payload = Some(answer);
        }
        let goes_on = self.shared.deliver(bytes, peer.show.as_deref_mut());
        self.peers.push(peer);
        goes_on
    }

    /// Sends what each peer alone is told, as far as its time has come.
    fn send_payloads(&mut self) -> Result<(), Error> {
        let Service { listeners, events, .. } = self.service;
        for peer in &mut self.peers {
            let Some(payload) = &mut peer.payload else { continue };
            if let Some(bytes) = payload.take() {
                events(&Event::Sent { peer: Some(&peer.address.unmapped()), bytes });
                self.shared.record_sent(bytes)?;
                send(listeners, &mut self.waiting, &peer.address, peer.at, bytes, events)?;
                self.last_moved = Instant::now();
            }
            if payload.is_over() {
                peer.payload = None;
            }
        }
        Ok(())
    }

    /// Sends a piece of input to every peer.
    fn send_input(&mut self, buffer: &mut Vec<u8>) -> Result<(), Error> {
        let Service { listeners, events, .. } = self.service;
        let Some(bytes) = self.shared.take_input(buffer)? else { return Ok(()) };
        let bytes = &bytes;
        self.last_moved = Instant::now();
        events(&Event::Sent { peer: None, bytes });
        self.shared.record_sent(bytes)?;
        for Peer { address, at, .. } in &self.peers {
            send(listeners, &mut self.waiting, address, *at, bytes, events)?;
        }
        Ok(())
    }

    /// Tries again what had to wait, in its order.
    fn send_waiting(&mut self) -> Result<(), Error> {
        let Service { listeners, events, .. } = self.service;
        for Waiting { peer, at, bytes } in std::mem::take(&mut self.waiting) {
            send(listeners, &mut self.waiting, &peer, at, &bytes, events)?;
        }
        Ok(())
    }
}

/// Sends a datagram, or keeps it behind those that wait for the same peer.
fn send(
    listeners: &Listeners,
    waiting: &mut Vec<Waiting>,
    peer: &Address,
    at: usize,
    bytes: &[u8],
    events: Events<'_>,
) -> Result<(), Error> {
    let Some(socket) = listeners.sockets.get(at) else { return Ok(()) };
    let waits_already = waiting.iter().any(|other| other.peer == *peer);
    let is_full = waits_already
        || match socket.sendto(bytes, 0, peer) {
            Ok(_) => false,
            // The next one would be as long.
            Err(error) if error.errno() == Some(Errno::EMSGSIZE) => {
                return Err(Error::socket(too_long(bytes.len(), peer), error));
            }
            Err(error) if error.would_block() => true,
            Err(error) if matches!(error.cause(), sock::Cause::Interrupted(_)) => {
                return Err(Error::socket("sending", error));
            }
            // A peer without a name, or one that has gone, cannot be sent to; the others still can.
            Err(error) => {
                events(&Event::Unsent { peer: &peer.unmapped(), len: bytes.len(), error: &error });
                false
            }
        };
    if !is_full {
        return Ok(());
    }
    if waiting.len() < MOST_WAITING {
        waiting.push(Waiting { peer: peer.clone(), at, bytes: bytes.to_vec() });
        return Ok(());
    }
    // One that never reads is given up where there is too much for it.
    let error = sock::Error::new(sock::Op::Sendto, Errno::EAGAIN).at(peer);
    events(&Event::Unsent { peer: &peer.unmapped(), len: bytes.len(), error: &error });
    Ok(())
}

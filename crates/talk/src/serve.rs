//! A listener that serves many connections at once, on one thread and one poll(2).
//!
//! What peers send goes to the one output; what is read from standard input goes to every peer that is there, `--data` to
//! every peer that comes. A peer owns a buffer only while it is slow; while the output is slow nobody is read. `--reply`
//! answers each peer's first data and closes.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sock::{Address, Deadline, Errno, PollFd, Shutdown, Socket, c};

use crate::audience::wait;
use crate::connect::STREAM_CHUNK;
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listener::{SHORTAGE_REST, accept, is_passing, is_shortage, tell_accepted};
use crate::payload::Payload;
use crate::pieces::{Handle, Outlet};
use crate::shared::{Service, Shared, output_result};
use crate::time::later;

/// How long a peer that was answered may take to read the answer and close.
const AFTER_REPLY: Duration = Duration::from_secs(2);

/// One accepted connection.
struct Peer {
    socket: Arc<Socket>,
    address: Address,
    outlet: Outlet,
    /// What this peer is told and has not been yet: `--data`, or its answer.
    payload: Option<Box<Payload>>,
    received: u64,
    last_moved: Instant,
    /// The peer has sent its FIN.
    ended: bool,
    /// We have sent ours.
    finished: bool,
    replied: bool,
    /// The peer takes nothing more.
    gone: bool,
    /// It ended by a reset.
    reset: bool,
}

/// Serves connections until a signal, the idle timeout or, without `keep_open`, the end of the first one.
pub(crate) fn serve_streams<'a>(service: Service<'a>, shared: &mut Shared<'a>) -> Result<Why, Error> {
    let mut server = Streams {
        service,
        shared,
        peers: BTreeMap::new(),
        next: 0,
        served: 0,
        rest_until: None,
        is_short: false,
        last_moved: Instant::now(),
        last_input: Instant::now(),
    };
    let outcome = server.run();
    server.let_all_go(Why::of(&outcome));
    outcome
}

struct Streams<'a, 's> {
    service: Service<'a>,
    shared: &'s mut Shared<'a>,
    peers: BTreeMap<u64, Peer>,
    next: u64,
    served: u64,
    /// Descriptors have run out: nobody is accepted before this.
    rest_until: Option<Instant>,
    /// That has been told, and somebody still waits to be accepted.
    is_short: bool,
    last_moved: Instant,
    /// When input was last given to the peers.
    last_input: Instant,
}

/// What a polled descriptor belongs to.
#[derive(Clone, Copy)]
enum Who {
    Input,
    Output,
    Listener(usize),
    Peer(u64),
}

impl Streams<'_, '_> {
    fn run(&mut self) -> Result<Why, Error> {
        let Service { options, serve, listeners, .. } = self.service;
        let mut buffer = Vec::new();
        loop {
            let (ready, deadline) = match self.wait() {
                Ok(waited) => waited,
                // Ctrl-C is the normal end of a server.
                Err(Error::Interrupted(_)) if serve.keep_open => return Ok(Why::Interrupted),
                Err(error) => return Err(error),
            };
            if ready.is_empty() && deadline.passed() && self.is_idle() {
                let after = options.idle_timeout.unwrap_or_default();
                return if options.idle_is_failure {
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
            if !self.close_what_is_over(&mut buffer)? {
                return Ok(Why::OutputClosed);
            }
            if !serve.keep_open && self.served > 0 && self.peers.is_empty() {
                return Ok(if serve.reply.is_some() { Why::Replied } else { Why::PeerClosed });
            }
        }
    }

    fn wait(&self) -> Result<(Vec<Who>, Deadline), Error> {
        let Service { options, listeners, .. } = self.service;
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
            let write = if peer.wants_write() { c::POLLOUT } else { 0 };
            if read | write != 0 {
                add(Who::Peer(*id), peer.socket.as_fd(), read | write);
            }
        }
        let always = self.wants_input() && self.shared.input.inlet.is_always_ready();
        let deadline = if always { Deadline::after(Duration::ZERO) } else { self.deadline() };
        wait(&mut fds, deadline, options.audience.as_deref(), || "serving".to_owned())?;
        let ready = fds.iter().zip(whose).filter(|(fd, _)| fd.revents() != 0).map(|(_, who)| who);
        let always = always || self.next_line_at().is_some_and(|at| at <= Instant::now());
        Ok((always.then_some(Who::Input).into_iter().chain(ready).collect(), deadline))
    }

    /// Input is read when somebody is there to have it and everybody has taken what came before.
    fn wants_input(&self) -> bool {
        self.shared.wants_input() && self.somebody_listens()
    }

    fn somebody_listens(&self) -> bool {
        !self.peers.is_empty() && self.peers.values().all(|peer| peer.outlet.is_empty())
    }

    /// Returns when the next line of input may go, if somebody is there to have it.
    fn next_line_at(&self) -> Option<Instant> {
        self.shared.next_line_at().filter(|_| self.somebody_listens())
    }

    fn wants_peers(&self) -> bool {
        let resting = self.rest_until.is_some_and(|until| until > Instant::now());
        let serve = self.service.serve;
        let one_is_enough = !serve.keep_open && self.served > 0;
        !resting && !one_is_enough && self.peers.len() < serve.at_once
    }

    fn deadline(&self) -> Deadline {
        let now = Instant::now();
        let idle = self.service.options.idle_timeout.map(|idle| later(self.last_moved, idle));
        let closing = self.peers.values().filter_map(|peer| self.closes_at(peer)).min();
        let resting = self.rest_until.filter(|at| *at > now);
        let saying = self.peers.values().filter_map(Peer::says_at).min();
        let until = [idle, closing, resting, saying, self.next_line_at()].into_iter().flatten().min();
        Deadline::after_if(until.map(|at| at.saturating_duration_since(now)))
    }

    fn is_idle(&self) -> bool {
        self.service.options.idle_timeout.is_some_and(|idle| self.last_moved.elapsed() >= idle)
    }

    fn accept(&mut self, listener: &Socket) -> Result<(), Error> {
        /// So that those who are connected get their turn.
        const AT_ONCE: usize = 64;
        let Service { net, events, .. } = self.service;
        for _ in 0..AT_ONCE {
            if !self.wants_peers() {
                return Ok(());
            }
            let (socket, address) = match accept(listener) {
                Ok(accepted) => accepted,
                Err(error) if error.would_block() => {
                    self.is_short = false;
                    return Ok(());
                }
                Err(error) if is_passing(&error) => continue,
                Err(error) if is_shortage(&error) => {
                    // Once, until all who waited have been accepted.
                    if !self.is_short {
                        events(&Event::Shortage { error: &error });
                    }
                    self.is_short = true;
                    self.rest_until = Some(Instant::now() + SHORTAGE_REST);
                    return Ok(());
                }
                Err(error) => return Err(Error::socket(format!("accepting at {net}"), error)),
            };
            tell_accepted(&socket, &address, net.transport, events);
            let socket = Arc::new(socket);
            let outlet = Outlet::to(Handle::Socket(Arc::clone(&socket)));
            let peer = Peer {
                socket,
                address,
                outlet,
                payload: self.shared.greeting().map(Box::new),
                received: 0,
                last_moved: Instant::now(),
                ended: false,
                finished: false,
                replied: false,
                gone: false,
                reset: false,
            };
            let peer = self.peers.entry(self.next).or_insert(peer);
            self.next += 1;
            self.served += 1;
            self.last_moved = Instant::now();
            peer.say(self.shared, events)?;
        }
        Ok(())
    }

    /// Reads input and gives it to everybody.
    fn read_input(&mut self, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let Some(bytes) = self.shared.take_input(buffer)? else { return Ok(true) };
        let bytes = &bytes;
        self.last_moved = Instant::now();
        self.last_input = Instant::now();
        (self.service.events)(&Event::Sent { peer: None, bytes });
        self.shared.record_sent(bytes)?;
        for peer in self.peers.values_mut().filter(|peer| !peer.finished) {
            peer.send(bytes);
        }
        Ok(true)
    }

    /// Reads what a peer sent, writes what it has not had yet. False when the output is closed.
    fn serve_peer(&mut self, id: u64, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let Service { options, events, .. } = self.service;
        let Some(peer) = self.peers.get_mut(&id) else { return Ok(true) };
        if peer.outlet.flush().is_err() {
            peer.give_up();
        }
        peer.say(self.shared, events)?;
        self.last_moved = self.last_moved.max(peer.last_moved);
        if peer.ended || !self.shared.output.is_empty() {
            return Ok(true);
        }
        buffer.resize(options.recv_size.unwrap_or(STREAM_CHUNK), 0);
        let got = match peer.socket.recv_into(buffer, 0) {
            Ok(got) => got,
            Err(error) if error.would_block() => return Ok(true),
            Err(error @ sock::Error { .. }) if error.errno() == Some(Errno::EINTR) => {
                return Err(Error::socket("receiving", error));
            }
            // A reset ends this peer's conversation and nobody else's.
            Err(_) => {
                peer.give_up();
                peer.reset = true;
                0
            }
        };
        peer.last_moved = Instant::now();
        self.last_moved = Instant::now();
        if got == 0 {
            peer.ended = true;
            return Ok(true);
        }
        peer.received += got as u64;
        let bytes = buffer.get(..got).unwrap_or_default();
        events(&Event::Received { peer: &peer.address, bytes });
        if !peer.replied
            && let Some(answer) = self.shared.answer(bytes)
        {
            events(&Event::Message { peer: &peer.address, bytes });
            peer.replied = true;
            peer.payload = Some(Box::new(answer));
            peer.say(self.shared, events)?;
        }
        self.shared.deliver(bytes)
    }

    /// Says when a peer's conversation is over if nothing more happens, `None` if it is not ending.
    fn closes_at(&self, peer: &Peer) -> Option<Instant> {
        if !peer.has_been_told() {
            return None;
        }
        if peer.replied {
            let pause = if peer.ended { Duration::ZERO } else { AFTER_REPLY };
            // While the output is slow nobody is read: what looks silent may have a lot to say.
            return (peer.ended || self.shared.output.is_empty()).then(|| peer.last_moved + pause);
        }
        if self.shared.input_is_over() || !self.shared.has_input() || peer.gone {
            return peer.ended.then_some(peer.last_moved);
        }
        if self.shared.next_line_at().is_some() {
            return None;
        }
        // What the others say is no input: only a pause of ours counts.
        peer.ended.then(|| later(peer.last_moved.max(self.last_input), self.service.options.pause_after_peer))
    }

    /// Closes what is over. False when the output is closed.
    fn close_what_is_over(&mut self, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let Service { options, events, .. } = self.service;
        let input_ended = self.shared.input_is_over() && options.half_close;
        for peer in self.peers.values_mut() {
            if (input_ended || peer.replied) && !peer.finished && peer.has_been_told() {
                peer.finished = true;
                // It may be reset already, which the next receive tells.
                let _ = peer.socket.shutdown(Shutdown::Write);
                events(&Event::HalfClosed { peer: &peer.address });
            }
        }
        let is_over =
            |server: &Self, peer: &Peer| server.closes_at(peer).is_some_and(|at| at <= Instant::now());
        let over: Vec<_> =
            self.peers.iter().filter(|(_, peer)| is_over(self, peer)).map(|(id, _)| *id).collect();
        for id in over {
            // It may have been us who was away for so long: a last look, for closing over unread words is a reset.
            if !self.serve_peer(id, buffer)? {
                return Ok(false);
            }
            if !self.peers.get(&id).is_some_and(|peer| is_over(self, peer)) {
                continue;
            }
            let Some(peer) = self.peers.remove(&id) else { continue };
            let why = match (peer.reset, peer.replied) {
                (true, _) => Why::Reset,
                (false, true) => Why::Replied,
                (false, false) => Why::PeerClosed,
            };
            peer.let_go(why, events);
        }
        Ok(true)
    }

    /// Ends the conversations that are left when the service ends.
    fn let_all_go(&mut self, why: Why) {
        for peer in std::mem::take(&mut self.peers).into_values() {
            peer.let_go(why, self.service.events);
        }
    }
}

impl Peer {
    fn send(&mut self, bytes: &[u8]) {
        match self.outlet.offer(bytes) {
            Ok(()) => self.last_moved = Instant::now(),
            Err(_) => self.give_up(),
        }
    }

    /// Says the next piece of what this peer alone is told, if it has had what came before and the time has come.
    fn say(&mut self, shared: &mut Shared<'_>, events: Events<'_>) -> Result<(), Error> {
        if !self.outlet.is_empty() {
            return Ok(());
        }
        let Some(mut payload) = self.payload.take() else { return Ok(()) };
        if let Some(bytes) = payload.take() {
            events(&Event::Sent { peer: Some(&self.address), bytes });
            shared.record_sent(bytes)?;
            self.send(bytes);
        }
        // One that takes no more is told no more.
        self.payload = Some(payload).filter(|payload| !payload.is_over() && !self.gone);
        Ok(())
    }

    /// Returns when the next piece may be said, if only time is in its way.
    fn says_at(&self) -> Option<Instant> {
        self.payload.as_ref().filter(|_| self.outlet.is_empty()).and_then(|payload| payload.next_at())
    }

    fn wants_write(&self) -> bool {
        !self.outlet.is_empty() || self.says_at().is_some_and(|at| at <= Instant::now())
    }

    /// Tells whether the kernel has all that this peer was to be told so far.
    const fn has_been_told(&self) -> bool {
        self.outlet.is_empty() && self.payload.is_none()
    }

    fn let_go(self, why: Why, events: Events<'_>) {
        let Self { socket, outlet, address, received, .. } = self;
        let sent = outlet.written();
        // Who is told of the end finds the socket closed.
        drop((socket, outlet));
        events(&Event::Ended { peer: &address, why, sent, received });
    }

    /// The peer takes no more; what it still sends is read until its end.
    fn give_up(&mut self) {
        self.outlet.drop_pending();
        self.payload = None;
        self.finished = true;
        self.gone = true;
    }
}

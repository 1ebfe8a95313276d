//! A listener that serves many connections at once, on one thread.
//!
//! What peers send goes to the one output; what is read from standard input goes to every peer that is there, `--data` to
//! every peer that comes. A peer owns a buffer only while it is slow; while the output is slow nobody is read. `--reply`
//! answers each peer's first data and closes.
//!
//! Peers are watched by epoll(7), and those for whom a time will come are in an ordered set: a peer that does nothing
//! costs nothing, however many they are. What a peer that does not read has not taken is kept up to [`BACKLOG`]; if it
//! holds up the others for longer than [`SLOW`], it is left behind.

use std::collections::{BTreeMap, BTreeSet};
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sock::select::Epoll;
use sock::{Address, Deadline, PollFd, Shutdown, Socket, c};

use crate::audience::wait;
use crate::connect::STREAM_CHUNK;
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listener::{SHORTAGE_REST, accept, is_passing, is_shortage, tell_accepted};
use crate::payload::Payload;
use crate::pieces::{Handle, Outlet, has_messages, message_room, with_room};
use crate::shared::{Service, Shared};
use crate::show::Show;
use crate::time::later;

/// How long a peer that was answered may take to read the answer and close.
const AFTER_REPLY: Duration = Duration::from_secs(2);
/// How many bytes of input may wait for one peer. While as much does, no more is read; half of it must go first.
const BACKLOG: usize = 1 << 20;
/// In this time a peer for whom as much waits must take a piece of it, if others wait for the next one.
const SLOW: Duration = Duration::from_secs(5);
/// When a peer that is over is looked at again, if its end has to wait for the output or for a line of input.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// One accepted connection.
struct Peer {
    socket: Arc<Socket>,
    address: Address,
    outlet: Outlet,
    /// What this peer is told and has not been yet: `--data`, or its answer.
    payload: Option<Box<Payload>>,
    /// How what it says is shown, with what is held back of it.
    show: Option<Box<Show>>,
    received: u64,
    last_moved: Instant,
    /// The peer has sent its FIN.
    ended: bool,
    /// We have sent ours.
    finished: bool,
    /// It was answered: when, or when it had all of the answer.
    replied: Option<Instant>,
    /// The peer takes nothing more.
    gone: bool,
    /// It ended by a reset.
    reset: bool,
    /// Too much waits for it: since when, and how much it had taken then.
    full: Option<(Instant, u64)>,
    /// The kernel tells when it can be read, and when it can be written to.
    watched: (bool, bool),
    /// When it is looked at whatever happens.
    due: Option<Instant>,
}

/// Serves connections until a signal, the idle timeout or, without `keep_open`, the end of the first one.
pub(crate) fn serve_streams<'a>(service: Service<'a>, shared: &mut Shared<'a>) -> Result<Why, Error> {
    let epoll = || Epoll::new().map_err(|error| Error::socket("making a list of clients", error));
    let input_is_over = shared.input_is_over();
    let mut server = Streams {
        service,
        shared,
        peers: BTreeMap::new(),
        readers: epoll()?,
        writers: epoll()?,
        due: BTreeSet::new(),
        full: 0,
        served: 0,
        rest_until: None,
        is_short: false,
        last_moved: Instant::now(),
        last_input: Instant::now(),
        input_is_over,
    };
    let outcome = server.run();
    server.let_all_go(Why::of(&outcome));
    outcome
}

struct Streams<'a, 's> {
    service: Service<'a>,
    shared: &'s mut Shared<'a>,
    /// By the numbers of their descriptors, as the kernel names them.
    peers: BTreeMap<RawFd, Peer>,
    /// Those who can say something.
    readers: Epoll,
    /// Those for whom something waits.
    writers: Epoll,
    /// Those for whom a time will come, the first one first.
    due: BTreeSet<(Instant, RawFd)>,
    /// For how many too much waits.
    full: usize,
    served: u64,
    /// Descriptors have run out: nobody is accepted before this.
    rest_until: Option<Instant>,
    /// That has been told, and somebody still waits to be accepted.
    is_short: bool,
    last_moved: Instant,
    /// When input was last given to the peers.
    last_input: Instant,
    /// All peers know that the input is over.
    input_is_over: bool,
}

/// What can be done without waiting.
#[derive(Default)]
struct Ready {
    input: bool,
    sinks: bool,
    listeners: Vec<usize>,
    peers: Vec<RawFd>,
    passed: bool,
}

impl Ready {
    fn is_nothing(&self) -> bool {
        !self.input && !self.sinks && self.listeners.is_empty() && self.peers.is_empty()
    }
}

impl Streams<'_, '_> {
    fn run(&mut self) -> Result<Why, Error> {
        let Service { options, serve, listeners, .. } = self.service;
        let mut buffer = Vec::new();
        loop {
            // Decided once for a turn: what is not asked for any more must not be what the turn waits for either.
            self.rest_until = self.rest_until.filter(|until| *until > Instant::now());
            let ready = match self.wait() {
                Ok(ready) => ready,
                // Ctrl-C is the normal end of a server.
                Err(Error::Interrupted(_)) if serve.keep_open => return Ok(Why::Interrupted),
                Err(error) => return Err(error),
            };
            if ready.is_nothing() && ready.passed && self.is_idle() {
                let after = options.idle_timeout.unwrap_or_default();
                return if options.idle_is_failure {
                    Err(Error::Idle { after })
                } else {
                    Ok(Why::Idle(after))
                };
            }
            if ready.input {
                self.read_input(&mut buffer)?;
            }
            if ready.sinks && !self.shared.flush()? {
                return Ok(Why::OutputClosed);
            }
            for listener in ready.listeners.iter().filter_map(|at| listeners.sockets.get(*at)) {
                self.accept(listener)?;
            }
            for id in ready.peers {
                if !self.serve_peer(id, &mut buffer)? {
                    return Ok(Why::OutputClosed);
                }
            }
            if !self.do_what_is_due(&mut buffer)? {
                return Ok(Why::OutputClosed);
            }
            if !serve.keep_open && self.served > 0 && self.peers.is_empty() {
                return Ok(if serve.reply.is_some() { Why::Replied } else { Why::PeerClosed });
            }
        }
    }

    fn wait(&self) -> Result<Ready, Error> {
        let Service { options, listeners, .. } = self.service;
        let is_slow = self.shared.is_slow();
        let listening = if self.wants_peers() { listeners.sockets.as_slice() } else { &[] };
        let input = self.shared.input.inlet.pollable().filter(|_| self.wants_input());
        let asks_readers = !is_slow && !self.peers.is_empty();
        // What poll(2) is asked for, in this order: it is the same few however many the peers are.
        let mut fds: Vec<_> =
            listening.iter().map(|listener| PollFd::new(listener.as_fd(), c::POLLIN)).collect();
        let mut add = |wanted: bool, fd, events| {
            wanted.then(|| {
                fds.push(PollFd::new(fd, events));
                fds.len() - 1
            })
        };
        let readers = add(asks_readers, self.readers.as_fd(), c::POLLIN);
        let writers = add(!self.peers.is_empty(), self.writers.as_fd(), c::POLLIN);
        let input = input.and_then(|fd| add(true, fd, c::POLLIN));
        let sinks: Vec<_> =
            self.shared.slow_descriptors().filter_map(|fd| add(true, fd, c::POLLOUT)).collect();
        let always = self.wants_input() && self.shared.input.inlet.is_always_ready();
        let deadline = if always { Deadline::after(Duration::ZERO) } else { self.deadline() };
        wait(&mut fds, deadline, options.audience.as_deref(), || "serving".to_owned())?;
        let happened = |at: usize| fds.get(at).is_some_and(|fd| fd.revents() != 0);
        let line_is_due = self.next_line_at().is_some_and(|at| at <= Instant::now());
        let mut ready = Ready {
            input: always || line_is_due || input.is_some_and(happened),
            sinks: sinks.into_iter().any(happened),
            listeners: (0..listening.len()).filter(|at| happened(*at)).collect(),
            peers: Vec::new(),
            passed: deadline.passed(),
        };
        for (list, _) in [(&self.writers, writers), (&self.readers, readers)]
            .into_iter()
            .filter(|(_, at)| at.is_some_and(happened))
        {
            let told = list
                .poll(Some(Duration::ZERO), None)
                .map_err(|error| Error::socket("waiting for clients", error))?;
            ready.peers.extend(told.into_iter().map(|(id, _)| id));
        }
        if sock::rehearsing() {
            // The list is in the kernel, which was not asked.
            ready.peers = self.peers.keys().copied().collect();
        }
        Ok(ready)
    }

    /// Input is read when somebody is there to have it and there is room for what everybody has not taken yet.
    fn wants_input(&self) -> bool {
        self.shared.wants_input() && self.somebody_listens()
    }

    fn somebody_listens(&self) -> bool {
        !self.peers.is_empty() && self.full == 0
    }

    /// Returns when the next line of input may go, if somebody is there to have it.
    fn next_line_at(&self) -> Option<Instant> {
        self.shared.next_line_at().filter(|_| self.somebody_listens())
    }

    fn wants_peers(&self) -> bool {
        let serve = self.service.serve;
        let one_is_enough = !serve.keep_open && self.served > 0;
        self.rest_until.is_none() && !one_is_enough && self.peers.len() < serve.at_once
    }

    fn deadline(&self) -> Deadline {
        let now = Instant::now();
        let idle = self.service.options.idle_timeout.map(|idle| later(self.last_moved, idle));
        let due = self.due.first().map(|(at, _)| *at);
        let until = [idle, due, self.rest_until, self.next_line_at()].into_iter().flatten().min();
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
            let id = socket.as_raw_fd();
            let socket = Arc::new(socket);
            let peer = Peer {
                outlet: Outlet::to(Handle::Socket(Arc::clone(&socket))),
                socket,
                address,
                payload: self.shared.greeting().map(Box::new),
                show: self.shared.shown(),
                received: 0,
                last_moved: Instant::now(),
                ended: false,
                finished: false,
                replied: None,
                gone: false,
                reset: false,
                full: None,
                watched: (false, false),
                due: None,
            };
            let peer = self.peers.entry(id).or_insert(peer);
            self.served += 1;
            self.last_moved = Instant::now();
            peer.say(self.shared, events)?;
            self.touched(id)?;
        }
        Ok(())
    }

    /// Reads input and gives it to everybody.
    fn read_input(&mut self, buffer: &mut Vec<u8>) -> Result<(), Error> {
        let taken = self.shared.take_input(buffer)?;
        if let Some(bytes) = &taken {
            self.last_moved = Instant::now();
            self.last_input = Instant::now();
            (self.service.events)(&Event::Sent { peer: None, bytes });
            self.shared.record_sent(bytes)?;
            let ids: Vec<_> = self.peers.keys().copied().collect();
            for id in ids {
                if let Some(peer) = self.peers.get_mut(&id).filter(|peer| !peer.finished) {
                    peer.send(bytes);
                    self.touched(id)?;
                }
            }
        }
        if self.shared.input_is_over() && !self.input_is_over {
            // From now on each may end by itself.
            self.input_is_over = true;
            let ids: Vec<_> = self.peers.keys().copied().collect();
            ids.into_iter().try_for_each(|id| self.touched(id))?;
        }
        Ok(())
    }

    /// Reads what a peer sent, writes what it has not had yet. False when the output is closed.
    fn serve_peer(&mut self, id: RawFd, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let goes_on = self.talk_to(id, buffer)?;
        self.touched(id)?;
        Ok(goes_on)
    }

    fn talk_to(&mut self, id: RawFd, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let Service { options, events, .. } = self.service;
        let Some(peer) = self.peers.get_mut(&id) else { return Ok(true) };
        let before = peer.outlet.written();
        if peer.outlet.flush().is_err() {
            peer.give_up();
        }
        if peer.outlet.written() != before {
            peer.last_moved = Instant::now();
        }
        peer.say(self.shared, events)?;
        self.last_moved = self.last_moved.max(peer.last_moved);
        if peer.ended || self.shared.is_slow() {
            return Ok(true);
        }
        let room = match options.recv_size {
            Some(size) => size,
            None => message_room(&peer.socket, STREAM_CHUNK),
        };
        let flags = if has_messages(&peer.socket) { c::MSG_TRUNC } else { 0 };
        let room = with_room(buffer, room);
        let got = match peer.socket.recv_into(room, flags) {
            Ok(got) => got,
            Err(error) if error.would_block() => return Ok(true),
            Err(error) if matches!(error.cause(), sock::Cause::Interrupted(_)) => {
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
        let bytes = room.get(..got).unwrap_or(room);
        if got > bytes.len() {
            events(&Event::Truncated { peer: &peer.address, len: got, kept: bytes.len() });
        }
        peer.received += bytes.len() as u64;
        events(&Event::Received { peer: &peer.address, bytes });
        if peer.replied.is_none()
            && let Some(answer) = self.shared.answer(bytes)
        {
            events(&Event::Message { peer: &peer.address, bytes });
            peer.replied = Some(Instant::now());
            peer.payload = Some(Box::new(answer));
            peer.say(self.shared, events)?;
        }
        self.shared.deliver(bytes, peer.show.as_deref_mut())
    }

    /// Settles what follows from a change of a peer: its FIN, what the kernel watches it for, and when it is due.
    fn touched(&mut self, id: RawFd) -> Result<(), Error> {
        let Service { options, events, .. } = self.service;
        let Some(peer) = self.peers.get_mut(&id) else { return Ok(()) };
        let says_no_more = self.input_is_over && options.half_close || peer.replied.is_some();
        if says_no_more && !peer.finished && peer.has_been_told() {
            peer.finished = true;
            peer.replied = peer.replied.map(|_| Instant::now());
            // It may be reset already, which the next receive tells.
            let _ = peer.socket.shutdown(Shutdown::Write);
            events(&Event::HalfClosed { peer: &peer.address });
        }
        let waiting = peer.outlet.waiting();
        match peer.full {
            None if waiting >= BACKLOG && !self.input_is_over => {
                peer.full = Some((Instant::now(), peer.outlet.written()));
                self.full += 1;
            }
            Some(_) if waiting <= BACKLOG / 2 || self.input_is_over => {
                peer.full = None;
                self.full -= 1;
            }
            _ => {}
        }
        let wanted = (!peer.ended, !peer.outlet.is_empty());
        let failed = |error| Error::socket("watching a client", error);
        watch(&self.readers, &peer.socket, peer.watched.0, wanted.0, c::EPOLLIN).map_err(failed)?;
        watch(&self.writers, &peer.socket, peer.watched.1, wanted.1, c::EPOLLOUT).map_err(failed)?;
        peer.watched = wanted;
        let Some(peer) = self.peers.get(&id) else { return Ok(()) };
        self.schedule(id, self.due_at(peer));
        Ok(())
    }

    /// Notes when a peer is to be looked at.
    fn schedule(&mut self, id: RawFd, at: Option<Instant>) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if peer.due != at {
            if let Some(before) = std::mem::replace(&mut peer.due, at) {
                self.due.remove(&(before, id));
            }
            self.due.extend(at.map(|at| (at, id)));
        }
    }

    fn due_at(&self, peer: &Peer) -> Option<Instant> {
        let slow = peer.full.map(|(since, _)| later(since, SLOW));
        [self.closes_at(peer), peer.says_at(), slow].into_iter().flatten().min()
    }

    /// Says when a peer's conversation is over if nothing more happens, `None` if it is not ending.
    fn closes_at(&self, peer: &Peer) -> Option<Instant> {
        if !peer.has_been_told() {
            return None;
        }
        if let Some(replied) = peer.replied {
            // From the answer on: one that goes on talking has no longer.
            return Some(if peer.ended { peer.last_moved } else { later(replied, AFTER_REPLY) });
        }
        if !peer.ended || self.input_is_over || !self.shared.has_input() || peer.gone {
            return peer.ended.then_some(peer.last_moved);
        }
        // What the others say is no input: only a pause of ours counts.
        Some(later(peer.last_moved.max(self.last_input), self.service.options.pause_after_peer))
    }

    /// Tells whether a peer whose time has come is let go only later.
    fn is_held(&self, peer: &Peer) -> bool {
        let line_waits =
            !self.input_is_over && self.shared.next_line_at().is_some() && peer.replied.is_none();
        // While the output is slow nobody is read: what looks silent may have a lot to say.
        !peer.ended && self.shared.is_slow() || line_waits && !peer.gone
    }

    /// Looks at those whose time has come: says a line, closes what is over. False when the output is closed.
    fn do_what_is_due(&mut self, buffer: &mut Vec<u8>) -> Result<bool, Error> {
        let now = Instant::now();
        let ids: Vec<_> = self.due.iter().take_while(|(at, _)| *at <= now).map(|(_, id)| *id).collect();
        for id in ids {
            let is_over = |server: &Self| {
                let peer = server.peers.get(&id);
                peer.is_some_and(|peer| server.closes_at(peer).is_some_and(|at| at <= Instant::now()))
            };
            if self.is_left_behind(id) {
                if !self.let_go(id, Why::TooSlow)? {
                    return Ok(false);
                }
                continue;
            }
            if is_over(self) && self.peers.get(&id).is_some_and(|peer| self.is_held(peer)) {
                self.schedule(id, Some(later(now, LOOK_AGAIN)));
                continue;
            }
            // It may have been us who was away for so long: a last look, for closing over unread words is a reset.
            if !self.serve_peer(id, buffer)? {
                return Ok(false);
            }
            if !is_over(self) {
                continue;
            }
            let why = match self.peers.get(&id) {
                Some(Peer { reset: true, .. }) => Why::Reset,
                Some(Peer { replied: Some(_), .. }) => Why::Replied,
                _ => Why::PeerClosed,
            };
            if !self.let_go(id, why)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells whether a peer holds up the others and has taken next to nothing for so long; if it has not, its time
    /// begins anew.
    fn is_left_behind(&mut self, id: RawFd) -> bool {
        let is_alone = self.peers.len() < 2;
        let Some(peer) = self.peers.get_mut(&id) else { return false };
        let Some((since, taken)) = peer.full.filter(|(since, _)| since.elapsed() >= SLOW) else {
            return false;
        };
        let took_a_piece = peer.outlet.written() - taken >= STREAM_CHUNK as u64;
        if is_alone || took_a_piece {
            peer.full = Some((Instant::now(), peer.outlet.written()));
            return false;
        }
        let (peer, waiting) = (&peer.address, peer.outlet.waiting());
        (self.service.events)(&Event::TooSlow { peer, waiting, after: since.elapsed() });
        true
    }

    /// Ends one conversation. False when the output is closed.
    fn let_go(&mut self, id: RawFd, why: Why) -> Result<bool, Error> {
        self.schedule(id, None);
        let Some(mut peer) = self.peers.remove(&id) else { return Ok(true) };
        self.full -= usize::from(peer.full.is_some());
        let goes_on = self.shared.deliver_rest(peer.show.as_deref_mut());
        peer.let_go(why, self.service.events);
        goes_on
    }

    /// Ends the conversations that are left when the service ends.
    fn let_all_go(&mut self, why: Why) {
        for mut peer in std::mem::take(&mut self.peers).into_values() {
            // What went wrong with the output has ended the service already, or is found by who writes the rest.
            let _ = self.shared.deliver_rest(peer.show.as_deref_mut());
            peer.let_go(why, self.service.events);
        }
    }
}

/// Changes whether the kernel watches a socket.
fn watch(list: &Epoll, socket: &Arc<Socket>, is: bool, wanted: bool, events: i32) -> sock::Result<()> {
    match (is, wanted) {
        (false, true) => list.register(&**socket, events),
        (true, false) => list.unregister(&**socket),
        _ => Ok(()),
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

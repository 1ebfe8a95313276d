//! One conversation: two flows, one each way, until both have said what they had to say.
//!
//! The rules, in the order in which they are asked:
//! 1. The end of a source is passed on when everything before it has been delivered (a FIN, on a stream).
//! 2. When the peer has closed, the conversation is over. Its FIN may also be half a close by one that still wants our
//!    input, and nothing tells the two apart; so what input is there, or comes without a pause, is still sent. With
//!    `leave_with_peer` off, the input must end too.
//! 3. Datagrams have no end: after the end of input, silence is one.
//! 4. A timeout, a closed output or a signal ends it at once.
//! 5. Between two peers a connection that breaks is no end that could be passed on as a FIN: what came before is delivered,
//!    then the other connection is reset, too (RFC 9293 section 3.10.7.4). Only TCP has a reset.

use core::net::IpAddr;
use std::time::{Duration, Instant};

use sock::option::{TcpState, so, tcp};
use sock::{Address, Deadline, Errno, PollFd, c};

use crate::audience::{Audience, wait};
use crate::console::Record;
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::options::Options;
use crate::pieces::{Delivery, Flow, Inlet, Patience, Step, Trouble, is_closed_pipe, is_reset};
use crate::time::later;

/// How often to look whether everything has arrived, when there is nothing else to wait for.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// How long the pauses between two looks grow.
const LOOK_AGAIN_AT_LAST: Duration = Duration::from_millis(80);

/// A conversation between this side and a peer.
pub(crate) struct Duplex<'a> {
    /// From us to the peer.
    pub(crate) up: Flow,
    /// From the peer to us.
    pub(crate) down: Flow,
    pub(crate) peer: &'a Address,
    /// The peer on our side, of a relay.
    pub(crate) left: Option<&'a Address>,
    pub(crate) record: Option<Record>,
    pub(crate) events: Events<'a>,
    pub(crate) rules: Rules,
    pub(crate) audience: Option<&'a Audience>,
}

/// When a conversation is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) half_close: bool,
    pub(crate) leave_with_peer: bool,
    /// How long input may pause after the peer has closed before it counts as unwanted.
    pub(crate) pause_after_peer: Duration,
    pub(crate) leave_when_sent: bool,
    /// Nothing comes from the right end: the conversation is over when the left one has ended.
    pub(crate) one_way: bool,
    pub(crate) idle: Option<Duration>,
    pub(crate) idle_is_failure: bool,
    pub(crate) quit_after_input: Option<Duration>,
    /// Set for datagrams: how long silence is an end.
    pub(crate) silence: Option<Duration>,
    /// How often to receive.
    pub(crate) max_count: Option<u64>,
}

impl Rules {
    pub(crate) fn new(options: &Options, has_an_end: bool) -> Self {
        let silence = options.silence.map(|silence| silence.max(options.idle_timeout.unwrap_or_default()));
        Self {
            half_close: options.half_close,
            leave_with_peer: options.leave_with_peer,
            pause_after_peer: options.pause_after_peer,
            leave_when_sent: options.send_only,
            one_way: false,
            idle: options.idle_timeout,
            idle_is_failure: options.idle_is_failure,
            quit_after_input: options.quit_after_input,
            silence: if has_an_end { None } else { silence },
            max_count: options.max_count,
        }
    }
}

impl Duplex<'_> {
    /// Holds the conversation; returns why it ended.
    pub(crate) fn run(mut self) -> Result<Why, Error> {
        let mut state = State::new();
        let outcome = self.talk(&mut state);
        let outcome = self.settle(outcome);
        if let (Err(_), Some(way)) = (&outcome, state.stands) {
            self.reset(way);
        }
        let why = Why::of(&outcome);
        let (sent, received) = (self.up.outlet.written(), self.down.moved());
        // In a relay it may be the left end that brought the end.
        let blamed = outcome.as_ref().err().and_then(Error::socket_error).and_then(sock::Error::address);
        let left = self.left.filter(|left| blamed == Some(*left));
        (self.events)(&Event::Ended { peer: left.unwrap_or(self.peer), why, sent, received });
        outcome
    }

    /// What was received before the end came is written, unless nobody reads or nothing moves.
    fn settle(&mut self, outcome: Result<Why, Error>) -> Result<Why, Error> {
        let patience = Patience::after(&outcome);
        let recorded = self.record.as_mut().map_or(Ok(()), |record| record.settle(patience));
        let settled = [self.up.settle(patience), self.down.settle(patience)];
        let why = outcome?;
        for trouble in settled.into_iter().filter_map(Result::err) {
            let (Trouble::Inlet(error) | Trouble::Outlet(error)) = trouble;
            if !is_closed_pipe(&error) {
                return Err(Error::socket("writing output", error));
            }
        }
        recorded.map(|()| why)
    }

    /// Rule 5: has the end that stands reset by the close that follows, where it is a connection that a reset can end.
    fn reset(&self, way: Way) {
        let Some(socket) = self.flow(way).outlet.tcp().or_else(|| self.flow(way.back()).inlet.tcp()) else {
            return;
        };
        // In the other states both sides have said their end, or there is no connection any more.
        let stands = tcp::info(socket).is_ok_and(|info| {
            use TcpState::{CloseWait, Established, FinWait1, FinWait2};
            matches!(info.state, Established | CloseWait | FinWait1 | FinWait2)
        });
        // socket(7): with no time to linger, close(2) sends a RST.
        if stands && so::set_linger(socket, Some(Duration::ZERO)).is_ok() {
            (self.events)(&Event::Reset { peer: self.address(way, End::Sink) });
        }
    }

    fn talk(&mut self, state: &mut State) -> Result<Why, Error> {
        // One for each way: their sizes differ, and each is filled with zeros once.
        let (mut sending, mut receiving) = (Vec::new(), Vec::new());
        loop {
            self.pass_ends_on(state)?;
            if let Some(why) = self.is_over(state) {
                return state.failed.take().map_or(Ok(why), Err);
            }
            let end = self.end_in_time(state);
            let ready = self.wait(end.map(|(at, _)| at), state)?;
            if let Some((at, why)) = end
                && at <= Instant::now()
                && (!ready.up.something() && !ready.down.something() || matches!(why, Why::QuitAfterInput(_)))
            {
                if matches!(why, Why::PeerClosed) {
                    self.has_arrived(Way::Up, state);
                    // At a terminal, and where nothing is read, nothing was on its way.
                    let after = self.pause_after_peer();
                    if after > Duration::ZERO {
                        (self.events)(&Event::InputAbandoned { peer: self.peer, after });
                    }
                }
                return match (state.failed.take(), why) {
                    (Some(error), _) => Err(error),
                    (None, Why::Idle(after)) if self.rules.idle_is_failure => Err(Error::Idle { after }),
                    (None, why) => Ok(why),
                };
            }
            if let Some(record) = self.record.as_mut() {
                record.flush()?;
            }
            if ready.down.something() {
                self.step(Way::Down, ready.down, &mut receiving, state)?;
            }
            if ready.up.something() {
                self.step(Way::Up, ready.up, &mut sending, state)?;
            }
        }
    }

    /// Rule 1: each end goes on when everything before it is delivered.
    fn pass_ends_on(&mut self, state: &mut State) -> Result<(), Error> {
        if self.up.is_drained() && state.input_ended.is_none() {
            state.input_ended = Some(Instant::now());
            state.last_moved = Instant::now();
        }
        if self.rules.half_close && self.up.is_drained() {
            match self.up.finish() {
                Ok(true) => (self.events)(&Event::HalfClosed { peer: self.peer }),
                Ok(false) => {}
                Err(trouble) => self.trouble(Way::Up, trouble, state)?,
            }
        }
        match self.down.finish() {
            Ok(_) => Ok(()),
            Err(trouble) => self.trouble(Way::Down, trouble, state),
        }
    }

    /// Rule 2: what has ended by itself.
    fn is_over(&mut self, state: &mut State) -> Option<Why> {
        let (up, down) = (self.up.is_drained(), self.down.is_drained());
        if self.has_enough(state) && !self.down.wants_write() {
            return self.rules.max_count.map(Why::Enough);
        }
        if up && self.rules.leave_when_sent {
            return self.has_arrived(Way::Up, state).then_some(Why::AllSent);
        }
        if state.failed.is_some() {
            // What the other way has is still delivered; who takes nothing is not waited for.
            let rest_is_over = [Way::Up, Way::Down].into_iter().all(|way| {
                let flow = self.flow(way);
                flow.is_given_up() || flow.is_drained() && self.has_arrived(way, state)
            });
            return rest_is_over.then_some(Why::Failed);
        }
        if up && down {
            let has_arrived = self.has_arrived(Way::Up, state) & self.has_arrived(Way::Down, state);
            return has_arrived.then_some(Why::BothClosed);
        }
        // An end that is only written to never says anything.
        (up && self.rules.one_way).then_some(Why::SourceEnded)
    }

    /// Tells whether a peer has all that it was sent, or never will: that is a failure.
    fn has_arrived(&mut self, way: Way, state: &mut State) -> bool {
        match self.flow(way).outlet.delivery() {
            Delivery::OnItsWay => {
                state.look_after = (state.look_after * 2).min(LOOK_AGAIN_AT_LAST);
                false
            }
            Delivery::Arrived => true,
            Delivery::Broken(error) => {
                let error = self.failure(way, Doing::Sending { lost: 0 }, error);
                state.failed.get_or_insert(error);
                state.stands.get_or_insert_with(|| way.back());
                true
            }
        }
    }

    fn has_enough(&self, state: &State) -> bool {
        self.rules.max_count.is_some_and(|most| state.count >= most)
    }

    /// Rules 3 and 4: the earliest time at which the conversation ends if nothing moves.
    fn end_in_time(&self, state: &State) -> Option<(Instant, Why)> {
        let rules = &self.rules;
        let after_input = |after: Duration| state.input_ended.map(|at| later(at, after));
        let silence = rules.silence.filter(|_| state.input_ended.is_some());
        // A line that waits for its time is no pause of the input.
        let input_is_there = self.up.wants_write() || self.up.next_line_at().is_some();
        // Where the input has ended, too, both have.
        let peer_closed =
            rules.leave_with_peer && self.down.is_drained() && !self.up.is_drained() && !input_is_there;
        let ends = [
            peer_closed.then(|| (later(state.last_moved, self.pause_after_peer()), Why::PeerClosed)),
            rules.idle.map(|after| (later(state.last_moved, after), Why::Idle(after))),
            silence.map(|after| (later(state.last_moved, after), Why::Silence(after))),
            rules.quit_after_input.and_then(|after| Some((after_input(after)?, Why::QuitAfterInput(after)))),
        ];
        // Silence is the ordinary end of datagrams; the idle timeout of the same length must not win over it.
        ends.into_iter().flatten().min_by_key(|(at, why)| (*at, matches!(why, Why::Idle(_))))
    }

    /// How long input may pause after the peer has ended before it counts as unwanted.
    const fn pause_after_peer(&self) -> Duration {
        if matches!(self.up.inlet, Inlet::Never) { Duration::ZERO } else { self.rules.pause_after_peer }
    }

    /// Waits until a flow can do something, a line is due, or the time is up.
    fn wait(&self, end: Option<Instant>, state: &State) -> Result<Ready, Error> {
        // While the record is behind nothing is read: what moves has to be recorded.
        let reads = |flow: &Flow| flow.wants_read() && !self.record.as_ref().is_some_and(Record::is_behind);
        let at_once = |flow: &Flow| Can { read: reads(flow) && flow.inlet.is_always_ready(), write: false };
        let (up, down) = (at_once(&self.up), at_once(&self.down));
        if up.read || down.read {
            return Ok(Ready { up, down });
        }
        let line = [self.up.next_line_at(), self.down.next_line_at()].into_iter().flatten().min();
        // Nothing wakes us when the last byte has arrived.
        let last = match (self.up.is_drained(), self.down.is_drained()) {
            (true, true) => true,
            (up, down) => up && self.rules.leave_when_sent || (up || down) && state.failed.is_some(),
        };
        let look = last.then(|| Instant::now() + state.look_after);
        let until = end.into_iter().chain(line).chain(look).min();
        let deadline = Deadline::after_if(until.map(|at| at.saturating_duration_since(Instant::now())));
        let mut fds = Vec::with_capacity(6);
        let up = watch(&self.up, reads(&self.up), &mut fds);
        let down = watch(&self.down, reads(&self.down), &mut fds);
        fds.extend(
            self.record.as_ref().and_then(Record::pollable).map(|record| PollFd::new(record, c::POLLOUT)),
        );
        wait(&mut fds, deadline, self.audience, || "waiting".to_owned())?;
        let happened = |at: Option<usize>| at.and_then(|at| fds.get(at)).is_some_and(|fd| fd.revents() != 0);
        let due = |flow: &Flow| flow.next_line_at().is_some_and(|at| at <= Instant::now());
        let can = |flow: &Flow, watched: Watched| Can {
            read: happened(watched.inlet),
            write: happened(watched.outlet) || due(flow),
        };
        Ok(Ready { up: can(&self.up, up), down: can(&self.down, down) })
    }

    const fn flow(&self, way: Way) -> &Flow {
        match way {
            Way::Up => &self.up,
            Way::Down => &self.down,
        }
    }

    const fn flow_mut(&mut self, way: Way) -> &mut Flow {
        match way {
            Way::Up => &mut self.up,
            Way::Down => &mut self.down,
        }
    }

    /// Does what a flow is ready for, and tells of it.
    fn step(&mut self, way: Way, can: Can, buffer: &mut Vec<u8>, state: &mut State) -> Result<(), Error> {
        let flow = self.flow_mut(way);
        let before = flow.activity();
        let stepped = step(flow, can, buffer);
        // Also the rest of what a slow descriptor takes bit by bit is no silence.
        if flow.activity() != before {
            state.last_moved = Instant::now();
        }
        let (bytes, cut) = match stepped {
            Ok(Step::Moved(bytes, cut)) => (bytes, cut),
            Ok(Step::Ended) => {
                state.last_moved = Instant::now();
                return Ok(());
            }
            Ok(Step::Idle) => return Ok(()),
            Err(trouble) => return self.trouble(way, trouble, state),
        };
        state.last_moved = Instant::now();
        let is_dropped = flow.is_given_up();
        if let Some(len) = cut {
            let peer = self.address(way, End::Source);
            (self.events)(&Event::Truncated { peer, len, kept: bytes.len() });
        }
        match way {
            Way::Up if is_dropped => Ok(()),
            Way::Up => {
                (self.events)(&Event::Sent { peer: Some(self.peer), bytes });
                self.record.as_mut().map_or(Ok(()), |record| record.sent(bytes))
            }
            Way::Down => {
                state.count += 1;
                (self.events)(&Event::Received { peer: self.peer, bytes });
                self.record.as_mut().map_or(Ok(()), |record| record.received(bytes))
            }
        }
    }

    /// Judges what went wrong at one end of a flow. What is this side's ends the conversation at once, and so does a peer
    /// that nothing more can come from; where a peer takes nothing more, the other way goes on until it is delivered.
    fn trouble(&mut self, way: Way, trouble: Trouble, state: &mut State) -> Result<(), Error> {
        let error = match trouble {
            Trouble::Inlet(error) => return self.trouble_at_source(way, error, state),
            Trouble::Outlet(error) => error,
        };
        if self.flow(way).outlet.is_the_same_as(&self.flow(way.back()).inlet) {
            // The reset is told once: what is read there next is an end, and is none.
            self.flow_mut(way.back()).withhold_end();
        }
        let flow = self.flow_mut(way);
        if !flow.outlet.is_peer() {
            return match state.failed.take() {
                Some(failed) if is_closed_pipe(&error) => Err(failed),
                _ if is_closed_pipe(&error) => Err(Error::OutputClosed),
                _ => Err(self.failure(way, Doing::WritingOutput, error)),
            };
        }
        let doing = match flow.abandon() {
            len if error.errno() == Some(Errno::EMSGSIZE) => Doing::SendingTooMuch { len },
            lost => Doing::Sending { lost },
        };
        match self.failure(way, doing, error) {
            error @ Error::Interrupted(_) => return Err(error),
            error => state.failed.get_or_insert(error),
        };
        state.stands.get_or_insert_with(|| way.back());
        // Datagrams go on one by one: a refusal is final, there is nothing to drain.
        if self.rules.silence.is_some() {
            self.flow_mut(way.back()).abandon();
        }
        Ok(())
    }

    fn trouble_at_source(&mut self, way: Way, error: sock::Error, state: &mut State) -> Result<(), Error> {
        let flow = self.flow(way);
        let (is_peer, between_peers) = (flow.inlet.is_peer(), flow.inlet.is_peer() && flow.outlet.is_peer());
        if is_reset(&error)
            && let Some(failed) = state.failed.take_if(|_| !between_peers)
        {
            return Err(failed);
        }
        let doing = if is_peer { Doing::Receiving } else { Doing::ReadingInput };
        let error = self.failure(way, doing, error);
        if !between_peers || matches!(error, Error::Interrupted(_)) {
            return Err(error);
        }
        // What it said before is still passed on; it takes nothing more itself.
        state.failed.get_or_insert(error);
        state.stands.get_or_insert(way);
        self.flow_mut(way).end();
        let back = self.flow(way.back());
        if back.outlet.is_the_same_as(&self.flow(way).inlet) {
            self.flow_mut(way.back()).abandon();
        }
        Ok(())
    }

    /// Returns whose address an end of a flow has, where it is a peer's.
    const fn address(&self, way: Way, end: End) -> &Address {
        match (way, end, self.left) {
            (Way::Up, End::Source, Some(left)) | (Way::Down, End::Sink, Some(left)) => left,
            _ => self.peer,
        }
    }

    fn failure(&self, way: Way, doing: Doing, error: sock::Error) -> Error {
        let end = match doing {
            Doing::Sending { .. } | Doing::SendingTooMuch { .. } => Some(End::Sink),
            Doing::Receiving => Some(End::Source),
            Doing::ReadingInput | Doing::WritingOutput => None,
        };
        let Some(end) = end else { return Error::socket(doing.words(&Address::Unspecified), error) };
        match self.address(way, end) {
            Address::Unspecified => Error::socket(doing.words(&Address::Unspecified), error),
            peer => Error::socket(doing.words(peer), error.at(peer)),
        }
    }
}

/// One of the two flows.
#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

impl Way {
    const fn back(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// One end of a flow.
#[derive(Clone, Copy)]
enum End {
    Source,
    Sink,
}

/// What failed.
#[derive(Clone, Copy)]
enum Doing {
    /// Passing bytes to a peer; so many were read and not sent.
    Sending {
        lost: usize,
    },
    /// Passing on a message that is too long for the socket.
    SendingTooMuch {
        len: usize,
    },
    Receiving,
    ReadingInput,
    WritingOutput,
}

impl Doing {
    fn words(self, peer: &Address) -> String {
        match self {
            Self::Sending { lost: 0 } => "sending".to_owned(),
            Self::Sending { lost } => format!("sending ({lost} bytes of input were read and not sent)"),
            Self::SendingTooMuch { len } => too_long(len, peer),
            Self::Receiving => "receiving".to_owned(),
            Self::ReadingInput => "reading input".to_owned(),
            Self::WritingOutput => "writing output".to_owned(),
        }
    }
}

/// What a conversation remembers between its steps.
struct State {
    last_moved: Instant,
    input_ended: Option<Instant>,
    /// A failure is told when what can still be delivered is.
    failed: Option<Error>,
    /// Which way's sink has not failed, when the other end has.
    stands: Option<Way>,
    /// How often something was received.
    count: u64,
    /// How long until somebody looks again whether everything has arrived.
    look_after: Duration,
}

impl State {
    fn new() -> Self {
        Self {
            last_moved: Instant::now(),
            input_ended: None,
            failed: None,
            stands: None,
            count: 0,
            look_after: LOOK_AGAIN,
        }
    }
}

/// Says what was tried when a message is too long for the socket (EMSGSIZE of send(2)): UDP's length field has 16 bits
/// (RFC 768), of which IPv4 counts its own header, too (RFC 791), and IPv6 does not (RFC 8200).
pub(crate) fn too_long(len: usize, peer: &Address) -> String {
    let room = match peer.unmapped().ip().map(|ip| ip.ip()) {
        Some(IpAddr::V4(_)) => "which has room for 65507 bytes over IPv4",
        Some(IpAddr::V6(_)) => "which has room for 65527 bytes over IPv6",
        None => "which has room for what SO_SNDBUF says",
    };
    format!("sending {len} bytes as one message, {room}")
}

#[derive(Clone, Copy)]
struct Ready {
    up: Can,
    down: Can,
}

/// What a flow can do without waiting.
#[derive(Clone, Copy, Default)]
struct Can {
    /// The source has something, or has ended.
    read: bool,
    /// The sink takes something, or a line is due.
    write: bool,
}

impl Can {
    const fn something(self) -> bool {
        self.read || self.write
    }
}

/// Where in the list of descriptors those of a flow are.
#[derive(Clone, Copy)]
struct Watched {
    inlet: Option<usize>,
    outlet: Option<usize>,
}

/// Adds what a flow waits for.
fn watch(flow: &Flow, reads: bool, fds: &mut Vec<PollFd>) -> Watched {
    let mut add = |wanted: bool, fd: Option<_>, events| {
        let fd = fd.filter(|_| wanted)?;
        fds.push(PollFd::new(fd, events));
        Some(fds.len() - 1)
    };
    Watched {
        inlet: add(reads, flow.inlet.pollable(), c::POLLIN),
        outlet: add(flow.wants_write(), flow.outlet.pollable(), c::POLLOUT),
    }
}

/// Does what a flow is ready for: writes on, and reads if that was what it could. Standard input is as blocking as it was
/// inherited, so a read that nobody promised would hold up the other direction.
fn step<'a>(flow: &mut Flow, can: Can, buffer: &'a mut Vec<u8>) -> Result<Step<'a>, Trouble> {
    flow.flush()?;
    if can.read && flow.wants_read() { flow.step(buffer) } else { Ok(Step::Idle) }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};
    use std::thread;

    use sock::{Family, Mode, Protocol, Socket, Type};

    use super::*;
    use crate::pieces::{Handle, Inlet, Outlet};

    fn pair() -> (Socket, Socket) {
        Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap()
    }

    #[test]
    fn room_to_write_is_no_reason_to_read_input_that_blocks() {
        // The input is blocking and stays open, as an inherited pipe would; the peer takes all of it only after a while.
        const INPUT: usize = 600_000;
        let (typing, input) = pair();
        let (ours, peer) = pair();
        ours.set_mode(Mode::NonBlocking).unwrap();
        let (ended, end) = mpsc::channel();
        thread::spawn(move || {
            let ours = Arc::new(ours);
            let handle = || Handle::Socket(Arc::clone(&ours));
            let inlet = Inlet::Handle { handle: Handle::Socket(Arc::new(input)), packets: false };
            let up = Flow::new(inlet, Outlet::to(handle()), 65_536);
            let down =
                Flow::new(Inlet::Handle { handle: handle(), packets: false }, Outlet::nowhere(), 65_536);
            let rules = Rules::new(&Options::default(), true);
            let peer = Address::Unspecified;
            let talk = Duplex {
                up,
                down,
                peer: &peer,
                left: None,
                record: None,
                events: &|_| {},
                rules,
                audience: None,
            };
            let outcome = talk.run();
            ended.send(outcome.unwrap()).unwrap();
        });
        let typed = thread::spawn(move || {
            typing.sendall(&vec![7; INPUT], 0).unwrap();
            typing
        });
        let mut got = 0;
        while got < INPUT {
            got += peer.recv(65_536, 0).unwrap().len();
        }
        peer.sendall(b"answer", 0).unwrap();
        drop(peer);
        let why = end.recv_timeout(Duration::from_secs(20)).expect("it does not wait for input");
        assert_eq!(why, Why::PeerClosed);
        drop(typed.join().unwrap());
    }
}

//! One conversation: two flows, one each way, until both have said what they had to say.
//!
//! The rules, in the order in which they are asked:
//! 1. The end of a source is passed on when everything before it has been delivered (a FIN, on a stream).
//! 2. When the peer has closed, the conversation is over. Its FIN may also be half a close by one that still wants our
//!    input, and nothing tells the two apart; so what input is there, or comes without a pause, is still sent. With
//!    `leave_with_peer` off, the input must end too.
//! 3. Datagrams have no end: after the end of input, silence is one.
//! 4. A timeout, a closed output or a signal ends it at once.

use core::net::IpAddr;
use std::time::{Duration, Instant};

use sock::{Address, Deadline, Errno, PollFd, c};

use crate::audience::{Audience, wait};
use crate::console::Record;
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::options::Options;
use crate::pieces::{Flow, Inlet, Step, Trouble, is_closed_pipe, is_reset};
use crate::time::later;

/// How often to look whether everything has arrived, when there is nothing else to wait for.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// A conversation between this side and a peer.
pub(crate) struct Duplex<'a> {
    /// From us to the peer.
    pub(crate) up: Flow,
    /// From the peer to us.
    pub(crate) down: Flow,
    pub(crate) peer: &'a Address,
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
        let outcome = self.talk();
        let outcome = self.settle(outcome);
        let why = Why::of(&outcome);
        let (sent, received) = (self.up.outlet.written(), self.down.moved());
        (self.events)(&Event::Ended { peer: self.peer, why, sent, received });
        outcome
    }

    /// What was received before the end came is written, unless nobody reads or nothing moves.
    fn settle(&mut self, outcome: Result<Why, Error>) -> Result<Why, Error> {
        let patient = !matches!(outcome, Ok(Why::Idle(_)) | Err(Error::Idle { .. }));
        match self.down.settle(patient) {
            Err(Trouble::Outlet(error)) if !is_closed_pipe(&error) && outcome.is_ok() => {
                Err(Error::socket("writing output", error))
            }
            _ => outcome,
        }
    }

    fn talk(&mut self) -> Result<Why, Error> {
        let mut state = State { last_moved: Instant::now(), input_ended: None, failed: None, count: 0 };
        let mut buffer = Vec::new();
        loop {
            self.pass_ends_on(&mut state)?;
            if let Some(why) = self.is_over(&state) {
                return state.failed.map_or(Ok(why), Err);
            }
            let end = self.end_in_time(&state);
            let ready = self.wait(end.map(|(at, _)| at))?;
            if let Some((at, why)) = end
                && at <= Instant::now()
                && (!ready.up.something() && !ready.down.something() || matches!(why, Why::QuitAfterInput(_)))
            {
                return match (state.failed, why) {
                    (Some(error), _) => Err(error),
                    (None, Why::Idle(after)) if self.rules.idle_is_failure => Err(Error::Idle { after }),
                    (None, why) => Ok(why),
                };
            }
            if ready.down.something()
                && let Some(why) = self.step_down(ready.down, &mut buffer, &mut state)?
            {
                return state.failed.map_or(Ok(why), Err);
            }
            if ready.up.something() {
                self.step_up(ready.up, &mut buffer, &mut state)?;
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
                Err(trouble) => return Err(self.failure(trouble, "ending our side")),
            }
        }
        self.down.finish().map_err(|trouble| self.failure(trouble, "ending the output"))?;
        Ok(())
    }

    /// Rule 2: what has ended by itself.
    fn is_over(&self, state: &State) -> Option<Why> {
        let (up, down) = (self.up.is_drained(), self.down.is_drained());
        match (up, down) {
            _ if self.has_enough(state) && !self.down.wants_write() => self.rules.max_count.map(Why::Enough),
            (true, _) if self.rules.leave_when_sent => self.up.is_delivered().then_some(Why::AllSent),
            (true, true) => Some(Why::BothClosed),
            // An end that is only written to never says anything.
            (true, _) if self.rules.one_way => Some(Why::SourceEnded),
            _ => None,
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
        let peer_closed = rules.leave_with_peer && self.down.is_drained() && !input_is_there;
        let pause =
            if matches!(self.up.inlet, Inlet::Never) { Duration::ZERO } else { rules.pause_after_peer };
        let ends = [
            peer_closed.then(|| (later(state.last_moved, pause), Why::PeerClosed)),
            rules.idle.map(|after| (later(state.last_moved, after), Why::Idle(after))),
            silence.map(|after| (later(state.last_moved, after), Why::Silence(after))),
            rules.quit_after_input.and_then(|after| Some((after_input(after)?, Why::QuitAfterInput(after)))),
        ];
        // Silence is the ordinary end of datagrams; the idle timeout of the same length must not win over it.
        ends.into_iter().flatten().min_by_key(|(at, why)| (*at, matches!(why, Why::Idle(_))))
    }

    /// Waits until a flow can do something, a line is due, or the time is up.
    fn wait(&self, end: Option<Instant>) -> Result<Ready, Error> {
        let at_once =
            |flow: &Flow| Can { read: flow.wants_read() && flow.inlet.is_always_ready(), write: false };
        let (up, down) = (at_once(&self.up), at_once(&self.down));
        if up.read || down.read {
            return Ok(Ready { up, down });
        }
        let line = [self.up.next_line_at(), self.down.next_line_at()].into_iter().flatten().min();
        // Nothing wakes us when the last byte has arrived.
        let look = (self.rules.leave_when_sent && self.up.is_drained()).then(|| Instant::now() + LOOK_AGAIN);
        let until = end.into_iter().chain(line).chain(look).min();
        let deadline = Deadline::after_if(until.map(|at| at.saturating_duration_since(Instant::now())));
        let mut fds = Vec::with_capacity(5);
        let up = watch(&self.up, &mut fds);
        let down = watch(&self.down, &mut fds);
        wait(&mut fds, deadline, self.audience, || "waiting".to_owned())?;
        let happened = |at: Option<usize>| at.and_then(|at| fds.get(at)).is_some_and(|fd| fd.revents() != 0);
        let due = |flow: &Flow| flow.next_line_at().is_some_and(|at| at <= Instant::now());
        let can = |flow: &Flow, watched: Watched| Can {
            read: happened(watched.inlet),
            write: happened(watched.outlet) || due(flow),
        };
        Ok(Ready { up: can(&self.up, up), down: can(&self.down, down) })
    }

    fn step_up(&mut self, can: Can, buffer: &mut Vec<u8>, state: &mut State) -> Result<(), Error> {
        let before = self.up.activity();
        let stepped = step(&mut self.up, can, buffer);
        state.moved(before, self.up.activity());
        match stepped {
            Ok(Step::Moved(bytes)) => {
                state.last_moved = Instant::now();
                (self.events)(&Event::Sent { peer: Some(self.peer), bytes });
                self.record.as_mut().map_or(Ok(()), |record| record.sent(bytes))
            }
            Ok(Step::Idle | Step::Ended) => Ok(()),
            Err(trouble @ Trouble::Inlet(_)) => Err(self.failure(trouble, "reading input")),
            // A relay's right end may be a file or standard output.
            Err(Trouble::Outlet(error)) if is_closed_pipe(&error) && !self.up.outlet.is_peer() => {
                Err(Error::OutputClosed)
            }
            Err(trouble @ Trouble::Outlet(_)) if !self.up.outlet.is_peer() => {
                Err(self.failure(trouble, "writing output"))
            }
            Err(trouble @ Trouble::Outlet(_)) => {
                let doing = match (&trouble, self.up.abandon()) {
                    (Trouble::Outlet(error), lost) if error.errno() == Some(Errno::EMSGSIZE) => {
                        too_long(lost, self.peer)
                    }
                    (_, 0) => "sending".to_owned(),
                    (_, lost) => format!("sending ({lost} bytes of input were read and not sent)"),
                };
                let error = self.failure(trouble, &doing);
                if matches!(error, Error::Interrupted(_)) {
                    return Err(error);
                }
                state.failed.get_or_insert(error);
                // Datagrams go on one by one: a refusal is final, there is nothing to drain.
                if self.rules.silence.is_some() {
                    self.down.abandon()
                } else {
                    0
                };
                Ok(())
            }
        }
    }

    fn step_down(&mut self, can: Can, buffer: &mut Vec<u8>, state: &mut State) -> Result<Option<Why>, Error> {
        let before = self.down.activity();
        let stepped = step(&mut self.down, can, buffer);
        state.moved(before, self.down.activity());
        match stepped {
            Ok(Step::Moved(bytes)) => {
                state.last_moved = Instant::now();
                state.count += 1;
                (self.events)(&Event::Received { peer: self.peer, bytes });
                self.record.as_mut().map_or(Ok(()), |record| record.received(bytes))?;
                Ok(None)
            }
            Ok(Step::Ended) => {
                state.last_moved = Instant::now();
                Ok(None)
            }
            Ok(Step::Idle) => Ok(None),
            Err(Trouble::Outlet(error)) if is_closed_pipe(&error) => Ok(Some(Why::OutputClosed)),
            Err(trouble @ Trouble::Outlet(_)) => Err(self.failure(trouble, "writing output")),
            Err(Trouble::Inlet(error)) if is_reset(&error) && state.failed.is_some() => Ok(Some(Why::Reset)),
            Err(trouble @ Trouble::Inlet(_)) => Err(self.failure(trouble, "receiving")),
        }
    }

    fn failure(&self, trouble: Trouble, doing: &str) -> Error {
        let (Trouble::Inlet(error) | Trouble::Outlet(error)) = trouble;
        match self.peer {
            Address::Unspecified => Error::socket(doing, error),
            peer if doing.starts_with("sending") || doing == "receiving" => {
                Error::socket(doing, error.at(peer))
            }
            _ => Error::socket(doing, error),
        }
    }
}

/// What a conversation remembers between its steps.
struct State {
    last_moved: Instant,
    input_ended: Option<Instant>,
    /// A failure to send is told when the peer's last words have been read.
    failed: Option<Error>,
    /// How often something was received.
    count: u64,
}

impl State {
    /// Notes when something moved: also the rest of what a slow descriptor takes bit by bit is no silence.
    fn moved(&mut self, before: u64, after: u64) {
        if before != after {
            self.last_moved = Instant::now();
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
fn watch(flow: &Flow, fds: &mut Vec<PollFd>) -> Watched {
    let mut add = |wanted: bool, fd: Option<_>, events| {
        let fd = fd.filter(|_| wanted)?;
        fds.push(PollFd::new(fd, events));
        Some(fds.len() - 1)
    };
    Watched {
        inlet: add(flow.wants_read(), flow.inlet.pollable(), c::POLLIN),
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
            let talk = Duplex { up, down, peer: &peer, record: None, events: &|_| {}, rules, audience: None };
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

//! The question `-z`: is a port open? Connect, say nothing, tell the truth.
//!
//! TCP answers by itself. UDP does not: a refusal comes back as ICMP and is certain, an answer is certain, silence is
//! not, and is told as what it is.

use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use sock::{Address, Deadline, Errno, PollFd, c};

use crate::audience::wait;
use crate::dial::{dial, prepare, targets};
use crate::endpoint::{Endpoint, Net};
use crate::error::Error;
use crate::event::{Event, Events, PortState};
use crate::options::Options;
use crate::transport::Transport;

/// How long a silent UDP port is waited for when no timeout is given.
const UDP_WAIT: Duration = Duration::from_secs(1);

/// How long each address of a port is waited for over TCP when no timeout is given: a SYN, and one more after the second
/// that RFC 6298 gives the first, with two seconds for its answer.
const TCP_WAIT: Duration = Duration::from_secs(3);
/// How many ports are asked at once.
const AT_ONCE: usize = 64;

/// Asks many ports, a bounded number at once, and tells them in their order; returns whether one is open. With a delay
/// between them they are asked one by one.
///
/// # Errors
/// As [`probe`]: what was asked before the failure has been told.
pub fn probe_all(ends: &[Endpoint], options: &Options, events: Events<'_>) -> Result<bool, Error> {
    // The door's dry mode is one thread's alone, and a single port needs no other.
    if ends.len() < 2 || options.delay.is_some() || sock::rehearsing() {
        return one_by_one(ends, options, events);
    }
    let next = AtomicUsize::new(0);
    let (tell, told) = mpsc::channel();
    let mut any_open = false;
    std::thread::scope(|threads| {
        for _ in 0..ends.len().min(AT_ONCE) {
            let (next, tell) = (&next, tell.clone());
            threads.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(end) = ends.get(at) else { return };
                    // Nobody listens any more when something has failed.
                    if tell.send((at, ask(end, options))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(tell);
        let mut early = BTreeMap::new();
        let mut due = 0;
        let mut failed = None;
        for (at, asked) in told {
            early.insert(at, asked);
            while let Some(asked) = early.remove(&due) {
                due += 1;
                match asked {
                    Ok(asked) => any_open |= asked.tell(false, events) == PortState::Open,
                    Err(error) => failed = Some(error),
                }
                if nobody_listens(options) {
                    failed.get_or_insert(Error::OutputClosed);
                }
                if let Some(error) = failed {
                    next.store(ends.len(), Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
        Ok(any_open)
    })
}

fn one_by_one(ends: &[Endpoint], options: &Options, events: Events<'_>) -> Result<bool, Error> {
    let mut any_open = false;
    for (at, end) in ends.iter().enumerate() {
        if let Some(delay) = options.delay.filter(|_| at > 0) {
            let doing = || "waiting to ask the next port".to_owned();
            wait(&mut Vec::new(), Deadline::after(delay), options.audience.as_deref(), doing)?;
        }
        any_open |= ask(end, options)?.tell(ends.len() == 1, events) == PortState::Open;
        if nobody_listens(options) {
            return Err(Error::OutputClosed);
        }
    }
    Ok(any_open)
}

fn nobody_listens(options: &Options) -> bool {
    options.audience.as_ref().is_some_and(|audience| audience.is_gone())
}

/// Asks one port, tells it as [`Event::Port`], and returns its state.
///
/// # Errors
/// The name cannot be looked up, a signal arrived, or the socket cannot be opened at all.
pub fn probe(endpoint: &Endpoint, options: &Options, events: Events<'_>) -> Result<PortState, Error> {
    Ok(ask(endpoint, options)?.tell(true, events))
}

/// What a port said.
struct Asked<'a> {
    net: &'a Net,
    peer: Address,
    state: PortState,
    error: Option<sock::Error>,
}

impl Asked<'_> {
    fn tell(&self, is_alone: bool, events: Events<'_>) -> PortState {
        let (host, transport) = (self.net.host_text(), self.net.transport);
        let (peer, state, error) = (&self.peer, self.state, self.error.as_ref());
        events(&Event::Port { peer, host, transport, is_alone, state, error });
        state
    }
}

fn ask<'a>(endpoint: &'a Endpoint, options: &Options) -> Result<Asked<'a>, Error> {
    let Endpoint::Connect(net) = endpoint else {
        return Err(Error::Usage(format!("cannot ask {endpoint}: expected a host and a port")));
    };
    let (peer, state, error) = match net.transport {
        Transport::Udp => ask_udp(net, options)?,
        _ => ask_by_connecting(net, options)?,
    };
    Ok(Asked { net, peer, state, error })
}

type Answer = (Address, PortState, Option<sock::Error>);

fn ask_by_connecting(net: &Net, options: &Options) -> Result<Answer, Error> {
    // The budget is for all attempts, so that one that waits for a server is not cut short.
    let (attempts, pauses) =
        (options.retry.saturating_add(1), options.interval.saturating_mul(options.retry));
    let budget = options.timeout.unwrap_or_else(|| TCP_WAIT.saturating_mul(attempts).saturating_add(pauses));
    match dial(net, Some(budget), options, &|_| {}) {
        Ok((_, peer)) => Ok((peer, PortState::Open, None)),
        // Of several attempts the last one that came to an end says it; of several addresses one is silent.
        Err(Error::TimedOut { last: Some(last), .. }) if options.retry > 0 => told_by(net, *last),
        Err(Error::TimedOut { .. }) => {
            let peer = first_address(net, options)?;
            Ok((peer, PortState::Silent, None))
        }
        Err(error) => told_by(net, error),
    }
}

/// Finds the answer in a failure to connect.
fn told_by(net: &Net, error: Error) -> Result<Answer, Error> {
    let Error::Socket { error, .. } = error else { return Err(error) };
    let state = match error.errno() {
        Some(Errno::ECONNREFUSED | Errno::ENOENT) => PortState::Closed,
        Some(Errno::ETIMEDOUT) => PortState::Silent,
        Some(Errno::ENETUNREACH | Errno::EHOSTUNREACH) => PortState::Unreachable,
        _ => return Err(Error::socket(format!("asking {net}"), error)),
    };
    Ok((error.address().cloned().unwrap_or(Address::Unspecified), state, Some(error)))
}

fn first_address(net: &Net, options: &Options) -> Result<Address, Error> {
    let found = targets(net, options, false, Deadline::after_if(options.timeout))?;
    Ok(found.into_iter().next().map_or(Address::Unspecified, |target| target.address))
}

/// Sends an empty datagram to each address of a port and waits for refusals and answers: one that is open is what counts,
/// then one that is silent.
fn ask_udp(net: &Net, options: &Options) -> Result<Answer, Error> {
    let lookup = Deadline::after_if(options.timeout);
    let found = targets(net, options, false, lookup)?;
    let deadline = Deadline::after(options.timeout.unwrap_or(UDP_WAIT));
    let (mut answers, mut asked, mut last) = (Vec::new(), Vec::new(), None);
    for target in &found {
        let failed = |error: sock::Error| Error::socket(format!("asking {net}"), error);
        let sent = prepare(net, target, options, lookup).and_then(|dialed| {
            let socket = &dialed.socket;
            let sent = socket.connect(&target.address).and_then(|()| socket.send(b"", 0).map(|_| ()));
            sent.map(|()| dialed).map_err(|error| failed(error.at(&target.address)))
        });
        match sent {
            Ok(dialed) => asked.push((dialed, &target.address)),
            Err(Error::Socket { error, .. }) => match told_by_udp(&error) {
                Some(state) => answers.push((target.address.clone(), state, Some(error))),
                None => last = Some(failed(error)),
            },
            Err(error @ (Error::Interrupted(_) | Error::Option(_))) => return Err(error),
            Err(error) => last = Some(error),
        }
    }
    while !asked.is_empty() && !deadline.passed() {
        let mut fds: Vec<_> =
            asked.iter().map(|(dialed, _)| PollFd::new(dialed.socket.as_fd(), c::POLLIN)).collect();
        wait(&mut fds, deadline, options.audience.as_deref(), || format!("asking {net}"))?;
        let ready: Vec<_> = fds.iter().map(|fd| fd.revents() != 0).collect();
        for at in (0..asked.len()).rev().filter(|at| ready.get(*at).is_some_and(|ready| *ready)) {
            let (dialed, address) = asked.remove(at);
            match dialed.socket.recv(1, 0) {
                Ok(_) => return Ok((address.clone(), PortState::Open, None)),
                Err(error) if error.would_block() => asked.push((dialed, address)),
                Err(error) => match told_by_udp(&error) {
                    Some(state) => answers.push((address.clone(), state, Some(error.at(address)))),
                    None => return Err(Error::socket(format!("asking {net}"), error.at(address))),
                },
            }
        }
    }
    answers.extend(asked.into_iter().map(|(_, address)| (address.clone(), PortState::Silent, None)));
    let counts = |state: PortState| match state {
        PortState::Open => 0,
        PortState::Silent => 1,
        PortState::Closed => 2,
        PortState::Unreachable => 3,
    };
    answers.sort_by_key(|(_, state, _)| counts(*state));
    let none = || last.unwrap_or_else(|| Error::Usage(format!("{net} has no address")));
    answers.into_iter().next().ok_or_else(none)
}

/// What an error says of a UDP port; `None` for one that says nothing of it.
fn told_by_udp(error: &sock::Error) -> Option<PortState> {
    match error.errno()? {
        Errno::ECONNREFUSED => Some(PortState::Closed),
        Errno::ENETUNREACH | Errno::EHOSTUNREACH => Some(PortState::Unreachable),
        _ => None,
    }
}

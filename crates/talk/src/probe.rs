//! The question `-z`: is a port open? Connect, say nothing, tell the truth.
//!
//! TCP answers by itself. UDP does not: a refusal comes back as ICMP and is certain, an answer is certain, silence is
//! not, and is told as what it is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use sock::{Address, Deadline, Errno, PollFd, c};

use crate::audience::wait;
use crate::dial::{dial, open, targets};
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
                    Ok(asked) => any_open |= asked.tell(events) == PortState::Open,
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
        any_open |= probe(end, options, events)? == PortState::Open;
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
    Ok(ask(endpoint, options)?.tell(events))
}

/// What a port said.
struct Asked<'a> {
    net: &'a Net,
    peer: Address,
    state: PortState,
    error: Option<sock::Error>,
}

impl Asked<'_> {
    fn tell(&self, events: Events<'_>) -> PortState {
        let (host, transport) = (self.net.host_text(), self.net.transport);
        let (peer, state, error) = (&self.peer, self.state, self.error.as_ref());
        events(&Event::Port { peer, host, transport, state, error });
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

/// Sends one empty datagram and waits for a refusal or an answer.
fn ask_udp(net: &Net, options: &Options) -> Result<Answer, Error> {
    let wait = options.timeout.unwrap_or(UDP_WAIT);
    let found = targets(net, options, false, Deadline::after_if(options.timeout))?;
    let Some(target) = found.into_iter().next() else {
        return Err(Error::Usage(format!("{net} has no address")));
    };
    let failed = |error| Error::socket(format!("asking {net}"), error);
    let socket = open(&target)?;
    socket.connect(&target.address).map_err(failed)?;
    let refused = |error: sock::Error| {
        let state = match error.errno() {
            Some(Errno::ECONNREFUSED) => PortState::Closed,
            Some(Errno::ENETUNREACH | Errno::EHOSTUNREACH) => PortState::Unreachable,
            _ => return Err(Error::socket(format!("asking {net}"), error)),
        };
        Ok((target.address.clone(), state, Some(error.at(&target.address))))
    };
    if let Err(error) = socket.send(b"", 0) {
        return refused(error);
    }
    let mut fds = vec![PollFd::new(std::os::fd::AsFd::as_fd(&socket), c::POLLIN)];
    if sock::wait_any(&mut fds, Deadline::after(wait)).map_err(failed)? == 0 {
        return Ok((target.address, PortState::Silent, None));
    }
    match socket.recv(1, 0) {
        Ok(_) => Ok((target.address, PortState::Open, None)),
        Err(error) => refused(error),
    }
}

//! The question `-z`: is a port open? Connect, say nothing, tell the truth.
//!
//! TCP answers by itself. UDP does not: a refusal comes back as ICMP and is certain, an answer is certain, silence is
//! not, and is told as what it is.

use std::time::Duration;

use sock::{Address, Deadline, Errno, PollFd, c};

use crate::dial::{dial, open, targets};
use crate::endpoint::{Endpoint, Net};
use crate::error::Error;
use crate::event::{Event, Events, PortState};
use crate::options::Options;
use crate::transport::Transport;

/// How long a silent UDP port is waited for when no timeout is given.
const UDP_WAIT: Duration = Duration::from_secs(1);

/// Asks one port, tells it as [`Event::Port`], and returns its state.
///
/// # Errors
/// The name cannot be looked up, a signal arrived, or the socket cannot be opened at all.
pub fn probe(endpoint: &Endpoint, options: &Options, events: Events<'_>) -> Result<PortState, Error> {
    let Endpoint::Connect(net) = endpoint else {
        return Err(Error::Usage(format!("cannot ask {endpoint}: expected a host and a port")));
    };
    let (peer, state, error) = match net.transport {
        Transport::Udp => ask_udp(net, options)?,
        _ => ask_by_connecting(net, options)?,
    };
    let (host, transport) = (net.host_text(), net.transport);
    events(&Event::Port { peer: &peer, host, transport, state, error: error.as_ref() });
    Ok(state)
}

type Answer = (Address, PortState, Option<sock::Error>);

fn ask_by_connecting(net: &Net, options: &Options) -> Result<Answer, Error> {
    match dial(net, options, &|_| {}) {
        Ok((_, peer)) => Ok((peer, PortState::Open, None)),
        Err(Error::Socket { error, .. }) => {
            let state = match error.errno() {
                Some(Errno::ECONNREFUSED | Errno::ENOENT) => PortState::Closed,
                Some(Errno::ETIMEDOUT) => PortState::Silent,
                Some(Errno::ENETUNREACH | Errno::EHOSTUNREACH) => PortState::Unreachable,
                _ => return Err(Error::socket(format!("asking {net}"), error)),
            };
            Ok((error.address().cloned().unwrap_or(Address::Unspecified), state, Some(error)))
        }
        Err(Error::TimedOut { .. }) => {
            let peer = first_address(net, options)?;
            Ok((peer, PortState::Silent, None))
        }
        Err(error) => Err(error),
    }
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

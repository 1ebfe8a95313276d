//! The job listen: wait for a peer, or for many, and talk.

use std::time::{Duration, Instant};

use sock::{Address, Deadline, PollFd, Socket, c};

use crate::audience::wait;
use crate::connect::{converse, no_failure, stopped};
use crate::console::Console;
use crate::datagrams::serve_datagrams;
use crate::endpoint::{Endpoint, Net};
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listener::{Listeners, accept, is_passing, open_listeners, tell_accepted};
use crate::options::{Options, Serve};
use crate::pieces::Patience;
use crate::serve::serve_streams;
use crate::shared::{Service, Shared};

/// Listens at `endpoint`: for one conversation, or with [`Serve::keep_open`] for all that come. Returns why it ended.
///
/// # Errors
/// The address cannot be listened at, or the one conversation broke.
pub fn listen(
    endpoint: &Endpoint,
    options: &Options,
    serve: &Serve,
    console: Console,
    events: Events<'_>,
) -> Result<Why, Error> {
    let (Endpoint::Connect(net) | Endpoint::Listen(net)) = endpoint else {
        return Err(Error::Usage(format!("cannot listen at {endpoint}: expected a port or an endpoint")));
    };
    let listeners = open_listeners(net, options, serve, events)?;
    match (net.transport.is_connected(), serve.first_peer_only) {
        (false, true) => first_peer(net, listeners, options, console, events),
        (true, _) if serve.keep_open && serve.in_turn => {
            serve_in_turn(net, &listeners, options, console, events)
        }
        (true, _) if !serve.keep_open && serve.reply.is_none() => {
            let (socket, peer) = match accept_one(net, &listeners, options, events) {
                Err(error) => return stopped(Err(error), events),
                accepted => accepted?,
            };
            // Nobody else is wanted: a second client is refused instead of left waiting.
            drop(listeners);
            no_failure(converse(socket, &peer, net, options, console, events))
        }
        _ => serve_many(Service { net, listeners: &listeners, options, serve, events }, console),
    }
}

/// Serves all that come; tells why it ended.
fn serve_many(service: Service<'_>, console: Console) -> Result<Why, Error> {
    let mut shared = Shared::new(service, console)?;
    let is_stream = service.net.transport.is_connected();
    let outcome =
        if is_stream { serve_streams(service, &mut shared) } else { serve_datagrams(service, &mut shared) };
    // What was received is written, whatever ended the service.
    let outcome = shared.finish(Patience::after(&outcome)).and(outcome);
    (service.events)(&Event::Stopped { why: Why::of(&outcome) });
    no_failure(outcome)
}

/// Holds one conversation after another; one that breaks is no reason to leave the next.
fn serve_in_turn(
    net: &Net,
    listeners: &Listeners,
    options: &Options,
    mut console: Console,
    events: Events<'_>,
) -> Result<Why, Error> {
    loop {
        let (socket, peer) = match accept_one(net, listeners, options, events) {
            Err(Error::Interrupted(_)) => return Ok(Why::Interrupted),
            accepted => accepted?,
        };
        match converse(socket, &peer, net, options, console, events) {
            Err(Error::Interrupted(_)) => return Ok(Why::Interrupted),
            Ok(Why::OutputClosed) => return Ok(Why::OutputClosed),
            Ok(_) | Err(Error::Socket { .. } | Error::Idle { .. }) => {}
            Err(error) => return Err(error),
        }
        console = Console::standard();
    }
}

/// Waits for one connection.
pub(crate) fn accept_one(
    net: &Net,
    listeners: &Listeners,
    options: &Options,
    events: Events<'_>,
) -> Result<(Socket, Address), Error> {
    let (timeout, idle) = waiting_time(options);
    accept_in(net, listeners, (timeout, idle), options, events)
}

/// Waits for one connection, at most this long, or this long if that is called idle.
pub(crate) fn accept_in(
    net: &Net,
    listeners: &Listeners,
    (timeout, idle): (Option<Duration>, Option<Duration>),
    options: &Options,
    events: Events<'_>,
) -> Result<(Socket, Address), Error> {
    // A listener waits as long as `--timeout` says, or until the idle timeout, whichever is sooner.
    let deadline = Deadline::after_if(timeout).sooner(Deadline::after_if(idle));
    loop {
        wait_readable(net, listeners, deadline, timeout, options)?;
        for listener in &listeners.sockets {
            match accept(listener) {
                Ok((socket, peer)) => {
                    tell_accepted(&socket, &peer, net.transport, events);
                    return Ok((socket, peer));
                }
                Err(error) if error.would_block() || is_passing(&error) => {}
                Err(error) => return Err(Error::socket(format!("accepting at {net}"), error)),
            }
        }
    }
}

/// How long a listener waits for a peer: `--timeout`, and the idle timeout; for ever if it is patient.
fn waiting_time(options: &Options) -> (Option<Duration>, Option<Duration>) {
    if options.patient { (None, None) } else { (options.timeout, options.idle_timeout) }
}

/// Waits for the first datagram and takes its sender for the peer: everybody else is filtered out by the kernel.
fn first_peer(
    net: &Net,
    mut listeners: Listeners,
    options: &Options,
    console: Console,
    events: Events<'_>,
) -> Result<Why, Error> {
    let (timeout, idle) = waiting_time(options);
    let deadline = Deadline::after_if(timeout).sooner(Deadline::after_if(idle));
    loop {
        if let Err(error) = wait_readable(net, &listeners, deadline, timeout, options) {
            return stopped(Err(error), events);
        }
        for at in 0..listeners.sockets.len() {
            let Some(listener) = listeners.sockets.get(at) else { break };
            let peer = match listener.recvfrom(1, c::MSG_PEEK) {
                Ok((_, peer)) => peer,
                Err(error) if error.would_block() => continue,
                Err(error) => return Err(Error::socket("receiving", error)),
            };
            if peer.family() != c::AF_UNSPEC {
                listener.connect(&peer).map_err(|error| Error::socket("choosing the first peer", error))?;
            }
            tell_accepted(listener, &peer, net.transport, events);
            let socket = listeners.sockets.remove(at);
            return no_failure(converse(socket, &peer, net, options, console, events));
        }
    }
}

fn wait_readable(
    net: &Net,
    listeners: &Listeners,
    deadline: Deadline,
    timeout: Option<Duration>,
    options: &Options,
) -> Result<(), Error> {
    let began = Instant::now();
    let mut fds: Vec<_> = listeners
        .sockets
        .iter()
        .map(|socket| PollFd::new(std::os::fd::AsFd::as_fd(socket), c::POLLIN))
        .collect();
    let doing = || format!("waiting for a peer at {net}");
    match wait(&mut fds, deadline, options.audience.as_deref(), doing)? {
        0 if timeout.is_some_and(|timeout| began.elapsed() >= timeout) => {
            Err(Error::TimedOut { doing: doing(), after: deadline.budget(), last: None })
        }
        0 if deadline.passed() => Err(Error::Idle { after: deadline.budget() }),
        _ => Ok(()),
    }
}

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
use crate::listener::{Listeners, SocketFile, accept, is_passing, open_listeners, tell_accepted};
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
        (false, true) => match first_peer(net, listeners, options, events) {
            // What others sent before is in the queue, and is received: so does nc.
            Ok(FirstPeer { socket, peer, own_file: _own_file }) => {
                no_failure(converse(socket, &peer, net, options, console, events))
            }
            Err(error) => stopped(Err(error), events),
        },
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

/// The sender of the first datagram, and the socket that it came to.
pub(crate) struct FirstPeer {
    pub(crate) socket: Socket,
    pub(crate) peer: Address,
    /// The socket's name in the file system goes with the conversation.
    pub(crate) own_file: Option<SocketFile>,
}

/// Waits for the first datagram and takes its sender for the peer: what others send from now on is filtered out by the
/// kernel, what they sent before is in the queue. A sender without a name cannot be told from others.
pub(crate) fn first_peer(
    net: &Net,
    listeners: Listeners,
    options: &Options,
    events: Events<'_>,
) -> Result<FirstPeer, Error> {
    let (timeout, idle) = waiting_time(options);
    let deadline = Deadline::after_if(timeout).sooner(Deadline::after_if(idle));
    let (at, peer) = 'found: loop {
        wait_readable(net, &listeners, deadline, timeout, options)?;
        for (at, listener) in listeners.sockets.iter().enumerate() {
            match listener.recvfrom(1, c::MSG_PEEK) {
                Ok((_, peer)) => break 'found (at, peer),
                Err(error) if error.would_block() => {}
                Err(error) => return Err(Error::socket("receiving", error)),
            }
        }
    };
    let Some((socket, own_file)) = listeners.keep(at) else {
        return Err(Error::Usage(format!("{net} has no address to listen at")));
    };
    if peer.family() != c::AF_UNSPEC {
        socket.connect(&peer).map_err(|error| Error::socket("choosing the first peer", error))?;
    }
    tell_accepted(&socket, &peer, net.transport, events);
    Ok(FirstPeer { socket, peer, own_file })
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

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use sock::{Family, Protocol, Type};

    use super::*;
    use crate::comma::Role;
    use crate::transport::Transport;

    fn bound() -> Socket {
        let mode = sock::Mode::Timeout(Duration::from_secs(20));
        let socket = Socket::open_with(Family::INET, Type::DGRAM, Protocol::DEFAULT, mode).unwrap();
        socket.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
        socket
    }

    #[test]
    fn a_first_datagram_comes_to_any_of_the_sockets_and_the_others_are_closed() {
        let net = Net::parse(OsStr::new("udp://127.0.0.1:0"), Role::Listen, Transport::Udp).unwrap();
        for at in 0..3 {
            let mut listeners =
                open_listeners(&net, &Options::default(), &Serve::default(), &|_| {}).unwrap();
            listeners.sockets.extend([bound(), bound()]);
            for socket in &listeners.sockets {
                socket.set_mode(sock::Mode::NonBlocking).unwrap();
            }
            let places: Vec<_> =
                listeners.sockets.iter().map(|socket| socket.getsockname().unwrap()).collect();
            let client = bound();
            client.sendto(b"hello", 0, &places[at]).unwrap();
            let first = first_peer(&net, listeners, &Options::default(), &|_| {}).unwrap();
            assert_eq!(first.socket.getsockname().unwrap(), places[at]);
            assert_eq!(first.peer, client.getsockname().unwrap());
            assert_eq!(first.socket.recv(100, 0).unwrap(), b"hello");
            // Who is late is told that nobody is there.
            for place in places.iter().filter(|place| **place != places[at]) {
                let late = bound();
                late.connect(place).unwrap();
                late.send(b"late", 0).unwrap();
                assert_eq!(late.recv(100, 0).unwrap_err().errno(), Some(sock::Errno::ECONNREFUSED));
            }
        }
    }
}

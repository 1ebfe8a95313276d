//! The job relay: join two endpoints both ways, once or for every client of a listening end.
//!
//! A file has one direction, and its place says which: the left one is read from its beginning to its end, which is passed
//! on as a FIN; the right one is appended to until the other end has ended. What a peer answers to a file on the left is
//! read to the peer's FIN and goes nowhere.

use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use sock::{Address, Deadline, PollFd, Socket, c};

use crate::audience::wait;
use crate::connect::{DATAGRAM_ROOM, STREAM_CHUNK, no_failure, stopped};
use crate::console::{create, open, standard_output};
use crate::dial::{Dialed, dial};
use crate::duplex::{Duplex, Rules};
use crate::endpoint::{Endpoint, Net};
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listen::{accept_in, accept_one};
use crate::listener::{Listeners, SHORTAGE_REST, SocketFile, is_shortage, open_listeners, tell_accepted};
use crate::options::{Options, Serve};
use crate::pieces::{Flow, Handle, Inlet, Outlet};

/// Where an end stands on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Left,
    Right,
}

/// One end of a relay, open.
struct End {
    inlet: Inlet,
    outlet: Outlet,
    peer: Address,
    datagrams: bool,
    /// Our own name in the file system, which goes with the conversation.
    own_file: Option<SocketFile>,
}

/// Joins `left` and `right`: what comes from one goes to the other, and each end's FIN is passed on. With
/// [`Serve::keep_open`] every client of a listening end gets a conversation of its own.
///
/// # Errors
/// An end cannot be opened, or (for a single conversation) it broke.
pub fn relay(
    left: &Endpoint,
    right: &Endpoint,
    options: &Options,
    serve: &Serve,
    events: Events<'_>,
) -> Result<Why, Error> {
    match (left, right) {
        (Endpoint::Listen(net), other) if serve.keep_open => {
            let outcome = for_every_client(net, (other, Place::Right), options, serve, events);
            events(&Event::Stopped { why: Why::of(&outcome) });
            no_failure(outcome)
        }
        (other, Endpoint::Listen(net)) if serve.keep_open => {
            let outcome = for_every_client(net, (other, Place::Left), options, serve, events);
            events(&Event::Stopped { why: Why::of(&outcome) });
            no_failure(outcome)
        }
        _ if serve.keep_open => Err(Error::Usage(
            "keeping open takes a listen: end, such as: jack relay -k listen:tcp://:8080 localhost:80".into(),
        )),
        // Whoever listens waits first: the other end is opened when somebody is there to talk to it.
        (Endpoint::Listen(_), _) => {
            let ends = open_end(left, Place::Left, options, serve, events)
                .and_then(|left| Ok((left, open_end(right, Place::Right, options, serve, events)?)));
            join_once(ends, options, events)
        }
        _ => {
            let ends = open_end(right, Place::Right, options, serve, events)
                .and_then(|right| Ok((open_end(left, Place::Left, options, serve, events)?, right)));
            join_once(ends, options, events)
        }
    }
}

/// Holds the one conversation of two ends, if they stand.
fn join_once(ends: Result<(End, End), Error>, options: &Options, events: Events<'_>) -> Result<Why, Error> {
    match ends {
        Ok((left, right)) => no_failure(join(left, right, options, events)),
        Err(error) => stopped(Err(error), events),
    }
}

/// Serves each client of `net` on a thread of its own, with a fresh connection to `other`.
fn for_every_client(
    net: &Net,
    (other, place): (&Endpoint, Place),
    options: &Options,
    serve: &Serve,
    events: Events<'_>,
) -> Result<Why, Error> {
    if !net.transport.is_connected() {
        return Err(Error::Usage(format!("a relay for many clients needs connections, and {net} has none")));
    }
    if matches!(other, Endpoint::Stdio | Endpoint::Listen(_)) {
        return Err(Error::Usage(format!("{other} cannot be opened once for every client")));
    }
    let listeners = open_listeners(net, options, serve, events)?;
    let mut is_short = false;
    std::thread::scope(|threads| {
        loop {
            is_short &= somebody_waits(&listeners);
            // The timeouts are those of each conversation; the next client may come when it likes.
            let (socket, address) = match accept_in(net, &listeners, (None, None), options, events) {
                Ok(client) => client,
                Err(Error::Interrupted(_)) => return Ok(Why::Interrupted),
                Err(Error::Socket { error, .. }) if is_shortage(&error) => {
                    // Once, until all who waited have been accepted.
                    if !is_short {
                        events(&Event::Shortage { error: &error });
                    }
                    is_short = true;
                    match sock::wait_any(&mut Vec::new(), Deadline::after(SHORTAGE_REST)) {
                        Ok(_) => continue,
                        Err(_) => return Ok(Why::Interrupted),
                    }
                }
                Err(error) => return Err(error),
            };
            let client = move || {
                let client = socket_end(socket, address.clone(), false);
                let joined = open_end(other, place, options, serve, events).and_then(|other| match place {
                    Place::Right => join(client, other, options, events),
                    Place::Left => join(other, client, options, events),
                });
                match joined {
                    Ok(_) | Err(Error::Interrupted(_) | Error::OutputClosed) => {}
                    // A conversation of many that failed is told and nothing more: the others go on.
                    Err(error) => events(&Event::ClientFailed { peer: &address, error: &error }),
                }
            };
            if sock::rehearsing() {
                // The door's dry mode is this thread's alone.
                client();
            } else {
                threads.spawn(client);
            }
        }
    })
}

/// Tells whether a client waits to be accepted.
fn somebody_waits(listeners: &Listeners) -> bool {
    let mut fds: Vec<_> =
        listeners.sockets.iter().map(|socket| PollFd::new(socket.as_fd(), c::POLLIN)).collect();
    // An interruption is found by who waits next.
    sock::wait_any(&mut fds, Deadline::after(Duration::ZERO)).is_ok_and(|ready| ready > 0)
}

fn open_end(
    endpoint: &Endpoint,
    place: Place,
    options: &Options,
    serve: &Serve,
    events: Events<'_>,
) -> Result<End, Error> {
    match endpoint {
        Endpoint::Stdio => Ok(End {
            inlet: Inlet::Handle { handle: Handle::Stdin, packets: false },
            outlet: Outlet::to(standard_output()),
            peer: Address::Unspecified,
            datagrams: false,
            own_file: None,
        }),
        Endpoint::File(path) => {
            let (inlet, outlet) = match place {
                Place::Left => {
                    let handle = Handle::File(Arc::new(open(path, c::O_RDONLY)?));
                    (Inlet::Handle { handle, packets: false }, Outlet::nowhere())
                }
                Place::Right => (Inlet::Never, Outlet::to(Handle::File(Arc::new(create(path, true)?)))),
            };
            Ok(End { inlet, outlet, peer: Address::Unspecified, datagrams: false, own_file: None })
        }
        Endpoint::Connect(net) => {
            let (Dialed { socket, own_file }, peer) = dial(net, options.timeout, options, events)?;
            Ok(End { own_file, ..socket_end(socket, peer, !net.transport.is_connected()) })
        }
        Endpoint::Listen(net) => {
            let listeners = open_listeners(net, options, serve, events)?;
            if net.transport.is_connected() {
                let (socket, peer) = accept_one(net, &listeners, options, events)?;
                return Ok(socket_end(socket, peer, false));
            }
            first_datagram(net, listeners, options, events)
        }
    }
}

fn socket_end(socket: Socket, peer: Address, datagrams: bool) -> End {
    let socket = Arc::new(socket);
    End {
        inlet: Inlet::Handle { handle: Handle::Socket(Arc::clone(&socket)), packets: datagrams },
        outlet: Outlet::to(Handle::Socket(socket)),
        peer,
        datagrams,
        own_file: None,
    }
}

/// Waits for a datagram and takes its sender for the peer.
fn first_datagram(
    net: &Net,
    mut listeners: Listeners,
    options: &Options,
    events: Events<'_>,
) -> Result<End, Error> {
    let failed = |error| Error::socket(format!("waiting for a datagram at {net}"), error);
    let Some(socket) = listeners.sockets.pop() else {
        return Err(Error::Usage(format!("{net} has no address to listen at")));
    };
    let peer = loop {
        let mut fds = vec![PollFd::new(socket.as_fd(), c::POLLIN)];
        let doing = || format!("waiting for a datagram at {net}");
        wait(&mut fds, Deadline::NEVER, options.audience.as_deref(), doing)?;
        match socket.recvfrom(1, c::MSG_PEEK) {
            Ok((_, peer)) => break peer,
            Err(error) if error.would_block() => {}
            Err(error) => return Err(failed(error)),
        }
    };
    socket.connect(&peer).map_err(failed)?;
    tell_accepted(&socket, &peer, net.transport, events);
    Ok(socket_end(socket, peer, true))
}

/// Holds the conversation between two ends that stand.
fn join(left: End, right: End, options: &Options, events: Events<'_>) -> Result<Why, Error> {
    let chunk = |end: &End| if end.datagrams { DATAGRAM_ROOM } else { STREAM_CHUNK };
    let (up_chunk, down_chunk) = (chunk(&left), chunk(&right));
    // A conversation with a datagram end has no end of its own on that side: silence is one.
    let has_an_end = !left.datagrams && !right.datagrams;
    // A file says nothing where it is written to. What nobody could be told is not read, but a peer is drained to its FIN.
    let drains = left.outlet.pollable().is_some() || right.outlet.is_peer();
    let right_inlet = if drains { right.inlet } else { Inlet::Never };
    let one_way = matches!(right_inlet, Inlet::Never);
    let rules = Rules { leave_with_peer: false, one_way, ..Rules::new(options, has_an_end) };
    let up = Flow::new(left.inlet, right.outlet, up_chunk);
    let down = Flow::new(right_inlet, left.outlet, down_chunk);
    let _own_files = (left.own_file, right.own_file);
    let peer = if up.outlet.is_peer() { &right.peer } else { &left.peer };
    let audience = options.audience.as_deref();
    Duplex { up, down, peer, left: Some(&left.peer), record: None, events, rules, audience }.run()
}

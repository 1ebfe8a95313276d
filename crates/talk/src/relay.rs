//! The job relay: join two endpoints both ways, once or for every client of a listening end.
//!
//! A file has one direction, and its place says which: the left one is read from its beginning to its end, which is passed
//! on as a FIN; the right one is appended to until the other end has ended. What a peer answers to a file on the left is
//! read to the peer's FIN and goes nowhere.

use std::convert::Infallible;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{Builder, Scope};
use std::time::Duration;

use sock::{Address, Deadline, PollFd, Socket, c, io};

use crate::audience::wait;
use crate::connect::{DATAGRAM_ROOM, STREAM_CHUNK, no_failure, stopped};
use crate::console::{Console, create, open};
use crate::dial::{Dialed, dial};
use crate::duplex::{Duplex, Rules};
use crate::endpoint::{Endpoint, Net};
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::listen::{FirstPeer, accept_in, accept_one, first_peer};
use crate::listener::{Listeners, SHORTAGE_REST, SocketFile, is_shortage, open_listeners};
use crate::options::{Options, Serve};
use crate::payload::Cut;
use crate::pieces::{Flow, FromPeer, Handle, Inlet, Outlet};
use crate::seats::Seats;
use crate::show::Show;

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
    kind: Kind,
    peer: Address,
    /// How standard output shows what goes there, and whether at once.
    show: (Show, bool),
    /// Our own name in the file system, which goes with the conversation.
    own_file: Option<SocketFile>,
    /// How many datagrams of others were dropped.
    others: Arc<AtomicU64>,
}

/// What an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stdio,
    File,
    Stream,
    Datagrams,
}

/// Joins `left` and `right`: what comes from one goes to the other, and each end's FIN is passed on. With
/// [`Serve::keep_open`] every client of a listening end gets a conversation of its own, [`Serve::at_once`] of them at the
/// same time. `console` is what an end `-` stands for; without one it is standard input and output, as they are.
///
/// # Errors
/// An end cannot be opened, or (for a single conversation) it broke. Ends that make no sense together: this side twice, a
/// file on both sides.
pub fn relay(
    left: &Endpoint,
    right: &Endpoint,
    options: &Options,
    serve: &Serve,
    console: Option<Console>,
    events: Events<'_>,
) -> Result<Why, Error> {
    let job = Job { options, serve, events };
    match (left, right) {
        (Endpoint::Stdio, Endpoint::Stdio) => {
            Err(Error::Usage("'-' is this side, of which there is only one: it can be one end".into()))
        }
        (Endpoint::Listen(net), other) if serve.keep_open => job.serve_clients(net, other, Place::Right),
        (other, Endpoint::Listen(net)) if serve.keep_open => job.serve_clients(net, other, Place::Left),
        _ if serve.keep_open => Err(Error::Usage(
            "keeping open takes a listen: end, such as: jack relay -k listen:tcp://:8080 localhost:80".into(),
        )),
        _ => match job.open_both(left, right, console) {
            Ok((left, right)) => no_failure(job.join(left, right)),
            Err(error) => stopped(Err(error), events),
        },
    }
}

/// What a relay was asked for.
#[derive(Clone, Copy)]
struct Job<'a> {
    options: &'a Options,
    serve: &'a Serve,
    events: Events<'a>,
}

impl<'a> Job<'a> {
    /// Opens both ends. Whoever listens waits first: the other end is opened when somebody is there to talk to it.
    fn open_both(
        self,
        left: &Endpoint,
        right: &Endpoint,
        console: Option<Console>,
    ) -> Result<(End, End), Error> {
        let (mut of_left, mut of_right) = (None, None);
        *(if *left == Endpoint::Stdio { &mut of_left } else { &mut of_right }) = console;
        let listens = |end: &Endpoint| matches!(end, Endpoint::Listen(_));
        let right_first = listens(right) && !listens(left);
        let left = || self.open(left, Place::Left, of_left);
        let right = || self.open(right, Place::Right, of_right);
        if right_first {
            let right = right()?;
            Ok((left()?, right))
        } else {
            Ok((left()?, right()?))
        }
    }

    /// Serves each client of `net` with a fresh connection to `other`; tells why it ended.
    fn serve_clients(self, net: &Net, other: &Endpoint, place: Place) -> Result<Why, Error> {
        if !net.transport.is_connected() {
            return Err(Error::Usage(format!(
                "a relay for many clients needs connections, and {net} has none"
            )));
        }
        if matches!(other, Endpoint::Stdio | Endpoint::Listen(_)) {
            return Err(Error::Usage(format!("{other} cannot be opened once for every client")));
        }
        let listeners = open_listeners(net, self.options, self.serve, self.events)?;
        let seats = Seats::new(self.serve.at_once.max(1));
        let served = std::thread::scope(|threads| {
            self.accept_clients(threads, &seats, (net, &listeners), (other, place))
        });
        let outcome = match served {
            Err(Error::Interrupted(_)) => Ok(Why::Interrupted),
            Err(error) => Err(error),
        };
        (self.events)(&Event::Stopped { why: Why::of(&outcome) });
        no_failure(outcome)
    }

    /// Accepts clients until that fails, and has each served on a thread of its own.
    fn accept_clients<'scope>(
        self,
        threads: &'scope Scope<'scope, '_>,
        seats: &'scope Seats,
        (net, listeners): (&Net, &Listeners),
        (other, place): (&'scope Endpoint, Place),
    ) -> Result<Infallible, Error>
    where
        'a: 'scope,
    {
        let mut is_short = false;
        loop {
            let seat = seats.take(self.options)?;
            is_short &= somebody_waits(listeners);
            // The timeouts are those of each conversation; the next client may come when it likes.
            let (socket, address) = match accept_in(net, listeners, (None, None), self.options, self.events) {
                Ok(client) => client,
                Err(Error::Socket { error, .. }) if is_shortage(&error) => {
                    // Once, until all who waited have been accepted.
                    if !is_short {
                        (self.events)(&Event::Shortage { error: &error });
                    }
                    is_short = true;
                    self.rest()?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let peer = address.clone();
            let client = move || {
                let _seat = seat;
                self.serve_client(socket, &address, other, place);
            };
            if sock::rehearsing() {
                // The door's dry mode is this thread's alone.
                client();
            } else if let Err(error) =
                room_for(seats.taken()).and_then(|()| Builder::new().spawn_scoped(threads, client))
            {
                // The client went with its closure, which closed its socket.
                (self.events)(&Event::ClientFailed { peer: &peer, error: &Error::Thread(error) });
                self.rest()?;
            }
        }
    }

    /// Pauses when something has run out, which may pass.
    fn rest(self) -> Result<(), Error> {
        let audience = self.options.audience.as_deref();
        wait(&mut Vec::new(), Deadline::after(SHORTAGE_REST), audience, || "waiting".to_owned()).map(|_| ())
    }

    /// Holds one conversation of many: one that failed is told and nothing more, the others go on.
    fn serve_client(self, socket: Socket, address: &Address, other: &Endpoint, place: Place) {
        let client = End::of_socket(socket, address.clone(), Kind::Stream);
        let joined = self.open(other, place, None).and_then(|other| match place {
            Place::Right => self.join(client, other),
            Place::Left => self.join(other, client),
        });
        match joined {
            Ok(_) | Err(Error::Interrupted(_) | Error::OutputClosed) => {}
            Err(error) => (self.events)(&Event::ClientFailed { peer: address, error: &error }),
        }
    }

    fn open(self, endpoint: &Endpoint, place: Place, console: Option<Console>) -> Result<End, Error> {
        let Self { options, serve, events } = self;
        match endpoint {
            Endpoint::Stdio => Ok(End::of_console(console.unwrap_or_else(Console::standard))),
            Endpoint::File(path) => {
                let (inlet, outlet) = match place {
                    Place::Left => {
                        let handle = Handle::File(Arc::new(open(path, c::O_RDONLY)?));
                        (Inlet::Handle { handle, packets: false }, Outlet::nowhere())
                    }
                    Place::Right => (Inlet::Never, Outlet::to(Handle::File(Arc::new(create(path, true)?)))),
                };
                Ok(End::new(inlet, outlet, Kind::File))
            }
            Endpoint::Connect(net) => {
                let (Dialed { socket, own_file }, peer) = dial(net, options.timeout, options, events)?;
                Ok(End { own_file, ..End::of_socket(socket, peer, Kind::of(net)) })
            }
            Endpoint::Listen(net) => {
                let listeners = open_listeners(net, options, serve, events)?;
                if net.transport.is_connected() {
                    let (socket, peer) = accept_one(net, &listeners, options, events)?;
                    return Ok(End::of_socket(socket, peer, Kind::Stream));
                }
                Ok(End::of_first_peer(first_peer(net, listeners, options, events)?))
            }
        }
    }

    /// Holds the conversation between two ends that stand.
    fn join(self, left: End, right: End) -> Result<Why, Error> {
        refuse_same_file(&left, &right)?;
        // This side is the left one, as in connect, and a connection is before datagrams: the end of what the left one says
        // begins a datagram peer's silence.
        let swaps = match (left.kind, right.kind) {
            (Kind::File, _) => false,
            (_, Kind::Stdio) | (Kind::Datagrams, Kind::Stream) => true,
            _ => false,
        };
        let (left, right) = if swaps { (right, left) } else { (left, right) };
        let (up_chunk, down_chunk) = (left.kind.chunk(), right.kind.chunk());
        // A conversation with a datagram end has no end of its own on that side: silence is one.
        let has_an_end = left.kind != Kind::Datagrams && right.kind != Kind::Datagrams;
        // A file says nothing where it is written to. What nobody could be told is not read, but a peer is drained to its
        // FIN.
        let drains = left.outlet.pollable().is_some() || right.outlet.is_peer();
        let right_inlet = if drains { right.inlet } else { Inlet::Never };
        let one_way = matches!(right_inlet, Inlet::Never);
        let rules = Rules::new(self.options, has_an_end);
        // This side is left with its peer, as in connect; of two peers each may only have ended its own half.
        let leave_with_peer = rules.leave_with_peer && left.kind == Kind::Stdio;
        let rules = Rules { leave_with_peer, one_way, ..rules };
        let mut up = Flow::new(left.inlet, right.outlet, up_chunk);
        (up.show, up.show_at_once) = right.show;
        let mut down = Flow::new(right_inlet, left.outlet, down_chunk);
        (down.show, down.show_at_once) = left.show;
        let _own_files = (left.own_file, right.own_file);
        let peer = if up.outlet.is_peer() { &right.peer } else { &left.peer };
        let audience = self.options.audience.as_deref();
        let outcome = Duplex {
            up,
            down,
            peer,
            left: Some(&left.peer),
            record: None,
            events: self.events,
            rules,
            audience,
        }
        .run();
        for (others, peer) in [(left.others, &left.peer), (right.others, &right.peer)] {
            let datagrams = others.load(Ordering::Relaxed);
            if datagrams > 0 {
                (self.events)(&Event::OthersDropped { peer, datagrams });
            }
        }
        outcome
    }
}

/// Tells whether a client waits to be accepted.
fn somebody_waits(listeners: &Listeners) -> bool {
    let mut fds: Vec<_> =
        listeners.sockets.iter().map(|socket| PollFd::new(socket.as_fd(), c::POLLIN)).collect();
    // An interruption is found by who waits next.
    sock::wait_any(&mut fds, Deadline::after(Duration::ZERO)).is_ok_and(|ready| ready > 0)
}

/// Asks whether there is memory for so many conversations: an allocation that fails is the end of all of them.
fn room_for(conversations: usize) -> std::io::Result<()> {
    /// What a conversation may come to need: what it reads, and what waits each way.
    const EACH: usize = 3 * STREAM_CHUNK;
    /// What starting a thread and telling of it takes, with plenty to spare.
    const BESIDES: usize = 8 << 20;
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(conversations.saturating_mul(EACH).saturating_add(BESIDES))?;
    // It is never written to, so it costs address space alone; nor may it be optimized away.
    std::hint::black_box(&mut room);
    Ok(())
}

/// A file that is read while it is appended to would never end. Standard input and output may be it, too.
fn refuse_same_file(left: &End, right: &End) -> Result<(), Error> {
    let is_local = |end: &End| matches!(end.kind, Kind::Stdio | Kind::File);
    if !is_local(left) || !is_local(right) {
        return Ok(());
    }
    for (from, to) in [(left, right), (right, left)] {
        let (Some(from), Some(to)) = (from.inlet.pollable(), to.outlet.pollable()) else { continue };
        if io::is_same_file(from, to).map_err(|error| Error::socket("comparing the two ends", error))? {
            return Err(Error::Usage(
                "both ends are the same file: what is read from it would be appended to it for ever".into(),
            ));
        }
    }
    Ok(())
}

impl Kind {
    const fn of(net: &Net) -> Self {
        if net.transport.is_connected() { Self::Stream } else { Self::Datagrams }
    }

    /// The most bytes of one read.
    const fn chunk(self) -> usize {
        match self {
            Self::Datagrams => DATAGRAM_ROOM,
            Self::Stdio | Self::File | Self::Stream => STREAM_CHUNK,
        }
    }
}

impl End {
    fn new(inlet: Inlet, outlet: Outlet, kind: Kind) -> Self {
        let (peer, show) = (Address::Unspecified, (Show::Raw, false));
        Self { inlet, outlet, kind, peer, show, own_file: None, others: Arc::default() }
    }

    fn of_console(console: Console) -> Self {
        let inlet = console.input.inlet(Cut::Pieces(STREAM_CHUNK));
        let show = (console.show, console.show_at_once);
        Self { show, ..Self::new(inlet, console.output, Kind::Stdio) }
    }

    fn of_socket(socket: Socket, peer: Address, kind: Kind) -> Self {
        let socket = Arc::new(socket);
        let handle = Handle::Socket(Arc::clone(&socket));
        let inlet = Inlet::Handle { handle, packets: kind == Kind::Datagrams };
        Self { peer, ..Self::new(inlet, Outlet::to(Handle::Socket(socket)), kind) }
    }

    fn of_first_peer(first: FirstPeer) -> Self {
        let FirstPeer { socket, peer, own_file } = first;
        if peer.family() == c::AF_UNSPEC {
            return Self { own_file, ..Self::of_socket(socket, peer, Kind::Datagrams) };
        }
        let (socket, others) = (Arc::new(socket), Arc::default());
        let from = FromPeer { socket: Arc::clone(&socket), peer: peer.clone(), others: Arc::clone(&others) };
        let outlet = Outlet::to(Handle::Socket(socket));
        Self { peer, own_file, others, ..Self::new(Inlet::FromPeer(from), outlet, Kind::Datagrams) }
    }
}

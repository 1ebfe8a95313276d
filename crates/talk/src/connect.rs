//! The job connect: open a conversation and hold it.

use std::sync::Arc;

use sock::{Address, Socket};

use crate::console::{Console, Input};
use crate::dial::{Dialed, dial};
use crate::duplex::{Duplex, Rules};
use crate::endpoint::{Endpoint, Net};
use crate::error::Error;
use crate::event::{Event, Events, Why};
use crate::lines::{Crlf, Pace};
use crate::options::Options;
use crate::payload::Cut;
use crate::pieces::{Flow, Handle, Inlet, Outlet};
use crate::transport::Transport;

/// One read of a stream.
pub(crate) const STREAM_CHUNK: usize = 64 * 1024;
/// One read of input that becomes a datagram, as OpenBSD's nc cuts it.
pub(crate) const DATAGRAM_CHUNK: usize = 16 * 1024;
/// Room for the largest datagram.
pub(crate) const DATAGRAM_ROOM: usize = 64 * 1024;

/// Connects to `endpoint` and talks: console to peer, peer to console. Returns why it ended.
///
/// # Errors
/// No address could be connected to, or the conversation broke.
pub fn connect(
    endpoint: &Endpoint,
    options: &Options,
    console: Console,
    events: Events<'_>,
) -> Result<Why, Error> {
    let Endpoint::Connect(net) = endpoint else {
        return Err(Error::Usage(format!(
            "cannot connect to {endpoint}: expected a peer, such as localhost:80"
        )));
    };
    let (Dialed { socket, own_file: _own_file }, peer) = match dial(net, options.timeout, options, events) {
        Err(error) => return stopped(Err(error), events),
        dialed => dialed?,
    };
    no_failure(converse(socket, &peer, net, options, console, events))
}

/// Says why a job ended before there was a conversation to say it; what failed says so by itself.
pub(crate) fn stopped(outcome: Result<Why, Error>, events: Events<'_>) -> Result<Why, Error> {
    if matches!(outcome, Err(Error::Interrupted(_) | Error::OutputClosed)) {
        events(&Event::Stopped { why: Why::of(&outcome) });
    }
    no_failure(outcome)
}

/// That nobody reads any more is an end like any other.
pub(crate) fn no_failure(outcome: Result<Why, Error>) -> Result<Why, Error> {
    match outcome {
        Err(Error::OutputClosed) => Ok(Why::OutputClosed),
        outcome => outcome,
    }
}

/// Holds a conversation over a socket that stands.
pub(crate) fn converse(
    socket: Socket,
    peer: &Address,
    net: &Net,
    options: &Options,
    console: Console,
    events: Events<'_>,
) -> Result<Why, Error> {
    console.begin()?;
    let socket = Arc::new(socket);
    let (up, mut down) = flows(&socket, net.transport, options, console.input, console.output);
    down.show = console.show;
    down.show_at_once = console.show_at_once;
    let rules = Rules::new(options, net.transport.is_connected());
    let audience = options.audience.as_deref();
    Duplex { up, down, peer, left: None, record: console.record, events, rules, audience }.run()
}

/// Makes the two flows between a console and a socket.
fn flows(
    socket: &Arc<Socket>,
    transport: Transport,
    options: &Options,
    input: Input,
    output: Outlet,
) -> (Flow, Flow) {
    let datagrams = !transport.is_connected();
    let packets = transport.keeps_boundaries();
    let handle = || Handle::Socket(Arc::clone(socket));
    let cut = if packets { Cut::Message } else { Cut::Pieces(STREAM_CHUNK) };
    let input = if options.recv_only { Inlet::Never } else { input.inlet(cut) };
    let mut up = Flow::new(input, Outlet::to(handle()), if packets { DATAGRAM_CHUNK } else { STREAM_CHUNK });
    up.crlf = options.crlf.then(Crlf::default);
    up.pace = options.delay.map(Pace::new);
    let output = if options.send_only { Outlet::nowhere() } else { output };
    let room = options.recv_size.unwrap_or(if packets { DATAGRAM_ROOM } else { STREAM_CHUNK });
    let mut down = Flow::new(Inlet::Handle { handle: handle(), packets: datagrams }, output, room);
    down.cuts = options.recv_size.is_some();
    (up, down)
}

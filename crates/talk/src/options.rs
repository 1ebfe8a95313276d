//! How a conversation is to be held.

use std::sync::Arc;
use std::time::Duration;

use sock::Family;
use sock::name::Resolver;
use sock::option::Setting;

use crate::audience::Audience;

/// What connect, listen and relay can be told. The default is the rule of the house: try all addresses, send the end of
/// input on as a FIN, drain the peer, leave when it closes.
#[derive(Debug)]
pub struct Options {
    /// Only this family of addresses; `AF_UNSPEC` for both.
    pub family: Family,
    /// Hosts and ports are numbers: nothing is looked up.
    pub numeric: bool,
    /// Who looks names up.
    pub resolver: Resolver,
    /// The time for name lookup, every address and every retry together.
    pub timeout: Option<Duration>,
    /// End when nothing has moved for this long.
    pub idle_timeout: Option<Duration>,
    /// Whether ending by the idle timeout is a failure (it is one for people, none in the dialect of nc).
    pub idle_is_failure: bool,
    /// End this long after the end of input, whatever the peer does.
    pub quit_after_input: Option<Duration>,
    /// Pass the end of input on as a FIN.
    pub half_close: bool,
    /// Leave when the peer has closed, even if our input is still open.
    pub leave_with_peer: bool,
    /// After the peer has closed, input that pauses for this long is taken for unwanted; zero where a person types.
    pub pause_after_peer: Duration,
    /// How long a datagram conversation waits for silence after the end of input; `None` waits for ever.
    pub silence: Option<Duration>,
    /// How often to try again when no address worked.
    pub retry: u32,
    /// How long to wait before trying again.
    pub interval: Duration,
    /// Our own address: host, and port or service; either may be empty.
    pub source: Option<(String, String)>,
    /// Socket options to set before bind and connect.
    pub settings: Vec<Setting>,
    /// Do not receive.
    pub send_only: bool,
    /// Do not read input.
    pub recv_only: bool,
    /// Send each lone LF as CR LF.
    pub crlf: bool,
    /// Wait this long between lines sent.
    pub delay: Option<Duration>,
    /// At most this many bytes in one receive.
    pub recv_size: Option<usize>,
    /// End after receiving this often: so many datagrams, or so many pieces of a stream.
    pub max_count: Option<u64>,
    /// Before a UDP conversation, send single bytes for as long as `timeout` says (or three seconds) to find out whether
    /// the port refuses: the dialect of nc with `-v`.
    pub probe_datagrams: bool,
    /// Wait for the first peer as long as it takes, whatever `timeout` and `idle_timeout` say: the dialect of nc.
    pub patient: bool,
    /// Set where the events go to standard output: when nobody reads it, or an event could not be written, the job ends
    /// with [`Why::OutputClosed`](crate::Why::OutputClosed).
    pub audience: Option<Arc<Audience>>,
}

/// How a listener serves.
#[derive(Debug)]
pub struct Serve {
    /// Go on after the first conversation.
    pub keep_open: bool,
    /// How many conversations at once; others wait in the kernel's queue.
    pub at_once: usize,
    /// With `keep_open`, one conversation after another, each held as if it were the only one: with standard input and
    /// output, and ended by its own timeouts. The dialect of nc.
    pub in_turn: bool,
    /// What to answer after a peer's first data.
    pub reply: Option<Reply>,
    /// Datagrams: speak with the first peer alone, as the dialect of nc does.
    pub first_peer_only: bool,
    /// Wait for both families on one socket where no address is given. Without it, on IPv4 unless `family` says IPv6, and
    /// whether an IPv6 socket takes IPv4 clients is left to the system, `/proc/sys/net/ipv6/bindv6only` of ipv6(7): the
    /// dialect of nc.
    pub both_families: bool,
    /// Unix sockets: take the place of a socket file at which nobody waits, and leave our own behind: the dialect of nc.
    pub replace_file: bool,
    /// How many connections may wait to be accepted.
    pub backlog: i32,
}

/// A fixed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// These bytes, which all peers share.
    Bytes(Arc<[u8]>),
    /// What was received.
    Echo,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            family: Family::UNSPEC,
            numeric: false,
            resolver: Resolver::system(),
            timeout: None,
            idle_timeout: None,
            idle_is_failure: true,
            quit_after_input: None,
            half_close: true,
            leave_with_peer: true,
            pause_after_peer: Duration::from_millis(500),
            silence: Some(Duration::from_secs(1)),
            retry: 0,
            interval: Duration::from_secs(1),
            source: None,
            settings: Vec::new(),
            send_only: false,
            recv_only: false,
            crlf: false,
            delay: None,
            recv_size: None,
            max_count: None,
            probe_datagrams: false,
            patient: false,
            audience: None,
        }
    }
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            keep_open: false,
            at_once: usize::MAX,
            in_turn: false,
            reply: None,
            first_peer_only: false,
            both_families: true,
            replace_file: false,
            backlog: 4096,
        }
    }
}

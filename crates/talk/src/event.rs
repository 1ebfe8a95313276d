//! What a job tells while it works.

use std::time::Duration;

use sock::Address;

use crate::error::Error;
use crate::pieces::{is_closed_pipe, is_reset};
use crate::transport::Transport;

/// Where a job's events go. It may be called from several threads.
pub type Events<'a> = &'a (dyn Fn(&Event<'_>) + Sync);

/// Something that happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A socket waits for peers.
    Listening {
        /// Where: with the real port if 0 was asked for.
        local: &'a Address,
        /// The port was 0, and the kernel has chosen one.
        port_is_chosen: bool,
        /// How bytes travel.
        transport: Transport,
    },
    /// An address did not work; the next one, if there is one, is tried.
    Failed {
        /// The peer's address.
        peer: &'a Address,
        /// Why.
        error: &'a sock::Error,
    },
    /// All addresses failed; they will be tried again.
    Retrying {
        /// Why the last attempt failed.
        error: &'a Error,
        /// After how long.
        after: Duration,
        /// How many attempts are left.
        left: u32,
    },
    /// A connection to a peer stands; or a datagram socket's default peer is set.
    Connected {
        /// The peer's address.
        peer: &'a Address,
        /// Ours.
        local: &'a Address,
        /// The host as it was typed, empty where there is none.
        host: &'a str,
        /// How bytes travel.
        transport: Transport,
        /// How long it took, name lookup included.
        took: Duration,
    },
    /// A peer has come to a listener, or sent its first datagram.
    Accepted {
        /// The peer's address.
        peer: &'a Address,
        /// Ours.
        local: &'a Address,
        /// How bytes travel.
        transport: Transport,
    },
    /// A peer that waits to be accepted cannot be, for now.
    Shortage {
        /// `EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`.
        error: &'a sock::Error,
    },
    /// Bytes came from a peer. They go to the console as well.
    Received {
        /// Who sent them.
        peer: &'a Address,
        /// What.
        bytes: &'a [u8],
    },
    /// A message was longer than there was room for, and its rest is lost: recv(2), `MSG_TRUNC`.
    Truncated {
        /// Who sent it.
        peer: &'a Address,
        /// How long it was.
        len: usize,
        /// How much of it there is.
        kept: usize,
    },
    /// Something could not be sent to one of many peers; the others go on.
    Unsent {
        /// To whom.
        peer: &'a Address,
        /// How many bytes.
        len: usize,
        /// Why not.
        error: &'a sock::Error,
    },
    /// A client of many takes nothing, and more waits for it than is kept: its connection is closed.
    TooSlow {
        /// The client.
        peer: &'a Address,
        /// How many bytes wait for it.
        waiting: usize,
        /// How long it has taken nothing.
        after: Duration,
    },
    /// Bytes were sent to a peer, or taken to be sent.
    Sent {
        /// To whom; `None` when to everybody who is there.
        peer: Option<&'a Address>,
        /// What, before CR LF conversion.
        bytes: &'a [u8],
    },
    /// A message was received that is about to be answered by `--reply`.
    Message {
        /// Who sent it.
        peer: &'a Address,
        /// What.
        bytes: &'a [u8],
    },
    /// A server has read its input to the end; who comes from now on gets nothing of it.
    InputEnded {
        /// How many bytes it was.
        given: u64,
    },
    /// One client's conversation failed; the others go on.
    ClientFailed {
        /// The client.
        peer: &'a Address,
        /// Why.
        error: &'a Error,
    },
    /// A relay's conversation is with the sender of the first datagram: what others sent before was dropped.
    OthersDropped {
        /// The peer that it is with.
        peer: &'a Address,
        /// How many datagrams of others there were.
        datagrams: u64,
    },
    /// A port was asked by [`probe`](crate::probe()).
    Port {
        /// Which.
        peer: &'a Address,
        /// The host as it was typed.
        host: &'a str,
        /// How.
        transport: Transport,
        /// Whether no other port is asked.
        is_alone: bool,
        /// The answer.
        state: PortState,
        /// The error behind it, if there is one.
        error: Option<&'a sock::Error>,
    },
    /// The peer has ended, and input that had not ended paused: what comes of it later is not sent.
    InputAbandoned {
        /// The peer's address.
        peer: &'a Address,
        /// For how long it paused.
        after: Duration,
    },
    /// Our side's end was sent on: the peer has our FIN.
    HalfClosed {
        /// The peer's address.
        peer: &'a Address,
    },
    /// A relay's other end broke: this connection is about to be reset, for a FIN would say that everything has come.
    Reset {
        /// The peer's address.
        peer: &'a Address,
    },
    /// A conversation is over.
    Ended {
        /// The peer's address.
        peer: &'a Address,
        /// Why it ended.
        why: Why,
        /// Bytes that the kernel has taken for the peer.
        sent: u64,
        /// Bytes received from it.
        received: u64,
    },
    /// The job is over, and it is no conversation's end that says why: a server's, or that of one who waited.
    Stopped {
        /// Why.
        why: Why,
    },
}

/// What a port said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortState {
    /// It accepted, or it answered.
    Open,
    /// It refused.
    Closed,
    /// Nothing came back: over UDP that is open or filtered, over TCP filtered.
    Silent,
    /// The network said that there is no way.
    Unreachable,
}

/// Why a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The peer sent its end, and all of it has been passed on.
    PeerClosed,
    /// Both sides have ended.
    BothClosed,
    /// The only side that says something has ended, and all of it has been passed on.
    SourceEnded,
    /// All input was sent, and nothing else was asked for.
    AllSent,
    /// The input ended, and the time to wait after it (`-q`) is over.
    QuitAfterInput(Duration),
    /// The input ended, and the peer was silent for this long: datagrams have no end.
    Silence(Duration),
    /// Nothing moved for this long.
    Idle(Duration),
    /// As much was received as was wanted: so many datagrams, or pieces of a stream.
    Enough(u64),
    /// The reply was sent.
    Replied,
    /// The peer reset the connection.
    Reset,
    /// The peer took nothing for so long that it was left behind.
    TooSlow,
    /// Nobody reads our output any more.
    OutputClosed,
    /// A signal asked us to stop.
    Interrupted,
    /// Something else broke: the job's error says what.
    Failed,
}

impl Why {
    /// Says why something ended that ended so.
    pub(crate) fn of(outcome: &Result<Self, Error>) -> Self {
        match outcome {
            Ok(why) => *why,
            Err(Error::Interrupted(_)) => Self::Interrupted,
            Err(Error::OutputClosed) => Self::OutputClosed,
            Err(Error::Idle { after }) => Self::Idle(*after),
            Err(error)
                if error.socket_error().is_some_and(|error| is_reset(error) || is_closed_pipe(error)) =>
            {
                Self::Reset
            }
            Err(_) => Self::Failed,
        }
    }

    /// Says it in words, for one line.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::PeerClosed => "the peer sent its FIN and everything it sent has been passed on".into(),
            Self::BothClosed => "both sides have sent their FIN".into(),
            Self::SourceEnded => "what there was to read has been read to its end and passed on".into(),
            Self::AllSent => "all input is sent and only sending was asked for".into(),
            Self::QuitAfterInput(after) => format!("input ended {after:?} ago (-q)"),
            Self::Silence(after) => {
                format!(
                    "input ended and the peer was silent for {after:?}; datagrams have no end of their own"
                )
            }
            Self::Idle(after) => format!("nothing moved for {after:?} (idle timeout)"),
            Self::Enough(count) => format!("received {count} times, and no more was asked for"),
            Self::Replied => "the reply is sent".into(),
            Self::Reset => "the peer reset the connection".into(),
            Self::TooSlow => "it took nothing of what waited for it".into(),
            Self::OutputClosed => "nobody reads the output any more".into(),
            Self::Interrupted => "a signal asked to stop".into(),
            Self::Failed => "an error ended it".into(),
        }
    }
}

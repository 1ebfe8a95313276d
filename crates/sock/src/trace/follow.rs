//! What the kernel says of a TCP connection after a call: its state, its round trip, what is still under way.
//!
//! After a call that changes a connection, [`Follow`] asks by getsockopt(2) `TCP_INFO` and by the two queue lengths of
//! tcp(7). The questions are calls like any other, of [`Origin::Trace`]. They change nothing: none of them clears an
//! error (`SO_ERROR` would) or moves a byte.
//! Layout: `struct tcp_info` of `linux/tcp.h`, which only ever grows at its end.

use std::collections::HashMap;
use std::fmt;
use std::os::fd::RawFd;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sys::door::{self, Event, Kind, Origin, Value};
use sys::file::Queue;
use sys::{Errno, Op, c, question};

/// Knows which descriptors are TCP sockets, from the events that it sees, and asks the kernel about them.
#[derive(Debug, Default)]
pub struct Follow {
    sockets: Mutex<HashMap<RawFd, Known>>,
}

/// What was seen of a TCP socket.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// A connect is under way whose outcome `SO_ERROR` will tell.
    connecting: bool,
    /// The state last told, 0 for none.
    state: u8,
}

/// What the kernel says of a TCP connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The state's number: see [`Note::state_name`].
    pub state: u8,
    /// The smoothed round-trip time; zero when none was measured yet.
    pub rtt: Duration,
    /// How many segments were sent again so far.
    pub retransmits: u32,
    /// How many segments the peer has not acknowledged.
    pub segments_in_flight: u32,
    /// How many bytes the peer has not acknowledged, those not yet sent among them.
    pub unacknowledged: u32,
    /// How many bytes wait to be received.
    pub unread: u32,
    /// Both sides have ended, ours first: the kernel keeps the pair of addresses for a minute more.
    pub time_wait: bool,
}

impl Follow {
    /// Begins with no socket known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns from an event, and asks the kernel when the event changed a TCP connection: after connect, accept,
    /// shutdown, a send, and a receive that found the end. `None` when there is nothing to ask, or no answer.
    pub fn note(&self, event: &Event) -> Option<Note> {
        if event.origin == Origin::Trace || event.rehearsed || event.syscall.is_none() {
            return None;
        }
        let fd = self.learn(event)?;
        let before = self.sockets.lock().unwrap_or_else(PoisonError::into_inner).get(&fd).copied()?;
        if !is_telling(event, before) {
            return None;
        }
        let mut note = door::for_the_trace(|| ask(fd))?;
        // A connection that ended on our side first becomes a small TIME_WAIT entry of the kernel's; the socket itself
        // then says CLOSE.
        note.time_wait = note.state == CLOSE
            && matches!(before.state, FIN_WAIT1 | FIN_WAIT2 | CLOSING)
            && event.result.is_ok();
        if let Some(known) = self.sockets.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&fd) {
            known.state = note.state;
            known.connecting = note.state == SYN_SENT;
        }
        Some(note)
    }

    /// Keeps the list of TCP sockets; returns the descriptor that the event is about.
    fn learn(&self, event: &Event) -> Option<RawFd> {
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        let fd = descriptor(event);
        match (event.op, &event.result) {
            (Op::Socket, Ok(Value::Fd(new))) => {
                sockets.remove(new);
                if opens_tcp(event) {
                    sockets.insert(*new, Known::default());
                }
                Some(*new)
            }
            (Op::Accept | Op::Dup, Ok(Value::Fd(new))) => {
                match fd.and_then(|fd| sockets.get(&fd).copied()) {
                    Some(known) => sockets.insert(*new, known),
                    None => sockets.remove(new),
                };
                Some(*new)
            }
            // close(2): after an error it is closed all the same.
            (Op::Close, _) => {
                sockets.remove(&fd?);
                None
            }
            // A descriptor from elsewhere: the job asks what it is.
            (Op::Getsockopt, Ok(_))
                if answer(event, c::SO_PROTOCOL) == Some(Value::Int(c::IPPROTO_TCP.into())) =>
            {
                sockets.entry(fd?).or_default();
                None
            }
            _ => fd,
        }
    }
}

impl Note {
    /// Names the state as RFC 9293 section 3.3.2 does, `None` for a number that has none. Numbers: `linux/tcp.h`.
    #[must_use]
    pub const fn state_name(&self) -> Option<&'static str> {
        Some(match self.state {
            ESTABLISHED => "ESTABLISHED",
            SYN_SENT => "SYN_SENT",
            SYN_RECV => "SYN_RECV",
            FIN_WAIT1 => "FIN_WAIT1",
            FIN_WAIT2 => "FIN_WAIT2",
            TIME_WAIT => "TIME_WAIT",
            CLOSE => "CLOSE",
            CLOSE_WAIT => "CLOSE_WAIT",
            LAST_ACK => "LAST_ACK",
            LISTEN => "LISTEN",
            CLOSING => "CLOSING",
            _ => return None,
        })
    }

    /// Writes one JSON object: `state` (a name or a number), `rtt_us`, `retransmits`, `segments_in_flight`,
    /// `unacknowledged` and `unread` (bytes), `time_wait`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let state = self.state_name().map_or_else(|| self.state.to_string(), |name| format!("\"{name}\""));
        format!(
            "{{\"state\":{state},\"rtt_us\":{},\"retransmits\":{},\"segments_in_flight\":{},\"unacknowledged\":{},\
             \"unread\":{},\"time_wait\":{}}}",
            self.rtt.as_micros(),
            self.retransmits,
            self.segments_in_flight,
            self.unacknowledged,
            self.unread,
            self.time_wait,
        )
    }

    /// Reads the answers of the kernel; what an older kernel's shorter answer lacks is zero.
    fn read(info: &[u8], unsent: i32, unread: i32) -> Option<Self> {
        let word = |at: usize| -> u32 {
            info.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_ne_bytes(*bytes))
        };
        let state = *info.first()?;
        let unsent = u32::try_from(unsent).unwrap_or(0);
        // The kernel counts by sequence numbers, of which a FIN takes one.
        let fin = u32::from(matches!(state, FIN_WAIT1 | CLOSING | LAST_ACK));
        Some(Self {
            state,
            rtt: Duration::from_micros(word(RTT).into()),
            retransmits: word(TOTAL_RETRANS),
            segments_in_flight: word(UNACKED),
            // In CLOSE nothing is under way any more; the kernel still counts a SYN that was refused.
            unacknowledged: if state == CLOSE { 0 } else { unsent.saturating_sub(fin) },
            unread: u32::try_from(unread).unwrap_or(0),
            time_wait: false,
        })
    }
}

impl fmt::Display for Note {
    /// Writes what is worth saying: `state ESTABLISHED · rtt 40 µs · 6 B unacknowledged`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.state_name() {
            // The socket itself says CLOSE.
            _ if self.time_wait => f.write_str("state TIME_WAIT for 60 s: this side ended first")?,
            Some(name) => write!(f, "state {name}")?,
            None => write!(f, "state {}", self.state)?,
        }
        match self.rtt.as_micros() {
            0 => {}
            us @ 1..10_000 => write!(f, " · rtt {us} µs")?,
            us => write!(f, " · rtt {} ms", us / 1000)?,
        }
        match self.unacknowledged {
            0 => {}
            bytes => write!(f, " · {bytes} B unacknowledged")?,
        }
        match self.unread {
            0 => {}
            bytes => write!(f, " · {bytes} B to be read")?,
        }
        match self.retransmits {
            0 => Ok(()),
            1 => f.write_str(" · 1 segment sent again"),
            many => write!(f, " · {many} segments sent again"),
        }
    }
}

// `enum` of `linux/tcp.h`, TCP_ESTABLISHED and on.
const ESTABLISHED: u8 = 1;
const SYN_SENT: u8 = 2;
const SYN_RECV: u8 = 3;
const FIN_WAIT1: u8 = 4;
const FIN_WAIT2: u8 = 5;
const TIME_WAIT: u8 = 6;
const CLOSE: u8 = 7;
const CLOSE_WAIT: u8 = 8;
const LAST_ACK: u8 = 9;
const LISTEN: u8 = 10;
const CLOSING: u8 = 11;

// Where `struct tcp_info` has what we read; each is an `__u32`. The state is the byte at 0.
const UNACKED: usize = 24;
const RTT: usize = 68;
const TOTAL_RETRANS: usize = 100;
/// As far as `tcpi_total_retrans`.
const INFO_LEN: usize = 104;

fn ask(fd: RawFd) -> Option<Note> {
    let mut info = [0; INFO_LEN];
    let len = question::tcp_info(fd, &mut info).ok()?;
    let unsent = question::queued(fd, Queue::Send).unwrap_or(0);
    let unread = question::queued(fd, Queue::Receive).unwrap_or(0);
    Note::read(info.get(..len).unwrap_or(&info), unsent, unread)
}

/// Tells whether an event can have changed a connection in a way worth asking for.
fn is_telling(event: &Event, known: Known) -> bool {
    let Ok(result) = &event.result else {
        return event.op == Op::Connect && event.result == Err(Errno::EINPROGRESS);
    };
    match event.op {
        Op::Connect
        | Op::Accept
        | Op::Shutdown
        | Op::Send
        | Op::Sendto
        | Op::Sendmsg
        | Op::Write
        | Op::Writev
        | Op::Sendfile => true,
        // A connect that had to wait ends with the question how it ended.
        Op::Getsockopt => known.connecting && answer(event, c::SO_ERROR) == Some(Value::Int(0)),
        Op::Recv | Op::Recvfrom | Op::Recvmsg | Op::Read | Op::Readv => {
            *result == Value::Int(0) && event.argument("length") != Some(&Value::Int(0))
        }
        _ => false,
    }
}

fn opens_tcp(event: &Event) -> bool {
    let number = |name| match event.argument(name) {
        Some(Value::Number(_, number)) => i32::try_from(*number).ok(),
        _ => None,
    };
    let flags = c::SOCK_CLOEXEC | c::SOCK_NONBLOCK;
    matches!(number("family"), Some(c::AF_INET | c::AF_INET6))
        && number("type").is_some_and(|kind| kind & !flags == c::SOCK_STREAM)
        && matches!(number("protocol"), Some(0 | c::IPPROTO_TCP))
}

/// Returns the value of the option of `SOL_SOCKET` that a getsockopt asked for.
fn answer(event: &Event, option: i32) -> Option<Value> {
    let asked = event.argument("level") == Some(&Value::Number(Kind::Level, c::SOL_SOCKET.into()))
        && event.argument("name") == Some(&Value::Number(Kind::OptionName(c::SOL_SOCKET), option.into()));
    if asked { event.argument("value").cloned() } else { None }
}

/// Returns the descriptor that a call works on: `fd`, or the socket that sendfile(2) writes to.
fn descriptor(event: &Event) -> Option<RawFd> {
    match event.argument("fd").or_else(|| event.argument("out_fd")) {
        Some(Value::Fd(fd)) => Some(*fd),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_what_is_worth_saying() {
        let mut info = [0; INFO_LEN];
        info[0] = ESTABLISHED;
        info[RTT..RTT + 4].copy_from_slice(&40u32.to_ne_bytes());
        let note = Note::read(&info, 6, 0).unwrap();
        assert_eq!(note.to_string(), "state ESTABLISHED · rtt 40 µs · 6 B unacknowledged");
        info[TOTAL_RETRANS..].copy_from_slice(&2u32.to_ne_bytes());
        info[RTT..RTT + 4].copy_from_slice(&40_900u32.to_ne_bytes());
        let note = Note::read(&info, 0, 9).unwrap();
        assert_eq!(
            note.to_string(),
            "state ESTABLISHED · rtt 40 ms · 9 B to be read · 2 segments sent again"
        );
        let json: serde_json::Value = serde_json::from_str(&note.to_json()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "state": "ESTABLISHED", "rtt_us": 40_900, "retransmits": 2, "segments_in_flight": 0,
                "unacknowledged": 0, "unread": 9, "time_wait": false,
            })
        );
    }

    #[test]
    fn a_fin_or_syn_is_no_byte() {
        for (state, expected) in
            [(FIN_WAIT1, 0), (LAST_ACK, 0), (CLOSING, 0), (CLOSE, 0), (ESTABLISHED, 1), (CLOSE_WAIT, 1)]
        {
            assert_eq!(Note::read(&[state], 1, 0).unwrap().unacknowledged, expected);
        }
    }

    #[test]
    fn short_answers_are_read_as_far_as_they_go() {
        assert_eq!(Note::read(&[], 0, 0), None);
        let short = Note::read(&[200, 1, 2, 3, 4], -1, -1).unwrap();
        assert_eq!(short, Note { state: 200, ..Note::default() });
        assert_eq!(short.to_string(), "state 200");
        assert!(short.to_json().starts_with("{\"state\":200,"));
    }
}

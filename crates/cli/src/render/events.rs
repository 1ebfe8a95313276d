//! What happens in a conversation, in words on standard error or as JSON on standard output.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jackfield::codec::{base64, sanitize};
use jackfield::sock::{self, Address};
use jackfield::talk::{Audience, Event, PortState, Transport};
use serde_json::{Value, json};

use super::out;
use crate::args::Given;
use crate::face::Face;

/// Tells events as the user asked for them.
pub(crate) struct Teller {
    json: bool,
    verbose: u8,
    /// Whoever reads the results, where events are results.
    audience: Option<Arc<Audience>>,
}

/// The most characters of an address: no real one has as many, escapes and all.
const ADDRESS: usize = 450;
/// The line that names the format has been written.
static HAS_BEGUN: AtomicBool = AtomicBool::new(false);

/// Writes the line that names the format, if it has not been written; false when it could not be.
pub(crate) fn begin(job: &str) -> bool {
    HAS_BEGUN.swap(true, Ordering::Relaxed) || line(&json!({ "schema": 1, "job": job }))
}

/// Writes one object as a line on standard output; false when it could not be written.
pub(crate) fn line(value: &Value) -> bool {
    out::tell(&format!("{value}\n"))
}

impl Teller {
    pub(crate) fn new(face: Face, given: &Given) -> Self {
        let results = given.switch("json") || given.switch("zero");
        let teller = Self {
            json: given.switch("json"),
            audience: results.then(Arc::default),
            verbose: given.count("verbose"),
        };
        if teller.json && !sock::rehearsing() {
            teller.written(begin(face.name()));
        }
        teller
    }

    /// Returns who reads the results, for the job to end without him.
    pub(crate) fn audience(&self) -> Option<Arc<Audience>> {
        self.audience.clone()
    }

    fn written(&self, is_written: bool) {
        if let Some(audience) = self.audience.as_ref().filter(|_| !is_written) {
            audience.leave();
        }
    }

    /// Tells one event.
    pub(crate) fn tell(&self, event: &Event<'_>) {
        if sock::rehearsing() {
            return;
        }
        if self.json {
            if let Some(value) = as_json(event) {
                self.written(line(&value));
            }
            return;
        }
        let wanted = match event {
            // A port that was not known before must be said.
            Event::Listening { port_is_chosen, .. } => {
                *port_is_chosen || self.verbose > 0 || std::io::stderr().is_terminal()
            }
            Event::Shortage { .. } => true,
            Event::Port { .. } => {
                return self.answer(event);
            }
            // The failure is one client's, and ends nothing that would tell it; what is lost is told.
            Event::ClientFailed { .. }
            | Event::Truncated { .. }
            | Event::TooSlow { .. }
            | Event::InputAbandoned { .. } => true,
            Event::Sent { .. } | Event::Received { .. } => false,
            _ => self.verbose > 0,
        };
        if wanted && let Some(words) = as_words(event) {
            say(&words);
        }
    }

    /// The answer about a port is the job's result: on standard output.
    fn answer(&self, event: &Event<'_>) {
        let Event::Port { state, is_alone, .. } = event else { return };
        // One port is a question with an answer; of a range the open ones are.
        if (*state == PortState::Open || *is_alone || self.verbose > 0)
            && let Some(words) = as_words(event)
        {
            self.written(out::tell(&(words + "\n")));
        }
    }
}

/// Writes a line on standard error in one piece.
fn say(words: &str) {
    let line = format!("{}jack: {words}\n", out::start_of_line());
    // Where standard error is closed there is nobody to tell.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// How much of a message is told: enough for what people type.
const MESSAGE_SHOWN: usize = 1024;

/// Says an event in one line; `None` for those that are bytes.
pub(crate) fn as_words(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Listening { local, transport, .. } => format!("listening on {local} ({})", transport.word()),
        Event::Failed { peer, error } => format!("{peer} did not work: {}", reason(error)),
        Event::Retrying { error, after, left } => {
            format!("{error}; trying again in {after:?} ({left} left)")
        }
        Event::Connected { peer, local, transport, took, .. } => {
            format!("connected to {peer} ({}) from {local} in {took:.1?}", transport.word())
        }
        Event::Accepted { peer, transport, .. } if transport.is_connected() => {
            format!("connection from {peer}")
        }
        Event::Accepted { peer, .. } => format!("first datagram from {peer}"),
        Event::Shortage { error } => {
            format!("cannot accept more for now: {}; those who are connected go on", reason(error))
        }
        Event::InputEnded { given } => {
            format!("the input has ended: its {given} B went to who was here; who comes now gets none of it")
        }
        Event::ClientFailed { peer, error } => format!("failed for {peer}: {error}"),
        Event::Truncated { peer, len, kept } => {
            format!("a message of {len} B from {peer} was cut to {kept} B: the rest is lost")
        }
        Event::Unsent { peer, len, error } => {
            let peer = if **peer == Address::Unspecified {
                "a peer without a name".into()
            } else {
                peer.to_string()
            };
            format!("{len} B for {peer} could not be sent: {}", reason(error))
        }
        Event::TooSlow { peer, waiting, after } => {
            format!(
                "{peer} does not read: {waiting} B wait for it, and it took next to nothing for {after:.1?}; closing"
            )
        }
        Event::OthersDropped { peer, datagrams } => {
            let s = if *datagrams == 1 { "" } else { "s" };
            format!("{datagrams} datagram{s} of others dropped: they came before {peer} was the peer")
        }
        Event::Message { peer, bytes } => {
            let bytes = bytes.trim_ascii_end();
            let shown = bytes.get(..MESSAGE_SHOWN).unwrap_or(bytes);
            let text = sanitize(shown);
            // What follows a line break is still the peer's: indented, it cannot pass for a line of ours.
            let text = String::from_utf8_lossy(&text).replace('\n', "\n    ");
            match bytes.len() - shown.len() {
                0 => format!("message from {peer}: {text}"),
                more => format!("message from {peer}: {text}… and {more} B more"),
            }
        }
        Event::Port { peer, transport, state, .. } => {
            let state = match (state, transport) {
                (PortState::Open, _) => "open",
                (PortState::Closed, _) => "closed",
                (PortState::Silent, Transport::Udp) => "no answer: open or filtered, UDP does not tell",
                (PortState::Silent, _) => "no answer: filtered or far away",
                (PortState::Unreachable, _) => "unreachable",
            };
            format!("{peer} ({}) {state}", transport.word())
        }
        Event::InputAbandoned { peer, after } => {
            format!(
                "{peer} has ended, and the input paused for {after:?}: what comes later is not sent, but with --stay"
            )
        }
        Event::HalfClosed { peer } => format!("everything is sent, and a FIN to {peer}"),
        Event::Reset { peer } => {
            format!("a RST to {peer}: the other end broke, and a FIN would say that everything has come")
        }
        Event::Ended { peer, why, sent, received } => {
            format!("ended with {peer}: {} (sent {sent} B, received {received} B)", why.words())
        }
        Event::Stopped { why } => format!("stopped: {}", why.words()),
        _ => return None,
    })
}

fn reason(error: &sock::Error) -> String {
    error.errno().map_or_else(|| error.to_string(), |errno| errno.to_string())
}

/// An event as an object; docs/json.md describes the fields.
fn as_json(event: &Event<'_>) -> Option<Value> {
    Some(match event {
        Event::Listening { local, transport, .. } => json!({
            "event": "listening", "transport": transport.word(), "local": address(local), "port": port(local),
        }),
        Event::Failed { peer, error } => json!({
            "event": "failed", "peer": address(peer), "call": error.op().name(), "errno": errno(error),
        }),
        Event::Retrying { error, after, left } => json!({
            "event": "retrying", "error": error.to_string(), "after_ms": milliseconds(*after), "left": left,
        }),
        Event::Connected { peer, local, host, transport, took } => json!({
            "event": "connected", "transport": transport.word(), "host": host, "peer": address(peer),
            "local": address(local), "took_ms": milliseconds(*took),
        }),
        Event::Accepted { peer, local, transport } => json!({
            "event": "accepted", "transport": transport.word(), "peer": address(peer), "local": address(local),
        }),
        Event::Truncated { peer, len, kept } => {
            json!({ "event": "truncated", "peer": address(peer), "len": len, "kept": kept })
        }
        Event::Unsent { peer, len, error } => json!({
            "event": "unsent", "peer": address(peer), "len": len, "call": error.op().name(), "errno": errno(error),
        }),
        Event::TooSlow { peer, waiting, after } => json!({
            "event": "too_slow", "peer": address(peer), "waiting": waiting, "after_ms": milliseconds(*after),
        }),
        Event::OthersDropped { peer, datagrams } => json!({
            "event": "others_dropped", "peer": address(peer), "datagrams": datagrams,
        }),
        Event::InputEnded { given } => json!({ "event": "input_ended", "given": given }),
        Event::ClientFailed { peer, error } => {
            let socket = error.socket_error();
            json!({
                "event": "client_failed", "peer": address(peer), "error": error.to_string(),
                "call": socket.map(|error| error.op().name()), "errno": socket.and_then(errno),
            })
        }
        Event::Stopped { why } => {
            json!({ "event": "stopped", "why": snake(&format!("{why:?}")), "words": why.words() })
        }
        Event::Shortage { error } => json!({ "event": "shortage", "errno": errno(error) }),
        Event::Received { peer, bytes } => data("received", Some(peer), bytes),
        Event::Sent { peer, bytes } => data("sent", *peer, bytes),
        Event::Port { peer, host, transport, state, error, .. } => json!({
            "event": "port", "transport": transport.word(), "host": host, "peer": address(peer), "port": port(peer),
            "state": match state {
                PortState::Open => "open",
                PortState::Closed => "closed",
                PortState::Silent => "no_answer",
                PortState::Unreachable => "unreachable",
            },
            "errno": error.and_then(errno),
        }),
        Event::InputAbandoned { peer, after } => json!({
            "event": "input_abandoned", "peer": address(peer), "after_ms": milliseconds(*after),
        }),
        Event::HalfClosed { peer } => json!({ "event": "half_closed", "peer": address(peer) }),
        Event::Reset { peer } => json!({ "event": "reset", "peer": address(peer) }),
        Event::Ended { peer, why, sent, received } => json!({
            "event": "ended", "peer": address(peer), "why": snake(&format!("{why:?}")), "words": why.words(),
            "sent": sent, "received": received,
        }),
        _ => return None,
    })
}

/// Bytes as text where they are text, else as base64.
fn data(event: &str, peer: Option<&Address>, bytes: &[u8]) -> Value {
    let peer = peer.map(address);
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({ "event": event, "peer": peer, "len": bytes.len(), "text": text }),
        Err(_) => {
            json!({ "event": event, "peer": peer, "len": bytes.len(), "base64": base64::encode(bytes) })
        }
    }
}

fn address(address: &Address) -> Value {
    match address {
        Address::Unspecified => Value::Null,
        address => {
            // A path that no socket can have may be as long as an argument.
            let text = address.to_string();
            match text.char_indices().nth(ADDRESS) {
                Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
                None => text.into(),
            }
        }
    }
}

fn port(address: &Address) -> Option<u16> {
    address.ip().map(|ip| ip.port())
}

fn errno(error: &sock::Error) -> Option<&'static str> {
    error.errno().and_then(sock::Errno::name)
}

fn milliseconds(duration: std::time::Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// `PeerClosed` and `Idle(5s)` become `peer_closed` and `idle`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars().take_while(|c| c.is_ascii_alphabetic()) {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_told_by_its_beginning() {
        let told = |bytes: &[u8]| as_words(&Event::Message { peer: &Address::Unspecified, bytes }).unwrap();
        assert!(told(b"hello\n").ends_with(": hello"));
        assert!(told(&[b'x'; 1024]).ends_with("xxx"));
        assert!(told(&[b'x'; 5000]).ends_with("xxx… and 3976 B more"));
    }
}

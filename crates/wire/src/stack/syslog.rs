//! Syslog: the messages of BSD, RFC 3164, and of RFC 5424, section 6.
//!
//! ```text
//!  <PRI>TIMESTAMP HOSTNAME CONTENT                                                   (RFC 3164)
//!  <PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG         (RFC 5424)
//! ```
//!
//! PRI is the facility times eight plus the severity, in at most three digits.

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::line::{self, Line, Reader, Told};
use crate::packet::{Packet, Step};
use crate::walk::{Value, Walk};

/// Its parts: all of it is text.
const PARTS: &[Field] = &[
    Field::variable("pri", "", Kind::Text, "Priority: facility and severity."),
    Field::variable("facility", "syslog.facility", Kind::DecOf(facility), "Facility: what part of the system it comes from.").derived(),
    Field::variable("severity", "syslog.level", Kind::DecOf(severity), "Level: how bad it is.").derived(),
    Field::variable("msg", "syslog.msg", Kind::Text, "Message: what happened."),
    Field::variable("time", "syslog.timestamp_rfc3164", Kind::Text, "Timestamp: as BSD writes it.").derived(),
    Field::variable("version", "syslog.version", Kind::Text, "Version: 1.").derived(),
    Field::variable("timestamp", "syslog.timestamp", Kind::Text, "Timestamp: as RFC 3339 writes it.").derived(),
    Field::variable("hostname", "syslog.hostname", Kind::Text, "Host name: of the machine.").derived(),
    Field::variable("appname", "syslog.appname", Kind::Text, "App name: of the program.").derived(),
    Field::variable("procid", "syslog.procid", Kind::Text, "Process ID: or BSD's tag.").derived(),
    Field::variable("msgid", "syslog.msgid", Kind::Text, "Message ID: and what follows.").derived(),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "syslog",
    scapy: "Syslog",
    title: "Syslog message",
    more: &[PARTS],
    dissect: Step::whole,
    walk,
    line,
    ..Protocol::BARE
};

/// How many digits a priority has at most.
const MOST_DIGITS: usize = 3;

/// What a message begins with.
enum Begin {
    /// A priority, and behind how many bytes the message begins.
    Priority(u16, usize),
    /// Something else.
    Other,
    /// Nothing that is whole.
    Cut,
}

/// Reads the priority; no digits are zero.
fn priority(bytes: &[u8]) -> Begin {
    let Some((first, digits)) = bytes.split_first() else { return Begin::Cut };
    if *first != b'<' {
        return Begin::Other;
    }
    let mut number = 0;
    for (place, byte) in digits.iter().enumerate().take(MOST_DIGITS + 1) {
        match byte {
            b'>' => return Begin::Priority(number, place + 2),
            b'0'..=b'9' if place < MOST_DIGITS => number = number * 10 + u16::from(byte - b'0'),
            _ => return Begin::Other,
        }
    }
    Begin::Cut
}

fn facility(number: u64) -> Option<&'static str> {
    FACILITIES.get(usize::try_from(number).ok()?).copied()
}

fn severity(number: u64) -> Option<&'static str> {
    SEVERITIES.get(usize::try_from(number).ok()?).copied()
}

const FACILITIES: [&str; 24] = [
    "kernel", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "security",
    "console", "cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];

const SEVERITIES: [&str; 8] = ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"];

fn walk(walk: &mut Walk<'_, '_>) {
    if let Begin::Priority(priority, len) = priority(walk.rest()) {
        walk.bytes(row!(PARTS, "pri"), len);
        walk.derived(row!(PARTS, "facility"), Value::Uint(u64::from(priority >> 3)));
        walk.derived(row!(PARTS, "severity"), Value::Uint(u64::from(priority & 7)));
    }
    let message = walk.rest();
    walk.bytes(row!(PARTS, "msg"), usize::MAX);
    let message = message.strip_suffix(&[0]).unwrap_or(message);
    match message {
        [b'1', b' ', rest @ ..] => structured(walk, rest),
        _ => bsd(walk, message),
    }
}

/// Takes a word and the blank that ends it off text.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = text.iter().position(|byte| *byte == b' ')?;
    let (word, rest) = text.split_at_checked(blank)?;
    rest.split_first().map(|(_, rest)| (word, rest))
}

/// Shows the parts of a message of RFC 5424, as far as they are there.
fn structured<'a>(walk: &mut Walk<'a, '_>, mut text: &'a [u8]) {
    walk.derived(row!(PARTS, "version"), Value::Bytes(b"1"));
    let parts =
        [row!(PARTS, "timestamp"), row!(PARTS, "hostname"), row!(PARTS, "appname"), row!(PARTS, "procid")];
    for part in parts {
        let Some((value, rest)) = word(text) else { return };
        walk.derived(part, Value::Bytes(value));
        text = rest;
    }
    walk.derived(row!(PARTS, "msgid"), Value::Bytes(text));
}

/// Shows the parts of a message of RFC 3164: `Oct 11 22:14:15 host tag: text`.
fn bsd<'a>(walk: &mut Walk<'a, '_>, text: &'a [u8]) {
    let Some((time, rest)) = text.split_first_chunk::<16>() else { return };
    let [.., b' ', _, _, b' ', _, _, b':', _, _, b':', _, _, b' '] = time else { return };
    walk.derived(row!(PARTS, "time"), Value::Bytes(time.trim_ascii_end()));
    let Some((host, rest)) = word(rest) else { return };
    walk.derived(row!(PARTS, "hostname"), Value::Bytes(host));
    let tag = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
    let Some((tag, rest)) = tag.and_then(|tag| rest.split_at_checked(tag)) else { return };
    walk.derived(row!(PARTS, "procid"), Value::Bytes(tag));
    walk.derived(row!(PARTS, "msgid"), Value::Bytes(rest));
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let len = layer.wire_end - layer.start;
    let reader = Reader::new("syslog", line::readable(packet, index));
    let bytes = reader.all();
    let (priority, begin) = match priority(bytes.get(..len).unwrap_or(bytes)) {
        Begin::Priority(priority, begin) => (priority, begin),
        Begin::Other => {
            line.invalid();
            return Ok(());
        }
        Begin::Cut => return Err(reader.cut()),
    };
    let (place, level) = (priority >> 3, priority & 7);
    let words = |line: &mut Line<'_>, name: Option<&str>, number: u16| match name {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("unknown ({number})")),
    };
    if line.style().verbose == 0 {
        line.text("SYSLOG ");
        words(line, facility(place.into()), place);
        line.text(".");
        words(line, severity(level.into()), level);
        line.fmt(format_args!(", length: {len}"));
        return Ok(());
    }
    line.fmt(format_args!("SYSLOG, length: {len}\n\tFacility "));
    words(line, facility(place.into()), place);
    line.fmt(format_args!(" ({place}), Severity "));
    words(line, severity(level.into()), level);
    line.fmt(format_args!(" ({level})\n\tMsg: "));
    let message = bytes.get(begin..len).or_else(|| bytes.get(begin..)).unwrap_or_default();
    line.safe(message);
    if bytes.len() < len {
        return Err(reader.cut());
    }
    if line.style().verbose > 1 {
        line.hex_rows("\n\t", bytes.get(..len).unwrap_or_default());
    }
    Ok(())
}

//! Network Time Protocol: RFC 5905, section 7.3; control messages as RFC 9327 has them, the private ones as ntpd does.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |LI | VN  |Mode |    Stratum     |     Poll      |  Precision   |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Root Delay                            |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Root Dispersion                       |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                          Reference ID                         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |        Reference, Origin, Receive, Transmit Timestamp         |
//! |                        (64 bits each)                         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |            Extension fields, key identifier, digest           |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{self, Line, Reader, Told};
use crate::packet::{Input, Packet, Step};
use crate::time::{self, Date};
use crate::walk::{Value, Walk};

header! {
    /// What every message begins with.
    pub struct Ntp: 1 bytes;

    /// Flags: leap second, version and mode.
    flags: u8 = 0..8, Hex, "ntp.flags", default(0x23);
    /// Leap indicator: whether the month's last minute has another length.
    leap: u8 = 0..2, DecOf(leap), "ntp.flags.li", part;
    /// Version number: of the protocol.
    version: u8 = 2..5, Dec, "ntp.flags.vn", part;
    /// Mode: who speaks.
    mode: u8 = 5..8, DecOf(mode), "ntp.flags.mode", part;
}

header! {
    /// What a message about the time goes on with.
    pub struct Clock: 47 bytes;

    /// Peer clock stratum: how many servers are between it and a clock.
    stratum: u8 = 0..8, DecOf(stratum), "ntp.stratum", default(2);
    /// Peer polling interval: the most seconds between messages, as a power of two.
    poll: u8 = 8..16, Dec, "ntp.ppoll", default(10);
    /// Peer clock precision: in seconds, as a power of two.
    precision: u8 = 16..24, Dec, "ntp.precision", default(0);
    /// Root delay: to the clock and back, in 65,536ths of a second.
    delay: u32 = 24..56, Dec, "ntp.rootdelay", default(0);
    /// Root dispersion: the most that the clock may be wrong, in 65,536ths of a second.
    dispersion: u32 = 56..88, Dec, "ntp.rootdispersion", default(0);
    /// Reference ID: the clock's or server's name.
    ref_id: u32 = 88..120, Bytes, "ntp.refid", default(0x7f00_0001);
    /// Reference timestamp: when the clock was last set.
    r#ref: u64 = 120..184, NtpTime, "ntp.reftime", default(0);
    /// Origin timestamp: when the question left the client.
    orig: u64 = 184..248, NtpTime, "ntp.org", default(0);
    /// Receive timestamp: when it came to the server.
    recv: u64 = 248..312, NtpTime, "ntp.rec", default(0);
    /// Transmit timestamp: when this message left.
    sent: u64 = 312..376, NtpTime, "ntp.xmt", default(0);
}

header! {
    /// What an extension field begins with: RFC 7822.
    pub struct Extension: 4 bytes;

    /// Field type: which it is.
    r#type: u16 = 0..16, Hex, "ntp.ext.type", default(0);
    /// Length: of the whole field.
    len: u16 = 16..32, Dec, "ntp.ext.length", computed(Record);
}

header! {
    /// What a control message goes on with: RFC 9327, section 2.
    pub struct Control: 11 bytes;

    /// Flags: and the operation.
    flags2: u8 = 0..8, Hex, "ntp.ctrl.flags2", default(2);
    /// Response: it is an answer.
    response: bool = 0..1, Flag, "ntp.ctrl.flags2.r", part;
    /// Error: it could not be done.
    err: bool = 1..2, Flag, "ntp.ctrl.flags2.error", part;
    /// More: it is not the last part.
    more: bool = 2..3, Flag, "ntp.ctrl.flags2.more", part;
    /// Operation code: what is to be done.
    op_code: u8 = 3..8, Dec, "ntp.ctrl.flags2.opcode", part;
    /// Sequence number: the same in question and answer.
    sequence: u16 = 8..24, Dec, "ntp.ctrl.sequence", default(0);
    /// Status: of the system, the peer or the clock.
    status: u16 = 24..40, Hex, "ntp.ctrl.status", default(0);
    /// Association ID: whose status it is.
    association_id: u16 = 40..56, Dec, "ntp.ctrl.associd", default(0);
    /// Offset: of this part, in bytes.
    offset: u16 = 56..72, Dec, "ntp.ctrl.offset", default(0);
    /// Count: of the bytes of data.
    count: u16 = 72..88, Dec, "ntp.ctrl.count", default(0);
}

header! {
    /// What a private message of ntpd goes on with.
    pub struct Private: 7 bytes;

    /// Authentication and sequence: of this part.
    auth_seq: u8 = 0..8, Dec, "ntp.priv.auth_seq", default(0);
    /// Authentication: whether there is a digest.
    auth: bool = 0..1, Flag, "ntp.priv.auth", part;
    /// Sequence number: of this part.
    seq: u8 = 1..8, Dec, "ntp.priv.seq", part;
    /// Implementation: whose requests they are.
    implementation: u8 = 8..16, Dec, "ntp.priv.impl", default(3);
    /// Request code: what is to be done.
    request_code: u8 = 16..24, Dec, "ntp.priv.reqcode", default(0);
    /// Error: how it went.
    error: u8 = 24..28, Hex, "ntp.priv.err", default(0);
    /// Number of items: how many follow.
    nb_items: u16 = 28..40, Dec, "ntp.priv.numitems", default(0);
    /// Reserved: must be zero.
    mbz: u8 = 40..44, Hex, "ntp.priv.reserved", default(0);
    /// Size of an item: in bytes.
    data_item_size: u16 = 44..56, Dec, "ntp.priv.itemsize", default(0);
}

/// What has no fixed place.
const PARTS: &[Field] = &[
    Field::variable("ext", "ntp.ext", Kind::Record, "Extension field: more about the time."),
    Field::bytes("value", "ntp.ext.value", "Value: of an extension field."),
    Field::bytes("key_id", "ntp.keyid", "Key ID: which key made the digest."),
    Field::bytes("dgst", "ntp.mac", "Message authentication code: the digest."),
    Field::variable("data", "ntp.ctrl.data", Kind::Text, "Data: names and values."),
    Field::bytes("req_data", "ntp.priv.data", "Items: of the request or answer."),
    Field::variable("priv_response", "ntp.priv.flags.r", Kind::Dec, "Response: it is an answer.").derived(),
    Field::variable("priv_more", "ntp.priv.flags.more", Kind::Dec, "More: it is not the last part.").derived(),
];

/// Makes a row of bits of a status.
const fn bits(name: &'static str, path: &'static str, from: u16, to: u16, kind: Kind, doc: &'static str) -> Field {
    Field { from, to, ..Field::variable(name, path, kind, doc).derived() }
}

/// The status of the system: RFC 9327, section 3.1.
const SYSTEM_STATUS: &[Field] = &[
    bits("sys_li", "ntp.ctrl.sys_status.li", 0, 2, Kind::DecOf(leap), "Leap indicator: of the system."),
    bits("sys_clksrc", "ntp.ctrl.sys_status.clksrc", 2, 8, Kind::Dec, "Clock source: what the time comes from."),
    bits("sys_count", "ntp.ctrl.sys_status.count", 8, 12, Kind::Dec, "Event counter: since it was asked last."),
    bits("sys_code", "ntp.ctrl.sys_status.code", 12, 16, Kind::Dec, "Event code: the last."),
];
/// The status of a peer: RFC 9327, section 3.2.
const PEER_STATUS: &[Field] = &[
    bits("peer_config", "ntp.ctrl.peer_status.config", 0, 1, Kind::Flag, "Configured: it stands in the configuration."),
    bits("peer_authenable", "ntp.ctrl.peer_status.authenable", 1, 2, Kind::Flag, "Authentication enabled: its messages must have a digest."),
    bits("peer_authentic", "ntp.ctrl.peer_status.authentic", 2, 3, Kind::Flag, "Authentic: the last had a good one."),
    bits("peer_reach", "ntp.ctrl.peer_status.reach", 3, 4, Kind::Flag, "Reachable: it answers."),
    bits("peer_bcast", "ntp.ctrl.peer_status.bcast", 4, 5, Kind::Flag, "Broadcast: it is one that broadcasts."),
    bits("peer_selection", "ntp.ctrl.peer_status.selection", 5, 8, Kind::Dec, "Selection: whether it is believed."),
    bits("peer_count", "ntp.ctrl.peer_status.count", 8, 12, Kind::Dec, "Event counter: since it was asked last."),
    bits("peer_code", "ntp.ctrl.peer_status.code", 12, 16, Kind::Dec, "Event code: the last."),
];
/// The status of a clock: RFC 9327, section 3.3.
const CLOCK_STATUS: &[Field] = &[
    bits("clock_status", "ntp.ctrl.clock_status.status", 0, 8, Kind::Dec, "Clock status: how it is."),
    bits("clock_code", "ntp.ctrl.clock_status.code", 8, 16, Kind::Dec, "Event code: the last."),
];
/// The status of an answer that says that it could not be done: RFC 9327, section 3.4.
const ERROR_STATUS: &[Field] =
    &[bits("err_status", "ntp.ctrl.err_status", 0, 8, Kind::Dec, "Error status: why it could not be done.")];

/// Returns what the status of a control message is made of.
fn status_of(control: &Control<'_>) -> &'static [Field] {
    match (control.response(), control.err(), control.op_code(), control.association_id()) {
        (false, ..) => &[],
        (_, true, ..) => ERROR_STATUS,
        (_, _, 1 | 2 | 3 | 7, 0) => SYSTEM_STATUS,
        (_, _, 1 | 2 | 3 | 7, _) => PEER_STATUS,
        (_, _, 4 | 5, _) => CLOCK_STATUS,
        _ => &[],
    }
}

/// The modes that are told in words of their own.
const CONTROL: u8 = 6;
const PRIVATE: u8 = 7;

fn leap(number: u64) -> Option<&'static str> {
    ["", "+1s", "-1s", "clock unsynchronized"].get(usize::try_from(number).ok()?).copied()
}

fn mode(number: u64) -> Option<&'static str> {
    const MODES: [&str; 8] = [
        "unspecified", "symmetric active", "symmetric passive", "Client", "Server", "Broadcast", "Control Message", "Reserved",
    ];
    MODES.get(usize::try_from(number).ok()?).copied()
}

fn stratum(number: u64) -> Option<&'static str> {
    match number {
        0 => Some("unspecified"),
        1 => Some("primary reference"),
        2..=15 => Some("secondary reference"),
        _ => Some("reserved"),
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ntp",
    scapy: "NTP",
    title: "Network Time Protocol",
    fields: Ntp::FIELDS,
    more: &[
        Clock::FIELDS,
        Extension::FIELDS,
        Control::FIELDS,
        Private::FIELDS,
        SYSTEM_STATUS,
        PEER_STATUS,
        CLOCK_STATUS,
        ERROR_STATUS,
        PARTS,
    ],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let need = match Ntp::new(input.bytes).map(|header| header.mode()) {
        Some(PRIVATE) => Private::LEN,
        Some(CONTROL) => Control::LEN,
        _ => Clock::LEN,
    };
    if input.bytes.len() < Ntp::LEN + need {
        return Step::short(input, Ntp::LEN + need, "an NTP message");
    }
    Step::whole(input)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(header) = Ntp::new(walk.rest()) else { return };
    walk.table(Ntp::FIELDS, Ntp::LEN);
    match header.mode() {
        CONTROL => {
            let Some(control) = Control::new(walk.rest()) else { return };
            walk.table(Control::FIELDS, Control::LEN);
            for field in status_of(&control) {
                walk.derived(field, Value::Uint(field.read(&control.status().to_be_bytes())));
            }
            walk.bytes(row!(PARTS, "data"), control.count().into());
        }
        PRIVATE => {
            walk.derived(row!(PARTS, "priv_response"), Value::Uint(u64::from(header.leap() >> 1)));
            walk.derived(row!(PARTS, "priv_more"), Value::Uint(u64::from(header.leap() & 1)));
            walk.table(Private::FIELDS, Private::LEN);
            walk.bytes(row!(PARTS, "req_data"), usize::MAX);
        }
        _ => {
            if walk.table(Clock::FIELDS, Clock::LEN) {
                behind_the_clock(walk);
            }
        }
    }
}

/// Walks extension fields, key and digest. What is no longer than the longest digest with its key is that: RFC 7822, section 3.
fn behind_the_clock(walk: &mut Walk<'_, '_>) {
    const LONGEST_DIGEST: usize = 24;
    while walk.rest().len() > LONGEST_DIGEST {
        let len = Extension::new(walk.rest()).map_or(0, |extension| usize::from(extension.len()));
        if len < 16 || len > walk.rest().len() {
            return walk.malformed(16, "an extension field's length");
        }
        walk.record(row!(PARTS, "ext"), len, |walk| {
            walk.table(Extension::FIELDS, Extension::LEN);
            walk.bytes(row!(PARTS, "value"), len);
        });
    }
    walk.bytes(row!(PARTS, "key_id"), 4);
    walk.bytes(row!(PARTS, "dgst"), usize::MAX);
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let len = layer.wire_end - layer.start;
    let mut reader = Reader::new("ntp", line::readable(packet, index));
    let header = Ntp::new(reader.all()).ok_or_else(|| reader.cut())?;
    reader.u8()?;
    let mode = mode(header.mode().into()).unwrap_or_default();
    line.fmt(format_args!("NTPv{}, {mode}, length {len}", header.version()));
    if line.style().verbose == 0 {
        return Ok(());
    }
    let leap = leap(header.leap().into()).unwrap_or_default();
    line.fmt(format_args!("\n\tLeap indicator: {leap} ({})", header.flags() & 0xc0));
    match header.mode() {
        PRIVATE => Ok(()),
        CONTROL if len >= Ntp::LEN + Control::LEN => control(line, &mut reader, len),
        CONTROL => invalid(line, reader, len),
        _ if len >= Ntp::LEN + Clock::LEN => clock(line, &mut reader, len),
        _ => invalid(line, reader, len),
    }
}

/// Says that a message cannot be meant, and whether not all of it was captured.
fn invalid(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    line.invalid();
    reader.from(0).need(len)
}

/// Writes a control message.
fn control(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    let flags = reader.u8()?;
    let choose = |bit: u8, set, unset| if flags & bit == 0 { unset } else { set };
    let (response, error, more) = (choose(0x80, "Response", "Request"), choose(0x40, "Error", "OK"), choose(0x20, "More", "Last"));
    line.fmt(format_args!(", {response}, {error}, {more}, OpCode={}\n", flags & 0x1f));
    line.fmt(format_args!("\tSequence={}", reader.u16()?));
    match reader.u16()? {
        0 => line.text(", Status=0"),
        status => line.fmt(format_args!(", Status={status:#x}")),
    }
    line.fmt(format_args!(", Assoc.={}", reader.u16()?));
    line.fmt(format_args!(", Offset={}", reader.u16()?));
    let count = reader.u16()?;
    line.fmt(format_args!(", Count={count}"));
    if reader.at() + usize::from(count) > len {
        return invalid(line, *reader, len);
    }
    if count > 0 {
        reader.take(count.into())?;
        line.text("\n\tTO-BE-DONE: data not interpreted");
    }
    Ok(())
}

/// Writes a message about the time.
fn clock(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    let level = reader.u8()?;
    line.fmt(format_args!(", Stratum {level} ({})", stratum(level.into()).unwrap_or_default()));
    let poll = reader.u8()?.cast_signed();
    line.fmt(format_args!(", poll {poll}"));
    match (poll, poll.unsigned_abs()) {
        (0.., power @ ..32) => line.fmt(format_args!(" ({}s)", 1_u32 << power)),
        (_, power @ ..32) => line.fmt(format_args!(" (1/{}s)", 1_u32 << power)),
        _ => {}
    }
    line.fmt(format_args!(", precision {}", reader.u8()?.cast_signed()));
    for title in ["\n\tRoot Delay: ", ", Root dispersion: "] {
        let number = reader.u32()?;
        let millionths = (u64::from(number & 0xffff) * 1_000_000) >> 16;
        line.fmt(format_args!("{title}{}.{millionths:06}", number >> 16));
    }
    let reference = reader.array::<4>()?;
    line.text(", Reference-ID: ");
    match level {
        0 => line.text("(unspec)"),
        1 => line.safe(&reference),
        _ => line.fmt(format_args!("0x{:08x}", u32::from_be_bytes(reference))),
    }
    let titles =
        ["Reference Timestamp:  ", "Originator Timestamp: ", "Receive Timestamp:    ", "Transmit Timestamp:   "];
    let mut stamps = [0; 4];
    for (title, stamp) in titles.iter().zip(&mut stamps) {
        *stamp = reader.u64()?;
        line.fmt(format_args!("\n\t  {title}"));
        timestamp(line, *stamp);
    }
    let [_, origin, receive, transmit] = stamps;
    for (title, stamp) in [("Receive Timestamp:  ", receive), ("Transmit Timestamp: ", transmit)] {
        line.fmt(format_args!("\n\t    Originator - {title}"));
        difference(line, origin, stamp);
    }
    match len - reader.at() {
        0 => {}
        behind @ (4 | 20 | 24) => {
            line.fmt(format_args!("\n\tKey id: {}", reader.u32()?));
            if behind > 4 {
                let digest = reader.take(behind - 4)?;
                line.text("\n\tAuthentication: ");
                digest.iter().for_each(|byte| line.hex_wide(*byte, 2));
            }
        }
        behind => line.fmt(format_args!("\n\t({behind} more bytes after the header)")),
    }
    Ok(())
}

/// Writes a timestamp in seconds since 1900, and its date.
fn timestamp(line: &mut Line<'_>, stamp: u64) {
    let seconds = stamp >> 32;
    line.fmt(format_args!("{seconds}.{:09}", time::ntp_fraction(stamp)));
    if seconds > 0 {
        let since_1970 = i64::try_from(seconds).unwrap_or(0) - time::FROM_1900_TO_1970;
        let Date { year, month, day, hour, minute, second } = time::date(since_1970);
        line.fmt(format_args!(" ({year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z)"));
    }
}

/// Writes how much later a timestamp is than the origin; without an origin, the timestamp.
fn difference(line: &mut Line<'_>, origin: u64, stamp: u64) {
    if origin == 0 {
        return timestamp(line, stamp);
    }
    let by = stamp.abs_diff(origin);
    line.text(if stamp > origin { "+" } else { "-" });
    line.fmt(format_args!("{}.{:09}", by >> 32, time::ntp_fraction(by)));
}

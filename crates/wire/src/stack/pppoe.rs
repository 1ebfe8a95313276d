//! PPP over Ethernet: RFC 2516, section 4; the tags: its appendix A, and RFC 4638.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  VER  | TYPE  |      CODE     |          SESSION_ID           |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |            LENGTH             |  payload: PPP, or tags
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |          TAG_TYPE             |          TAG_LENGTH           |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |          TAG_VALUE …
//! +-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::number::link_type;
use crate::packet::{Fault, Input, Next, Packet, Status, Step};
use crate::walk::Walk;

header! {
    /// The header, without tags.
    pub struct Pppoe: 6 bytes;

    /// Version: 1.
    version: u8 = 0..4, Dec, "pppoe.version", default(1);
    /// Type: 1.
    r#type: u8 = 4..8, Dec, "pppoe.type", default(1);
    /// Code: 0 in a session, or which step of finding one.
    code: u8 = 8..16, HexOf(code_name), "pppoe.code", default(0);
    /// Session: its number.
    sessionid: u16 = 16..32, HexDigits(4), "pppoe.session_id", default(0);
    /// Length: of the payload, without padding.
    len: u16 = 32..48, Dec, "pppoe.payload_length", computed(Payload);
}

header! {
    /// The header before tags.
    pub struct Discovery: 6 bytes;

    /// Version: 1.
    version: u8 = 0..4, Dec, "pppoe.version", default(1);
    /// Type: 1.
    r#type: u8 = 4..8, Dec, "pppoe.type", default(1);
    /// Code: which step of finding a concentrator.
    code: u8 = 8..16, HexOf(code_name), "pppoe.code", default(9);
    /// Session: its number, once there is one.
    sessionid: u16 = 16..32, HexDigits(4), "pppoe.session_id", default(0);
    /// Length: of the tags, without padding.
    len: u16 = 32..48, Dec, "pppoe.payload_length", computed(Following);
}

header! {
    /// What every tag begins with.
    pub struct Tag: 4 bytes;

    /// Tag type: what the tag says.
    tag_type: u16 = 0..16, HexOf(tag_name), "pppoed.tag", default(0);
    /// Tag length: of its value.
    tag_len: u16 = 16..32, Dec, "pppoed.tag_length", computed(Following);
}

/// The code of a session; all others are of finding one.
const SESSION: u8 = 0;

/// The code of the first step: who is there?
const INITIATION: u8 = 0x09;
/// How long the payload of that may be, so that a relay can add a tag: RFC 2516, section 5.1.
const LONGEST_INITIATION: u16 = 1478;

/// The tag that ends the list.
const END_OF_LIST: u16 = 0;

/// The values of tags.
const VALUES: &[Field] = &[
    Field::variable("tag", "", Kind::Record, "Tag: what is said or asked for."),
    Field::variable("service_name", "pppoed.tags.service_name", Kind::Text, "Service name: which is wanted or offered."),
    Field::variable("ac_name", "pppoed.tags.ac_name", Kind::Text, "Access concentrator: its name."),
    Field::bytes("host_uniq", "pppoed.tags.host_uniq", "Host's own: by which it finds the answer."),
    Field::bytes("ac_cookie", "pppoed.tags.ac_cookie", "Cookie: of the access concentrator."),
    Field::bytes("relay_session_id", "pppoed.tags.relay_session_id", "Relay's session: by which it finds the host."),
    Field::bytes("max_payload", "pppoed.tags.max_payload", "Most payload: how long packets may be; RFC 4638."),
    Field::variable("service_name_error", "pppoed.tags.service_name_error", Kind::Text, "Service name error: why not."),
    Field::variable("ac_system_error", "pppoed.tags.ac_system_error", Kind::Text, "System error: of the concentrator."),
    Field::variable("generic_error", "pppoed.tags.generic_error", Kind::Text, "Error: what went wrong."),
    Field::bytes("value", "pppoed.tag.unknown_data", "Value: of a tag that is not described."),
];

/// What both kinds of packet may have, whatever their EtherType.
pub(super) const MORE: &[&[Field]] = &[Pppoe::FIELDS, Discovery::FIELDS, Tag::FIELDS, VALUES];

/// Tells whether a header is of a session, whose payload is PPP.
pub(super) fn is_session(header: &[u8]) -> bool {
    Pppoe::new(header).is_none_or(|header| header.code() == SESSION)
}

/// Names a code.
fn code_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0x07 => "PADO",
        0x09 => "PADI",
        0x19 => "PADR",
        0x65 => "PADS",
        0xa7 => "PADT",
        0x00 => "",
        _ => return None,
    })
}

/// Names a tag.
fn tag_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0x0000 => "EOL",
        0x0101 => "Service-Name",
        0x0102 => "AC-Name",
        0x0103 => "Host-Uniq",
        0x0104 => "AC-Cookie",
        0x0105 => "Vendor-Specific",
        0x0110 => "Relay-Session-ID",
        0x0120 => "PPP-Max-Payload",
        0x0201 => "Service-Name-Error",
        0x0202 => "AC-System-Error",
        0x0203 => "Generic-Error",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "pppoes",
    scapy: "PPPoE",
    title: "PPP-over-Ethernet Session",
    fields: Pppoe::FIELDS,
    more: MORE,
    is_fixed: is_session,
    dissect,
    walk,
    line,
    link_end: |packet, index| packet.bytes.get(..Pppoe::LEN).filter(|_| index == 0).map(<[_]>::len),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Pppoe::new(input.bytes) else {
        return Step::short(input, Pppoe::LEN, "a PPPoE header");
    };
    let (len, there) = (usize::from(header.len()), input.wire_len - Pppoe::LEN);
    let mut status = Status::Ok;
    if len > there {
        let why = "as many bytes as the length says";
        status = Status::Malformed(Fault { at: 4, need: len, have: there, why });
    }
    let len = len.min(there);
    if header.code() == SESSION {
        let next = Next::Number(Space::Link, link_type::PPP);
        return Step { header: Pppoe::LEN, payload: len, next, status };
    }
    // Tags are a part of the header.
    let have = (input.bytes.len() - Pppoe::LEN).min(len);
    Step { header: Pppoe::LEN + have, payload: len - have, next: Next::Bytes, status }
}

fn walk(walk: &mut Walk<'_, '_>) {
    if is_session(walk.rest()) {
        walk.table(Pppoe::FIELDS, Pppoe::LEN);
        return;
    }
    walk.table(Discovery::FIELDS, Discovery::LEN);
    while let Some(tag) = Tag::new(walk.rest()) {
        let len = usize::from(tag.tag_len());
        walk.record(row!(VALUES, "tag"), Tag::LEN + len, |walk| {
            walk.table(Tag::FIELDS, Tag::LEN);
            let field = match tag.tag_type() {
                0x0101 => row!(VALUES, "service_name"),
                0x0102 => row!(VALUES, "ac_name"),
                0x0103 => row!(VALUES, "host_uniq"),
                0x0104 => row!(VALUES, "ac_cookie"),
                0x0110 => row!(VALUES, "relay_session_id"),
                0x0120 => row!(VALUES, "max_payload"),
                0x0201 => row!(VALUES, "service_name_error"),
                0x0202 => row!(VALUES, "ac_system_error"),
                0x0203 => row!(VALUES, "generic_error"),
                _ => row!(VALUES, "value"),
            };
            walk.bytes(field, len);
        });
        if tag.tag_type() == END_OF_LIST {
            return;
        }
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let wire_len = packet.wire_len - layer.start;
    if wire_len < Pppoe::LEN {
        line.fmt(format_args!(" (length {wire_len} < {})", Pppoe::LEN));
        line.invalid();
        return Ok(());
    }
    // A tag may be read beyond the length.
    let bytes = packet.bytes.get(layer.start..).unwrap_or_default();
    let mut reader = Reader::new("pppoe", bytes);
    reader.need(Pppoe::LEN)?;
    let Some(header) = Pppoe::new(bytes) else { return Ok(()) };
    reader.take(Pppoe::LEN)?;
    if header.version() != 1 {
        line.fmt(format_args!(" [ver {}]", header.version()));
    }
    if header.r#type() != 1 {
        line.fmt(format_args!(" [type {}]", header.r#type()));
    }
    line.text("PPPoE ");
    match code_name(header.code().into()) {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("PAD-{:x}", header.code())),
    }
    if header.code() == INITIATION && header.len() > LONGEST_INITIATION {
        line.fmt(format_args!(" [len {}!]", header.len()));
    }
    if let Status::Malformed(Fault { need, have, .. }) = layer.status {
        line.fmt(format_args!(" [len {need} > {have}!]"));
    }
    if header.sessionid() != 0 {
        line.fmt(format_args!(" [ses 0x{:x}]", header.sessionid()));
    }
    if header.code() == SESSION {
        line.text(" ");
        return line.layer(packet, index + 1);
    }
    tags(line, reader, usize::from(header.len()).min(wire_len - Pppoe::LEN))
}

/// Writes the tags, up to the end of the list or of the payload.
fn tags(line: &mut Line<'_>, mut reader: Reader<'_>, len: usize) -> Told {
    let end = reader.at() + len;
    while reader.at() < end {
        let (number, len) = (reader.u16()?, usize::from(reader.u16()?));
        // The whole value is read before its name is told.
        let value = reader.take(len)?;
        line.text(" [");
        match tag_name(number.into()) {
            Some(name) => line.text(name),
            None => line.fmt(format_args!("TAG-0x{number:x}")),
        }
        if !value.is_empty() {
            tag_value(line, value);
        }
        line.text("]");
        if number == END_OF_LIST {
            break;
        }
    }
    Ok(())
}

/// Writes a value: as text, unless most of its beginning cannot be read.
fn tag_value(line: &mut Line<'_>, value: &[u8]) {
    const MOST_TEXT: usize = 79;
    let is_text = |byte: &u8| matches!(byte, 0x20..=0x7e);
    let beginning = value.get(..MOST_TEXT).unwrap_or(value);
    let readable = beginning.iter().filter(|byte| is_text(byte)).count();
    if readable > beginning.len() - readable {
        line.text(" \"");
        beginning.iter().for_each(|byte| line.byte(if is_text(byte) { *byte } else { b'.' }));
        line.text("\"");
        return;
    }
    line.text(" 0x");
    for byte in value {
        line.fmt(format_args!("{byte:02X}"));
    }
}

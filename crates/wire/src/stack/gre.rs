//! Generic Routing Encapsulation: RFC 1701, 2784 and 2890; version 1 for PPTP: RFC 2637, section 4.1.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |      Checksum (optional)      |       Offset (optional)       |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Key (optional); in version 1 payload length and call ID      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                   Sequence number (optional)                  |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Routing (optional); in version 1 acknowledgment number       |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Status, Step};
use crate::walk::Walk;

header! {
    /// What every header begins with.
    pub struct Gre: 4 bytes;

    /// Flags and version: what the header has.
    flags: u16 = 0..16, Hex, "gre.flags_and_version", default(0);
    /// Checksum present: it and the offset are there.
    chksum_present: bool = 0..1, Flag, "gre.flags.checksum", part;
    /// Routing present: checksum, offset and routing are there.
    routing_present: bool = 1..2, Flag, "gre.flags.routing", part;
    /// Key present: it is there.
    key_present: bool = 2..3, Flag, "gre.flags.key", part;
    /// Sequence number present: it is there.
    seqnum_present: bool = 3..4, Flag, "gre.flags.sequence_number", part;
    /// Strict source route: only by the routers that are named.
    strict_route_source: bool = 4..5, Flag, "gre.flags.strict_source_route", part;
    /// Recursion control: how often it may be encapsulated again.
    recursion_control: u8 = 5..8, Dec, "gre.flags.recursion_control", part;
    /// Acknowledgment present: its number is there, in version 1.
    acknum_present: bool = 8..9, Flag, "gre.flags.ack", part;
    /// Reserved flags: must be zero.
    reserved: u8 = 9..13, Dec, "gre.flags.reserved", part;
    /// Version: 0, or 1 of PPTP.
    version: u8 = 13..16, Dec, "gre.flags.version", part;
    /// Protocol type: an EtherType.
    proto: u16 = 16..32, HexOf(ethertype::name), "gre.proto", computed(Next(Space::EtherType));
}

header! {
    /// An entry of a source route; RFC 1701.
    pub struct Route: 4 bytes;

    /// Address family: of the addresses.
    family: u16 = 0..16, Dec, "gre.routing.address_family", default(0x0800);
    /// Offset: of the address that is next.
    offset: u8 = 16..24, Dec, "gre.routing.sre_offset", default(0);
    /// Length: of the addresses; 0 ends the route.
    length: u8 = 24..32, Dec, "gre.routing.src_length", computed(Following);
}

/// What stands there when a flag says so.
const OPTIONAL: &[Field] = &[
    Field::variable("chksum", "gre.checksum", Kind::Hex, "Checksum: over the header and what it carries.").wide(16),
    Field::variable("offset", "gre.offset", Kind::Dec, "Offset: of the entry of the route that is next."),
    Field::variable("key", "gre.key", Kind::HexDigits(8), "Key: which tunnel it is."),
    Field::variable("payload_len", "gre.key.payload_length", Kind::Dec, "Payload length: of what is carried, in version 1."),
    Field::variable("call_id", "gre.key.call_id", Kind::Dec, "Call ID: which call it is, in version 1."),
    Field::variable("seqnum", "gre.sequence_number", Kind::Dec, "Sequence number: of the packet."),
    Field::variable("acknum", "gre.ack_number", Kind::Dec, "Acknowledgment number: up to which packets have come."),
    Field::variable("route", "", Kind::Record, "Route: an entry."),
    Field::bytes("addresses", "gre.routing.information", "Addresses: of the route."),
];

/// The address family of IPv4 in a route, which is its EtherType.
const FAMILY_IPV4: u16 = 0x0800;
/// The address family of autonomous systems in a route.
const FAMILY_SYSTEM: u16 = 0xfffe;

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "gre",
    scapy: "GRE",
    title: "Generic Routing Encapsulation",
    fields: Gre::FIELDS,
    more: &[OPTIONAL, Route::FIELDS],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

impl Gre<'_> {
    /// Tells whether a checksum and an offset are there.
    fn has_checksum(&self) -> bool {
        self.version() == 0 && (self.chksum_present() || self.routing_present())
    }

    /// Tells whether an acknowledgment number is there.
    fn has_acknowledgment(&self) -> bool {
        self.version() == 1 && self.acknum_present()
    }

    /// Returns how long the header is without a route.
    fn fixed(&self) -> usize {
        let parts = [self.has_checksum(), self.key_present(), self.seqnum_present(), self.has_acknowledgment()];
        Self::LEN + 4 * parts.iter().filter(|is_there| **is_there).count()
    }
}

/// Finds out how long the entries of a route are, the last included; `None` where they have no end.
fn route_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let entry = Route::new(bytes.get(at..)?)?;
        at += Route::LEN;
        match (entry.family(), entry.length()) {
            (0, 0) => return Some(at),
            (_, len) => at += usize::from(len),
        }
    }
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Gre::new(input.bytes) else {
        return Step::short(input, Gre::LEN, "a GRE header");
    };
    if header.version() > 1 {
        return Step::carrying(input, Gre::LEN, Next::Bytes);
    }
    let mut len = header.fixed();
    if header.version() == 0 && header.routing_present() {
        match route_len(input.bytes.get(len..).unwrap_or_default()) {
            Some(route) => len += route,
            None => return Step::short(input, input.wire_len + 1, "the end of a route"),
        }
    }
    if len > input.bytes.len() {
        return Step::short(input, len, "the optional parts of a GRE header");
    }
    let is_empty = header.version() == 1 && !header.seqnum_present();
    let next = if is_empty { Next::Bytes } else { Next::Number(Space::EtherType, header.proto().into()) };
    Step { status: Status::Ok, ..Step::carrying(input, len, next) }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(header) = Gre::new(walk.rest()) else { return walk.fixed() };
    walk.fixed();
    if header.version() > 1 {
        return;
    }
    if header.has_checksum() {
        walk.bytes(row!(OPTIONAL, "chksum"), 2);
        walk.bytes(row!(OPTIONAL, "offset"), 2);
    }
    match (header.key_present(), header.version()) {
        (true, 0) => walk.bytes(row!(OPTIONAL, "key"), 4),
        (true, _) => {
            walk.bytes(row!(OPTIONAL, "payload_len"), 2);
            walk.bytes(row!(OPTIONAL, "call_id"), 2);
        }
        _ => {}
    }
    if header.seqnum_present() {
        walk.bytes(row!(OPTIONAL, "seqnum"), 4);
    }
    if header.has_acknowledgment() {
        walk.bytes(row!(OPTIONAL, "acknum"), 4);
    }
    while let Some(entry) = Route::new(walk.rest()) {
        let len = usize::from(entry.length());
        walk.record(row!(OPTIONAL, "route"), Route::LEN + len, |walk| {
            walk.table(Route::FIELDS, Route::LEN);
            walk.bytes(row!(OPTIONAL, "addresses"), len);
        });
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let mut reader = Reader::new("gre", packet.header(layer));
    let len = layer.wire_end - layer.start;
    // What is cut off here ends this part, not the line.
    if let Err(cut) = head(line, &mut reader, len) {
        line.cut(cut.0);
        return Ok(());
    }
    let Some(header) = Gre::new(packet.header(layer)) else { return Ok(()) };
    if header.version() > 1 || header.version() == 1 && !header.seqnum_present() {
        return Ok(());
    }
    line.text(if line.style().verbose == 0 { ": " } else { "\n\t" });
    let is_known = match header.version() {
        1 => header.proto() == ethertype::PPP,
        _ => matches!(
            header.proto(),
            ethertype::IPV4
                | ethertype::IPV6
                | ethertype::MPLS
                | ethertype::MPLS_MULTICAST
                | ethertype::TRANSPARENT_ETHERNET
        ),
    };
    if (is_known || line.style().own) && line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    line.text("gre-proto-0x");
    line.hex(header.proto());
    Ok(())
}

/// Writes the header.
fn head(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    let flags = reader.u16()?;
    let version = flags & 7;
    line.text("GREv");
    line.dec(version);
    if version > 1 {
        line.text(" ERROR: unknown-version");
        return Ok(());
    }
    let has = |bit: u16| flags & bit != 0;
    let (checksum, routing, key, sequence, acknowledgment) = (0x8000, 0x4000, 0x2000, 0x1000, 0x0080);
    if line.style().verbose > 0 {
        flag_names(line, flags);
    }
    let proto = reader.u16()?;
    if version == 0 && (has(checksum) || has(routing)) {
        let sum = reader.u16()?;
        if line.style().verbose > 0 {
            line.fmt(format_args!(", sum 0x{sum:x}"));
        }
        let offset = reader.u16()?;
        line.fmt(format_args!(", off 0x{offset:x}"));
    }
    if has(key) {
        let key = reader.u32()?;
        match version {
            0 => line.fmt(format_args!(", key=0x{key:x}")),
            _ => line.fmt(format_args!(", call {}", key & 0xffff)),
        }
    }
    if has(sequence) {
        let number = reader.u32()?;
        line.fmt(format_args!(", seq {number}"));
    }
    if version == 0 && has(routing) {
        routes(line, reader)?;
    }
    if version == 1 && has(acknowledgment) {
        let number = reader.u32()?;
        line.fmt(format_args!(", ack {number}"));
    }
    if version == 1 && !has(sequence) {
        line.text(", no-payload");
    }
    if line.style().link {
        let name = ethertype::name(proto.into()).unwrap_or("unknown");
        line.fmt(format_args!(", proto {name} (0x{proto:04x})"));
    }
    line.text(", length ");
    line.len(len);
    Ok(())
}

/// Writes the names of the flags that are set.
fn flag_names(line: &mut Line<'_>, flags: u16) {
    const NAMES: [(u16, &str); 6] = [
        (0x8000, "checksum present"),
        (0x4000, "routing present"),
        (0x2000, "key present"),
        (0x1000, "sequence# present"),
        (0x0800, "source routing present"),
        (0x0080, "ack present"),
    ];
    line.text(", Flags [");
    let mut before = "";
    for (_, name) in NAMES.iter().filter(|(bit, _)| flags & bit != 0) {
        line.text(before);
        line.text(name);
        before = ", ";
    }
    line.text(if before.is_empty() { "none]" } else { "]" });
}

/// Writes the entries of a route, up to one without an address.
fn routes(line: &mut Line<'_>, reader: &mut Reader<'_>) -> Told {
    loop {
        let family = reader.u16()?;
        let [offset, len] = reader.array()?;
        if (family, len) == (0, 0) {
            return Ok(());
        }
        line.text(", (rtaf=");
        let told = addresses(line, *reader, family, offset, len);
        line.text(")");
        told?;
        reader.take(len.into())?;
    }
}

/// Writes the addresses of an entry, with a star at the one that is next.
fn addresses(line: &mut Line<'_>, reader: Reader<'_>, family: u16, offset: u8, len: u8) -> Told {
    let (name, size) = match family {
        FAMILY_IPV4 => ("ip", 4),
        FAMILY_SYSTEM => ("asn", 2),
        _ => {
            line.fmt(format_args!("0x{family:x}"));
            return Ok(());
        }
    };
    line.text(name);
    if !offset.is_multiple_of(size) {
        line.fmt(format_args!(", badoffset={offset}"));
        return Ok(());
    }
    if !len.is_multiple_of(size) {
        line.fmt(format_args!(", badlength={len}"));
        return Ok(());
    }
    if offset >= len {
        line.fmt(format_args!(", badoff/len={offset}/{len}"));
        return Ok(());
    }
    let mut reader = reader;
    for at in (0..len).step_by(size.into()) {
        let mut ahead = reader;
        let told = if size == 4 { ahead.ipv4().map(|_| ()) } else { ahead.u16().map(|_| ()) };
        told?;
        line.text(if at == offset { " *" } else { " " });
        if size == 4 {
            line.ipv4(reader.ipv4()?);
        } else {
            line.hex(reader.u16()?);
        }
    }
    Ok(())
}

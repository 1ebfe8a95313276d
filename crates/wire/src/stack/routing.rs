//! The routing header of IPv6: RFC 8200, section 4.4. Types: the source route (RFC 2460, deprecated by RFC 5095), that of mobile
//! nodes (RFC 6275), RPL's (RFC 6554), the segment routing header (RFC 8754), the compact ones (RFC 9631).
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Next Header  |  Hdr Ext Len  |  Routing Type | Segments Left |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  of the type                                                  |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use core::net::{IpAddr, Ipv6Addr};

use super::Protocol;
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Cut, Line, Reader, Told};
use crate::number::ip_protocol;
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::Walk;

/// The routing types. Source: IANA's registry.
pub mod routing_type {
    /// Source route, deprecated.
    pub const SOURCE_ROUTE: u8 = 0;
    /// To a mobile node.
    pub const MOBILE: u8 = 2;
    /// RPL's source route.
    pub const RPL: u8 = 3;
    /// Segment routing header.
    pub const SEGMENTS: u8 = 4;
    /// Compact routing header with segments of 16 bits.
    pub const COMPACT_16: u8 = 5;
    /// Compact routing header with segments of 32 bits.
    pub const COMPACT_32: u8 = 6;

    /// Names a routing type.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        match u8::try_from(number) {
            Ok(SOURCE_ROUTE) => Some("Source Route"),
            Ok(MOBILE) => Some("Type 2 Routing Header"),
            Ok(RPL) => Some("RPL Source Route Header"),
            Ok(SEGMENTS) => Some("Segment Routing Header"),
            Ok(COMPACT_16) => Some("CRH-16"),
            Ok(COMPACT_32) => Some("CRH-32"),
            _ => None,
        }
    }
}

header! {
    /// The header before what its type says.
    pub struct Routing: 4 bytes;

    /// Next header: what follows.
    nh: u8 = 0..8, DecOf(ip_protocol::name), "ipv6.routing.nxt", computed(Next(Space::IpProtocol));
    /// Header extension length: in units of 8 bytes, without the first.
    len: u8 = 8..16, Dec, "ipv6.routing.len", computed(HeaderBeyond(8, 1));
    /// Routing type: how the route is written.
    r#type: u8 = 16..24, DecOf(routing_type::name), "ipv6.routing.type", default(4);
    /// Segments left: how many of the route are ahead.
    segleft: u8 = 24..32, Dec, "ipv6.routing.segleft", default(0);
}

header! {
    /// What a segment routing header has before its segments: RFC 8754.
    pub struct Segments: 4 bytes;

    /// Last entry: the index of the first segment of the way.
    lastentry: u8 = 0..8, Dec, "ipv6.routing.srh.last_entry", default(0);
    /// Flags: none is in use.
    srh_flags: u8 = 8..16, Hex, "ipv6.routing.srh.flags", default(0);
    /// Tag: which packets belong together.
    tag: u16 = 16..32, Bytes, "ipv6.routing.srh.tag", default(0);
}

header! {
    /// A TLV of a segment routing header.
    pub struct Tlv: 2 bytes;

    /// Type: which it is.
    tlv: u8 = 0..8, Dec, "", default(0);
    /// Length: of what follows.
    tlv_length: u8 = 8..16, Dec, "", computed(Following);
}

header! {
    /// What RPL's source route has before its addresses: RFC 6554.
    pub struct Rpl: 4 bytes;

    /// Compressed: bytes that all addresses but the last have from the destination.
    cmpri: u8 = 0..4, Dec, "ipv6.routing.rpl.cmprI", default(0);
    /// Compressed in the last: bytes that the last address has from the destination.
    cmpre: u8 = 4..8, Dec, "ipv6.routing.rpl.cmprE", default(0);
    /// Padding: bytes behind the last address.
    pad: u8 = 8..12, Dec, "ipv6.routing.rpl.pad", default(0);
    /// Reserved: zero.
    rpl_reserved: u32 = 12..32, Dec, "ipv6.routing.rpl.reserved", default(0);
}

/// The rows of what has no fixed place.
const PARTS: &[Field] = &[
    Field::bytes("reserved", "ipv6.routing.src.reserved", "Reserved: zero."),
    Field::variable("address", "ipv6.routing.src.addr", Kind::Ipv6, "Address: of a node on the way."),
    Field::bytes("mobile_reserved", "ipv6.routing.mipv6.reserved", "Reserved: zero."),
    Field::variable("home_address", "ipv6.routing.mipv6.home_address", Kind::Ipv6, "Home address: of the mobile node."),
    Field::variable("segment", "ipv6.routing.srh.addr", Kind::Ipv6, "Segment: the last of the way comes first."),
    Field::bytes("compressed", "ipv6.routing.rpl.address", "Address: without what it has from the destination."),
    Field::bytes("data", "ipv6.routing.unknown_data", "Data: of a type that is not known."),
    Field::variable("sid16", "ipv6.routing.crh16.sid", Kind::Dec, "Segment: an index into a table."),
    Field::variable("sid32", "ipv6.routing.crh32.sid", Kind::Dec, "Segment: an index into a table."),
    Field::variable("tlv_record", "", Kind::Record, "TLV: more about the way."),
    Field::bytes("value", "", "Value: of the TLV."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipv6.routing",
    scapy: "IPv6ExtHdrRouting",
    title: "Routing Header for IPv6",
    fields: Routing::FIELDS,
    more: &[Segments::FIELDS, Tlv::FIELDS, Rpl::FIELDS, PARTS],
    dissect,
    walk,
    line,
    destination: Some(destination),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    const WHAT: &str = "a routing header";
    let Some(header) = Routing::new(input.bytes) else { return Step::short(input, Routing::LEN, WHAT) };
    let len = (usize::from(header.len()) + 1) * 8;
    if len > input.bytes.len() {
        return Step::short(input, len, WHAT);
    }
    Step::carrying(input, len, Next::Number(Space::IpProtocol, header.nh().into()))
}

/// Finds for whom the packet is in the end.
fn destination(header: &[u8], to: IpAddr) -> IpAddr {
    let Some((fixed, addresses)) = Routing::new(header).zip(header.get(8..)) else { return to };
    let last = addresses.last_chunk::<16>();
    match fixed.r#type() {
        routing_type::SOURCE_ROUTE | routing_type::MOBILE => last.map_or(to, |last| (*last).into()),
        routing_type::SEGMENTS => addresses.first_chunk::<16>().map_or(to, |first| (*first).into()),
        routing_type::RPL if fixed.segleft() > 0 => rpl_destination(header, to).unwrap_or(to),
        _ => to,
    }
}

/// Completes the last address of RPL's source route.
fn rpl_destination(header: &[u8], to: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(to) = to else { return None };
    let rpl = Rpl::new(header.get(Routing::LEN..)?)?;
    let addresses = header.get(8..header.len().checked_sub(rpl.pad().into())?)?;
    let mut octets = to.octets();
    let own = octets.get_mut(rpl.cmpre().into()..)?;
    own.copy_from_slice(addresses.get(addresses.len().checked_sub(own.len())?..)?);
    Some(Ipv6Addr::from(octets).into())
}

fn walk(walk: &mut Walk<'_, '_>) {
    let kind = Routing::new(walk.header()).map(|header| header.r#type());
    walk.table(Routing::FIELDS, Routing::LEN);
    match kind {
        Some(routing_type::SOURCE_ROUTE) => {
            walk.bytes(row!(PARTS, "reserved"), 4);
            addresses(walk, row!(PARTS, "address"), usize::MAX);
        }
        Some(routing_type::MOBILE) => {
            walk.bytes(row!(PARTS, "mobile_reserved"), 4);
            addresses(walk, row!(PARTS, "home_address"), 1);
        }
        Some(routing_type::SEGMENTS) => segments(walk),
        Some(routing_type::RPL) => rpl(walk),
        Some(routing_type::COMPACT_16) => {
            while walk.rest().len() >= 2 {
                walk.bytes(row!(PARTS, "sid16"), 2);
            }
        }
        Some(routing_type::COMPACT_32) => {
            while walk.rest().len() >= 4 {
                walk.bytes(row!(PARTS, "sid32"), 4);
            }
        }
        _ => walk.bytes(row!(PARTS, "data"), usize::MAX),
    }
}

/// Walks at most so many addresses.
fn addresses(walk: &mut Walk<'_, '_>, field: &'static Field, most: usize) {
    let mut left = most;
    while left > 0 && walk.rest().len() >= 16 {
        walk.bytes(field, 16);
        left -= 1;
    }
}

/// Walks what a segment routing header has: segments, then TLVs.
fn segments(walk: &mut Walk<'_, '_>) {
    let last = Segments::new(walk.rest()).map_or(0, |header| header.lastentry());
    walk.table(Segments::FIELDS, Segments::LEN);
    addresses(walk, row!(PARTS, "segment"), usize::from(last) + 1);
    while let [number, rest @ ..] = walk.rest() {
        // Pad1 is its type alone.
        let len = match (*number, rest.first()) {
            (0, _) => 1,
            (_, Some(len)) => usize::from(*len) + 2,
            (_, None) => 1,
        };
        walk.record(row!(PARTS, "tlv_record"), len, |walk| {
            walk.table(Tlv::FIELDS, len.min(Tlv::LEN));
            walk.bytes(row!(PARTS, "value"), usize::MAX);
        });
    }
}

/// Walks what RPL's source route has: addresses without what they share with the destination.
fn rpl(walk: &mut Walk<'_, '_>) {
    let Some(header) = Rpl::new(walk.rest()) else { return };
    let (most, last, pad) = (16 - header.cmpri(), 16 - header.cmpre(), header.pad());
    walk.table(Rpl::FIELDS, Rpl::LEN);
    let last = usize::from(last) + usize::from(pad);
    while walk.rest().len() >= usize::from(most) + last {
        walk.bytes(row!(PARTS, "compressed"), most.into());
    }
    let len = walk.rest().len().saturating_sub(pad.into());
    walk.bytes(row!(PARTS, "compressed"), len);
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let mut reader = Reader::new("rt6", packet.whole(layer));
    reader.need(1).map_err(|_| Cut("ip6"))?;
    line.text("RT6");
    let (next, len) = (reader.u8()?, reader.u8()?);
    line.text(" (len=");
    line.dec(len);
    let kind = reader.u8()?;
    line.text(", type=");
    line.dec(kind);
    if kind == routing_type::SOURCE_ROUTE {
        line.text(" [Deprecated]");
    }
    let left = reader.u8()?;
    line.text(", segleft=");
    line.dec(left);
    let is_verbose = line.style().verbose > 0;
    match kind {
        routing_type::SOURCE_ROUTE | routing_type::MOBILE => {
            let reserved = reader.u32()?;
            if is_verbose || reserved != 0 {
                line.text(", rsv=0x");
                line.hex(reserved);
            }
        }
        routing_type::SEGMENTS => {
            let last = reader.u8()?;
            line.text(", last-entry=");
            line.dec(last);
            let flags = reader.u8()?;
            if is_verbose || flags != 0 {
                line.text(", flags=0x");
                line.hex(flags);
            }
            let tag = reader.u16()?;
            line.text(", tag=");
            line.hex(tag);
        }
        _ => {
            line.text(" (unknown type)");
            line.invalid();
            return Ok(());
        }
    }
    if !len.is_multiple_of(2) {
        line.text(" (invalid length ");
        line.dec(len);
        line.text(")");
        line.invalid();
        return Ok(());
    }
    for entry in 0..len / 2 {
        let address = reader.ipv6()?;
        line.text(", [");
        line.dec(entry);
        line.text("]");
        line.address(address);
    }
    line.text(") ");
    line.upper(packet, index, next)
}

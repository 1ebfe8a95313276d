//! Linux cooked capture, LINKTYPE_LINUX_SLL: what `-i any` had before version 2.
//!
//! ```text
//! +---------------------------+
//! |         Packet type       |  2 bytes
//! +---------------------------+
//! |        ARPHRD_ type       |  2 bytes
//! +---------------------------+
//! | Link-layer address length |  2 bytes
//! +---------------------------+
//! |    Link-layer address     |  8 bytes
//! +---------------------------+
//! |        Protocol type      |  2 bytes
//! +---------------------------+
//! ```
//!
//! Source: the list of link types of tcpdump.org.

use super::{Protocol, ethernet};
use crate::field::{Field, Kind, Space, row};
use crate::header::{Mac, header};
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::Walk;

header! {
    /// The header of a cooked packet from a device with addresses as Ethernet has them.
    pub struct Sll: 16 bytes;

    /// Packet type: to whom it was sent.
    pkttype: u16 = 0..16, DecOf(packet_type), "sll.pkttype", default(0);
    /// Link-layer address type: ARPHRD_ of the device.
    lladdrtype: u16 = 16..32, Dec, "sll.hatype", default(1);
    /// Link-layer address length: how many bytes of the address count.
    lladdrlen: u16 = 32..48, Dec, "sll.halen", default(6);
    /// Link-layer address: of the sender.
    src: Mac = 48..96, Mac, "sll.src.eth", default(0);
    /// Unused: the rest of the room for an address.
    unused: u16 = 96..112, Bytes, "sll.unused", default(0);
    /// Protocol: what is carried.
    proto: u16 = 112..128, HexOf(ethertype::name), "sll.etype", computed(Next(Space::EtherType));
}

header! {
    /// What stands before the address.
    pub struct Start: 6 bytes;

    /// Packet type: to whom it was sent.
    pkttype: u16 = 0..16, DecOf(packet_type), "sll.pkttype", default(0);
    /// Link-layer address type: ARPHRD_ of the device.
    lladdrtype: u16 = 16..32, Dec, "sll.hatype", default(1);
    /// Link-layer address length: how many bytes of the address count.
    lladdrlen: u16 = 32..48, Dec, "sll.halen", default(6);
}

/// What stands in the place of the address, and of the type.
pub(super) const OTHERS: &[Field] = &[
    Field::variable("src", "sll.src.eth", Kind::Mac, "Link-layer address: of the sender."),
    Field::variable("src_ipv4", "sll.src.ipv4", Kind::Ipv4, "Link-layer address: the IPv4 address of a tunnel's end."),
    Field::bytes("src_other", "sll.src.other", "Link-layer address: of the sender, as bytes."),
    Field::bytes("unused", "sll.unused", "Unused: the rest of the room for an address."),
    Field::variable("proto", "sll.etype", Kind::HexOf(ethertype::name), "Protocol: what is carried.").wide(16),
    Field::variable("ltype", "sll.ltype", Kind::HexOf(frame_type), "Protocol: which frame without an EtherType is carried.").wide(16),
    Field::variable("gretype", "sll.gretype", Kind::HexOf(ethertype::name), "Protocol: what is carried, of a tunnel of GRE.")
        .wide(16),
];

/// Where the room for the address has its end, from its beginning.
const ROOM: usize = 8;
/// The type of a device that is the end of a tunnel of GRE.
const ARPHRD_GRE: u16 = 778;
/// What stands for a frame of Novell's, straight in 802.3.
const FRAME_802_3: u16 = 1;
/// What stands for a frame of IEEE 802.2.
const FRAME_802_2: u16 = 4;

/// Names what is carried that has no EtherType.
fn frame_type(number: u64) -> Option<&'static str> {
    match u16::try_from(number) {
        Ok(FRAME_802_3) => Some("802.3"),
        Ok(FRAME_802_2) => Some("802.2"),
        _ => None,
    }
}

/// Names to whom a packet was sent.
pub(super) fn packet_type(number: u64) -> Option<&'static str> {
    let names = ["unicast to us", "broadcast", "multicast", "unicast to another host", "sent by us"];
    names.get(usize::try_from(number).ok()?).copied()
}

/// Says shortly to whom a packet was sent.
pub(super) fn direction(packet_type: u16) -> &'static str {
    ["In", "B", "M", "P", "Out"].get(usize::from(packet_type)).copied().unwrap_or("?")
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "sll",
    scapy: "CookedLinux",
    title: "Linux cooked capture v1",
    fields: Sll::FIELDS,
    more: &[Start::FIELDS, OTHERS],
    is_fixed: |header| {
        Sll::new(header).is_some_and(|header| header.lladdrlen() == 6 && !ethertype::is_length(header.proto()))
    },
    dissect,
    walk,
    line,
    link_end: super::outermost,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Sll::new(input.bytes) {
        Some(header) => Step::carrying(input, Sll::LEN, next(header.proto())),
        None => Step::short(input, Sll::LEN, "a header of a cooked capture"),
    }
}

/// Says what a protocol type means.
pub(super) fn next(proto: u16) -> Next {
    match proto {
        FRAME_802_2 => Next::Number(Space::EtherType, ethertype::JUMBO_LLC.into()),
        proto if ethertype::is_length(proto) => Next::Bytes,
        proto => Next::Number(Space::EtherType, proto.into()),
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    if (PROTOCOL.is_fixed)(walk.rest()) {
        return walk.fixed();
    }
    let Some(header) = Sll::new(walk.rest()) else { return };
    walk.table(Start::FIELDS, Start::LEN);
    address(walk, header.lladdrlen().into());
    protocol(walk, header.lladdrtype(), header.proto());
}

/// Walks the room for an address, of which so many bytes count.
pub(super) fn address(walk: &mut Walk<'_, '_>, len: usize) {
    let field = match len {
        4 => row!(OTHERS, "src_ipv4"),
        6 => row!(OTHERS, "src"),
        _ => row!(OTHERS, "src_other"),
    };
    let len = len.min(ROOM);
    walk.bytes(field, len);
    walk.bytes(row!(OTHERS, "unused"), ROOM - len);
}

/// Walks the type of what is carried by a device of a type.
pub(super) fn protocol(walk: &mut Walk<'_, '_>, device: u16, proto: u16) {
    let field = match device {
        ARPHRD_GRE => row!(OTHERS, "gretype"),
        _ if ethertype::is_length(proto) => row!(OTHERS, "ltype"),
        _ => row!(OTHERS, "proto"),
    };
    walk.bytes(field, 2);
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.header(layer);
    let header = Sll::new(bytes).ok_or(Cut("sll"))?;
    let (proto, len) = (header.proto(), packet.payload_len(layer));
    if line.style().link {
        head(line, bytes, len);
    }
    if is_known(line, packet, index, proto) {
        return line.layer(packet, index + 1);
    }
    if !line.style().link && !ethertype::is_length(proto) {
        head(line, bytes, len);
    }
    line.default_print(packet.payload(layer));
    Ok(())
}

/// Tells whether tcpdump knows a type in a cooked packet: of the tags, those of 802.1Q alone.
pub(super) fn is_known(line: &Line<'_>, packet: &Packet<'_>, index: usize, proto: u16) -> bool {
    let is_foreign = proto == ethertype::JUMBO_LLC || ethertype::is_tag(proto) && proto != ethertype::VLAN;
    !is_foreign && ethernet::is_known(line, packet, index, proto)
}

/// Writes the header, with the length of a payload.
pub(super) fn head(line: &mut Line<'_>, header: &[u8], payload: usize) {
    let Some(header) = Sll::new(header) else { return };
    line.fmt(format_args!("{:>3} ", direction(header.pkttype())));
    if header.lladdrlen() == 6 {
        line.mac(header.src());
        line.text(" ");
    }
    carries(line, header.proto(), Sll::LEN + payload);
}

/// Writes what is carried, and how long the packet is.
pub(super) fn carries(line: &mut Line<'_>, proto: u16, len: usize) {
    if line.style().quiet {
        return;
    }
    match frame_type(proto.into()) {
        Some(name) => line.text(name),
        None if ethertype::is_length(proto) => line.fmt(format_args!("ethertype Unknown (0x{proto:04x})")),
        None => line.ethertype(proto),
    }
    line.text(", length ");
    line.len(len);
    line.text(": ");
}

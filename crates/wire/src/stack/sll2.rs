//! Linux cooked capture version 2, LINKTYPE_LINUX_SLL2: what `-i any` has since libpcap 1.10.
//!
//! ```text
//! +---------------------------+
//! |        Protocol type      |  2 bytes
//! +---------------------------+
//! |       Reserved (MBZ)      |  2 bytes
//! +---------------------------+
//! |       Interface index     |  4 bytes
//! +---------------------------+
//! |        ARPHRD_ type       |  2 bytes
//! +---------------------------+
//! |         Packet type       |  1 byte
//! +---------------------------+
//! | Link-layer address length |  1 byte
//! +---------------------------+
//! |    Link-layer address     |  8 bytes
//! +---------------------------+
//! ```
//!
//! Source: the list of link types of tcpdump.org.

use super::{Protocol, sll};
use crate::field::{Field, Kind, Space};
use crate::header::{Mac, header};
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Packet, Step};
use crate::walk::Walk;

header! {
    /// The header of a cooked packet from a device with addresses as Ethernet has them.
    pub struct Sll2: 20 bytes;

    /// Protocol: what is carried.
    proto: u16 = 0..16, HexOf(ethertype::name), "sll.etype", computed(Next(Space::EtherType));
    /// Reserved: must be zero.
    reserved: u16 = 16..32, Hex, "", default(0);
    /// Interface index: of the device.
    ifindex: u32 = 32..64, Dec, "sll.ifindex", default(0);
    /// Link-layer address type: ARPHRD_ of the device.
    lladdrtype: u16 = 64..80, Dec, "sll.hatype", default(1);
    /// Packet type: to whom it was sent.
    pkttype: u8 = 80..88, DecOf(sll::packet_type), "sll.pkttype", default(0);
    /// Link-layer address length: how many bytes of the address count.
    lladdrlen: u8 = 88..96, Dec, "sll.halen", default(6);
    /// Link-layer address: of the sender.
    src: Mac = 96..144, Mac, "sll.src.eth", default(0);
    /// Unused: the rest of the room for an address.
    unused: u16 = 144..160, Bytes, "sll.unused", default(0);
}

/// What stands between the type and the address.
const MIDDLE: &[Field] = &[
    Field::variable("reserved", "", Kind::Hex, "Reserved: must be zero."),
    Field::variable("ifindex", "sll.ifindex", Kind::Dec, "Interface index: of the device."),
    Field::variable("lladdrtype", "sll.hatype", Kind::Dec, "Link-layer address type: ARPHRD_ of the device."),
    Field::variable("pkttype", "sll.pkttype", Kind::DecOf(sll::packet_type), "Packet type: to whom it was sent."),
    Field::variable("lladdrlen", "sll.halen", Kind::Dec, "Link-layer address length: how many bytes count."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "sll2",
    scapy: "CookedLinuxV2",
    title: "Linux cooked capture v2",
    fields: Sll2::FIELDS,
    more: &[MIDDLE, sll::OTHERS],
    is_fixed: |header| {
        Sll2::new(header).is_some_and(|header| header.lladdrlen() == 6 && !ethertype::is_length(header.proto()))
    },
    dissect,
    walk,
    line,
    link_end: super::outermost,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Sll2::new(input.bytes) {
        Some(header) => Step::carrying(input, Sll2::LEN, sll::next(header.proto())),
        None => Step::short(input, Sll2::LEN, "a header of a cooked capture"),
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    if (PROTOCOL.is_fixed)(walk.rest()) {
        return walk.fixed();
    }
    let Some(header) = Sll2::new(walk.rest()) else { return };
    sll::protocol(walk, header.lladdrtype(), header.proto());
    for (field, len) in MIDDLE.iter().zip([2, 4, 2, 1, 1]) {
        walk.bytes(field, len);
    }
    sll::address(walk, header.lladdrlen().into());
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.header(layer);
    let header = Sll2::new(bytes).ok_or(Cut("sll2"))?;
    let (proto, len) = (header.proto(), packet.payload_len(layer));
    line.interface(header.ifindex());
    line.fmt(format_args!(" {:<3} ", sll::direction(header.pkttype().into())));
    if line.style().link {
        head(line, bytes, len);
    }
    if sll::is_known(line, packet, index, proto) {
        return line.layer(packet, index + 1);
    }
    if !line.style().link && !ethertype::is_length(proto) {
        head(line, bytes, len);
    }
    line.default_print(packet.payload(layer));
    Ok(())
}

/// Writes what `-e` adds of the header, with the length of a payload.
pub(super) fn head(line: &mut Line<'_>, header: &[u8], payload: usize) {
    let Some(header) = Sll2::new(header) else { return };
    line.text("ifindex ");
    line.dec(header.ifindex());
    line.text(" ");
    if header.lladdrlen() == 6 {
        line.mac(header.src());
        line.text(" ");
    }
    sll::carries(line, header.proto(), Sll2::LEN + payload);
}

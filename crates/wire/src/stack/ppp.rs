//! Point-to-Point Protocol: RFC 1661, section 2; in the frame of HDLC: RFC 1662, section 3.1.
//!
//! ```text
//! +----------+----------+-------------+--------------------------
//! | Address  | Control  |  Protocol   |  Information
//! | 11111111 | 00000011 | 8/16 bits   |     *
//! +----------+----------+-------------+--------------------------
//! ```
//!
//! Address and control may be left out, and the first byte of the protocol when it is zero: the last bit of the protocol is
//! set, that of its first byte is not.

use super::{Id, Protocol};
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ppp_protocol;
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::Walk;

header! {
    /// The header with all its parts.
    pub struct Ppp: 4 bytes;

    /// Address: all stations.
    address: u8 = 0..8, Hex, "ppp.address", default(0xff);
    /// Control: an unnumbered frame.
    control: u8 = 8..16, Hex, "ppp.control", default(3);
    /// Protocol: what is carried.
    proto: u16 = 16..32, HexOf(ppp_protocol::name), "ppp.protocol", computed(Next(Space::Ppp));
}

/// The parts of a header of which some are left out.
const PARTS: &[Field] = &[
    Field::variable("address", "ppp.address", Kind::Hex, "Address: all stations."),
    Field::variable("control", "ppp.control", Kind::Hex, "Control: an unnumbered frame."),
    Field::variable("proto", "ppp.protocol", Kind::HexDigits(4), "Protocol: what is carried."),
];

/// How many bytes of address and control there are; some systems write the direction where the address is.
const fn frame_len(bytes: &[u8]) -> usize {
    match bytes {
        [0xff | 0x00 | 0x01, 0x03, ..] => 2,
        _ => 0,
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ppp",
    scapy: "PPP",
    title: "Point-to-Point Protocol",
    fields: Ppp::FIELDS,
    more: &[PARTS],
    is_fixed: |header| header.len() == Ppp::LEN,
    dissect,
    walk,
    line,
    link_end,
    ..Protocol::BARE
};

/// Says where it ends as a link header: as one of its own, tcpdump takes it for whole whatever is left out.
fn link_end(packet: &Packet<'_>, index: usize) -> Option<usize> {
    let is_in_other = packet.layers.first().is_some_and(|first| carries_ethertypes(first.id));
    match index {
        0 => Some(packet.bytes.len().min(Ppp::LEN)),
        1 if !is_in_other => packet.layers.get(index).map(|layer| layer.payload),
        _ => None,
    }
}

/// Tells whether a layer below led here by an EtherType.
const fn carries_ethertypes(id: Id) -> bool {
    matches!(id, Id::Ethernet | Id::Vlan | Id::Snap | Id::Sll | Id::Sll2)
}

/// Reads a header: its length and the protocol; `None` where it is cut off.
fn read(bytes: &[u8]) -> Option<(usize, u16)> {
    let frame = frame_len(bytes);
    match bytes.get(frame..)? {
        [first, ..] if first & 1 != 0 => Some((frame + 1, (*first).into())),
        [first, second, ..] => Some((frame + 2, u16::from_be_bytes([*first, *second]))),
        _ => None,
    }
}

/// Returns the protocol that a header says; `None` where it is cut off.
pub(super) fn protocol(bytes: &[u8]) -> Option<u16> {
    read(bytes).map(|(_, proto)| proto)
}

fn dissect(input: &Input<'_>) -> Step {
    match read(input.bytes) {
        Some((len, proto)) => Step::carrying(input, len, Next::Number(Space::Ppp, proto.into())),
        None => Step::short(input, input.bytes.len() + 1, "the protocol of PPP"),
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let bytes = walk.rest();
    if (PROTOCOL.is_fixed)(bytes) {
        return walk.fixed();
    }
    if frame_len(bytes) > 0 {
        walk.bytes(row!(PARTS, "address"), 1);
        walk.bytes(row!(PARTS, "control"), 1);
    }
    if read(bytes).is_some() {
        let rest = walk.rest().len();
        walk.bytes(row!(PARTS, "proto"), rest);
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.whole(layer);
    let wire_len = layer.wire_end - layer.start;
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    if below.is_some_and(|below| carries_ethertypes(below.id)) {
        if wire_len == 0 {
            return Ok(());
        }
        // Where an EtherType leads here, tcpdump writes this first.
        line.text(": ");
    }
    // As a link header it is read only whole, and no protocol is looked for in one byte.
    let is_whole = index > 0 || bytes.len() >= Ppp::LEN;
    if !is_whole || wire_len < 2 || wire_len < 2 + frame_len(bytes) {
        line.cut("ppp");
        return Ok(());
    }
    let (_, proto) = read(bytes).filter(|_| bytes.len() >= 2).ok_or(Cut("ppp"))?;
    if line.style().link {
        line.text(match bytes {
            [0, 3, ..] => "In  ",
            [1, 3, ..] => "Out ",
            _ => "",
        });
        let name = ppp_protocol::name(proto.into());
        line.fmt(format_args!("{} (0x{proto:04x}), length {wire_len}", name.unwrap_or("unknown")));
        if name.is_none() {
            return Ok(());
        }
        line.text(": ");
    }
    carried(line, packet, index, proto)
}

/// Writes what a header carries.
pub(super) fn carried(line: &mut Line<'_>, packet: &Packet<'_>, index: usize, proto: u16) -> Told {
    if line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    match proto {
        ppp_protocol::MULTILINK => {
            multilink(line, packet.payload(layer), packet.payload_len(layer));
            return Ok(());
        }
        ppp_protocol::COMPRESSED => {
            line.text("compressed PPP data");
            return Ok(());
        }
        // Where the bandwidth's own protocol is, tcpdump says nothing.
        ppp_protocol::BAP => return Ok(()),
        _ => {}
    }
    match ppp_protocol::name(proto.into()) {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("unknown PPP protocol (0x{proto:04x})")),
    }
    line.text(" ");
    line.hex_rows("\n\t", packet.payload(layer));
    Ok(())
}

/// Writes a fragment that goes over several links: RFC 1990, section 3, with sequence numbers of twelve bits.
fn multilink(line: &mut Line<'_>, bytes: &[u8], len: usize) {
    if !line.style().link {
        line.text("MLPPP, ");
    }
    let Some(head) = bytes.first_chunk().copied().map(u16::from_be_bytes) else {
        line.text("[|mlppp]");
        return;
    };
    let flags = match head >> 14 {
        0b11 => "begin, end",
        0b10 => "begin",
        0b01 => "end",
        _ => "none",
    };
    line.fmt(format_args!("seq 0x{:03x}, Flags [{flags}], length {len}", head & 0x0fff));
}

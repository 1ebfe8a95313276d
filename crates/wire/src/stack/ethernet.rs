//! Ethernet II: RFC 894; and IEEE 802.3, whose frames have a length where the others have a type.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                          Destination                          |
//! +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                               |                               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
//! |                            Source                             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |      EtherType or Length      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::{Id, Protocol};
use crate::field::Space;
use crate::header::{Mac, header};
use crate::line::{Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::Walk;

header! {
    /// The header of an Ethernet frame.
    pub struct Ethernet: 14 bytes;

    /// Destination: the station that is meant, or a group of them.
    dst: Mac = 0..48, Mac, "eth.dst" also "eth.addr", default(0xffff_ffff_ffff);
    /// Destination is local: the address was given by an administrator, not by its maker.
    dst_lg: bool = 6..7, Flag, "eth.dst.lg" also "eth.lg", part;
    /// Destination is a group: the address means many stations.
    dst_ig: bool = 7..8, Flag, "eth.dst.ig" also "eth.ig", part;
    /// Source: the station that sends.
    src: Mac = 48..96, Mac, "eth.src" also "eth.addr", default(0);
    /// Source is local: the address was given by an administrator, not by its maker.
    src_lg: bool = 54..55, Flag, "eth.src.lg" also "eth.lg", part;
    /// Source is a group: what no sender may be.
    src_ig: bool = 55..56, Flag, "eth.src.ig" also "eth.ig", part;
    /// Type: what is carried.
    r#type: u16 = 96..112, HexOf(ethertype::name), "eth.type", computed(Next(Space::EtherType));
}

header! {
    /// The header of a frame of IEEE 802.3.
    pub struct Dot3: 14 bytes;

    /// Destination: the station that is meant, or a group of them.
    dst: Mac = 0..48, Mac, "eth.dst" also "eth.addr", default(0xffff_ffff_ffff);
    /// Destination is local: the address was given by an administrator, not by its maker.
    dst_lg: bool = 6..7, Flag, "eth.dst.lg" also "eth.lg", part;
    /// Destination is a group: the address means many stations.
    dst_ig: bool = 7..8, Flag, "eth.dst.ig" also "eth.ig", part;
    /// Source: the station that sends.
    src: Mac = 48..96, Mac, "eth.src" also "eth.addr", default(0);
    /// Source is local: the address was given by an administrator, not by its maker.
    src_lg: bool = 54..55, Flag, "eth.src.lg" also "eth.lg", part;
    /// Source is a group: what no sender may be.
    src_ig: bool = 55..56, Flag, "eth.src.ig" also "eth.ig", part;
    /// Length: of what is carried, without padding.
    len: u16 = 96..112, Dec, "eth.len", computed(Payload);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "eth",
    scapy: "Ether",
    title: "Ethernet",
    fields: Ethernet::FIELDS,
    more: &[Dot3::FIELDS],
    is_fixed: |header| !Ethernet::new(header).is_some_and(|header| ethertype::is_length(header.r#type())),
    dissect,
    walk,
    line,
    link_end: super::outermost,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Ethernet::new(input.bytes) else {
        return Step::short(input, Ethernet::LEN, "an Ethernet header");
    };
    let number = header.r#type();
    if !ethertype::is_length(number) {
        return Step::carrying(input, Ethernet::LEN, Next::Number(Space::EtherType, number.into()));
    }
    let step = Step::carrying(input, Ethernet::LEN, Next::Number(Space::EtherType, ethertype::JUMBO_LLC.into()));
    Step { payload: step.payload.min(number.into()), ..step }
}

fn walk(walk: &mut Walk<'_, '_>) {
    match Ethernet::new(walk.rest()) {
        Some(header) if ethertype::is_length(header.r#type()) => walk.table(Dot3::FIELDS, Dot3::LEN),
        _ => walk.table(Ethernet::FIELDS, Ethernet::LEN),
    };
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let Some(header) = Ethernet::new(packet.header(layer)) else {
        line.cut("ether");
        return Ok(());
    };
    let number = header.r#type();
    let (is_known, is_whole) = (is_known(line, packet, index, number), packet.is_whole(index + 1));
    // tcpdump has read the tags before it says anything of this header's type.
    let is_cut = ethertype::is_tag(number) && !is_whole;
    if line.style().link || !(is_known || ethertype::is_tag(number)) {
        ends(line, &header);
        line.text(", ");
        if ethertype::is_length(number) {
            line.text("802.3, length ");
            line.len(packet.payload_len(layer));
            line.text(": ");
        } else if number != ethertype::JUMBO_LLC && !is_cut {
            line.ethertype(number);
            length(line, packet, index);
        }
    }
    if !is_known && !ethertype::is_tag(number) {
        line.default_print(packet.payload(layer));
        return Ok(());
    }
    line.layer(packet, index + 1)
}

/// Tells whether something is known of an EtherType; tcpdump knows no frame in another but in a tunnel.
pub(super) fn is_known(line: &Line<'_>, packet: &Packet<'_>, index: usize, number: u16) -> bool {
    let is_foreign = number == ethertype::TRANSPARENT_ETHERNET && !line.style().own;
    !is_foreign && line.tells(packet, index + 1)
}

/// Writes which station sends to which.
pub(super) fn ends(line: &mut Line<'_>, header: &Ethernet<'_>) {
    line.mac(header.src());
    line.text(" > ");
    line.mac(header.dst());
}

/// Writes how long the frame is.
fn length(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) {
    line.text(", length ");
    line.len(packet.layers.get(index).map_or(0, |layer| layer.wire_end - layer.start));
    line.text(": ");
}

/// Writes what nothing is known of that a tag in a frame carries: the frame's addresses, the inner type, the bytes.
pub(super) fn unknown(line: &mut Line<'_>, packet: &Packet<'_>, tag: usize, number: u16) {
    let below = packet.layers.get(..tag).unwrap_or_default();
    let frame = below.iter().rposition(|layer| layer.id == Id::Ethernet);
    let frame = frame.and_then(|at| Some((at, Ethernet::new(packet.header(packet.layers.get(at)?))?)));
    if let (Some((at, header)), false) = (frame, line.style().link) {
        ends(line, &header);
        line.text(", ");
        line.ethertype(number);
        length(line, packet, at);
    }
    line.default_print(packet.layers.get(tag).map(|layer| packet.payload(layer)).unwrap_or_default());
}

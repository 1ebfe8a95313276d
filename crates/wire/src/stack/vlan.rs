//! VLAN tags: IEEE 802.1Q, and stacked ones of 802.1ad.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-----+-+-----------------------+-------------------------------+
//! | PCP |D|       VLAN ID         |      EtherType or Length      |
//! +-----+-+-----------------------+-------------------------------+
//! ```

use super::{Id, Protocol, ethernet, sll, sll2};
use crate::field::Space;
use crate::header::header;
use crate::line::{Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::Walk;

header! {
    /// A tag, without the EtherType that led to it.
    pub struct Vlan: 4 bytes;

    /// Priority: 0 to 7.
    prio: u8 = 0..3, Dec, "vlan.priority", default(0);
    /// Drop eligible: may be dropped first.
    dei: bool = 3..4, Flag, "vlan.dei", default(0);
    /// VLAN: its number.
    vlan: u16 = 4..16, Dec, "vlan.id", default(1);
    /// Type: what is carried.
    r#type: u16 = 16..32, HexOf(ethertype::name), "vlan.etype", computed(Next(Space::EtherType));
}

header! {
    /// A tag in a frame of IEEE 802.3.
    pub struct Dot3Vlan: 4 bytes;

    /// Priority: 0 to 7.
    prio: u8 = 0..3, Dec, "vlan.priority", default(0);
    /// Drop eligible: may be dropped first.
    dei: bool = 3..4, Flag, "vlan.dei", default(0);
    /// VLAN: its number.
    vlan: u16 = 4..16, Dec, "vlan.id", default(1);
    /// Length: of what is carried, without padding.
    len: u16 = 16..32, Dec, "vlan.len", computed(Payload);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "vlan",
    scapy: "Dot1Q",
    title: "802.1Q Virtual LAN",
    fields: Vlan::FIELDS,
    more: &[Dot3Vlan::FIELDS],
    is_fixed: |header| !Vlan::new(header).is_some_and(|header| ethertype::is_length(header.r#type())),
    dissect,
    walk,
    line,
    link_end: |packet, index| packet.layers.get(index).map(|layer| layer.payload),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Vlan::new(input.bytes) else { return Step::short(input, Vlan::LEN, "a VLAN tag") };
    let number = header.r#type();
    if !ethertype::is_length(number) {
        return Step::carrying(input, Vlan::LEN, Next::Number(Space::EtherType, number.into()));
    }
    let step = Step::carrying(input, Vlan::LEN, Next::Number(Space::EtherType, ethertype::JUMBO_LLC.into()));
    if input.below.first().is_some_and(|link| is_cooked(link.id)) {
        // The length is of no use there: tcpdump takes all there is.
        return step;
    }
    Step { payload: step.payload.min(number.into()), ..step }
}

fn walk(walk: &mut Walk<'_, '_>) {
    match Vlan::new(walk.rest()) {
        Some(header) if ethertype::is_length(header.r#type()) => walk.table(Dot3Vlan::FIELDS, Dot3Vlan::LEN),
        _ => walk.table(Vlan::FIELDS, Vlan::LEN),
    };
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let Some(header) = Vlan::new(packet.header(layer)) else {
        line.cut("vlan");
        return Ok(());
    };
    if line.style().link {
        line.text("vlan ");
        line.dec(header.vlan());
        line.text(", p ");
        line.dec(header.prio());
        line.text(if header.dei() { ", DEI, " } else { ", " });
    }
    let below = packet.layers.get(..index).unwrap_or_default();
    let under = below.iter().rposition(|layer| layer.id != Id::Vlan);
    match under.and_then(|at| Some((at, packet.layers.get(at)?))) {
        Some((under, link)) if is_cooked(link.id) => in_cooked(line, packet, index, under, header.r#type()),
        _ => in_ethernet(line, packet, index, header.r#type()),
    }
}

/// Tells whether a link header is one that Linux cooked.
const fn is_cooked(id: Id) -> bool {
    matches!(id, Id::Sll | Id::Sll2)
}

/// Writes what a tag in an Ethernet frame carries.
fn in_ethernet(line: &mut Line<'_>, packet: &Packet<'_>, index: usize, number: u16) -> Told {
    let is_told = line.style().link;
    if ethertype::is_length(number) {
        line.text(if is_told { "802.3" } else { "" });
        return line.layer(packet, index + 1);
    }
    let is_tag = ethertype::is_tag(number);
    // A tag is read before its type is told.
    if is_told && number != ethertype::JUMBO_LLC && (!is_tag || packet.is_whole(index + 1)) {
        line.ethertype(number);
        line.text(", ");
    }
    if is_tag || ethernet::is_known(line, packet, index, number) {
        return line.layer(packet, index + 1);
    }
    ethernet::unknown(line, packet, index, number);
    Ok(())
}

/// Writes what a tag in a cooked packet carries; tcpdump knows tags of 802.1Q alone there.
fn in_cooked(line: &mut Line<'_>, packet: &Packet<'_>, index: usize, under: usize, number: u16) -> Told {
    if !line.style().quiet {
        line.text("ethertype ");
        line.text(ethertype::name(number.into()).unwrap_or("Unknown"));
        line.text(", ");
    }
    if ethertype::is_length(number) || sll::is_known(line, packet, index, number) {
        return line.layer(packet, index + 1);
    }
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    if !line.style().link {
        let len = packet.payload_len(layer);
        match packet.layers.get(under).map(|link| (link.id, packet.header(link))) {
            Some((Id::Sll2, header)) => sll2::head(line, header, len),
            Some((_, header)) => sll::head(line, header, len),
            None => {}
        }
    }
    line.default_print(packet.payload(layer));
    Ok(())
}

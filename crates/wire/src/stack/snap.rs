//! Subnetwork Access Protocol: IEEE 802, section 9.2.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                 Organization code             |  Protocol ID  |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |               |
//! +-+-+-+-+-+-+-+-+
//! ```

use super::{Protocol, ethernet, llc};
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Line, Told};
use crate::number::{bridged_pid, cisco_pid, ethertype, oui};
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::Walk;

header! {
    /// The header, where an EtherType names what is carried.
    pub struct Snap: 5 bytes;

    /// Organization code: whose numbers the next one is of.
    oui: u32 = 0..24, DecOf(oui::name), "llc.oui", default(0);
    /// Protocol ID: what is carried.
    code: u16 = 24..40, HexOf(ethertype::name), "llc.type", computed(Next(Space::EtherType));
}

/// The protocol ID of other organizations.
const OTHERS: &[Field] = &[
    Field::variable("oui", "llc.oui", Kind::DecOf(oui::name), "Organization code: whose numbers the next one is of."),
    Field::variable("cisco_pid", "llc.cisco_pid", Kind::HexOf(cisco_pid::name), "Protocol ID: which of Cisco's protocols.").wide(16),
    Field::variable("pid", "llc.pid", Kind::HexOf(bridged_pid::name), "Protocol ID: what is carried.").wide(16),
    Field::bytes("pad", "", "Padding: before a bridged frame, so that what it carries lies well."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "snap",
    scapy: "SNAP",
    title: "Subnetwork Access Protocol",
    fields: Snap::FIELDS,
    more: &[OTHERS],
    is_fixed: |header| Snap::new(header).is_some_and(|header| has_ethertype(header.oui())),
    dissect,
    walk,
    line,
    link_end,
    ..Protocol::BARE
};

/// Tells whether an organization's numbers are EtherTypes.
const fn has_ethertype(oui: u32) -> bool {
    matches!(oui, oui::ETHERNET | oui::CISCO_BRIDGED | oui::APPLETALK)
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Snap::new(input.bytes) else {
        return Step::short(input, Snap::LEN, "a SNAP header");
    };
    let code = header.code().into();
    let next = match header.oui() {
        oui::CISCO => Next::Number(Space::CiscoPid, code),
        oui::BRIDGED => Next::Number(Space::BridgedPid, code),
        oui if has_ethertype(oui) => Next::Number(Space::EtherType, code),
        _ => Next::Bytes,
    };
    let total = header.total();
    if total > input.bytes.len() {
        return Step::short(input, total, "the padding before a bridged frame");
    }
    Step::carrying(input, total, next)
}

/// Says where it ends as a part of the link header; tcpdump does not count what stands before a bridged frame.
fn link_end(packet: &Packet<'_>, index: usize) -> Option<usize> {
    let layer = packet.layers.get(index)?;
    let is_link = llc::is_in_ethernet(packet) || llc::is_carrying(packet, index);
    is_link.then_some(layer.payload.min(layer.start + Snap::LEN))
}

impl Snap<'_> {
    /// Returns how long it is with what stands before a bridged frame: RFC 2684, section 5.2.
    #[must_use]
    pub fn total(&self) -> usize {
        const PADDING: usize = 2;
        let is_frame = matches!(self.code(), bridged_pid::ETHERNET | bridged_pid::ETHERNET_WITHOUT_FCS);
        if self.oui() == oui::BRIDGED && is_frame { Self::LEN + PADDING } else { Self::LEN }
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(header) = Snap::new(walk.rest()) else { return };
    if has_ethertype(header.oui()) {
        return walk.fixed();
    }
    walk.bytes(row!(OTHERS, "oui"), 3);
    walk.bytes(if header.oui() == oui::CISCO { row!(OTHERS, "cisco_pid") } else { row!(OTHERS, "pid") }, 2);
    walk.bytes(row!(OTHERS, "pad"), header.total() - Snap::LEN);
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let Some(header) = Snap::new(packet.header(layer)) else {
        line.cut("snap");
        return Ok(());
    };
    // Padding counts.
    let len = layer.wire_end - layer.start - Snap::LEN;
    if line.style().link {
        organization(line, header.oui());
        code(line, &header, len);
    }
    if !packet.is_whole(index) {
        line.cut("snap");
        return Ok(());
    }
    // tcpdump carries no frames and tags here, and of AppleTalk's EtherTypes its own two alone.
    let is_foreign = match header.oui() {
        oui::APPLETALK => true,
        oui if has_ethertype(oui) => ethertype::is_tag(header.code()) || header.code() == ethertype::JUMBO_LLC,
        _ => false,
    };
    if !is_foreign && ethernet::is_known(line, packet, index, header.code()) {
        return line.layer(packet, index + 1);
    }
    if !line.style().link {
        let stations = llc::stations(packet, index).and_then(|at| packet.layers.get(at));
        if let Some(frame) = stations.and_then(|frame| ethernet::Ethernet::new(packet.header(frame))) {
            ethernet::ends(line, &frame);
            line.text(" ");
        }
        line.text("SNAP, ");
        if header.oui() != oui::ETHERNET {
            organization(line, header.oui());
        }
        code(line, &header, len);
    }
    let frame = index.checked_sub(1).and_then(|below| packet.layers.get(below)).unwrap_or(layer);
    line.default_print(packet.whole(frame));
    Ok(())
}

/// Writes whose numbers the next one is of.
fn organization(line: &mut Line<'_>, number: u32) {
    line.text("oui ");
    line.text(oui::name(number.into()).unwrap_or("Unknown"));
    line.text(" (0x");
    line.hex_wide(number, 6);
    line.text("), ");
}

/// Writes what is carried, and how long it is.
fn code(line: &mut Line<'_>, header: &Snap<'_>, len: usize) {
    let number = header.code();
    let (title, name) = match header.oui() {
        oui::ETHERNET => ("ethertype ", ethertype::name(number.into())),
        oui::CISCO => ("pid ", cisco_pid::name(number.into())),
        oui::BRIDGED => ("pid ", bridged_pid::name(number.into())),
        oui if has_ethertype(oui) => ("pid ", ethertype::name(number.into())),
        _ => ("pid ", None),
    };
    line.text(title);
    line.text(name.unwrap_or("Unknown"));
    line.text(" (0x");
    line.hex_wide(number, 4);
    line.text("), length ");
    line.len(len);
    line.text(": ");
}

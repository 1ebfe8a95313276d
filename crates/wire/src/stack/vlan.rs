//! VLAN tags: IEEE 802.1Q, and stacked ones of 802.1ad.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-----+-+-----------------------+-------------------------------+
//! | PCP |D|       VLAN ID         |           EtherType           |
//! +-----+-+-----------------------+-------------------------------+
//! ```

use super::Protocol;
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};

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

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "vlan",
    scapy: "Dot1Q",
    title: "802.1Q Virtual LAN",
    fields: Vlan::FIELDS,
    dissect,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Vlan::new(input.bytes) else { return Step::short(input, Vlan::LEN, "a VLAN tag") };
    let next = Next::Number(Space::EtherType, header.r#type().into());
    Step::carrying(input, Vlan::LEN, next)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let header = packet.layers.get(index).and_then(|layer| Vlan::new(packet.header(layer)));
    let Some(header) = header else { return Err(Cut("vlan")) };
    if line.style().link {
        line.text("vlan ");
        line.dec(header.vlan());
        line.text(", p ");
        line.dec(header.prio());
        line.text(if header.dei() { ", DEI, " } else { ", " });
        line.ethertype(header.r#type());
        line.text(", ");
        line.set_named();
    }
    line.layer(packet, index + 1)
}

//! Ethernet II: RFC 894, IEEE 802.3.
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
//! |           EtherType           |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::Space;
use crate::header::{Mac, header};
use crate::number::ethertype;
use crate::line::{Cut, Line, Told};
use crate::packet::{Input, Next, Packet, Step};

header! {
    /// The header of an Ethernet frame.
    pub struct Ethernet: 14 bytes;

    /// Destination: the station that is meant, or a group of them.
    dst: Mac = 0..48, Mac, "eth.dst" also "eth.addr", default(0xffff_ffff_ffff);
    /// Source: the station that sends.
    src: Mac = 48..96, Mac, "eth.src" also "eth.addr", default(0);
    /// Type: what is carried; up to 1500 it is a length.
    r#type: u16 = 96..112, HexOf(ethertype::name), "eth.type", computed(Next(Space::EtherType));
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "eth",
    scapy: "Ether",
    title: "Ethernet",
    fields: Ethernet::FIELDS,
    dissect,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Ethernet::new(input.bytes) else {
        return Step::short(input, Ethernet::LEN, "an Ethernet header");
    };
    let next = Next::Number(Space::EtherType, header.r#type().into());
    Step::carrying(input, Ethernet::LEN, next)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let header = packet.layers.get(index).and_then(|layer| Ethernet::new(packet.header(layer)));
    let Some(header) = header else { return Err(Cut("ether")) };
    if line.style().link {
        line.mac(header.src());
        line.text(" > ");
        line.mac(header.dst());
        line.text(", ");
        line.ethertype(header.r#type());
        line.text(", length ");
        line.len(packet.wire_len);
        line.text(": ");
        line.set_named();
    }
    line.layer(packet, index + 1)
}

//! Cisco's HDLC, LINKTYPE_C_HDLC: RFC 1547, section 4.3.1.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |    Address    |    Control    |         Protocol              |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Layer, Next, Packet, Step};

header! {
    /// The header of a frame.
    pub struct Chdlc: 4 bytes;

    /// Address: one station, or all.
    address: u8 = 0..8, HexOf(address_name), "chdlc.address", default(0x0f);
    /// Control: 0.
    control: u8 = 8..16, Hex, "chdlc.control", default(0);
    /// Protocol: an EtherType, but for SLARP, which has that of reverse ARP.
    proto: u16 = 16..32, HexOf(ethertype::name), "chdlc.protocol", computed(Next(Space::Chdlc));
}

fn address_name(number: u64) -> Option<&'static str> {
    match number {
        0x0f => Some("unicast"),
        0x8f => Some("bcast"),
        _ => None,
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "chdlc",
    scapy: "CHDLC",
    title: "Cisco HDLC",
    fields: Chdlc::FIELDS,
    dissect,
    line,
    // In frames of HDLC it may be the second layer, behind nothing.
    link_end: |packet, index| {
        packet.layers.get(index).filter(|layer| layer.start == 0).map(|layer| layer.payload)
    },
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Chdlc::new(input.bytes) {
        Some(header) => Step::carrying(input, Chdlc::LEN, Next::Number(Space::Chdlc, header.proto().into())),
        None => Step::short(input, Chdlc::LEN, "a header of Cisco's HDLC"),
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let Some(header) = Chdlc::new(packet.header(layer)) else { return cut(line, layer) };
    let number = header.proto();
    if line.style().link {
        match address_name(header.address().into()) {
            Some(name) => line.text(name),
            None => line.fmt(format_args!("0x{:02x}", header.address())),
        }
        let name = ethertype::name(number.into()).unwrap_or("Unknown");
        line.fmt(format_args!(", ethertype {name} (0x{number:04x}), length {}: ", layer.wire_end - layer.start));
    }
    if line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    if !line.style().link {
        line.fmt(format_args!("unknown CHDLC protocol (0x{number:04x})"));
    }
    Ok(())
}

/// Ends a line with a header that is cut off; where it was too short already, tcpdump goes on.
pub(super) fn cut(line: &mut Line<'_>, layer: &Layer) -> Told {
    if layer.wire_end - layer.start >= Chdlc::LEN {
        return Err(Cut("chdlc"));
    }
    line.cut("chdlc");
    Ok(())
}

//! IP Payload Compression Protocol: RFC 3173.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Next Header  |     Flags     | Compression Parameter Index   |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ip_protocol;
use crate::packet::{Input, Next, Packet, Step};

header! {
    /// The header of a compressed payload.
    pub struct IpComp: 4 bytes;

    /// Next header: what is compressed.
    nh: u8 = 0..8, HexOf(ip_protocol::name), "ipcomp.next_header", computed(Next(Space::IpProtocol));
    /// Flags: zero.
    flags: u8 = 8..16, Hex, "ipcomp.flags", default(0);
    /// Compression parameter index: which algorithm, 2 is DEFLATE.
    cpi: u16 = 16..32, Hex, "ipcomp.cpi", default(2);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipcomp",
    scapy: "IPComp",
    title: "IP Payload Compression",
    fields: IpComp::FIELDS,
    dissect,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match IpComp::new(input.bytes) {
        Some(_) => Step::carrying(input, IpComp::LEN, Next::Bytes),
        None => Step::short(input, IpComp::LEN, "an IPComp header"),
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let header = packet.layers.get(index).and_then(|layer| IpComp::new(packet.header(layer)));
    let header = header.ok_or(Cut("ipcomp"))?;
    line.text("IPComp(cpi=0x");
    line.hex_wide(header.cpi(), 4);
    line.text(")");
    Ok(())
}

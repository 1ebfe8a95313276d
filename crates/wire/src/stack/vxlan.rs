//! Virtual eXtensible Local Area Network: RFC 7348, section 5.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |R|R|R|R|I|R|R|R|            Reserved                           |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                VXLAN Network Identifier (VNI) |   Reserved    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```
//!
//! The first half is as the draft of group policies has it: flags, and the policy.

use super::Protocol;
use crate::field::Space;
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};

header! {
    /// The header.
    pub struct Vxlan: 8 bytes;

    /// Flags: what of the header counts.
    flags: u16 = 0..16, Hex, "vxlan.flags", default(0x0800);
    /// Group policy: there is one.
    g: bool = 0..1, Flag, "vxlan.flag_g", part;
    /// Network identifier: there is one.
    i: bool = 4..5, Flag, "vxlan.flag_i", part;
    /// Don't learn: where the sender is must not be learned from it.
    d: bool = 9..10, Flag, "vxlan.flag_d", part;
    /// Applied: the group policy has been applied.
    a: bool = 12..13, Flag, "vxlan.flag_a", part;
    /// Group policy: its number.
    gpid: u16 = 16..32, Dec, "vxlan.gbp", default(0);
    /// Network identifier: which network the frame is of.
    vni: u32 = 32..56, Dec, "vxlan.vni", default(0);
    /// Reserved: must be zero.
    reserved2: u8 = 56..64, Dec, "vxlan.reserved8", default(0);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "vxlan",
    scapy: "VXLAN",
    title: "Virtual eXtensible Local Area Network",
    fields: Vxlan::FIELDS,
    dissect,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Vxlan::new(input.bytes) {
        Some(_) => {
            let frame = Next::Number(Space::EtherType, ethertype::TRANSPARENT_ETHERNET.into());
            Step::carrying(input, Vxlan::LEN, frame)
        }
        None => Step::short(input, Vxlan::LEN, "a VXLAN header"),
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    line.text("VXLAN");
    if layer.wire_end - layer.start < Vxlan::LEN {
        line.invalid();
        return Ok(());
    }
    let mut reader = Reader::new("vxlan", packet.header(layer));
    let flags = reader.u8()?;
    let is_valid = flags & 0x08 != 0;
    line.fmt(format_args!(", flags [{}] (0x{flags:02x}), ", if is_valid { "I" } else { "invalid" }));
    reader.take(3)?;
    let vni = reader.u24()?;
    line.text("vni ");
    line.dec(vni);
    line.text("\n");
    reader.u8()?;
    line.layer(packet, index + 1)
}

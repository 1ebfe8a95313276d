//! User Datagram Protocol: RFC 768.
//!
//! ```text
//!  0      7 8     15 16    23 24    31
//! +--------+--------+--------+--------+
//! |     Source      |   Destination   |
//! |      Port       |      Port       |
//! +--------+--------+--------+--------+
//! |     Length      |    Checksum     |
//! +--------+--------+--------+--------+
//! ```

use super::Protocol;
use crate::field::Space;
use crate::header::header;
use crate::line::{self, Cut, Line, Told};
use crate::packet::{Fault, Input, Next, Packet, Status, Step};

header! {
    /// The header of a datagram.
    pub struct Udp: 8 bytes;

    /// Source port: who sends.
    sport: u16 = 0..16, Dec, "udp.srcport" also "udp.port", default(53);
    /// Destination port: for whom it is.
    dport: u16 = 16..32, Dec, "udp.dstport" also "udp.port", default(53);
    /// Length: of header and payload, in bytes.
    len: u16 = 32..48, Dec, "udp.length", computed(Total);
    /// Checksum: over the pseudo header, the header and the payload; 0 is none.
    chksum: u16 = 48..64, Hex, "udp.checksum", computed(PseudoSum { zero_is_none: true });
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "udp",
    scapy: "UDP",
    title: "User Datagram Protocol",
    fields: Udp::FIELDS,
    dissect,
    line,
    has_ports: true,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Udp::new(input.bytes) else { return Step::short(input, Udp::LEN, "a UDP header") };
    let (len, there) = (usize::from(header.len()), input.wire_len);
    let next = Next::Either(Space::UdpPort, header.dport().into(), header.sport().into());
    let mut step = Step::carrying(input, Udp::LEN, next);
    match len {
        // A jumbogram, RFC 2675, or segmentation offload: as much as there is.
        0 => {}
        len if len < Udp::LEN || len > there => {
            let fault = Fault { at: 4, need: len.max(Udp::LEN), have: there.min(len), why: "a length that fits" };
            step.status = Status::Malformed(fault);
        }
        len => step.payload = len - Udp::LEN,
    }
    step
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let header = Udp::new(packet.header(layer)).ok_or(Cut("udp"))?;
    line.port_ends(Space::UdpPort, line::addresses(packet, index), header.sport(), header.dport());
    if !line.style().quiet && line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    line.text("UDP, length ");
    line.dec(header.len().saturating_sub(8));
    Ok(())
}

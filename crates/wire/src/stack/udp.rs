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
use crate::line::{self, Line};
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

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) {
    let Some(layer) = packet.layers.get(index) else { return };
    let header = Udp::new(packet.header(layer)).zip(line::addresses(packet, index));
    let Some((header, (from, to))) = header else { return line.cut("udp") };
    line.ends((from, Some(header.sport())), (to, Some(header.dport())));
    let is_told = packet.layers.get(index + 1).is_some_and(|next| next.id.is_told());
    if is_told && !line.style().quiet {
        return line.layer(packet, index + 1);
    }
    line.text("UDP, length ");
    line.dec(header.len().saturating_sub(8));
}

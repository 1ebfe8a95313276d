//! Lightweight User Datagram Protocol: RFC 3828. It is UDP whose checksum may leave the end of a datagram out.
//!
//! ```text
//!  0      7 8     15 16    23 24    31
//! +--------+--------+--------+--------+
//! |     Source      |   Destination   |
//! |      Port       |      Port       |
//! +--------+--------+--------+--------+
//! |    Checksum     |                 |
//! |    Coverage     |    Checksum     |
//! +--------+--------+--------+--------+
//! ```

use super::Protocol;
use crate::answer;
use crate::checksum;
use crate::field::{Field, Kind, Rule, Space, row};
use crate::header::header;
use crate::line::{self, Cut, Line, Told};
use crate::packet::{Input, Next, Packet, Step};

header! {
    /// The header of a datagram.
    pub struct UdpLite: 8 bytes;

    /// Source port: who sends.
    sport: u16 = 0..16, Dec, "udp.srcport" also "udp.port", default(53);
    /// Destination port: for whom it is.
    dport: u16 = 16..32, Dec, "udp.dstport" also "udp.port", default(53);
    /// Checksum coverage: how many bytes the checksum is of; 0 is all.
    coverage: u16 = 32..48, Dec, "udp.checksum_coverage", default(0);
    /// Checksum: over the pseudo header and what it covers.
    chksum: u16 = 48..64, Hex, "udp.checksum", computed(CoveredSum);
}

/// The rows of what is known without having bytes.
const DERIVED: &[Field] = &[Field {
    rule: Rule::Derived,
    ..Field::variable(
        "chksum_status",
        "udp.checksum.status",
        Kind::DecOf(checksum::status_name),
        "Checksum status: whether it is right.",
    )
}];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "udplite",
    scapy: "UDPLite",
    title: "Lightweight User Datagram Protocol",
    fields: UdpLite::FIELDS,
    more: &[DERIVED],
    dissect,
    walk: |walk| {
        if walk.table(UdpLite::FIELDS, UdpLite::LEN) {
            walk.verdict(row!(DERIVED, "chksum_status"));
        }
    },
    line,
    has_ports: true,
    ports: Some(|header| UdpLite::new(header).map(|header| (header.sport(), header.dport()))),
    answers: Some(answer::by_ports),
    // tcpdump has no words for it.
    tells: |style, _, _| style.own,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = UdpLite::new(input.bytes) else {
        return Step::short(input, UdpLite::LEN, "a UDP-Lite header");
    };
    let next = Next::Either(Space::UdpPort, header.sport().into(), header.dport().into());
    Step::carrying(input, UdpLite::LEN, next)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let header = UdpLite::new(packet.header(layer)).ok_or(Cut("udplite"))?;
    line.port_ends(Space::UdpPort, line::near_addresses(packet, index), header.sport(), header.dport());
    line.text("UDP-Lite, length ");
    line.len(packet.payload_len(layer));
    Ok(())
}

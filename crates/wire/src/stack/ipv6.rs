//! Internet Protocol version 6: RFC 8200; the traffic class as RFC 2474 and 3168 have it.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |Version| Traffic Class |           Flow Label                  |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |         Payload Length        |  Next Header  |   Hop Limit   |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Source Address                        |
//! |                        (16 bytes)                             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                      Destination Address                      |
//! |                        (16 bytes)                             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use core::net::Ipv6Addr;

use super::Protocol;
use crate::checksum;
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ip_protocol;
use crate::packet::{Input, Next, Packet, Step};

header! {
    /// The header of an IPv6 packet.
    pub struct Ipv6: 40 bytes;

    /// Version: 6.
    version: u8 = 0..4, Dec, "ipv6.version", default(6);
    /// Traffic class: how routers are to treat it.
    tc: u8 = 4..12, Hex, "ipv6.tclass", default(0);
    /// Differentiated services codepoint: its class.
    dscp: u8 = 4..10, Dec, "ipv6.tclass.dscp", part;
    /// Explicit congestion notification: whether routers may mark it, and have.
    ecn: u8 = 10..12, Dec, "ipv6.tclass.ecn", part;
    /// Flow label: the same in all packets that belong together.
    fl: u32 = 12..32, Hex, "ipv6.flow", default(0);
    /// Payload length: of all behind this header, in bytes; 0 where an option says it.
    plen: u16 = 32..48, Dec, "ipv6.plen", computed(Payload);
    /// Next header: what follows.
    nh: u8 = 48..56, DecOf(ip_protocol::name), "ipv6.nxt", computed(Next(Space::IpProtocol));
    /// Hop limit: each router takes one off.
    hlim: u8 = 56..64, Dec, "ipv6.hlim", default(64);
    /// Source address: who sends.
    src: Ipv6Addr = 64..192, Ipv6, "ipv6.src" also "ipv6.addr", default(1);
    /// Destination address: for whom it is.
    dst: Ipv6Addr = 192..320, Ipv6, "ipv6.dst" also "ipv6.addr", default(1);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipv6",
    scapy: "IPv6",
    title: "Internet Protocol Version 6",
    fields: Ipv6::FIELDS,
    dissect,
    line,
    addresses: Some(|header| Ipv6::new(header).map(|header| (header.src().into(), header.dst().into()))),
    pseudo_header: Some(|header| checksum::sum(header.get(8..40).unwrap_or_default())),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Ipv6::new(input.bytes) else {
        return Step::short(input, Ipv6::LEN, "an IPv6 header");
    };
    let mut step = Step::carrying(input, Ipv6::LEN, Next::Number(Space::IpProtocol, header.nh().into()));
    match usize::from(header.plen()) {
        // A jumbogram, RFC 2675, or segmentation offload: as much as there is.
        0 => {}
        len => {
            if len > step.payload {
                step.status = input.lacks(Ipv6::LEN + len, "as many bytes as the payload length says");
            }
            step.payload = len;
        }
    }
    step
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    line.name("IP6");
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let header = Ipv6::new(packet.header(layer)).ok_or(Cut("ip6"))?;
    if packet.layers.get(index + 1).is_some_and(|next| next.id.protocol().has_ports) {
        return line.layer(packet, index + 1);
    }
    line.ends(header.src().into(), header.dst().into());
    line.layer(packet, index + 1)
}

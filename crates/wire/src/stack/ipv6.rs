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
use crate::answer;
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ip_protocol;
use crate::packet::{Fault, Input, Layer, Next, Packet, Status, Step};

header! {
    /// The header of an IPv6 packet.
    pub struct Ipv6: 40 bytes;

    /// Version: 6.
    version: u8 = 0..4, Dec, "ipv6.version", default(6);
    /// Traffic class: how routers are to treat it.
    tc: u8 = 4..12, HexDigits(8), "ipv6.tclass", default(0);
    /// Differentiated services codepoint: its class.
    dscp: u8 = 4..10, Dec, "ipv6.tclass.dscp", part;
    /// Explicit congestion notification: whether routers may mark it, and have.
    ecn: u8 = 10..12, Dec, "ipv6.tclass.ecn", part;
    /// Flow label: the same in all packets that belong together.
    fl: u32 = 12..32, HexDigits(6), "ipv6.flow", default(0);
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
    answers: Some(answer::by_hosts),
    addresses: Some(|header| Ipv6::new(header).map(|header| (header.src().into(), header.dst().into()))),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Ipv6::new(input.bytes) else {
        return Step::short(input, Ipv6::LEN, "an IPv6 header");
    };
    if header.version() != 6 {
        let fault = Fault { at: 0, need: 6, have: header.version().into(), why: "version 6" };
        return Step { status: Status::Malformed(fault), ..Step::whole(input) };
    }
    let mut step = Step::carrying(input, Ipv6::LEN, Next::Number(Space::IpProtocol, header.nh().into()));
    match usize::from(header.plen()) {
        // A jumbogram, RFC 2675, or segmentation offload: as much as there is.
        0 if header.nh() != ip_protocol::NO_NEXT => {}
        len => {
            if len > step.payload {
                step.status = input.lacks(Ipv6::LEN + len, "as many bytes as the payload length says");
            }
            step.payload = len;
        }
    }
    if header.nh() == ip_protocol::NO_NEXT {
        step.next = Next::Bytes;
    }
    step
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.whole(layer);
    let header = Ipv6::new(bytes.get(..packet.room(index)).unwrap_or(bytes)).ok_or(Cut("ip6"))?;
    line.name("IP6");
    if header.version() != 6 {
        line.text("version error: ");
        line.dec(header.version());
        line.text(" != 6");
        return Ok(());
    }
    let (len, there) = (usize::from(header.plen()), packet.room(index).saturating_sub(Ipv6::LEN));
    if len > there {
        line.text("truncated-ip6 - ");
        line.len(len - there);
        line.text(" bytes missing!");
    }
    if line.style().verbose > 0 {
        details(line, &header);
    }
    if !line.begins_with_ends(packet, index, header.nh()) {
        line.ends(header.src().into(), header.dst().into());
    }
    // A length of zero is a jumbogram's, which an option must say, or is left to the card: tcpdump takes it for nothing.
    if len == 0 && header.nh() != ip_protocol::HOP_BY_HOP && !line.style().own {
        let nothing = Layer { wire_end: layer.payload, ..*layer };
        return line.upper_of(packet, index, nothing, header.nh());
    }
    line.upper(packet, index, header.nh())
}

/// Writes what `-v` adds: the header in brackets.
fn details(line: &mut Line<'_>, header: &Ipv6<'_>) {
    line.text("(");
    if header.tc() != 0 {
        line.text("class 0x");
        line.hex_wide(header.tc(), 2);
        line.text(", ");
    }
    if header.fl() != 0 {
        line.text("flowlabel 0x");
        line.hex_wide(header.fl(), 5);
        line.text(", ");
    }
    line.text("hlim ");
    line.dec(header.hlim());
    line.text(", next-header ");
    line.text(ip_protocol::name(header.nh().into()).unwrap_or("unknown"));
    line.text(" (");
    line.dec(header.nh());
    line.text(") payload length: ");
    line.dec(header.plen());
    line.text(") ");
}

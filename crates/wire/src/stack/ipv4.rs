//! Internet Protocol version 4: RFC 791; the type of service as RFC 2474 and 3168 have it.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |Version|  IHL  |   DSCP    |ECN|          Total Length         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |         Identification        |Flags|      Fragment Offset    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Time to Live |    Protocol   |         Header Checksum       |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Source Address                        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                       Destination Address                     |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                    Options                    |    Padding    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

mod line;
pub mod options;

use core::net::Ipv4Addr;

use super::Protocol;
use crate::answer;
use crate::checksum;
use crate::field::{Field, Kind, Rule, Space, row};
use crate::header::header;
use crate::number::ip_protocol;
use crate::packet::{Fault, Input, Next, Status, Step};
use crate::walk::Walk;

header! {
    /// The header of an IPv4 packet, without its options.
    pub struct Ipv4: 20 bytes;

    /// Version: 4.
    version: u8 = 0..4, Dec, "ip.version", default(4);
    /// Header length: in words of 4 bytes, options included.
    ihl: u8 = 4..8, Times(4), "ip.hdr_len", computed(Header);
    /// Differentiated services: how routers are to treat it.
    tos: u8 = 8..16, Hex, "ip.dsfield", default(0);
    /// Differentiated services codepoint: its class.
    dscp: u8 = 8..14, Dec, "ip.dsfield.dscp", part;
    /// Explicit congestion notification: whether routers may mark it, and have.
    ecn: u8 = 14..16, Dec, "ip.dsfield.ecn", part;
    /// Total length: of header and payload, in bytes.
    len: u16 = 16..32, Dec, "ip.len", computed(Total);
    /// Identification: the same in all fragments of a packet.
    id: u16 = 32..48, Hex, "ip.id", default(1);
    /// Flags: whether it may be taken apart, and whether more of it comes.
    flags: u8 = 48..51, Hex, "ip.flags", default(0);
    /// Reserved bit: must be zero.
    evil: bool = 48..49, Flag, "ip.flags.rb", part;
    /// Don't fragment: routers must not take it apart.
    df: bool = 49..50, Flag, "ip.flags.df", part;
    /// More fragments: it is not the last fragment.
    mf: bool = 50..51, Flag, "ip.flags.mf", part;
    /// Fragment offset: where this fragment belongs, in units of 8 bytes.
    frag: u16 = 51..64, Dec, "ip.frag_offset", default(0);
    /// Time to live: each router takes one off.
    ttl: u8 = 64..72, Dec, "ip.ttl", default(64);
    /// Protocol: what is carried.
    proto: u8 = 72..80, DecOf(ip_protocol::name), "ip.proto", computed(Next(Space::IpProtocol));
    /// Header checksum: over the header alone.
    chksum: u16 = 80..96, Hex, "ip.checksum", computed(HeaderSum);
    /// Source address: who sends.
    src: Ipv4Addr = 96..128, Ipv4, "ip.src" also "ip.addr", default(0x7f00_0001);
    /// Destination address: for whom it is.
    dst: Ipv4Addr = 128..160, Ipv4, "ip.dst" also "ip.addr", default(0x7f00_0001);
}

impl Ipv4<'_> {
    /// Returns the length of the header in bytes, options included.
    #[must_use]
    pub fn header_len(&self) -> usize {
        usize::from(self.ihl()) * 4
    }

    /// Tells whether it carries a part of a packet.
    #[must_use]
    pub fn is_fragment(&self) -> bool {
        self.mf() || self.frag() != 0
    }
}

/// The rows of what is known without having bytes.
const DERIVED: &[Field] = &[Field {
    rule: Rule::Derived,
    ..Field::variable("chksum_status", "ip.checksum.status", Kind::DecOf(checksum::status_name), "Checksum status: whether it is right.")
}];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ip",
    scapy: "IP",
    title: "Internet Protocol Version 4",
    fields: Ipv4::FIELDS,
    more: options::TABLES,
    options: options::OPTIONS,
    dissect,
    walk,
    line: line::line,
    addresses: Some(|header| Ipv4::new(header).map(|header| (header.src().into(), header.dst().into()))),
    answers: Some(answer::by_hosts),
    destination: Some(options::destination),
    is_fragment: |header| Ipv4::new(header).is_some_and(|header| header.is_fragment()),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Ipv4::new(input.bytes) else {
        return Step::short(input, Ipv4::LEN, "an IPv4 header");
    };
    let (header_len, total) = (header.header_len(), usize::from(header.len()));
    let fault = |at, need, have, why| Status::Malformed(Fault { at, need, have, why });
    if header.version() != 4 {
        let status = fault(0, 4, header.version().into(), "version 4");
        return Step { status, ..Step::whole(input) };
    }
    if header_len < Ipv4::LEN {
        let status = fault(0, Ipv4::LEN, header_len, "a header length of at least 20");
        return Step { status, ..Step::whole(input) };
    }
    if header_len > input.bytes.len() {
        return Step::short(input, header_len, "the options of an IPv4 header");
    }
    // Segmentation offload leaves the length to the card: zero means as much as there is.
    let mut step = Step::carrying(input, header_len, Next::Bytes);
    if total != 0 {
        if total < header_len {
            step.status = fault(2, header_len, total, "a total length of at least the header's");
        }
        if total > input.wire_len {
            step.status = input.lacks(total, "as many bytes as the total length says");
        }
        step.payload = total.saturating_sub(header_len);
    }
    if header.frag() == 0 {
        step.next = Next::Number(Space::IpProtocol, header.proto().into());
    }
    step
}

fn walk(walk: &mut Walk<'_, '_>) {
    walk.table(Ipv4::FIELDS, Ipv4::LEN);
    let header = walk.header();
    // Where the version or the header's length is wrong, what follows is no options.
    if Ipv4::new(header).is_some_and(|fixed| fixed.version() == 4 && fixed.header_len() >= header.len()) {
        walk.verdict(row!(DERIVED, "chksum_status"));
        options::walk(walk);
    }
}

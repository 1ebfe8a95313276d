//! The destination options header of IPv6: RFC 8200, section 4.6. It has the form of the hop-by-hop options header, and options
//! of the same registry.

use super::Protocol;
use super::hop_by_hop::{self, options};
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ip_protocol;
use crate::packet::Packet;

header! {
    /// The header before its options.
    pub struct Destination: 2 bytes;

    /// Next header: what follows.
    nh: u8 = 0..8, DecOf(ip_protocol::name), "ipv6.dstopts.nxt", computed(Next(Space::IpProtocol));
    /// Header extension length: in units of 8 bytes, without the first.
    len: u8 = 8..16, Dec, "ipv6.dstopts.len", computed(HeaderBeyond(8, 1));
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipv6.dstopts",
    scapy: "IPv6ExtHdrDestOpt",
    title: "Destination Options for IPv6",
    fields: Destination::FIELDS,
    more: options::TABLES,
    options: options::OPTIONS,
    dissect: |input| hop_by_hop::dissect(input, "a destination options header"),
    walk: |walk| {
        walk.table(Destination::FIELDS, Destination::LEN);
        options::walk(walk);
    },
    line,
    ..Protocol::BARE
};

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    options::line(line, ("DSTOPT ", Cut("dstopt")), packet.whole(layer), options::Place::Destination, &mut None)?;
    let header = Destination::new(packet.header(layer)).ok_or(Cut("dstopt"))?;
    line.upper(packet, index, header.nh())
}

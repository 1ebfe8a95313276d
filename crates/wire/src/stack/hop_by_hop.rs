//! The hop-by-hop options header of IPv6: RFC 8200, section 4.3; its options, which destination options share, are in
//! `options.rs`.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Next Header  |  Hdr Ext Len  |                               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+            Options            +
//! |                                                               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

pub mod options;

use super::Protocol;
use super::ipv6::Ipv6;
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ip_protocol;
use crate::packet::{Input, Layer, Next, Packet, Step};
use crate::stack::Id;
use options::Place;

header! {
    /// The header before its options.
    pub struct HopByHop: 2 bytes;

    /// Next header: what follows.
    nh: u8 = 0..8, DecOf(ip_protocol::name), "ipv6.hopopts.nxt", computed(Next(Space::IpProtocol));
    /// Header extension length: in units of 8 bytes, without the first.
    len: u8 = 8..16, Dec, "ipv6.hopopts.len", computed(HeaderBeyond(8, 1));
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ipv6.hopopts",
    scapy: "IPv6ExtHdrHopByHop",
    title: "IPv6 Hop-by-Hop Option",
    fields: HopByHop::FIELDS,
    more: options::TABLES,
    options: options::OPTIONS,
    dissect: |input| dissect(input, "a hop-by-hop options header"),
    walk: |walk| {
        walk.table(HopByHop::FIELDS, HopByHop::LEN);
        options::walk(walk);
    },
    line,
    ..Protocol::BARE
};

/// Finds out how long a header of options is and what it carries; both kinds begin alike.
pub(super) fn dissect(input: &Input<'_>, what: &'static str) -> Step {
    let Some(header) = HopByHop::new(input.bytes) else {
        return Step::short(input, HopByHop::LEN, what);
    };
    let len = (usize::from(header.len()) + 1) * 8;
    if len > input.bytes.len() {
        return Step::short(input, len, what);
    }
    Step::carrying(input, len, Next::Number(Space::IpProtocol, header.nh().into()))
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    let fixed = below.filter(|below| below.id == Id::Ipv6).and_then(|below| Ipv6::new(packet.header(below)));
    let Some(fixed) = fixed else {
        let others = packet.layers.get(..index).unwrap_or_default();
        let is_second = others.iter().rev().take_while(|layer| layer.id != Id::Ipv6).any(|layer| layer.id == Id::HopByHop);
        line.text(if is_second {
            "[The Hop-by-Hop Options header was already found]"
        } else {
            "[The Hop-by-Hop Options header don't follow the IPv6 header]"
        });
        line.invalid();
        return Ok(());
    };
    let place = Place::HopByHop { is_long: fixed.plen() == 0 };
    let mut found = None;
    let told = options::line(line, ("HBH ", Cut("hbhopt")), packet.whole(layer), place, &mut found);
    let header = HopByHop::new(packet.header(layer)).ok_or(Cut("hbhopt"))?;
    match told {
        Err(Cut(name)) if fixed.plen() == 0 && found.is_none() => line.cut(name),
        told => told?,
    }
    if fixed.plen() != 0 {
        return line.upper(packet, index, header.nh());
    }
    // A payload length of zero needs the length in an option, or nothing can be said of what follows.
    let Some(len) = found else {
        line.text("[No valid Jumbo Payload Hop-by-Hop option found]");
        line.invalid();
        return Ok(());
    };
    // The length counts from behind the IPv6 header, this one included.
    let (len, there) = (usize::try_from(len).unwrap_or(usize::MAX), packet.room(index));
    if len > there {
        line.text("truncated-ip6 - ");
        line.len(len - there);
        line.text(" bytes missing!");
    }
    let layer = Layer { wire_end: layer.start.saturating_add(len), ..*layer };
    line.upper_of(packet, index, layer, header.nh())
}

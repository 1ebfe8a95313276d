//! Multiprotocol Label Switching: an entry of the label stack, RFC 3032, section 2.1.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                Label                  | TC  |S|      TTL      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```
//!
//! Nothing says what the stack carries but the last label, where it is one of those that are reserved, or the first byte.

use super::{Id, Protocol};
use crate::field::Space;
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Layer, Next, Packet, Step};

header! {
    /// An entry of the stack.
    pub struct Mpls: 4 bytes;

    /// Label: the way that the packet takes.
    label: u32 = 0..20, DecOf(label_name), "mpls.label", default(3);
    /// Traffic class: how routers are to treat it; RFC 5462.
    cos: u8 = 20..23, Dec, "mpls.exp", default(0);
    /// Bottom of stack: no entry follows.
    s: bool = 23..24, Flag, "mpls.bottom", default(1);
    /// Time to live: each router takes one off.
    ttl: u8 = 24..32, Dec, "mpls.ttl", default(64);
}

/// The label of which IPv4 is carried.
const IPV4_EXPLICIT_NULL: u32 = 0;
/// The label of which IPv6 is carried.
const IPV6_EXPLICIT_NULL: u32 = 2;
/// The label that stands for none; IPv4 is carried.
const IMPLICIT_NULL: u32 = 3;

/// Names a reserved label, as tcpdump does.
fn label_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "IPv4 explicit NULL",
        1 => "router alert",
        2 => "IPv6 explicit NULL",
        3 => "implicit NULL",
        4..16 => "rsvd",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "mpls",
    scapy: "MPLS",
    title: "MultiProtocol Label Switching Header",
    fields: Mpls::FIELDS,
    dissect,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Mpls::new(input.bytes) else {
        return Step::short(input, Mpls::LEN, "an entry of a label stack");
    };
    let ip = |number: u16| Next::Number(Space::EtherType, number.into());
    let next = match (header.s(), header.label(), input.bytes.get(Mpls::LEN)) {
        (false, ..) => Next::Same,
        _ if input.wire_len == Mpls::LEN => Next::Bytes,
        (_, IPV4_EXPLICIT_NULL | IMPLICIT_NULL, _) => ip(ethertype::IPV4),
        (_, IPV6_EXPLICIT_NULL, _) => ip(ethertype::IPV6),
        (.., Some(0x45..=0x4f)) => ip(ethertype::IPV4),
        (.., Some(0x60..=0x6f)) => ip(ethertype::IPV6),
        _ => Next::Bytes,
    };
    Step::carrying(input, Mpls::LEN, next)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    let is_first = below.is_none_or(|below| below.id != Id::Mpls);
    if is_first {
        line.text("MPLS");
    }
    let Some(header) = Mpls::new(packet.header(layer)) else {
        if layer.wire_end - layer.start >= Mpls::LEN {
            return Err(Cut("mpls"));
        }
        line.invalid();
        cut(line, layer);
        return Ok(());
    };
    line.text(if is_first || line.style().verbose == 0 { " " } else { "\n\t" });
    entry(line, &header);
    if !header.s() {
        return line.layer(packet, index + 1);
    }
    if packet.payload_len(layer) == 0 {
        return Ok(());
    }
    if packet.payload(layer).is_empty() {
        return Err(Cut("mpls"));
    }
    if line.tells(packet, index + 1) {
        line.text(if line.style().verbose == 0 { " " } else { "\n\t" });
        return line.layer(packet, index + 1);
    }
    line.default_print(packet.payload(layer));
    cut(line, layer);
    Ok(())
}

/// Writes that not all was captured.
fn cut(line: &mut Line<'_>, layer: &Layer) {
    if layer.end < layer.wire_end {
        line.cut("mpls");
    }
}

/// Writes an entry.
fn entry(line: &mut Line<'_>, header: &Mpls<'_>) {
    line.text("(label ");
    line.dec(header.label());
    if let Some(name) = label_name(header.label().into()).filter(|_| line.style().verbose > 0) {
        line.text(" (");
        line.text(name);
        line.text(")");
    }
    line.text(", tc ");
    line.dec(header.cos());
    line.text(if header.s() { ", [S], ttl " } else { ", ttl " });
    line.dec(header.ttl());
    line.text(")");
}

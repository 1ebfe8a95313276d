//! Raw IP, LINKTYPE_RAW and its like: no link header at all; the first four bits say which version follows.

use super::Protocol;
use crate::field::Space;
use crate::line::{Line, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "raw",
    scapy: "RawIP",
    title: "Raw packet data",
    dissect,
    line,
    link_end: super::outermost,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let next = match input.bytes.first().map(|first| first >> 4) {
        Some(4) => Next::Number(Space::EtherType, ethertype::IPV4.into()),
        Some(6) => Next::Number(Space::EtherType, ethertype::IPV6.into()),
        _ => Next::Bytes,
    };
    Step::carrying(input, 0, next)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    if line.style().link {
        line.text("ip: ");
    }
    if line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    line.text("unknown ip ");
    line.dec(packet.bytes.first().map_or(0, |first| first >> 4));
    Ok(())
}

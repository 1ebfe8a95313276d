//! Raw IP, LINKTYPE_RAW: no link header at all; the first four bits say which version follows.

use super::Protocol;
use crate::field::Space;
use crate::number::ethertype;
use crate::packet::{Input, Next, Step};

/// What is known of it.
pub const PROTOCOL: Protocol =
    Protocol { name: "raw", scapy: "RawIP", title: "Raw packet data", dissect, ..Protocol::BARE };

fn dissect(input: &Input<'_>) -> Step {
    let next = match input.bytes.first().map(|first| first >> 4) {
        Some(4) => Next::Number(Space::EtherType, ethertype::IPV4.into()),
        Some(6) => Next::Number(Space::EtherType, ethertype::IPV6.into()),
        _ => Next::Bytes,
    };
    Step::carrying(input, 0, next)
}

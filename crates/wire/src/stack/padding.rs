//! Bytes behind what the lengths of the layers say: Ethernet's padding, trailers.

use super::Protocol;
use crate::field::{Field, row};

/// The rows: all of it.
const FIELDS: &[Field] = &[Field::bytes("load", "eth.padding", "Padding: bytes behind what the lengths say.")];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "padding",
    scapy: "Padding",
    title: "Padding",
    more: &[FIELDS],
    walk: |walk| walk.bytes(row!(FIELDS, "load"), usize::MAX),
    line: |_, _, _| Ok(()),
    tells: |_, _, _| false,
    ..Protocol::BARE
};

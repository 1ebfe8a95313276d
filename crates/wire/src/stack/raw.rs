//! Bytes that nothing says more about.

use super::Protocol;
use crate::field::{Field, row};

/// The rows: all of it.
const FIELDS: &[Field] = &[*Field::RAW];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "data",
    scapy: "Raw",
    title: "Data",
    more: &[FIELDS],
    walk: |walk| walk.bytes(row!(FIELDS, "load"), usize::MAX),
    line: |_, _, _| Ok(()),
    tells: |_, _, _| false,
    ..Protocol::BARE
};

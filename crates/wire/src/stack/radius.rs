//! Remote Authentication Dial In User Service: RFC 2865, section 3; accounting: RFC 2866; changes of authorization: RFC 5176.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Code      |  Identifier   |            Length             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                                                               |
//! |                         Authenticator                         |
//! |                                                               |
//! |                                                               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Attributes ...
//! +-+-+-+-+-+-+-+-+-+-+-+-+-
//! ```
//!
//! `attributes.rs` lists the attributes; `inside.rs` goes through those that have parts.

pub mod attributes;
mod eap;
pub mod inside;
mod line;
mod names;

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::packet::{Input, Next, Step};
use crate::walk::{Value, Walk};

header! {
    /// The header of a packet, without its attributes.
    pub struct Radius: 20 bytes;

    /// Code: what the packet is.
    code: u8 = 0..8, DecOf(names::code), "radius.code", default(1);
    /// Identifier: the same in question and answer.
    id: u8 = 8..16, Dec, "radius.id", default(0);
    /// Length: of the whole packet, in bytes.
    len: u16 = 16..32, Dec, "radius.length", computed(Header);
    /// Authenticator: of a question random, of an answer a sum with the shared secret.
    authenticator: [u8; 16] = 32..160, Bytes, "radius.authenticator", default(0);
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "radius",
    scapy: "Radius",
    title: "Remote Authentication Dial In User Service",
    fields: Radius::FIELDS,
    more: &[
        DERIVED,
        attributes::PARTS,
        attributes::VALUES,
        inside::PARTS,
        inside::EgressVlan::FIELDS,
        inside::VendorAttribute::FIELDS,
    ],
    options: attributes::OPTIONS,
    dissect,
    walk,
    line: line::line,
    ..Protocol::BARE
};

/// Whether it asks or answers.
const DERIVED: &[Field] = &[
    Field::variable("request", "radius.req", Kind::Flag, "Request: it asks.").derived(),
    Field::variable("response", "radius.rsp", Kind::Flag, "Response: it answers.").derived(),
];

fn walk(walk: &mut Walk<'_, '_>) {
    let code = walk.header().first().copied();
    if !walk.table(Radius::FIELDS, Radius::LEN) {
        return;
    }
    match code {
        Some(1 | 4 | 40 | 43) => walk.derived(row!(DERIVED, "request"), Value::Uint(1)),
        Some(2 | 3 | 5 | 11 | 41 | 42 | 44 | 45) => walk.derived(row!(DERIVED, "response"), Value::Uint(1)),
        _ => {}
    }
    attributes::walk(walk);
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Radius::new(input.bytes) else {
        return Step::short(input, Radius::LEN, "the header of a RADIUS packet");
    };
    let len = usize::from(header.len());
    if len < Radius::LEN || len > input.wire_len {
        return Step { status: input.lacks(len.max(Radius::LEN), "a length that fits"), ..Step::whole(input) };
    }
    // What follows the packet is padding.
    let captured = len.min(input.bytes.len());
    Step { payload: len - captured, ..Step::carrying(input, captured, Next::Bytes) }
}

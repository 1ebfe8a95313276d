//! Ethernet's Configuration Testing Protocol, called loopback: Ethernet version 2.0, section 8; numbers have their low byte first.
//!
//! ```text
//! +---------------------------+
//! |         Skip count        |  2 bytes: how many bytes behind it have been done
//! +---------------------------+
//! |          Function         |  2 bytes: 1 reply, 2 forward data
//! +---------------------------+
//! |  Receipt number, 2 bytes, of a reply; or forwarding address, 6 bytes
//! +---------------------------+
//! |  Data, or the next function
//! +---------------------------+
//! ```

use super::Protocol;
use crate::field::{Field, row};
use crate::header::{Mac, header};
use crate::line::{Cut, Line, Reader, Told};
use crate::packet::{Input, Packet, Step};
use crate::walk::Walk;

header! {
    /// What a packet begins with.
    pub struct Loopback: 2 bytes;

    /// Skip count: how many bytes behind it have been done.
    skip_count: u16 = 0..16, LittleDec, "loop.skipcount", default(0);
}

header! {
    /// A reply.
    pub struct Reply: 4 bytes;

    /// Function: what is to be done.
    function: u16 = 0..16, LittleDec, "loop.function", default(1);
    /// Receipt number: by which the sender knows the reply.
    receipt_number: u16 = 16..32, LittleDec, "loop.receipt_number", default(0);
}

header! {
    /// Data that are to be sent on.
    pub struct Forward: 8 bytes;

    /// Function: what is to be done.
    function: u16 = 0..16, LittleDec, "loop.function", default(2);
    /// Forwarding address: to which station.
    forwarding_address: Mac = 16..64, Mac, "loop.forwarding_address", default(0);
}

/// What functions leave over.
const DATA: &[Field] = &[Field::bytes("data", "data.data", "Data: done already, or to come back.")];

/// The packet is the answer.
const REPLY: u16 = 1;
/// The packet is to be sent on.
const FORWARD: u16 = 2;

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "loop",
    scapy: "Loop",
    title: "Configuration Test Protocol (loopback)",
    fields: Loopback::FIELDS,
    more: &[Reply::FIELDS, Forward::FIELDS, DATA],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Loopback::new(input.bytes) {
        Some(_) => Step::whole(input),
        None => Step::short(input, Loopback::LEN, "a skip count"),
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let skip = Loopback::new(walk.rest()).map(|header| header.skip_count().swap_bytes());
    walk.fixed();
    walk.bytes(row!(DATA, "data"), skip.unwrap_or(0).into());
    match walk.rest().first_chunk().copied().map(u16::from_le_bytes) {
        Some(REPLY) => walk.table(Reply::FIELDS, Reply::LEN),
        Some(FORWARD) => walk.table(Forward::FIELDS, Forward::LEN),
        _ => true,
    };
    walk.bytes(row!(DATA, "data"), usize::MAX);
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    line.text("Loopback");
    let mut reader = Reader::new("loopback", packet.header(layer));
    let Some(left) = (layer.wire_end - layer.start).checked_sub(Loopback::LEN) else {
        return invalid(line, packet, index);
    };
    let skip = reader.u16()?.swap_bytes();
    line.fmt(format_args!(", skipCount {skip}"));
    if !skip.is_multiple_of(8) {
        line.text(" (bogus)");
    }
    let skip = usize::from(skip);
    let Some(left) = left.checked_sub(skip + 2) else {
        return invalid(line, packet, index);
    };
    reader.take(skip)?;
    let function = reader.u16()?.swap_bytes();
    line.text(", ");
    let left = match function {
        REPLY => {
            line.text("Reply");
            let Some(left) = left.checked_sub(2) else {
                return invalid(line, packet, index);
            };
            let number = reader.u16()?.swap_bytes();
            line.fmt(format_args!(", receipt number {number}"));
            left
        }
        FORWARD => {
            line.text("Forward Data");
            let Some(left) = left.checked_sub(6) else {
                return invalid(line, packet, index);
            };
            let address = reader.mac()?;
            line.text(", forwarding address ");
            line.mac(address);
            left
        }
        number => {
            line.fmt(format_args!(" invalid ({number})"));
            return whole(packet, index);
        }
    };
    line.fmt(format_args!(", data ({left} octets)"));
    reader.need(left)
}

/// Says that the packet cannot be meant.
fn invalid(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    line.invalid();
    whole(packet, index)
}

/// Ends the line where not all of the packet was captured.
fn whole(packet: &Packet<'_>, index: usize) -> Told {
    match packet.layers.get(index) {
        Some(layer) if layer.end < layer.wire_end => Err(Cut("loopback")),
        _ => Ok(()),
    }
}

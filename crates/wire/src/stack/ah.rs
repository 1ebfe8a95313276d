//! Authentication Header: RFC 4302.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! | Next Header   |  Payload Len  |          RESERVED             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                 Security Parameters Index (SPI)               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                    Sequence Number Field                      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                Integrity Check Value-ICV (variable)           |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::{Field, Space, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::number::ip_protocol;
use crate::packet::{Fault, Input, Next, Packet, Status, Step};

header! {
    /// The header before its integrity check value.
    pub struct Ah: 12 bytes;

    /// Next header: what is authenticated.
    nh: u8 = 0..8, DecOf(ip_protocol::name), "ah.next_header", computed(Next(Space::IpProtocol));
    /// Payload length: of this header in words of 4 bytes, without two of them.
    payloadlen: u8 = 8..16, Dec, "ah.length", computed(HeaderBeyond(4, 2));
    /// Reserved: zero.
    reserved: u16 = 16..32, Bytes, "ah.reserved", default(0);
    /// Security parameters index: which association it belongs to.
    spi: u32 = 32..64, Hex, "ah.spi", default(1);
    /// Sequence number: counts the packets of the association.
    seq: u32 = 64..96, Dec, "ah.sequence", default(1);
}

/// The rows of what has no fixed place.
const PARTS: &[Field] =
    &[Field::bytes("icv", "ah.icv", "Integrity check value: shows that the packet is as it was sent.")];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ah",
    scapy: "AH",
    title: "Authentication Header",
    fields: Ah::FIELDS,
    more: &[PARTS],
    dissect,
    walk: |walk| {
        walk.table(Ah::FIELDS, Ah::LEN);
        walk.bytes(row!(PARTS, "icv"), usize::MAX);
    },
    line,
    ..Protocol::BARE
};

impl Ah<'_> {
    /// Returns the length of the header in bytes.
    #[must_use]
    pub fn header_len(&self) -> usize {
        (usize::from(self.payloadlen()) + 2) * 4
    }
}

fn dissect(input: &Input<'_>) -> Step {
    const WHAT: &str = "an authentication header";
    let Some(header) = Ah::new(input.bytes) else { return Step::short(input, Ah::LEN, WHAT) };
    let len = header.header_len();
    if len > input.bytes.len() {
        return Step::short(input, len, WHAT);
    }
    let mut step = Step::carrying(input, len, Next::Number(Space::IpProtocol, header.nh().into()));
    if len < Ah::LEN {
        let fault = Fault { at: 1, need: Ah::LEN, have: len, why: "a length of at least 12" };
        step.status = Status::Malformed(fault);
    }
    step
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.whole(layer);
    let mut reader = Reader::new("ah", bytes.get(..packet.room(index)).unwrap_or(bytes));
    reader.need(1)?;
    line.text("AH");
    let (next, words) = (reader.u8()?, reader.u8()?);
    line.text("(");
    let len = (usize::from(words) + 2) * 4;
    if line.style().verbose > 0 {
        line.text("length=");
        line.dec(words);
        line.text("(");
        line.len(len);
        line.text("-bytes),");
    }
    let reserved = reader.u16()?;
    if reserved != 0 {
        line.fmt(format_args!("reserved=0x{reserved:x}[MustBeZero],"));
    }
    let spi = reader.u32()?;
    line.fmt(format_args!("spi=0x{spi:08x},"));
    let seq = reader.u32()?;
    line.fmt(format_args!("seq=0x{seq:x},icv=0x"));
    let icv_len = len.saturating_sub(Ah::LEN);
    let icv = reader.take_up_to(icv_len);
    for byte in icv {
        line.hex_wide(*byte, 2);
    }
    if icv.len() < icv_len {
        return Err(reader.cut());
    }
    line.text("): ");
    line.transport(packet, index, next)
}

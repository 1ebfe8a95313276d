//! Challenge Handshake Authentication Protocol: RFC 1994, section 4.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Code      |  Identifier   |            Length             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Value-Size   |  Value ...
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
//! |  Name, or the message of an answer ...
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
//! ```

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Cut, Line, Reader, Told};
use crate::packet::{Input, Packet, Step};
use crate::walk::Walk;

header! {
    /// The header.
    pub struct Chap: 4 bytes;

    /// Code: a challenge, a response, or what comes of it.
    code: u8 = 0..8, DecOf(code_name), "chap.code", default(1);
    /// Identifier: the same in a challenge and what answers it.
    id: u8 = 8..16, Dec, "chap.identifier", default(0);
    /// Length: of header and data, without padding.
    len: u16 = 16..32, Dec, "chap.length", computed(Header);
}

/// What follows the header.
const DATA: &[Field] = &[
    Field::variable("value_size", "chap.value_size", Kind::Dec, "Value size: of the value that follows."),
    Field::bytes("value", "chap.value", "Value: the challenge, or the digest that answers it."),
    Field::variable("optional_name", "chap.name", Kind::Text, "Name: of the sender."),
    Field::variable("message", "chap.message", Kind::Text, "Message: to be shown."),
];

/// Who are you?
const CHALLENGE: u8 = 1;
/// One who knows the secret.
const RESPONSE: u8 = 2;
/// Come in.
const SUCCESS: u8 = 3;
/// Stay out.
const FAILURE: u8 = 4;

fn code_name(number: u64) -> Option<&'static str> {
    match u8::try_from(number).ok()? {
        CHALLENGE => Some("Challenge"),
        RESPONSE => Some("Response"),
        SUCCESS => Some("Success"),
        FAILURE => Some("Fail"),
        _ => None,
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "chap",
    scapy: "PPP_CHAP",
    title: "PPP Challenge Handshake Authentication Protocol",
    fields: Chap::FIELDS,
    more: &[DATA],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Chap::new(input.bytes) else { return Step::short(input, Chap::LEN, "a header of CHAP") };
    // What is behind the length is padding.
    let len = usize::from(header.len()).clamp(Chap::LEN, input.wire_len);
    let here = len.min(input.bytes.len());
    Step { header: here, payload: len - here, ..Step::whole(input) }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let code = Chap::new(walk.rest()).map(|header| header.code());
    walk.fixed();
    match (code, walk.rest().first().copied()) {
        (Some(CHALLENGE | RESPONSE), Some(size)) => {
            walk.bytes(row!(DATA, "value_size"), 1);
            walk.bytes(row!(DATA, "value"), size.into());
            walk.bytes(row!(DATA, "optional_name"), usize::MAX);
        }
        (Some(SUCCESS | FAILURE), _) => walk.bytes(row!(DATA, "message"), usize::MAX),
        _ => {}
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below)).unwrap_or(layer);
    let bytes = packet.bytes.get(layer.start..).unwrap_or_default();
    let wire_len = below.wire_end.max(layer.wire_end) - layer.start;
    match bytes.first() {
        None if wire_len > 0 => return Err(Cut("ppp")),
        None => {
            line.text("[|chap]");
            return Ok(());
        }
        Some(code) if wire_len < Chap::LEN => {
            line.fmt(format_args!("[|chap 0x{code:02x}]"));
            return Ok(());
        }
        Some(_) => {}
    }
    line.text("CHAP, ");
    tell(line, bytes, wire_len)
}

fn tell(line: &mut Line<'_>, bytes: &[u8], wire_len: usize) -> Told {
    let mut reader = Reader::new("ppp", bytes);
    let code = reader.u8()?;
    line.fmt(format_args!("{} (0x{code:02x})", code_name(code.into()).unwrap_or("unknown")));
    let identifier = reader.u8()?;
    line.fmt(format_args!(", id {identifier}"));
    let len = usize::from(reader.u16()?);
    match code {
        CHALLENGE | RESPONSE => {
            let left = wire_len - Chap::LEN;
            if left < 1 {
                return Ok(());
            }
            let size = usize::from(reader.u8()?);
            if left - 1 < size {
                return Ok(());
            }
            line.text(", Value ");
            let value = reader.take_up_to(size);
            value.iter().for_each(|byte| line.hex_wide(*byte, 2));
            if value.len() < size {
                return Err(reader.cut());
            }
            line.text(", Name ");
            // A length that leaves no room is one that leaves any.
            text(line, &mut reader, len.wrapping_sub(Chap::LEN + 1 + size))
        }
        SUCCESS | FAILURE => {
            line.text(", Msg ");
            text(line, &mut reader, len.wrapping_sub(Chap::LEN))
        }
        _ => Ok(()),
    }
}

/// Writes so many bytes as text.
fn text(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    let text = reader.take_up_to(len);
    line.safe(text);
    if text.len() < len { Err(reader.cut()) } else { Ok(()) }
}

//! Password Authentication Protocol: RFC 1334, section 2.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Code      |  Identifier   |            Length             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! | Peer-ID Length|  Peer-Id ...  | Passwd-Length |  Password  ...
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Msg-Length   |  Message ...   of an answer
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
    pub struct Pap: 4 bytes;

    /// Code: a request, or its answer.
    code: u8 = 0..8, DecOf(code_name), "pap.code", default(1);
    /// Identifier: the same in a request and its answer.
    id: u8 = 8..16, Dec, "pap.identifier", default(0);
    /// Length: of header and data, without padding.
    len: u16 = 16..32, Dec, "pap.length", computed(Header);
}

/// What follows the header.
const DATA: &[Field] = &[
    Field::variable("username_len", "pap.peer_id.length", Kind::Dec, "Peer ID length: of the name that follows."),
    Field::variable("username", "pap.peer_id", Kind::Text, "Peer ID: who wants to be let in."),
    Field::variable("passwd_len", "pap.password.length", Kind::Dec, "Password length: of the password that follows."),
    Field::variable("password", "pap.password", Kind::Text, "Password: by which he is known."),
    Field::variable("msg_len", "pap.message.length", Kind::Dec, "Message length: of the message that follows."),
    Field::variable("message", "pap.message", Kind::Text, "Message: to be shown."),
];

/// He wants to be let in.
const REQUEST: u8 = 1;
/// He is.
const ACK: u8 = 2;
/// He is not.
const NAK: u8 = 3;

fn code_name(number: u64) -> Option<&'static str> {
    match u8::try_from(number).ok()? {
        REQUEST => Some("Auth-Req"),
        ACK => Some("Auth-ACK"),
        NAK => Some("Auth-NACK"),
        _ => None,
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "pap",
    scapy: "PPP_PAP",
    title: "PPP Password Authentication Protocol",
    fields: Pap::FIELDS,
    more: &[DATA],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Pap::new(input.bytes) else { return Step::short(input, Pap::LEN, "a header of PAP") };
    // What is behind the length is padding.
    let len = usize::from(header.len()).clamp(Pap::LEN, input.wire_len);
    let here = len.min(input.bytes.len());
    Step { header: here, payload: len - here, ..Step::whole(input) }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let code = Pap::new(walk.rest()).map(|header| header.code());
    walk.fixed();
    let mut text = |len: &'static Field, text: &'static Field| {
        if let Some(size) = walk.rest().first().copied() {
            walk.bytes(len, 1);
            walk.bytes(text, size.into());
        }
    };
    match code {
        Some(REQUEST) => {
            text(row!(DATA, "username_len"), row!(DATA, "username"));
            text(row!(DATA, "passwd_len"), row!(DATA, "password"));
        }
        Some(ACK | NAK) => text(row!(DATA, "msg_len"), row!(DATA, "message")),
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
            line.text("[|pap]");
            return Ok(());
        }
        Some(code) if wire_len < Pap::LEN => {
            line.fmt(format_args!("[|pap 0x{code:02x}]"));
            return Ok(());
        }
        Some(_) => {}
    }
    line.text("PAP, ");
    tell(line, bytes, wire_len)
}

fn tell(line: &mut Line<'_>, bytes: &[u8], wire_len: usize) -> Told {
    let mut reader = Reader::new("ppp", bytes);
    let code = reader.u8()?;
    line.fmt(format_args!("{} (0x{code:02x})", code_name(code.into()).unwrap_or("unknown")));
    let identifier = reader.u8()?;
    line.fmt(format_args!(", id {identifier}"));
    let len = usize::from(reader.u16()?);
    if len > wire_len {
        line.fmt(format_args!(", length {len} > packet size"));
        return Ok(());
    }
    let Some(left) = len.checked_sub(Pap::LEN) else {
        line.fmt(format_args!(", length {len} < PAP header length"));
        return Ok(());
    };
    let titles: &[&str] = match code {
        REQUEST => &[", Peer ", ", Name "],
        ACK | NAK => &[", Msg "],
        _ => &[],
    };
    let mut left = left;
    for (index, title) in titles.iter().enumerate() {
        if left == 0 {
            if index == 0 {
                line.text("[|pap]");
            }
            return Ok(());
        }
        let size = usize::from(reader.u8()?);
        left -= 1;
        if size > left {
            return Ok(());
        }
        line.text(title);
        let text = reader.take_up_to(size);
        line.safe(text);
        if text.len() < size {
            return Err(reader.cut());
        }
        left -= size;
    }
    Ok(())
}

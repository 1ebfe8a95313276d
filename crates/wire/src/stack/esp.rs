//! Encapsulating Security Payload: RFC 4303. Behind its two numbers everything is encrypted.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |               Security Parameters Index (SPI)                 |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                      Sequence Number                          |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                    Payload Data (variable)                    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::{Field, row};
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::packet::{Input, Packet, Step};

header! {
    /// What can be read of it.
    pub struct Esp: 8 bytes;

    /// Security parameters index: which association it belongs to.
    spi: u32 = 0..32, Hex, "esp.spi", default(1);
    /// Sequence number: counts the packets of the association.
    seq: u32 = 32..64, Dec, "esp.sequence", default(1);
}

/// The rows of what has no fixed place.
const PARTS: &[Field] =
    &[Field::bytes("data", "esp.encrypted_data", "Encrypted data: payload, padding, and what shows that it is whole.")];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "esp",
    scapy: "ESP",
    title: "Encapsulating Security Payload",
    fields: Esp::FIELDS,
    more: &[PARTS],
    dissect,
    walk: |walk| {
        walk.table(Esp::FIELDS, Esp::LEN);
        walk.bytes(row!(PARTS, "data"), usize::MAX);
    },
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Esp::new(input.bytes) {
        // What was not captured counts too.
        Some(_) => Step { payload: input.wire_len - input.bytes.len(), ..Step::whole(input) },
        None => Step::short(input, Esp::LEN, "an ESP header"),
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let room = packet.room(index);
    let bytes = packet.whole(layer);
    let bytes = bytes.get(..room).unwrap_or(bytes);
    // tcpdump wants to see a byte behind it.
    let header = Esp::new(bytes).filter(|_| bytes.len() > Esp::LEN).ok_or(Cut("esp"))?;
    line.text("ESP(spi=0x");
    line.hex_wide(header.spi(), 8);
    line.text(",seq=0x");
    line.hex(header.seq());
    line.text("), length ");
    line.len(room);
    Ok(())
}

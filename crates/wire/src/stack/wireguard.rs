//! WireGuard: J. A. Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", section 5.4. Numbers have their low byte first.
//!
//! ```text
//! handshake initiation, type 1, 148 bytes       handshake response, type 2, 92 bytes
//! +------+----------+--------+                  +------+----------+--------+----------+
//! | type | reserved | sender |                  | type | reserved | sender | receiver |
//! +------+----------+--------+-----------+      +------+----------+--------+----------+
//! | ephemeral, 32                        |      | ephemeral, 32                       |
//! | encrypted static key, 48             |      | encrypted nothing, 16               |
//! | encrypted timestamp, 28              |      | mac1, 16                            |
//! | mac1, 16                             |      | mac2, 16                            |
//! | mac2, 16                             |      +-------------------------------------+
//! +--------------------------------------+
//! cookie reply, type 3, 64 bytes                transport data, type 4
//! +------+----------+----------+                +------+----------+----------+---------+
//! | type | reserved | receiver |                | type | reserved | receiver | counter |
//! +------+----------+----------+                +------+----------+----------+---------+
//! | nonce, 24                  |                | encrypted packet                     |
//! | encrypted cookie, 32       |                +--------------------------------------+
//! +----------------------------+
//! ```

use super::Protocol;
use crate::field::{Field, row};
use crate::header::{Little, header};
use crate::line::{Cut, Line, Told};
use crate::packet::{Fault, Input, Packet, Status, Step};
use crate::walk::Walk;

header! {
    /// What every message begins with.
    pub struct WireGuard: 4 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, DecOf(kind), "wg.type", default(4);
    /// Reserved: must be zero.
    reserved: [u8; 3] = 8..32, Bytes, "wg.reserved", default(0);
}

header! {
    /// Who sends, in a handshake.
    pub struct Sender: 4 bytes;

    /// Sender: the number by which it is to be called.
    sender: Little<u32> = 0..32, LittleHex, "wg.sender", default(0);
}

header! {
    /// For whom a message is.
    pub struct Receiver: 4 bytes;

    /// Receiver: the number that it said.
    receiver: Little<u32> = 0..32, LittleHex, "wg.receiver", default(0);
}

header! {
    /// Which message of a session it is.
    pub struct Counter: 8 bytes;

    /// Counter: how many came before.
    counter: Little<u64> = 0..64, LittleDec, "wg.counter", default(0);
}

/// What is encrypted, or a key.
const PARTS: &[Field] = &[
    // Wireshark has a name for it too, but shows it in base 64.
    Field::bytes("ephemeral", "", "Ephemeral: a public key for this handshake alone."),
    Field::bytes("encrypted_static", "", "Encrypted static key: who sends."),
    Field::bytes("encrypted_timestamp", "", "Encrypted timestamp: no handshake is taken twice."),
    Field::bytes("encrypted_nothing", "", "Encrypted nothing: the response is authentic."),
    Field::bytes("mac1", "wg.mac1", "First MAC: of who knows the receiver's public key."),
    Field::bytes("mac2", "wg.mac2", "Second MAC: of who was given a cookie."),
    Field::bytes("nonce", "wg.nonce", "Nonce: for the cookie."),
    Field::bytes("encrypted_cookie", "wg.encrypted_cookie", "Encrypted cookie: for the second MAC."),
    Field::bytes("packet", "", "Encrypted packet: what is carried, and its tag."),
];

/// Handshake initiation.
const INITIATION: u8 = 1;
/// Handshake response.
const RESPONSE: u8 = 2;
/// Cookie reply.
const COOKIE: u8 = 3;
/// Transport data.
const DATA: u8 = 4;
/// The tag of an encrypted packet, which is all of one that keeps a session alive.
const TAG: usize = 16;

fn kind(number: u64) -> Option<&'static str> {
    Some(match u8::try_from(number).ok()? {
        INITIATION => "handshake initiation",
        RESPONSE => "handshake response",
        COOKIE => "cookie reply",
        DATA => "transport data",
        _ => return None,
    })
}

/// Returns how long a message of a type is, at least.
const fn least(kind: u8) -> usize {
    match kind {
        INITIATION => 148,
        RESPONSE => 92,
        COOKIE => 64,
        DATA => WireGuard::LEN + Receiver::LEN + Counter::LEN + TAG,
        _ => WireGuard::LEN,
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "wg",
    scapy: "Wireguard",
    title: "WireGuard Protocol",
    fields: WireGuard::FIELDS,
    more: &[Sender::FIELDS, Receiver::FIELDS, Counter::FIELDS, PARTS],
    dissect,
    walk,
    line,
    tells: |style, _, _| style.own,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let need = WireGuard::new(input.bytes).map_or(WireGuard::LEN, |header| least(header.r#type()));
    if input.bytes.len() < need {
        return Step::short(input, need, "a message of WireGuard");
    }
    let mut step = Step::whole(input);
    if input.bytes.first().is_some_and(|first| kind((*first).into()).is_none()) {
        step.status = Status::Malformed(Fault { at: 0, need: 1, have: 1, why: "a type from 1 to 4" });
    }
    step
}

fn walk(walk: &mut Walk<'_, '_>) {
    let header = WireGuard::new(walk.rest());
    walk.table(WireGuard::FIELDS, WireGuard::LEN);
    match header.map(|header| header.r#type()) {
        Some(INITIATION) => {
            walk.table(Sender::FIELDS, Sender::LEN);
            walk.bytes(row!(PARTS, "ephemeral"), 32);
            walk.bytes(row!(PARTS, "encrypted_static"), 48);
            walk.bytes(row!(PARTS, "encrypted_timestamp"), 28);
            walk.bytes(row!(PARTS, "mac1"), 16);
            walk.bytes(row!(PARTS, "mac2"), 16);
        }
        Some(RESPONSE) => {
            walk.table(Sender::FIELDS, Sender::LEN);
            walk.table(Receiver::FIELDS, Receiver::LEN);
            walk.bytes(row!(PARTS, "ephemeral"), 32);
            walk.bytes(row!(PARTS, "encrypted_nothing"), 16);
            walk.bytes(row!(PARTS, "mac1"), 16);
            walk.bytes(row!(PARTS, "mac2"), 16);
        }
        Some(COOKIE) => {
            walk.table(Receiver::FIELDS, Receiver::LEN);
            walk.bytes(row!(PARTS, "nonce"), 24);
            walk.bytes(row!(PARTS, "encrypted_cookie"), 32);
        }
        Some(DATA) => {
            walk.table(Receiver::FIELDS, Receiver::LEN);
            walk.table(Counter::FIELDS, Counter::LEN);
            walk.bytes(row!(PARTS, "packet"), usize::MAX);
        }
        _ => {}
    }
}

/// Writes what tcpdump has no words for.
fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let header = WireGuard::new(packet.header(layer)).ok_or(Cut("wireguard"))?;
    let len = layer.wire_end - layer.start;
    line.text("WireGuard, ");
    match header.r#type() {
        DATA if len == least(DATA) => line.text("keepalive"),
        number => line.text(kind(number.into()).unwrap_or("unknown")),
    }
    line.text(", length ");
    line.len(len);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::{self, Memory, Numeric, Style};
    use crate::packet::Dissector;
    use crate::select::Selection;
    use crate::show;

    /// A keepalive in a datagram of IPv4.
    const KEEPALIVE: &[u8] = &[
        0x45, 0, 0, 60, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, // IPv4
        0xca, 0x6c, 0xca, 0x6c, 0, 40, 0, 0, // UDP
        4, 0, 0, 0, 0x78, 0x56, 0x34, 0x12, 5, 1, 0, 0, 0, 0, 0, 0, // type, receiver, counter
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, // tag
    ];

    #[test]
    fn numbers_have_their_low_byte_first() {
        let mut dissector = Dissector::new();
        let packet = dissector.dissect(101, KEEPALIVE, KEEPALIVE.len());
        for (name, expected) in [("wg.type", "4"), ("wg.receiver", "0x12345678"), ("wg.counter", "261")] {
            let mut out = Vec::new();
            Selection::named(name).unwrap().values(&packet, |field, value| show::value(field, value, &mut out));
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{name}");
        }
        assert_eq!(Counter::new(&KEEPALIVE[36..]).unwrap().counter(), Little(261));
    }

    #[test]
    fn it_is_told_in_our_own_words_alone() {
        let mut dissector = Dissector::new();
        let packet = dissector.dissect(101, KEEPALIVE, KEEPALIVE.len());
        for (own, expected) in [(true, "WireGuard, keepalive, length 32"), (false, "UDP, length 32")] {
            let style = Style { own, ..Style::default() };
            let mut out = Vec::new();
            line::write(&packet, style, &mut Memory::default(), &mut Numeric, &mut out);
            let line = String::from_utf8(out).unwrap();
            assert_eq!(line, format!("IP 10.0.0.1.51820 > 10.0.0.2.51820: {expected}"));
        }
    }
}

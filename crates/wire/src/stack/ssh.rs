//! Secure shell, the transport layer: RFC 4253, sections 4.2, 6 and 7.1.
//!
//! ```text
//! SSH-2.0-software comments CR LF       each side first says what it is; then packets:
//!
//! uint32    packet_length
//! byte      padding_length
//! byte[n1]  payload; n1 = packet_length - padding_length - 1
//! byte[n2]  random padding; n2 = padding_length
//! ```
//!
//! Once keys are exchanged, packets are encrypted; what cannot be a packet in the clear is taken for that.

use super::{Protocol, tcp};
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::packet::Packet;
use crate::text;
use crate::walk::{Value, Walk};

/// What a side that speaks the protocol says first.
const BEGIN: &[u8] = b"SSH-";

/// Messages of the key exchange. Source: IANA's registry of SSH message numbers.
mod message {
    pub(super) const KEXINIT: u8 = 20;
    pub(super) const NEWKEYS: u8 = 21;
    pub(super) const KEX_FIRST: u8 = 30;
    pub(super) const KEX_LAST: u8 = 34;
}

/// The longest packet that is believed: RFC 4253, section 6.1.
const LONGEST: usize = 35000;

header! {
    /// The beginning of a packet.
    pub struct Binary: 6 bytes;

    /// Packet length: of what follows.
    length: u32 = 0..32, Dec, "ssh.packet_length", computed(Following);
    /// Padding length: of what fills the last block.
    padding: u8 = 32..40, Dec, "ssh.padding_length", default(0);
    /// Message code: what the packet is.
    code: u8 = 40..48, DecOf(message_name), "ssh.message_code", default(20);
}

const FIELDS: &[Field] = &[
    Field::variable("protocol", "ssh.protocol", Kind::Text, "Protocol: version and software."),
    Field::variable("direction", "ssh.direction", Kind::Flag, "Direction: the server speaks.").derived(),
    Field::variable("packet", "", Kind::Record, "Packet: a message and its padding."),
    Field::bytes("cookie", "ssh.cookie", "Cookie: random, so that no side alone decides on the keys."),
    Field::variable("follows", "ssh.first_kex_packet_follows", Kind::Dec, "First packet follows: the algorithm was guessed."),
    Field::bytes("reserved", "ssh.kex.reserved", "Reserved: must be zero."),
    Field::bytes("payload", "ssh.payload", "Payload: of a message that is not described."),
    Field::bytes("paddingbytes", "ssh.padding_string", "Padding: random."),
    Field::bytes("encrypted", "ssh.encrypted_packet", "Encrypted packet: not to be read."),
];

/// Makes the rows of lists of algorithms, of their lengths and of their names.
macro_rules! lists {
    ($($name:literal, $title:literal;)*) => {
        /// The lengths of the lists, in the order of the wire.
        const LENGTHS: &[Field] = &[$(Field::variable(
            concat!($name, "_length"),
            concat!("ssh.", $name, "_length"),
            Kind::Dec,
            concat!("Length: of the list of ", $title, "."),
        )),*];
        /// The names in the lists.
        const NAMES: &[Field] = &[$(Field::variable(
            $name,
            concat!("ssh.", $name),
            Kind::Text,
            concat!("List: ", $title, "."),
        )),*];
    };
}

lists! {
    "kex_algorithms", "key exchange algorithms";
    "server_host_key_algorithms", "algorithms of host keys";
    "encryption_algorithms_client_to_server", "ciphers from the client";
    "encryption_algorithms_server_to_client", "ciphers from the server";
    "mac_algorithms_client_to_server", "authentication codes from the client";
    "mac_algorithms_server_to_client", "authentication codes from the server";
    "compression_algorithms_client_to_server", "compressions from the client";
    "compression_algorithms_server_to_client", "compressions from the server";
    "languages_client_to_server", "languages from the client";
    "languages_server_to_client", "languages from the server";
}

fn message_name(code: u64) -> Option<&'static str> {
    Some(match u8::try_from(code).ok()? {
        message::KEXINIT => "Key Exchange Init",
        message::NEWKEYS => "New Keys",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ssh",
    scapy: "SSH",
    title: "Secure shell",
    more: &[Binary::FIELDS, FIELDS, LENGTHS, NAMES],
    walk,
    line,
    ..Protocol::BARE
};

fn walk(walk: &mut Walk<'_, '_>) {
    let is_answer = tcp::is_from_server(&walk.packet(), walk.index());
    walk.derived(row!(FIELDS, "direction"), Value::Uint(u64::from(is_answer)));
    if walk.rest().starts_with(BEGIN)
        && let Some(line) = text::first(walk.rest())
    {
        walk.bytes(row!(FIELDS, "protocol"), line.text.len());
        walk.bytes(text::END, line.end);
    }
    while let Some(len) = clear_packet(walk.rest()) {
        walk.record(row!(FIELDS, "packet"), len, binary);
    }
    walk.bytes(row!(FIELDS, "encrypted"), usize::MAX);
}

/// Returns the length of a packet, if it may be one of a key exchange.
fn clear_packet(bytes: &[u8]) -> Option<usize> {
    let packet = Binary::new(bytes)?;
    let len = usize::try_from(packet.length()).ok().filter(|len| *len <= LONGEST)? + 4;
    let is_kex = matches!(packet.code(), message::KEXINIT | message::NEWKEYS | message::KEX_FIRST..=message::KEX_LAST);
    // It is filled up to blocks of 8, and the offer of algorithms alone is longer than a segment may be.
    let is_whole = len <= bytes.len() || packet.code() == message::KEXINIT;
    (is_kex && is_whole && len.is_multiple_of(8) && (4..len).contains(&(usize::from(packet.padding()) + 2)))
        .then_some(len)
}

fn binary(walk: &mut Walk<'_, '_>) {
    let Some(packet) = Binary::new(walk.rest()) else { return };
    walk.table(Binary::FIELDS, Binary::LEN);
    let padding = usize::from(packet.padding());
    if packet.code() == message::KEXINIT {
        walk.bytes(row!(FIELDS, "cookie"), 16);
        for (length, names) in LENGTHS.iter().zip(NAMES) {
            let len = walk.rest().first_chunk().copied().map_or(0, u32::from_be_bytes);
            walk.bytes(length, 4);
            walk.bytes(names, usize::try_from(len).unwrap_or(usize::MAX));
        }
        walk.bytes(row!(FIELDS, "follows"), 1);
        walk.bytes(row!(FIELDS, "reserved"), 4);
    }
    walk.bytes(row!(FIELDS, "payload"), walk.rest().len().saturating_sub(padding));
    walk.bytes(row!(FIELDS, "paddingbytes"), padding);
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.whole(layer);
    let is_cut = layer.end < layer.wire_end;
    if bytes.len() < BEGIN.len() && BEGIN.starts_with(bytes) {
        return Err(Cut("ssh"));
    }
    let Some(rest) = bytes.strip_prefix(BEGIN) else { return Ok(()) };
    let end = rest.iter().position(|byte| !matches!(byte, 0x20..=0x7e)).unwrap_or(rest.len());
    let (words, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    match behind {
        [b'\n', ..] | [b'\r', b'\n', ..] => {
            line.text(": SSH: SSH-");
            line.bytes(words);
            Ok(())
        }
        [] | [b'\r'] if is_cut => Err(Cut("ssh")),
        _ => Ok(()),
    }
}

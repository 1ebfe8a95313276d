//! Transport Layer Security, the record layer: RFC 8446, section 5.1; RFC 5246, section 6.2 for versions before.
//!
//! ```text
//! +------+---------+--------+----------- ...
//! | type | version | length | fragment
//! +------+---------+--------+----------- ...
//!     1       2        2      length bytes
//! ```
//!
//! Each record is a layer. A record that is longer than the segment goes on in later ones, whose beginning is no record.

pub mod extension;
pub mod handshake;
mod hello;
mod name;

use super::{Id, Protocol};
use crate::field::{Field, row};
use crate::header::header;
use crate::line::{Line, Style, Told};
use crate::packet::{Fault, Input, Next, Packet, Status, Step};
use crate::walk::Walk;

/// The most that a fragment may have: RFC 5246, section 6.2.3, the older and longer bound.
const LONGEST: usize = 16384 + 2048;

/// Content types. Source: IANA's registry of TLS content types.
mod content {
    pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
    pub(super) const ALERT: u8 = 21;
    pub(super) const HANDSHAKE: u8 = 22;
    pub(super) const APPLICATION_DATA: u8 = 23;
    pub(super) const HEARTBEAT: u8 = 24;
}

header! {
    /// The header of a record.
    pub struct Record: 5 bytes;

    /// Content type: what the fragment is.
    r#type: u8 = 0..8, DecOf(name::content), "tls.record.content_type", default(22);
    /// Version: of the protocol, as far as it was known; 1.2 in records of version 1.3.
    version: u16 = 8..24, HexOf(name::version), "tls.record.version", default(0x0303);
    /// Length: of the fragment.
    len: u16 = 24..40, Dec, "tls.record.length", computed(Following);
}

header! {
    /// An alert that is not encrypted.
    pub struct Alert: 2 bytes;

    /// Level: whether the connection ends.
    level: u8 = 0..8, DecOf(name::alert_level), "tls.alert_message.level", default(2);
    /// Description: what is wrong.
    desc: u8 = 8..16, DecOf(name::alert), "tls.alert_message.desc", default(0);
}

header! {
    /// A heartbeat: RFC 6520.
    pub struct Heartbeat: 3 bytes;

    /// Type: 1 asks, 2 answers.
    kind: u8 = 0..8, Dec, "tls.heartbeat_message.type", default(1);
    /// Payload length: of what is to be sent back.
    payload_len: u16 = 8..24, Dec, "tls.heartbeat_message.payload_length", default(0);
}

const FIELDS: &[Field] = &[
    Field::bytes("change", "tls.change_cipher_spec", "Change cipher spec: from here on it is encrypted."),
    Field::bytes("data", "tls.app_data", "Application data: encrypted."),
    Field::bytes("heartbeat", "tls.heartbeat_message.payload", "Payload: of a heartbeat."),
    Field::bytes("encrypted", "", "Encrypted fragment: not to be read."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "tls",
    scapy: "TLS",
    title: "Transport Layer Security",
    fields: Record::FIELDS,
    more: &[
        Alert::FIELDS,
        Heartbeat::FIELDS,
        FIELDS,
        handshake::Message::FIELDS,
        handshake::FIELDS,
        extension::Extension::FIELDS,
        extension::FIELDS,
    ],
    dissect,
    walk,
    line,
    tells: |style: Style, _, _| style.own,
    ..Protocol::BARE
};

/// Looks at the record that begins here, if one may.
fn record(bytes: &[u8]) -> Option<(Record<'_>, usize)> {
    let record = Record::new(bytes)?;
    let len = usize::from(record.len());
    let is_type = matches!(record.r#type(), content::CHANGE_CIPHER_SPEC..=content::HEARTBEAT);
    let is_version = record.version() >> 8 == 3 && record.version() & 0xff <= 4;
    (is_type && is_version && (1..=LONGEST).contains(&len)).then_some((record, Record::LEN + len))
}

fn dissect(input: &Input<'_>) -> Step {
    let Some((_, len)) = record(input.bytes) else {
        // The rest of a record that began before.
        return Step::carrying(input, 0, Next::Bytes);
    };
    let have = input.bytes.len();
    let is_next = input.bytes.get(len..).is_some_and(|next| record(next).is_some());
    let next = if is_next { Next::Same } else { Next::Bytes };
    let mut step = Step { payload: input.wire_len - len.min(have), ..Step::carrying(input, len.min(have), next) };
    if have < len {
        step.status = Status::Truncated(Fault { at: 0, need: len, have, why: "the rest of a record" });
    }
    step
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some((record, len)) = record(walk.rest()) else { return };
    // What does not end here cannot be told from what is encrypted by its length.
    let is_cut = walk.rest().len() < len;
    walk.table(Record::FIELDS, Record::LEN);
    match record.r#type() {
        content::CHANGE_CIPHER_SPEC => walk.bytes(row!(FIELDS, "change"), usize::MAX),
        content::ALERT if usize::from(record.len()) == Alert::LEN => {
            walk.table(Alert::FIELDS, Alert::LEN);
        }
        content::HANDSHAKE => {
            handshake::walk(walk, is_cut);
            walk.bytes(row!(FIELDS, "encrypted"), usize::MAX);
        }
        content::APPLICATION_DATA => walk.bytes(row!(FIELDS, "data"), usize::MAX),
        content::HEARTBEAT if walk.rest().first().is_some_and(|kind| matches!(kind, 1 | 2)) => {
            walk.table(Heartbeat::FIELDS, Heartbeat::LEN);
            walk.bytes(row!(FIELDS, "heartbeat"), usize::MAX);
        }
        _ => walk.bytes(row!(FIELDS, "encrypted"), usize::MAX),
    }
}

/// Writes what the records are, and of greetings what they say; tcpdump has no words for it.
fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.header(layer);
    let Some((record, len)) = record(bytes) else { return Ok(()) };
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    line.text(if below.is_some_and(|below| below.id == Id::Tls) { ", " } else { ": TLS " });
    let fragment = bytes.get(Record::LEN..).unwrap_or_default();
    match (record.r#type(), Alert::new(fragment)) {
        (content::CHANGE_CIPHER_SPEC, _) => line.text("ChangeCipherSpec"),
        (content::ALERT, Some(alert)) if usize::from(record.len()) == Alert::LEN => {
            line.text("Alert ");
            line.text(name::alert(alert.desc().into()).unwrap_or("unknown"));
        }
        (content::ALERT, _) => line.text("encrypted Alert"),
        (content::HANDSHAKE, _) => hello::write(line, fragment, bytes.len() < len),
        (content::APPLICATION_DATA, _) => line.text("ApplicationData"),
        _ => line.text("Heartbeat"),
    }
    match packet.layers.get(index + 1) {
        Some(next) if next.id == Id::Tls => line.layer(packet, index + 1),
        _ => Ok(()),
    }
}

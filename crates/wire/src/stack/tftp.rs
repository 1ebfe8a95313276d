//! Trivial File Transfer Protocol: RFC 1350, section 5; options as RFC 2347 has them.
//!
//! ```text
//!         2 bytes    string   1 byte     string   1 byte   string  1 byte  string  1 byte
//!         ------------------------------------------------------------------------------------
//!  RRQ/  | 01/02 |  Filename  |   0  |    Mode    |   0  |  opt1  |   0  | value1 |   0  | ...
//!  WRQ    ------------------------------------------------------------------------------------
//!         2 bytes    2 bytes       n bytes
//!         ---------------------------------
//!  DATA  | 03    |   Block #  |    Data    |
//!         ---------------------------------
//!  ACK   | 04    |   Block #  |
//!         --------------------
//!         2 bytes    2 bytes      string   1 byte
//!         ----------------------------------------
//!  ERROR | 05    |  ErrorCode |   ErrMsg   |   0  |
//!         ----------------------------------------
//!  OACK  | 06    |  opt1  |   0  | value1 |   0  | ...
//! ```
//!
//! A transfer goes on between ports that nobody knows beforehand: only its request is recognised by its port.

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{self, Line, Reader, Told};
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::Walk;

header! {
    /// What every packet begins with.
    pub struct Tftp: 2 bytes;

    /// Opcode: which packet it is.
    op: u16 = 0..16, DecOf(opcode), "tftp.opcode", default(1);
}

header! {
    /// The number of a block.
    pub struct Block: 2 bytes;

    /// Block: its number, the first is 1.
    block: u16 = 0..16, Dec, "tftp.block", default(1);
}

header! {
    /// The code of an error.
    pub struct ErrorCode: 2 bytes;

    /// Error code: what went wrong.
    errorcode: u16 = 0..16, DecOf(error_code), "tftp.error.code", default(0);
}

/// What has no fixed place: text, with the zero that ends it.
const PARTS: &[Field] = &[
    Field::variable("filename", "tftp.source_file", Kind::Text, "Source file: which is to be read."),
    Field::variable("destination", "tftp.destination_file", Kind::Text, "Destination file: which is to be written."),
    Field::variable("mode", "tftp.type", Kind::Text, "Type: netascii, octet or mail."),
    Field::variable("errormsg", "tftp.error.message", Kind::Text, "Error message: about it."),
    Field::variable("option", "tftp.option", Kind::Record, "Option: asked for, or agreed to."),
    Field::variable("oname", "tftp.option.name", Kind::Text, "Option name: which it is."),
    Field::variable("value", "tftp.option.value", Kind::Text, "Option value: what it is to be."),
    Field::bytes("data", "tftp.data", "Data: of a packet that is not known."),
];

/// The packets. Source: RFC 1350, RFC 2347.
mod op {
    pub(super) const READ: u16 = 1;
    pub(super) const WRITE: u16 = 2;
    pub(super) const DATA: u16 = 3;
    pub(super) const ACK: u16 = 4;
    pub(super) const ERROR: u16 = 5;
    pub(super) const OACK: u16 = 6;
}

fn opcode(number: u64) -> Option<&'static str> {
    Some(match u16::try_from(number).ok()? {
        op::READ => "RRQ",
        op::WRITE => "WRQ",
        op::DATA => "DATA",
        op::ACK => "ACK",
        op::ERROR => "ERROR",
        op::OACK => "OACK",
        _ => return None,
    })
}

fn error_code(number: u64) -> Option<&'static str> {
    ["EUNDEF", "ENOTFOUND", "EACCESS", "ENOSPACE", "EBADOP", "EBADID", "EEXISTS", "ENOUSER"]
        .get(usize::try_from(number).ok()?)
        .copied()
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "tftp",
    scapy: "TFTP",
    title: "Trivial File Transfer Protocol",
    fields: Tftp::FIELDS,
    more: &[Block::FIELDS, ErrorCode::FIELDS, PARTS],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Tftp::new(input.bytes) else { return Step::short(input, Tftp::LEN, "a TFTP opcode") };
    match header.op() {
        op::DATA if input.bytes.len() >= 4 => Step::carrying(input, 4, Next::Bytes),
        op::DATA | op::ACK | op::ERROR if input.bytes.len() < 4 => Step::short(input, 4, "a TFTP block or error code"),
        _ => Step::whole(input),
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(header) = Tftp::new(walk.rest()) else { return };
    walk.table(Tftp::FIELDS, Tftp::LEN);
    match header.op() {
        op::READ | op::WRITE => {
            let file = if header.op() == op::READ { row!(PARTS, "filename") } else { row!(PARTS, "destination") };
            text(walk, file);
            text(walk, row!(PARTS, "mode"));
            options(walk);
        }
        op::DATA | op::ACK => drop(walk.table(Block::FIELDS, Block::LEN)),
        op::ERROR => {
            walk.table(ErrorCode::FIELDS, ErrorCode::LEN);
            text(walk, row!(PARTS, "errormsg"));
        }
        op::OACK => options(walk),
        _ => walk.bytes(row!(PARTS, "data"), usize::MAX),
    }
}

/// Shows text up to the zero that ends it.
fn text(walk: &mut Walk<'_, '_>, field: &'static Field) {
    walk.bytes(field, text_len(walk.rest()));
}

/// Returns how long text is with the zero that ends it.
fn text_len(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| *byte == 0).map_or(bytes.len(), |zero| zero + 1)
}

fn options(walk: &mut Walk<'_, '_>) {
    while !walk.rest().is_empty() {
        let name = text_len(walk.rest());
        let value = text_len(walk.rest().get(name..).unwrap_or_default());
        walk.record(row!(PARTS, "option"), name + value, |walk| {
            walk.bytes(row!(PARTS, "oname"), name);
            walk.bytes(row!(PARTS, "value"), value);
        });
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let len = layer.wire_end - layer.start;
    let mut reader = Reader::new("tftp", line::readable(packet, index));
    line.fmt(format_args!("TFTP, length {len}"));
    // What is not on the wire is no text, however empty.
    let is_there = |reader: &Reader<'_>| if reader.at() < len { Ok(()) } else { Err(reader.cut()) };
    let number = reader.u16()?;
    line.text(", ");
    match opcode(number.into()) {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("tftp-#{number}")),
    }
    match number {
        op::READ | op::WRITE => {
            is_there(&reader)?;
            quoted(line, &mut reader, len)?;
            is_there(&reader)?;
            line.text(" ");
            words(line, &mut reader, len)?;
            option_words(line, &mut reader, len)?;
        }
        op::OACK => option_words(line, &mut reader, len)?,
        op::DATA | op::ACK => line.fmt(format_args!(" block {}", reader.u16()?)),
        op::ERROR => {
            let code = reader.u16()?;
            match error_code(code.into()) {
                Some(name) => line.fmt(format_args!(" {name}")),
                None => line.fmt(format_args!(" tftp-err-#{code} \"")),
            }
            is_there(&reader)?;
            quoted(line, &mut reader, len)?;
        }
        _ => {}
    }
    Ok(())
}

/// Writes options: their names and values, with a blank before each that is not empty.
fn option_words(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    while reader.at() < len {
        if *reader.rest().first().ok_or_else(|| reader.cut())? != 0 {
            line.text(" ");
        }
        words(line, reader, len)?;
    }
    Ok(())
}

/// Writes text between quotes.
fn quoted(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    line.text(" \"");
    let told = words(line, reader, len);
    line.text("\"");
    told
}

/// Writes text up to the zero that ends it, which must be there.
fn words(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    let rest = reader.rest();
    let rest = rest.get(..len.saturating_sub(reader.at())).unwrap_or(rest);
    let taken = reader.take(text_len(rest))?;
    match taken.strip_suffix(&[0]) {
        Some(text) => {
            line.safe(text);
            Ok(())
        }
        None => {
            line.safe(taken);
            Err(reader.cut())
        }
    }
}

//! Generic Network Virtualization Encapsulation: RFC 8926, section 3.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |        Virtual Network Identifier (VNI)       |    Reserved   |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |          Option Class         |      Type     |R|R|R| Length  |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                      Variable Option Data                     |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::number::ethertype;
use crate::packet::{Input, Next, Packet, Step};
use crate::walk::{Value, Walk};

header! {
    /// The header, without its options.
    pub struct Geneve: 8 bytes;

    /// Version: 0.
    version: u8 = 0..2, Dec, "geneve.version", default(0);
    /// Options length: in words of 4 bytes.
    optionlen: u8 = 2..8, Times(4), "geneve.option.length", default(0);
    /// Flags: what is in the options, and what the packet is for.
    flags: u8 = 8..16, Hex, "geneve.flags", default(0);
    /// Control packet: it is for the end of the tunnel itself.
    oam: bool = 8..9, Flag, "geneve.flags.oam", part;
    /// Critical options: there are some that must be understood.
    critical: bool = 9..10, Flag, "geneve.flags.critical", part;
    /// Reserved flags: must be zero.
    reserved: u8 = 10..16, Dec, "geneve.flags.reserved", part;
    /// Protocol type: an EtherType.
    proto: u16 = 16..32, HexOf(ethertype::name), "geneve.proto_type", computed(Next(Space::EtherType));
    /// Network identifier: which network the packet is of.
    vni: u32 = 32..56, Hex, "geneve.vni", default(0);
    /// Reserved: must be zero.
    reserved2: u8 = 56..64, Hex, "geneve.reserved", default(0);
}

header! {
    /// An option, without its data.
    pub struct GeneveOption: 4 bytes;

    /// Class: whose option it is.
    classid: u16 = 0..16, HexOf(class_name), "geneve.option.class", default(0);
    /// Type: which option it is.
    r#type: u8 = 16..24, Hex, "geneve.option.type", default(0);
    /// Critical: whoever does not understand it must drop the packet.
    critical: bool = 16..17, Flag, "geneve.option.type.critical", part;
    /// Flags: must be zero.
    reserved: u8 = 24..27, Hex, "geneve.option.flags", default(0);
    /// Length: of the data, in words of 4 bytes.
    length: u8 = 27..32, Times(4), "", computed(Following);
}

/// What has no fixed place.
const OPTIONS: &[Field] = &[
    Field::variable("total", "geneve.option.length", Kind::Dec, "Option length: of the whole option, in bytes.").derived(),
    Field::variable("options", "geneve.options", Kind::Record, "Option: what the tunnel tells beside the packet."),
    Field::bytes("data", "geneve.option.unknown.data", "Data: of an option."),
];

/// Names whose an option is, as tcpdump does.
fn class_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0x0000..=0x00ff => "Standard",
        0x0100 => "Linux",
        0x0101 => "Open vSwitch",
        0x0102 => "Open Virtual Networking (OVN)",
        0x0103 => "In-band Network Telemetry (INT)",
        0x0104 => "VMware",
        0xfff0..=0xffff => "Experimental",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "geneve",
    scapy: "GENEVE",
    title: "Generic Network Virtualization Encapsulation",
    fields: Geneve::FIELDS,
    more: &[GeneveOption::FIELDS, OPTIONS],
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Geneve::new(input.bytes) else {
        return Step::short(input, Geneve::LEN, "a Geneve header");
    };
    let len = Geneve::LEN + 4 * usize::from(header.optionlen());
    if len > input.bytes.len() {
        return Step::short(input, len, "the options of Geneve");
    }
    let is_known = header.version() == 0;
    let next = if is_known { Next::Number(Space::EtherType, header.proto().into()) } else { Next::Bytes };
    Step::carrying(input, len, next)
}

fn walk(walk: &mut Walk<'_, '_>) {
    walk.fixed();
    while let Some(option) = GeneveOption::new(walk.rest()) {
        let len = 4 * usize::from(option.length());
        walk.record(row!(OPTIONS, "options"), GeneveOption::LEN + len, |walk| {
            walk.table(GeneveOption::FIELDS, GeneveOption::LEN);
            let total = u64::try_from(GeneveOption::LEN + len).unwrap_or(0);
            walk.derived(row!(OPTIONS, "total"), Value::Uint(total));
            walk.bytes(row!(OPTIONS, "data"), len);
        });
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    line.text("Geneve");
    let (bytes, len) = (packet.header(layer), layer.wire_end - layer.start);
    if len < Geneve::LEN {
        line.fmt(format_args!(" [length {len} < {}]", Geneve::LEN));
        line.invalid();
        return Ok(());
    }
    let Some(header) = Geneve::new(bytes) else {
        line.cut("geneve");
        return Ok(());
    };
    if header.version() != 0 {
        line.fmt(format_args!(" ERROR: unknown-version {}", header.version()));
        return Ok(());
    }
    head(line, &header);
    let options_len = 4 * usize::from(header.optionlen());
    if len < Geneve::LEN + options_len {
        line.fmt(format_args!(" truncated-geneve - {} bytes missing", Geneve::LEN + options_len - len));
        return Ok(());
    }
    let Some(options) = bytes.get(Geneve::LEN..Geneve::LEN + options_len) else {
        line.cut("geneve");
        return Ok(());
    };
    if !options.is_empty() {
        line.text(", options [");
        if line.style().verbose == 0 {
            line.len(options.len());
            line.text(" bytes");
        } else {
            tell_options(line, options)?;
        }
        line.text("]");
    }
    line.text(if line.style().verbose == 0 { ": " } else { "\n\t" });
    if header.proto() == ethertype::PPP && len > Geneve::LEN + options_len {
        line.text(": ");
    }
    if line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    line.text("geneve-proto-0x");
    line.hex(header.proto());
    Ok(())
}

/// Writes the header.
fn head(line: &mut Line<'_>, header: &Geneve<'_>) {
    const NAMES: [&str; 8] = ["O", "C", "R1", "R2", "R3", "R4", "R5", "R6"];
    line.text(", Flags [");
    if header.flags() == 0 {
        line.text("none");
    }
    for (bit, name) in NAMES.iter().enumerate() {
        if header.flags() << bit & 0x80 != 0 {
            line.text(name);
        }
    }
    line.fmt(format_args!("], vni 0x{:x}", header.vni()));
    if header.reserved2() != 0 {
        line.fmt(format_args!(", rsvd 0x{:x}", header.reserved2()));
    }
    if line.style().link {
        let name = ethertype::name(header.proto().into()).unwrap_or("unknown");
        line.fmt(format_args!(", proto {name} (0x{:04x})", header.proto()));
    }
}

/// Writes the options, and with `-vv` their data.
fn tell_options(line: &mut Line<'_>, options: &[u8]) -> Told {
    let mut reader = Reader::new("geneve", options);
    let mut before = "";
    while !reader.is_empty() {
        let bytes = reader.rest();
        let Some(option) = GeneveOption::new(bytes) else { return Err(reader.cut()) };
        let len = GeneveOption::LEN + 4 * usize::from(option.length());
        let class = option.classid();
        let name = class_name(class.into()).unwrap_or("Unknown");
        line.fmt(format_args!("{before}class {name} (0x{class:x}) type 0x{:x}", option.r#type()));
        if option.critical() {
            line.text("(C)");
        }
        line.fmt(format_args!(" len {len}"));
        let Some(data) = bytes.get(GeneveOption::LEN..len) else {
            line.text(" [bad length]");
            return Ok(());
        };
        if line.style().verbose > 1 && !data.is_empty() {
            line.text(" data");
            for word in data.chunks(4) {
                line.text(" ");
                word.iter().for_each(|byte| line.hex_wide(*byte, 2));
            }
        }
        reader.take(len)?;
        before = ", ";
    }
    Ok(())
}

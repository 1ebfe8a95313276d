//! Chosen fields of frames: a line each, the values with commas or tabs between them, or as a JSON object.
//!
//! Only what is asked for is read. A field that is there more than once has all its values, with commas between as tshark has
//! them; in JSON it is an array. Where it is not there the place is empty, in JSON left out.

use std::io::Write as _;

use pcap::Timestamp;
use wire::select::Selection;
use wire::{Dissector, Field, Id, Value, show};

use super::decode::DecodeAs;
use super::frame::Frame;
use super::known;
use super::run::Render;

/// How the values of a frame stand in its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With commas between them, quoted where RFC 4180 wants that.
    #[default]
    Csv,
    /// With tabs between them; a tab, line feed, carriage return or backslash in a value is escaped by a backslash.
    Tsv,
    /// As an object.
    Json,
}

/// A name that is no field's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The name.
    pub name: String,
    /// What to do about it: the field that was meant, if one is near, or where they are listed.
    pub advice: String,
}

impl core::fmt::Display for Unknown {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "no field is called '{}'", self.name.escape_debug())
    }
}

impl std::error::Error for Unknown {}

/// Writes chosen fields of frames.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    format: Format,
    rules: Vec<DecodeAs>,
    dissector: Dissector,
    /// Whether a packet has to be taken apart at all.
    dissects: bool,
    cell: Vec<u8>,
    scratch: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Column {
    name: String,
    of: Of,
}

/// What stands in a column.
#[derive(Clone, Debug)]
enum Of {
    Number,
    Epoch,
    Delta,
    Relative,
    Length,
    Captured,
    Interface,
    Protocols,
    /// The date.
    Time,
    /// The protocols as tshark has them.
    Stack,
    Payload(Id),
    Fields(Selection),
}

impl Of {
    /// Tells whether it is known without looking into the packet.
    const fn is_outside(&self) -> bool {
        !matches!(self, Self::Fields(_) | Self::Protocols | Self::Stack | Self::Payload(_))
    }

    /// Tells whether it is a number.
    const fn is_number(&self) -> bool {
        matches!(self, Self::Number | Self::Length | Self::Captured | Self::Interface)
    }
}

impl Table {
    /// Finds the fields of these names, which a table then has in this order.
    ///
    /// # Errors
    /// A name that is no field's.
    pub fn new(names: &[String], format: Format, rules: &[DecodeAs]) -> Result<Self, Unknown> {
        let column = |name: &String| {
            let of = match &name[..] {
                "frame.number" => Of::Number,
                "frame.time_epoch" => Of::Epoch,
                "frame.time_delta" => Of::Delta,
                "frame.time_relative" => Of::Relative,
                "frame.len" => Of::Length,
                "frame.cap_len" => Of::Captured,
                "frame.interface_id" => Of::Interface,
                "layers" => Of::Protocols,
                "frame.time" => Of::Time,
                "frame.protocols" => Of::Stack,
                "tcp.payload" => Of::Payload(Id::Tcp),
                "udp.payload" => Of::Payload(Id::Udp),
                name => Of::Fields(
                    Selection::named(name)
                        .ok_or_else(|| Unknown { name: name.to_owned(), advice: known::advice(name) })?,
                ),
            };
            Ok(Column { name: name.clone(), of })
        };
        let columns = names.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::of(columns, format, rules))
    }

    fn of(columns: Vec<Column>, format: Format, rules: &[DecodeAs]) -> Self {
        let mut dissector = Dissector::new();
        DecodeAs::tell(rules, &mut dissector);
        let dissects = columns.iter().any(|column| !column.of.is_outside());
        let rules = rules.to_vec();
        Self { columns, format, rules, dissector, dissects, cell: Vec::new(), scratch: Vec::new() }
    }

    /// Appends the line of names that a table begins with; an object has them itself.
    pub fn header(&self, out: &mut Vec<u8>) {
        let between = match self.format {
            Format::Csv => b',',
            Format::Tsv => b'\t',
            Format::Json => return,
        };
        for (index, column) in self.columns.iter().enumerate() {
            if index > 0 {
                out.push(between);
            }
            out.extend_from_slice(column.name.as_bytes());
        }
        out.push(b'\n');
    }
}

impl Render for Table {
    fn frame(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) {
        let Self { columns, format, dissector, dissects, cell, scratch, .. } = self;
        // What is not looked into needs no layers.
        let data = if *dissects { frame.data } else { &[] };
        let packet = dissector.dissect(frame.linktype.0, data, frame.wire_len());
        if *format == Format::Json {
            out.push(b'{');
        }
        let mut before = "";
        for column in columns {
            cell.clear();
            let is_json = *format == Format::Json;
            let mut values = 0_usize;
            match &column.of {
                Of::Fields(selection) => selection.values(&packet, |field, value| {
                    if values > 0 {
                        cell.push(b',');
                    }
                    values += 1;
                    if is_json {
                        wire::json::value(field, value, scratch, cell);
                    } else {
                        show::value(field, value, cell);
                    }
                }),
                of => {
                    let quote: &[u8] = if is_json && !of.is_number() { b"\"" } else { b"" };
                    cell.extend_from_slice(quote);
                    let len = cell.len();
                    own(of, frame, &packet, cell);
                    values = usize::from(cell.len() > len);
                    cell.extend_from_slice(quote);
                }
            }
            if is_json {
                if values == 0 {
                    continue;
                }
                let (open, close): (&[u8], &[u8]) = if values > 1 { (b"[", b"]") } else { (b"", b"") };
                let _ = write!(out, "{before}\"{}\":", column.name);
                out.extend_from_slice(open);
                out.extend_from_slice(cell);
                out.extend_from_slice(close);
                before = ",";
                continue;
            }
            out.extend_from_slice(before.as_bytes());
            if *format == Format::Csv {
                quoted(cell, out);
                before = ",";
            } else {
                escaped(cell, out);
                before = "\t";
            }
        }
        out.extend_from_slice(if *format == Format::Json { b"}\n" } else { b"\n" });
    }

    fn split(self, most: usize) -> Vec<Self> {
        (0..most).map(|_| Self::of(self.columns.clone(), self.format, &self.rules)).collect()
    }
}

/// Appends what is known of the frame itself.
fn own(of: &Of, frame: &Frame<'_>, packet: &wire::Packet<'_>, out: &mut Vec<u8>) {
    let since = |from: Option<Timestamp>| Some(frame.time?.nanoseconds() - from?.nanoseconds());
    // Writing into memory does not fail.
    let _ = match of {
        Of::Number => write!(out, "{}", frame.number),
        Of::Length => write!(out, "{}", frame.original_length),
        Of::Captured => write!(out, "{}", frame.data.len()),
        Of::Interface => write!(out, "{}", frame.interface),
        Of::Epoch | Of::Delta | Of::Relative => {
            let nanoseconds = match of {
                Of::Epoch => frame.time.map(Timestamp::nanoseconds),
                Of::Delta => since(frame.before),
                _ => since(frame.first),
            };
            if let Some(nanoseconds) = nanoseconds {
                epoch(nanoseconds, out);
            }
            Ok(())
        }
        Of::Protocols => {
            let mut before = "";
            packet.layers.iter().filter(|layer| !matches!(layer.id, Id::Raw | Id::Padding)).try_for_each(
                |layer| write!(out, "{}{}", core::mem::replace(&mut before, ":"), layer.id.protocol().name),
            )
        }
        Of::Time => {
            if let Some(time) = frame.time.map(Timestamp::nanoseconds) {
                let seconds = i64::try_from(time.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
                show::time(seconds, u32::try_from(time.rem_euclid(1_000_000_000)).unwrap_or(0), out);
            }
            Ok(())
        }
        Of::Stack => {
            stack(packet, out);
            Ok(())
        }
        // Of the innermost: a column has one value of these.
        Of::Payload(id) => {
            if let Some(layer) = packet.layers.iter().rev().find(|layer| layer.id == *id) {
                show::value(Field::RAW, Value::Bytes(packet.payload(layer)), out);
            }
            Ok(())
        }
        Of::Fields(_) => Ok(()),
    };
}

/// Appends the names of the protocols as tshark has them: `eth:ethertype:ip:udp:data`.
fn stack(packet: &wire::Packet<'_>, out: &mut Vec<u8>) {
    let mut layers = packet.layers.iter().filter(|layer| layer.id != Id::Padding).peekable();
    while let Some(layer) = layers.next() {
        let name = if layer.id == Id::Raw { "data" } else { layer.id.protocol().name };
        out.extend_from_slice(name.as_bytes());
        let Some(next) = layers.peek() else { return };
        let has_ethertype =
            matches!(layer.id, Id::Ethernet | Id::Vlan | Id::Sll | Id::Sll2) && next.id != Id::Llc;
        out.extend_from_slice(if has_ethertype { b":ethertype:" } else { b":" });
    }
}

/// Appends nanoseconds as seconds with nine digits behind the point.
pub(crate) fn epoch(nanoseconds: i128, out: &mut Vec<u8>) {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    let rest = u32::try_from(all % 1_000_000_000).unwrap_or(0);
    let _ = match u64::try_from(all / 1_000_000_000) {
        Ok(seconds) => write!(out, "{sign}{seconds}.{rest:09}"),
        Err(_) => write!(out, "{sign}{}.{rest:09}", all / 1_000_000_000),
    };
}

/// Appends a value of CSV, RFC 4180.
fn quoted(value: &[u8], out: &mut Vec<u8>) {
    if !value.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return out.extend_from_slice(value);
    }
    out.push(b'"');
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// Appends a value of TSV, in which a tab is none of the table's.
fn escaped(value: &[u8], out: &mut Vec<u8>) {
    if !value.iter().any(|byte| matches!(byte, b'\t' | b'\\' | b'\n' | b'\r')) {
        return out.extend_from_slice(value);
    }
    for byte in value {
        match byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            byte => out.push(*byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use pcap::{LinkType, Options};

    use super::*;

    /// IPv4 in IPv4, and UDP.
    const TUNNEL: &[u8] = b"\x45\0\0\x31\0\0\0\0\x40\x04\0\0\x0a\0\0\x01\x0a\0\0\x02\
        \x45\0\0\x1d\0\0\0\0\x3f\x11\0\0\x7f\0\0\x01\x7f\0\0\x02\0\x05\0\x06\0\x09\0\0x";

    fn line(names: &[&str], format: Format) -> String {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut table = Table::new(&names, format, &[]).unwrap();
        let time = |seconds, nanoseconds| Some(Timestamp::new(seconds, nanoseconds));
        let frame = Frame {
            number: 3,
            time: time(5, 1),
            before: time(5, 2),
            first: time(1, 0),
            linktype: LinkType::RAW,
            original_length: 60,
            data: TUNNEL,
            file: 0,
            section: 0,
            interface: 4,
            options: Options::NONE,
        };
        let mut out = Vec::new();
        table.header(&mut out);
        table.frame(&frame, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fields_stand_in_the_order_in_which_they_are_asked_for() {
        assert_eq!(line(&["udp.dstport", "ip.ttl"], Format::Tsv), "udp.dstport\tip.ttl\n6\t64,63\n");
        assert_eq!(line(&["ip.src", "tcp.port"], Format::Csv), "ip.src,tcp.port\n\"10.0.0.1,127.0.0.1\",\n");
        assert_eq!(
            line(&["ip.src", "udp.srcport", "tcp.port"], Format::Json),
            "{\"ip.src\":[\"10.0.0.1\",\"127.0.0.1\"],\"udp.srcport\":5}\n"
        );
    }

    #[test]
    fn a_frame_has_fields_too() {
        let names: Vec<&str> = super::super::FRAME.iter().map(|(name, _)| *name).collect();
        let table = line(&names, Format::Csv);
        assert_eq!(
            table.lines().last().unwrap(),
            "3,\"Jan  1, 1970 00:00:05.000000001 UTC\",5.000000001,-0.000000001,4.000000001,60,49,4,raw:ip:ip:udp:data,raw:ip:ip:udp"
        );
        assert!(line(&names, Format::Json).contains("\"frame.time_epoch\":\"5.000000001\""));
    }

    #[test]
    fn payloads_are_bytes() {
        assert_eq!(line(&["udp.payload", "tcp.payload"], Format::Tsv), "udp.payload\ttcp.payload\n78\t\n");
        assert_eq!(line(&["udp.payload", "tcp.payload"], Format::Json), "{\"udp.payload\":\"78\"}\n");
    }

    #[test]
    fn a_wrong_name_has_a_suggestion() {
        let wrong = Table::new(&["ip.scr".to_owned()], Format::Csv, &[]).unwrap_err();
        assert_eq!(wrong.to_string(), "no field is called 'ip.scr'");
        assert_eq!(wrong.advice, "did you mean ip.src?");
    }

    #[test]
    fn values_keep_the_shape_of_their_table() {
        let mut out = Vec::new();
        quoted(b"say \"hi\"", &mut out);
        escaped(b"a\tb\\\n", &mut out);
        assert_eq!(out, b"\"say \"\"hi\"\"\"a\\tb\\\\\\n");
        // A line feed is the value's, not the end of the record.
        out.clear();
        quoted(b"a\r\n7,\x1b", &mut out);
        escaped(b"\r\n7", &mut out);
        assert_eq!(out, b"\"a\r\n7,\x1b\"\\r\\n7");
    }
}

//! A packet as a tree: every field of every layer, with its title, value and place.

use core::ops::Range;
use std::io::Write as _;

use crate::field::{Field, Kind, Rule};
use crate::packet::{Fault, Packet, Status};
use crate::show;
use crate::walk::{Value, Visit};

/// Appends the tree of a packet, a line for each layer and each field.
///
/// A line of a field has its place, in bytes of the packet and, where it is not whole bytes, bits; its title, its value, what the
/// value means, and its name for filters and JSON. What a packet holds cannot end a line or begin one: control characters, marks
/// that turn the direction of writing, and bytes that are no UTF-8 are escaped.
pub fn write(packet: &Packet<'_>, out: &mut Vec<u8>) {
    for (index, layer) in packet.layers.iter().enumerate() {
        let protocol = layer.id.protocol();
        let (from, to) = (layer.start, layer.payload);
        let _ = write!(out, "{:>9}  {} ({})", format!("{from}-{to}"), protocol.title, protocol.name);
        status(layer.status, out);
        out.push(b'\n');
        packet.walk(index, &mut Tree { out, depth: 1, scratch: Vec::new() });
    }
}

fn status(status: Status, out: &mut Vec<u8>) {
    let (word, Fault { at, need, have, why }) = match status {
        Status::Ok => return,
        Status::Truncated(fault) => ("truncated", fault),
        Status::Malformed(fault) => ("malformed", fault),
    };
    let _ = write!(out, "  [{word} at {at}: needs {why} ({need}), has {have}]");
}

struct Tree<'o> {
    out: &'o mut Vec<u8>,
    depth: usize,
    scratch: Vec<u8>,
}

impl Tree<'_> {
    fn indent(&mut self, more: usize) {
        for _ in 0..self.depth + more {
            self.out.extend_from_slice(b"  ");
        }
    }
}

impl<'a> Visit<'a> for Tree<'_> {
    fn field(&mut self, field: &'static Field, bits: Range<usize>, value: Value<'a>) {
        let (from, to) = (bits.start / 8, bits.end.div_ceil(8));
        let is_whole = bits.start.is_multiple_of(8) && bits.end.is_multiple_of(8);
        let _ = if bits.is_empty() {
            write!(self.out, "{:>9}  ", "")
        } else if is_whole {
            write!(self.out, "{:>9}  ", format!("{from}-{to}"))
        } else {
            write!(self.out, "{:>9}  ", format!("{from}.{}+{}", bits.start % 8, bits.len()))
        };
        self.indent(usize::from(field.rule == Rule::Part));
        let _ = write!(self.out, "{}: ", field.title());
        match value {
            Value::Bytes(_) => {
                self.scratch.clear();
                show::value(field, value, &mut self.scratch);
                escaped(&self.scratch, self.out);
            }
            _ => show::value(field, value, self.out),
        }
        if let (Kind::DecOf(names) | Kind::HexOf(names), Value::Uint(number)) = (field.kind, value)
            && let Some(name) = names(number)
        {
            let _ = write!(self.out, " {name}");
        }
        if !field.path.is_empty() {
            let _ = write!(self.out, "  ({})", field.path);
        }
        self.out.push(b'\n');
    }

    fn open(&mut self, record: &'static Field, bytes: Range<usize>) {
        let _ = write!(self.out, "{:>9}  ", format!("{}-{}", bytes.start, bytes.end));
        self.indent(0);
        let _ = writeln!(self.out, "{}", record.title());
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn fault(&mut self, fault: Status) {
        let _ = write!(self.out, "{:>9}", "");
        status(fault, self.out);
        self.out.push(b'\n');
    }
}

/// Appends text in which nothing is left that a reader of lines or a terminal might obey.
fn escaped(text: &[u8], out: &mut Vec<u8>) {
    if text.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'\\') {
        return out.extend_from_slice(text);
    }
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            let _ = match character {
                '\\' => out.write_all(b"\\\\"),
                '\n' => out.write_all(b"\\n"),
                '\r' => out.write_all(b"\\r"),
                '\t' => out.write_all(b"\\t"),
                '\0'..='\x1f' | '\x7f' => write!(out, "\\x{:02x}", u32::from(character)),
                // C1; the separators of lines and paragraphs; and the marks of Unicode's bidirectional algorithm, UAX #9.
                '\u{80}'..='\u{9f}'
                | '\u{61c}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' => write!(out, "\\u{{{:x}}}", u32::from(character)),
                character => write!(out, "{character}"),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
}

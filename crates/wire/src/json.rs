//! A packet as the members of a JSON object: Wireshark's names, each once.
//!
//! Numbers that people count with are numbers, flags are booleans, all else are strings as Wireshark shows them. A name that is
//! there more than once, in a tunnel or a list of records, has an array, in the order of the packet.

use core::ops::Range;
use std::io::Write as _;

use crate::field::{Field, Kind};
use crate::packet::Packet;
use crate::show;
use crate::walk::{Value, Visit};

/// Writes packets as JSON, in the same memory.
#[derive(Debug, Default)]
pub struct Json {
    /// The values, one behind the other.
    text: Vec<u8>,
    /// Whose they are, and where.
    values: Vec<(&'static str, Range<usize>)>,
    /// The names, in the order in which they came.
    names: Vec<&'static str>,
    scratch: Vec<u8>,
}

impl Json {
    /// Makes one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends the members of a packet, each `"name":value` with a comma before it, and last `"layers"`, the names of its
    /// protocols.
    pub fn members(&mut self, packet: &Packet<'_>, out: &mut Vec<u8>) {
        self.text.clear();
        self.values.clear();
        self.names.clear();
        for index in 0..packet.layers.len() {
            packet.walk(index, self);
        }
        for name in &self.names {
            let mut values = self.values.iter().filter(|(of, _)| of == name).map(|(_, range)| range);
            let Some(first) = values.next() else { continue };
            let mut rest = values.peekable();
            let is_array = rest.peek().is_some();
            let _ = write!(out, ",\"{name}\":{}", if is_array { "[" } else { "" });
            out.extend_from_slice(self.text.get(first.clone()).unwrap_or_default());
            for range in rest {
                out.push(b',');
                out.extend_from_slice(self.text.get(range.clone()).unwrap_or_default());
            }
            if is_array {
                out.push(b']');
            }
        }
        out.extend_from_slice(b",\"layers\":[");
        let mut before = "";
        for layer in packet.layers {
            let _ = write!(out, "{before}\"{}\"", layer.id.protocol().name);
            before = ",";
        }
        out.push(b']');
    }
}

impl<'a> Visit<'a> for Json {
    fn field(&mut self, field: &'static Field, _bits: Range<usize>, value: Value<'a>) {
        if field.path.is_empty() {
            return;
        }
        let begin = self.text.len();
        self::value(field, value, &mut self.scratch, &mut self.text);
        self.values.push((field.path, begin..self.text.len()));
        if !self.names.contains(&field.path) {
            self.names.push(field.path);
        }
    }
}

/// Appends a field's value; `scratch` is memory that is reused.
pub fn value(field: &'static Field, value: Value<'_>, scratch: &mut Vec<u8>, out: &mut Vec<u8>) {
    match (field.kind, value) {
        (Kind::Flag, Value::Uint(flag)) => {
            out.extend_from_slice(if flag == 0 { b"false" } else { b"true" });
        }
        _ if show::is_plain_number(field, value) => show::value(field, value, out),
        _ => {
            scratch.clear();
            show::value(field, value, scratch);
            string(scratch, out);
        }
    }
}

/// Appends bytes as a JSON string: RFC 8259, section 7. What is no UTF-8 becomes the replacement character.
fn string(bytes: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let _ = match character {
                '"' => out.write_all(b"\\\""),
                '\\' => out.write_all(b"\\\\"),
                '\n' => out.write_all(b"\\n"),
                '\r' => out.write_all(b"\\r"),
                '\t' => out.write_all(b"\\t"),
                // Control characters of C1 too: JSON allows them, terminals obey them.
                '\0'..='\x1f' | '\x7f'..='\u{9f}' => write!(out, "\\u{:04x}", u32::from(character)),
                character => write!(out, "{character}"),
            };
        }
        if !chunk.invalid().is_empty() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    out.push(b'"');
}

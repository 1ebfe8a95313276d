//! A packet as the members of a JSON object: Wireshark's names, each once.
//!
//! Numbers that people count with are numbers, flags are booleans, all else are strings as Wireshark shows them. A name that is
//! there more than once, in a tunnel or a list of records, has an array, in the order of the packet.

use core::ops::Range;
use std::collections::HashMap;
use std::io::Write as _;

use crate::digits;
use crate::field::{Field, Kind};
use crate::packet::Packet;
use crate::show;
use crate::walk::{Value, Visit};

/// Writes packets as JSON, in the same memory.
#[derive(Debug, Default)]
pub struct Json {
    /// The values of the packet, one behind the other.
    text: Vec<u8>,
    /// Where each stands, and which value of the same name comes next.
    values: Vec<(Range<usize>, Option<usize>)>,
    /// The names of the packet, in the order in which they came, with their first value and their last.
    names: Vec<(&'static str, usize, usize)>,
    /// Every name that was ever met.
    known: Known,
    scratch: Vec<u8>,
}

/// Gives names small numbers. A name is looked up by where it stands in memory, which costs less than reading it; the same
/// name in two tables may stand in two places.
#[derive(Debug, Default)]
struct Known {
    by_place: HashMap<(usize, usize), usize, PlaceHasher>,
    by_name: HashMap<&'static str, usize>,
    /// For each number, which of the packet's names it is, and in which packet that was said.
    seen: Vec<(usize, u64)>,
    packet: u64,
}

impl Known {
    fn number(&mut self, name: &'static str) -> usize {
        let place = (name.as_ptr().addr(), name.len());
        if let Some(number) = self.by_place.get(&place) {
            return *number;
        }
        let number = *self.by_name.entry(name).or_insert(self.seen.len());
        if number == self.seen.len() {
            self.seen.push((0, 0));
        }
        self.by_place.insert(place, number);
        number
    }
}

/// Makes hashes of places: they are few and ours, so that one multiplication will do.
#[derive(Clone, Copy, Debug, Default)]
struct PlaceHasher(u64);

impl core::hash::BuildHasher for PlaceHasher {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        Self(0)
    }
}

impl core::hash::Hasher for PlaceHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u8(*byte);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_usize(byte.into());
    }

    fn write_usize(&mut self, number: usize) {
        let number = u64::try_from(number).unwrap_or(0);
        self.0 = (self.0.rotate_left(29) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
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
        self.known.packet += 1;
        for index in 0..packet.layers.len() {
            packet.walk(index, &mut Collect { json: self, bytes: packet.bytes });
        }
        for (name, first, last) in &self.names {
            out.extend_from_slice(b",\"");
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(if first == last { b"\":" } else { b"\":[" });
            let mut next = Some(*first);
            while let Some((range, following)) = next.and_then(|index| self.values.get(index)) {
                out.extend_from_slice(self.text.get(range.clone()).unwrap_or_default());
                if following.is_some() {
                    out.push(b',');
                }
                next = *following;
            }
            if first != last {
                out.push(b']');
            }
        }
        out.extend_from_slice(b",\"layers\":[");
        let mut before = &b"\""[..];
        for layer in packet.layers {
            out.extend_from_slice(before);
            out.extend_from_slice(layer.id.protocol().name.as_bytes());
            before = b"\",\"";
        }
        out.extend_from_slice(if packet.layers.is_empty() { b"]" } else { b"\"]" });
    }

    /// Takes note of a value that has been written behind the text.
    fn push(&mut self, name: &'static str, begin: usize) {
        let index = self.values.len();
        self.values.push((begin..self.text.len(), None));
        let number = self.known.number(name);
        let Some((at, packet)) = self.known.seen.get_mut(number) else { return };
        if *packet != self.known.packet {
            (*at, *packet) = (self.names.len(), self.known.packet);
            self.names.push((name, index, index));
        } else if let Some((.., last)) = self.names.get_mut(*at) {
            let before = core::mem::replace(last, index);
            if let Some((_, next)) = self.values.get_mut(before) {
                *next = Some(index);
            }
        }
    }
}

/// Collects what a walk shows.
struct Collect<'j, 'a> {
    json: &'j mut Json,
    bytes: &'a [u8],
}

impl<'a> Visit<'a> for Collect<'_, 'a> {
    fn field(&mut self, field: &'static Field, _bits: Range<usize>, value: Value<'a>) {
        if field.path.is_empty() {
            return;
        }
        let Json { text, scratch, .. } = &mut *self.json;
        let begin = text.len();
        self::value(field, value, scratch, text);
        self.json.push(field.path, begin);
    }

    /// A record that has a name of its own, as options do, has its bytes for a value.
    fn open(&mut self, record: &'static Field, bytes: Range<usize>) {
        if record.path.is_empty() {
            return;
        }
        let text = &mut self.json.text;
        let begin = text.len();
        text.push(b'"');
        digits::colons(self.bytes.get(bytes).unwrap_or_default(), text);
        text.push(b'"');
        self.json.push(record.path, begin);
    }
}

/// Appends a field's value; `scratch` is memory that is reused.
pub fn value(field: &'static Field, value: Value<'_>, scratch: &mut Vec<u8>, out: &mut Vec<u8>) {
    match (field.kind, value) {
        (Kind::Flag, Value::Uint(flag)) => {
            out.extend_from_slice(if flag == 0 { b"false" } else { b"true" });
        }
        _ if show::is_plain_number(field, value) => show::value(field, value, out),
        // Numbers and addresses have no character that would be escaped.
        (
            Kind::Hex | Kind::HexOf(_) | Kind::Ipv4 | Kind::Ipv6 | Kind::Mac | Kind::Bytes | Kind::Record,
            _,
        ) => {
            out.push(b'"');
            show::value(field, value, out);
            out.push(b'"');
        }
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
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) {
        out.extend_from_slice(bytes);
        out.push(b'"');
        return;
    }
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

//! What must be true of any bytes taken for a packet, and of any packet that is built: the hooks of the fuzz targets.
//!
//! Each function panics where a law is broken, and is for tests alone.

use core::ops::Range;

use crate::field::{Field, Rule, Space};
use crate::json::Json;
use crate::line::{self, Memory, Numeric, Style};
use crate::owned::{self, Layer, Stored};
use crate::packet::{Dissector, Packet};
use crate::stack::{self, Id};
use crate::tree;
use crate::walk::{Value, Visit};

/// The most that text of a packet may have for each of its bytes: names of DNS are long where a pointer leads to one.
const MOST_TEXT: usize = 2048;

/// Takes bytes for a packet and writes it in every form: the first byte chooses the link type, the second the style, the
/// third how much longer it was on the wire.
///
/// # Panics
///
/// A law is broken.
pub fn packet(bytes: &[u8]) {
    let Some(([link, style, longer], bytes)) = bytes.split_first_chunk() else { return };
    let link_types: Vec<u32> = stack::numbers(Space::Link).map(|(number, _)| number).collect();
    let link_type = link_types.get(usize::from(*link) % link_types.len().max(1)).copied().unwrap_or(0);
    let style = Style {
        verbose: style & 3,
        quiet: style & 4 != 0,
        link: style & 8 != 0,
        absolute: style & 16 != 0,
        dump: style & 32 != 0,
        unchecked: style & 128 != 0,
        own: style & 64 != 0,
    };
    let mut dissector = Dissector::new();
    let packet = dissector.dissect(link_type, bytes, bytes.len() + usize::from(*longer));
    holds(&packet);
    let most = (bytes.len() + 16) * MOST_TEXT;
    let mut text = Vec::new();
    line::write(&packet, style, &mut Memory::default(), &mut Numeric, &mut text);
    assert!(text.len() <= most, "a line of {} bytes for {}", text.len(), bytes.len());
    text.clear();
    tree::write(&packet, &mut text);
    assert!(text.len() <= most, "a tree of {} bytes for {}", text.len(), bytes.len());
    text.clear();
    Json::new().members(&packet, &mut text);
    assert!(text.len() <= most, "JSON of {} bytes for {}", text.len(), bytes.len());
}

/// Sees to it that stored fields tile a packet, that parts lie within them, and that what is read is built again.
///
/// # Panics
///
/// A law is broken.
pub fn holds(packet: &Packet<'_>) {
    let mut tiles = Tiles { at: 0 };
    for (index, layer) in packet.layers.iter().enumerate() {
        assert_eq!(tiles.at, layer.start * 8, "layers leave no hole");
        assert!(layer.start <= layer.payload && layer.payload <= layer.end && layer.end <= layer.wire_end);
        packet.walk(index, &mut tiles);
        let _ = packet.check(index);
    }
    assert_eq!(tiles.at, packet.bytes.len() * 8, "fields tile the packet");
    assert_eq!(owned::Packet::read(packet).build(), packet.bytes, "what is read is built");
}

struct Tiles {
    at: usize,
}

impl<'a> Visit<'a> for Tiles {
    fn field(&mut self, field: &'static Field, bits: Range<usize>, _value: Value<'a>) {
        if field.is_stored() {
            assert_eq!(bits.start, self.at, "{} {}", field.name, field.path);
            self.at = bits.end;
        } else if field.rule == Rule::Part {
            assert!(bits.end <= self.at, "{}", field.path);
        }
    }
}

/// Builds a packet of layers and values that the bytes choose, then reads and builds it again.
///
/// # Panics
///
/// A law is broken.
pub fn build(bytes: &[u8]) {
    let mut rest = bytes;
    let mut take = || match rest.split_first() {
        Some((first, others)) => {
            rest = others;
            Some(*first)
        }
        None => None,
    };
    let mut packet = owned::Packet::default();
    for _ in 0..take().unwrap_or(0) % 8 {
        let Some(id) = take().and_then(|byte| Id::ALL.get(usize::from(byte) % Id::ALL.len())) else { break };
        let mut layer = Layer::new(*id);
        let protocol = id.protocol();
        for _ in 0..take().unwrap_or(0) % 4 {
            let option = take()
                .and_then(|byte| protocol.options.get(usize::from(byte) % protocol.options.len().max(1)));
            if let Some(option) = option {
                layer.push_option(option);
            }
        }
        for _ in 0..take().unwrap_or(0) % 8 {
            let field =
                take().and_then(|byte| protocol.fields.get(usize::from(byte) % protocol.fields.len().max(1)));
            let (Some(field), Some(value)) = (field, take()) else { break };
            let was = layer.get(field.name);
            if layer.set(field.name, Stored::Uint(value.into())) {
                assert_eq!(layer.get(field.name), Some(Stored::Uint(value.into())), "{}", field.name);
            } else {
                assert_eq!(layer.get(field.name), was, "{}: what does not fit changes nothing", field.name);
            }
        }
        packet = packet.with(layer);
    }
    let built = packet.with(Layer::raw(rest)).build();
    let mut dissector = Dissector::new();
    for (link_type, _) in stack::numbers(Space::Link) {
        holds(&dissector.dissect(link_type, &built, built.len()));
    }
    let _ = stack::named(&String::from_utf8_lossy(bytes));
}

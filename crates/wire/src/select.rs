//! Chosen fields of packets, and nothing else: who wants one field pays for one.
//!
//! A field of a fixed header is read where it stands; only what has no fixed place takes a walk, and only over layers that
//! may have it.

use core::ops::Range;

use crate::field::Field;
use crate::packet::{Layer, Packet};
use crate::stack::Id;
use crate::walk::{Value, Visit};

/// A name, and the fields that it means.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Rows of fixed headers.
    fixed: Vec<(Id, &'static Field)>,
    /// Rows that a walk must show.
    walked: Vec<(Id, &'static Field)>,
}

impl Selection {
    /// Finds the fields of a name: `ip.src`, or `ip.addr`, which is two. `None` where there is no such field.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let is_meant = |field: &&'static Field| field.path == name || field.also.contains(&name);
        let rows = |of: fn(Id) -> Vec<&'static Field>| -> Vec<_> {
            let all = Id::ALL.iter().flat_map(|id| of(*id).into_iter().map(|field| (*id, field)));
            all.filter(|(_, field)| !name.is_empty() && is_meant(field)).collect()
        };
        let fixed = rows(|id| id.protocol().fields.iter().collect());
        let walked = rows(|id| id.protocol().more.iter().copied().flatten().collect());
        (!fixed.is_empty() || !walked.is_empty()).then_some(Self { fixed, walked })
    }

    /// Shows the values of the fields in a packet, in the order of its layers.
    pub fn values<'a>(&self, packet: &Packet<'a>, mut show: impl FnMut(&'static Field, Value<'a>)) {
        for (index, layer) in packet.layers.iter().enumerate() {
            for (_, field) in self.fixed.iter().filter(|(id, _)| *id == layer.id) {
                if let Some(value) = fixed_value(packet, layer, field) {
                    show(field, value);
                }
            }
            if self.walked.iter().any(|(id, _)| *id == layer.id) {
                packet.walk(index, &mut Sieve { selection: self, show: &mut show });
            }
        }
    }
}

/// Reads a field of a fixed header, if it is there.
fn fixed_value<'a>(packet: &Packet<'a>, layer: &Layer, field: &'static Field) -> Option<Value<'a>> {
    let header = packet.header(layer);
    let (from, to) = (usize::from(field.from), usize::from(field.to));
    match field.kind {
        kind if kind.is_bytes() => header.get(from / 8..to / 8).map(Value::Bytes),
        _ => (to <= header.len() * 8).then(|| Value::Uint(field.read(header))),
    }
}

/// Lets the chosen fields through.
struct Sieve<'s, 'f, 'a> {
    selection: &'s Selection,
    show: &'f mut dyn FnMut(&'static Field, Value<'a>),
}

impl<'a> Visit<'a> for Sieve<'_, '_, 'a> {
    fn field(&mut self, field: &'static Field, _bits: Range<usize>, value: Value<'a>) {
        if self.selection.walked.iter().any(|(_, row)| row.path == field.path) {
            (self.show)(field, value);
        }
    }
}

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
        let mut walked = rows(|id| {
            let protocol = id.protocol();
            let options = protocol.options.iter().map(|option| &option.record);
            protocol.more.iter().copied().flatten().chain(options).collect()
        });
        // A row of the fixed header may have a twin in another form of the header, which is walked only when there is that one.
        walked.retain(|(id, row)| !fixed.iter().any(|(of, twin)| (of, twin.path) == (id, row.path)));
        (!fixed.is_empty() || !walked.is_empty()).then_some(Self { fixed, walked })
    }

    /// Shows the values of the fields in a packet, in the order of its layers.
    pub fn values<'a>(&self, packet: &Packet<'a>, mut show: impl FnMut(&'static Field, Value<'a>)) {
        for (index, layer) in packet.layers.iter().enumerate() {
            let mut fixed = self.fixed.iter().filter(|(id, _)| *id == layer.id).peekable();
            // A header of another form than the fixed one is walked.
            let is_other = fixed.peek().is_some() && !(layer.id.protocol().is_fixed)(packet.header(layer));
            if !is_other {
                for (_, field) in fixed {
                    if let Some(value) = fixed_value(packet, index, layer, field) {
                        show(field, value);
                    }
                }
            }
            if is_other || self.walked.iter().any(|(id, _)| *id == layer.id) {
                packet.walk(
                    index,
                    &mut Sieve { selection: self, bytes: packet.bytes, is_other, show: &mut show },
                );
            }
        }
    }
}

/// Reads a field of a fixed header, if it is there.
fn fixed_value<'a>(
    packet: &Packet<'a>,
    index: usize,
    layer: &Layer,
    field: &'static Field,
) -> Option<Value<'a>> {
    let prefix = (layer.id.protocol().prefix)(packet, index);
    let header = packet.header(layer).get(prefix..)?;
    let (from, to) = (usize::from(field.from), usize::from(field.to));
    if field.kind.is_number() {
        return (to <= header.len() * 8).then(|| Value::Uint(field.read(header)));
    }
    header.get(from / 8..to / 8).map(Value::Bytes)
}

/// Lets the chosen fields through.
struct Sieve<'s, 'f, 'a> {
    selection: &'s Selection,
    bytes: &'a [u8],
    /// Whether the header has another form than the fixed one, whose rows have not been read.
    is_other: bool,
    show: &'f mut dyn FnMut(&'static Field, Value<'a>),
}

impl Sieve<'_, '_, '_> {
    fn is_chosen(&self, field: &Field) -> bool {
        let Selection { fixed, walked } = self.selection;
        let is_meant = |rows: &[(Id, &Field)]| rows.iter().any(|(_, row)| row.path == field.path);
        is_meant(walked) || self.is_other && is_meant(fixed)
    }
}

impl<'a> Visit<'a> for Sieve<'_, '_, 'a> {
    fn field(&mut self, field: &'static Field, _bits: Range<usize>, value: Value<'a>) {
        if self.is_chosen(field) {
            (self.show)(field, value);
        }
    }

    fn open(&mut self, record: &'static Field, bytes: Range<usize>) {
        if self.is_chosen(record) {
            (self.show)(record, Value::Bytes(self.bytes.get(bytes).unwrap_or_default()));
        }
    }
}

//! Walking the fields of a layer: the generic reading from which tree, JSON, chosen fields and owned packets come.
//!
//! A protocol says in which order its parts stand ([`Protocol::walk`](crate::Protocol)); a visitor is shown each field with its
//! place and value. Stored fields tile the header without a hole, whatever the bytes are: what fits no row is shown as
//! [`Field::RAW`], so that what a visitor collects can be written back.

use core::ops::Range;

use crate::bits;
use crate::field::Field;
use crate::name::Labels;
use crate::packet::{Fault, Layer, Packet, Status, Verdict};

/// What a field holds in a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A number of at most 64 bits.
    Uint(u64),
    /// Bytes: an address, text, or what they are.
    Bytes(&'a [u8]),
    /// A domain name: where it begins in its message.
    DomainName(&'a [u8], usize),
}

/// Who is shown fields.
pub trait Visit<'a> {
    /// Takes a field, with the bits of the packet that it has.
    fn field(&mut self, field: &'static Field, bits: Range<usize>, value: Value<'a>);
    /// Takes the beginning of a record, with the bytes of the packet that it has; its fields follow.
    fn open(&mut self, _record: &'static Field, _bytes: Range<usize>) {}
    /// Takes the end of the record that was opened last.
    fn close(&mut self) {}
    /// Takes what is wrong at this place.
    fn fault(&mut self, _status: Status) {}
}

/// A walk over the header of a layer.
pub struct Walk<'a, 'v> {
    packet: Packet<'a>,
    index: usize,
    start: usize,
    end: usize,
    at: usize,
    visit: &'v mut dyn Visit<'a>,
}

impl core::fmt::Debug for Walk<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Walk").field("at", &self.at).field("end", &self.end).finish_non_exhaustive()
    }
}

impl<'a, 'v> Walk<'a, 'v> {
    pub(crate) fn new(packet: Packet<'a>, layer: &Layer, index: usize, visit: &'v mut dyn Visit<'a>) -> Self {
        Self { packet, index, start: layer.start, end: layer.payload, at: layer.start, visit }
    }

    /// Returns the packet.
    #[must_use]
    pub fn packet(&self) -> Packet<'a> {
        self.packet
    }

    /// Returns which of the packet's layers it is.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Returns the whole header.
    #[must_use]
    pub fn header(&self) -> &'a [u8] {
        self.packet.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns what has not been walked yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.packet.bytes.get(self.at..self.end).unwrap_or_default()
    }

    /// Returns how many bytes of the header have been walked.
    #[must_use]
    pub fn walked(&self) -> usize {
        self.at - self.start
    }

    /// Shows the rows of a table of so many bytes, as far as they are there. Returns whether they all are.
    pub fn table(&mut self, fields: &'static [Field], len: usize) -> bool {
        let here = self.rest();
        let have = here.len().min(len);
        let mut shown = 0;
        for field in fields {
            let (from, to) = (usize::from(field.from), usize::from(field.to));
            let is_there = if field.is_stored() { to <= have * 8 } else { to <= shown };
            if !is_there {
                continue;
            }
            let value = if field.kind.is_number() {
                Value::Uint(field.read(here))
            } else {
                Value::Bytes(here.get(from / 8..to / 8).unwrap_or_default())
            };
            self.visit.field(field, self.at * 8 + from..self.at * 8 + to, value);
            if field.is_stored() {
                shown = to;
            }
        }
        if shown < have * 8 {
            let place = self.at * 8 + shown..(self.at + have) * 8;
            let value = match here.get(shown / 8..have) {
                Some(bytes) if shown % 8 == 0 => Value::Bytes(bytes),
                _ => Value::Uint(bits::read(here, shown, have * 8)),
            };
            self.visit.field(Field::RAW, place, value);
        }
        self.at += have;
        have == len
    }

    /// Shows the fixed header of the layer's protocol: the walk of all that have nothing else.
    pub fn fixed(&mut self) {
        let fields = self.packet.layers.get(self.index).map_or(&[][..], |layer| layer.id.protocol().fields);
        let bits = fields.iter().map(|field| usize::from(field.to)).max();
        self.table(fields, bits.unwrap_or(0) / 8);
    }

    /// Shows so many bytes, or as many as there are, as a field.
    pub fn bytes(&mut self, field: &'static Field, len: usize) {
        let bytes = self.rest();
        let bytes = bytes.get(..len).unwrap_or(bytes);
        if bytes.is_empty() {
            return;
        }
        let place = self.at * 8..(self.at + bytes.len()) * 8;
        let value = match bytes.len() {
            len @ ..9 if field.kind.is_number() => {
                Value::Uint(field.kind.ordered(bits::read(bytes, 0, len * 8), len * 8))
            }
            _ => Value::Bytes(bytes),
        };
        self.visit.field(field, place, value);
        self.at += bytes.len();
    }

    /// Shows a domain name of so many bytes, which may point back into a message that begins at an offset of the header.
    pub fn domain_name(&mut self, field: &'static Field, len: usize, message: usize) {
        let len = len.min(self.end - self.at);
        if len == 0 {
            return;
        }
        let from = self.start + message;
        let message = self.packet.bytes.get(from..self.end).unwrap_or_default();
        let value = Value::DomainName(message, self.at.saturating_sub(from));
        self.visit.field(field, self.at * 8..(self.at + len) * 8, value);
        self.at += len;
    }

    /// Goes through the labels of the domain name that stands here, in a message that begins at an offset of the header.
    #[must_use]
    pub fn labels(&self, message: usize) -> Labels<'a> {
        let from = self.start + message;
        Labels::new(self.packet.bytes.get(from..self.end).unwrap_or_default(), self.at.saturating_sub(from))
    }

    /// Shows what is known of the packet without having bytes in it.
    pub fn derived(&mut self, field: &'static Field, value: Value<'a>) {
        self.visit.field(field, self.at * 8..self.at * 8, value);
    }

    /// Shows what the layer's checksum comes to, in Wireshark's numbers: 0 is bad, 1 good, 2 not known, 3 not there.
    pub fn verdict(&mut self, field: &'static Field) {
        let number = match self.packet.check(self.index).map(|check| check.verdict) {
            Some(Verdict::Bad) => 0,
            Some(Verdict::Good) => 1,
            None | Some(Verdict::Partial) => 2,
            Some(Verdict::Absent) => 3,
        };
        self.derived(field, Value::Uint(number));
    }

    /// Shows a record of at most so many bytes, whose inside a function walks; what that leaves over is shown as bytes.
    pub fn record(&mut self, field: &'static Field, len: usize, inside: impl FnOnce(&mut Self)) {
        let outer_end = self.end;
        self.end = outer_end.min(self.at.saturating_add(len));
        self.visit.open(field, self.at..self.end);
        inside(self);
        self.finish();
        self.visit.close();
        self.end = outer_end;
    }

    /// Says what is wrong here.
    pub fn malformed(&mut self, need: usize, why: &'static str) {
        let fault = Fault { at: self.walked(), need, have: self.rest().len(), why };
        self.visit.fault(Status::Malformed(fault));
    }

    /// Shows what is left as bytes.
    pub(crate) fn finish(&mut self) {
        self.bytes(Field::RAW, self.end - self.at);
    }
}

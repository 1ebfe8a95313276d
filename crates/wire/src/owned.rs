//! Packets that stand by themselves: read from bytes or made from nothing, changed field by field, built into bytes.
//!
//! A layer is the list of its stored fields in the order of the wire, records between their ends. What was read is kept as
//! it was, so that what is built is what was read; a field that is unset is computed when the packet is built. There are
//! two passes: from the outermost layer in, each field is written behind the one before it; then what follows from the rest is
//! filled in, lengths first, checksums from the innermost layer out.

use core::ops::Range;

use crate::bits;
use crate::checksum;
use crate::field::{Computed, Field, Kind, Rule};
use crate::option::OptionRow;
use crate::packet::{self, PseudoHeader};
use crate::stack::{self, Id};
use crate::walk::{Value, Visit};

/// A packet of layers, outermost first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packet {
    /// The layers.
    pub layers: Vec<Layer>,
}

/// A layer: a protocol and the values of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its protocol.
    pub id: Id,
    nodes: Vec<Node>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A number.
    Uint(u64),
    /// Bytes: an address, text, a domain name as on the wire.
    Bytes(Vec<u8>),
    /// It is computed when the packet is built.
    Computed,
}

/// A part of a layer.
#[derive(Clone, Debug)]
enum Node {
    Field { field: &'static Field, bits: usize, value: Stored },
    Open(&'static Field),
    Close,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Field { field, bits, value }, Self::Field { field: of, bits: wide, value: other }) => {
                (field.name, bits, value) == (of.name, wide, other)
            }
            (Self::Open(field), Self::Open(other)) => field.name == other.name,
            (Self::Close, Self::Close) => true,
            _ => false,
        }
    }
}

impl Eq for Node {}

/// Collects what a walk shows.
struct Collect<'a, 'o> {
    bytes: &'a [u8],
    nodes: &'o mut Vec<Node>,
}

impl<'a> Visit<'a> for Collect<'a, '_> {
    fn field(&mut self, field: &'static Field, bits: Range<usize>, value: Value<'a>) {
        if !field.is_stored() || bits.is_empty() {
            return;
        }
        let value = match value {
            Value::Uint(value) => Stored::Uint(value),
            Value::Bytes(_) | Value::DomainName(..) => {
                Stored::Bytes(self.bytes.get(bits.start / 8..bits.end / 8).unwrap_or_default().to_vec())
            }
        };
        self.nodes.push(Node::Field { field, bits: bits.len(), value });
    }

    fn open(&mut self, record: &'static Field, _bytes: Range<usize>) {
        self.nodes.push(Node::Open(record));
    }

    fn close(&mut self) {
        self.nodes.push(Node::Close);
    }
}

impl Packet {
    /// Takes over a packet that was taken apart.
    #[must_use]
    pub fn read(packet: &packet::Packet<'_>) -> Self {
        let layers = packet.layers.iter().enumerate().map(|(index, layer)| {
            let mut nodes = Vec::new();
            packet.walk(index, &mut Collect { bytes: packet.bytes, nodes: &mut nodes });
            Layer { id: layer.id, nodes }
        });
        Self { layers: layers.collect() }
    }

    /// Puts a layer into the packet, innermost.
    #[must_use]
    pub fn with(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }

    /// Returns the first layer of a protocol.
    pub fn layer_mut(&mut self, id: Id) -> Option<&mut Layer> {
        self.layers.iter_mut().find(|layer| layer.id == id)
    }

    /// Builds the packet: what is set is written as it is, however wrong, and what is unset is computed.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        let mut build = Build::default();
        for layer in &self.layers {
            build.layer(layer);
        }
        build.finish()
    }
}

impl Layer {
    /// Makes a layer of default values; what can be computed is unset.
    #[must_use]
    pub fn new(id: Id) -> Self {
        let mut layer = Self { id, nodes: Vec::new() };
        layer.push_table(id.protocol().fields);
        layer
    }

    /// Makes a layer of bytes.
    #[must_use]
    pub fn raw(bytes: &[u8]) -> Self {
        let value = Stored::Bytes(bytes.to_vec());
        Self { id: Id::Raw, nodes: vec![Node::Field { field: Field::RAW, bits: bytes.len() * 8, value }] }
    }

    fn push_table(&mut self, fields: &'static [Field]) {
        for field in fields.iter().filter(|field| field.is_stored()) {
            self.nodes.push(Node::Field { field, bits: field.width().into(), value: unset(field) });
        }
    }

    /// Adds an option behind those that there are.
    pub fn push_option(&mut self, row: &'static OptionRow) {
        self.nodes.push(Node::Open(&row.record));
        let first = self.nodes.len();
        self.push_table(row.fields);
        if let Some(Node::Field { value, .. }) = self.nodes.get_mut(first) {
            *value = Stored::Uint(row.number.into());
        }
        if let Some(field) = row.rest {
            self.nodes.push(Node::Field { field, bits: 0, value: unset(field) });
        }
        self.nodes.push(Node::Close);
    }

    /// Returns what the first field of a name holds, parts of fields included; `None` where there is no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Stored> {
        let found = self.nodes.iter().find_map(|node| match node {
            Node::Field { field, value, .. } if is_named(field, name) => Some(value.clone()),
            _ => None,
        });
        found.or_else(|| {
            let (part, whole) = self.part(name)?;
            let Node::Field { value: Stored::Uint(value), .. } = self.nodes.get(whole)? else {
                return Some(Stored::Computed);
            };
            let above = self.end_of(whole) - part.to;
            Some(Stored::Uint(value >> above & mask(part.width())))
        })
    }

    /// Sets the first field of a name, or a part of one; returns whether there is such a field that can hold the value.
    pub fn set(&mut self, name: &str, new: Stored) -> bool {
        for node in &mut self.nodes {
            let Node::Field { field, bits, value } = node else { continue };
            if !is_named(field, name) {
                continue;
            }
            let fits = match &new {
                Stored::Uint(number) => field.kind.is_number() && (*bits >= 64 || *number < 1 << *bits),
                Stored::Bytes(bytes) => {
                    !field.kind.is_number() && (field.width() == 0 || bytes.len() * 8 == *bits)
                }
                Stored::Computed => matches!(field.rule, Rule::Computed(_)),
            };
            if fits {
                if let Stored::Bytes(bytes) = &new {
                    *bits = bytes.len() * 8;
                }
                *value = new;
            }
            return fits;
        }
        self.set_part(name, &new).is_some()
    }

    /// Lets a field be computed, or gives it its default.
    pub fn unset(&mut self, name: &str) -> bool {
        for node in &mut self.nodes {
            if let Node::Field { field, value, .. } = node
                && is_named(field, name)
            {
                *value = unset(field);
                return true;
            }
        }
        false
    }

    /// Lets everything be computed that can be.
    pub fn unset_computed(&mut self) {
        for node in &mut self.nodes {
            if let Node::Field { field: Field { rule: Rule::Computed(_), .. }, value, .. } = node {
                *value = Stored::Computed;
            }
        }
    }

    fn set_part(&mut self, name: &str, new: &Stored) -> Option<()> {
        let Stored::Uint(new) = *new else { return None };
        let (part, whole) = self.part(name)?;
        let above = self.end_of(whole) - part.to;
        let Node::Field { value: Stored::Uint(value), .. } = self.nodes.get_mut(whole)? else { return None };
        if new > mask(part.width()) {
            return None;
        }
        *value = *value & !(mask(part.width()) << above) | new << above;
        Some(())
    }

    /// Finds a part of a field of the fixed header, and which node holds it.
    fn part(&self, name: &str) -> Option<(&'static Field, usize)> {
        let fields = self.id.protocol().fields;
        let part = fields.iter().find(|field| field.rule == Rule::Part && is_named(field, name))?;
        let holds = |node: &Node| match node {
            Node::Field { field, .. } => field.from <= part.from && part.to <= field.to,
            _ => false,
        };
        self.nodes.iter().position(holds).map(|whole| (part, whole))
    }

    /// The last bit of the field of a node, in its header.
    fn end_of(&self, node: usize) -> u16 {
        match self.nodes.get(node) {
            Some(Node::Field { field, .. }) => field.to,
            _ => 0,
        }
    }
}

fn is_named(field: &Field, name: &str) -> bool {
    field.name == name || (!field.path.is_empty() && field.path == name)
}

const fn mask(width: u16) -> u64 {
    match width {
        64.. => u64::MAX,
        width => (1 << width) - 1,
    }
}

/// What a field holds that nobody has set.
fn unset(field: &Field) -> Stored {
    let default = match field.rule {
        Rule::Computed(_) => return Stored::Computed,
        Rule::Default(value) => value,
        Rule::Part | Rule::Derived => 0,
    };
    if field.kind.is_number() {
        return Stored::Uint(u64::try_from(default).unwrap_or(u64::MAX));
    }
    let bytes = default.to_be_bytes();
    let len = usize::from(field.width() / 8);
    let tail = bytes.get(bytes.len().saturating_sub(len)..).unwrap_or_default();
    let mut whole = vec![0; len - tail.len()];
    whole.extend_from_slice(tail);
    Stored::Bytes(whole)
}

/// A field that is filled in later.
struct Gap {
    field: &'static Field,
    how: Computed,
    layer: usize,
    /// Its first bit in the packet, and how many it has.
    at: usize,
    bits: usize,
}

/// Where a layer stands.
struct Span {
    id: Id,
    start: usize,
    payload: usize,
}

/// A packet that is being built.
#[derive(Default)]
struct Build {
    bytes: Vec<u8>,
    /// How many bits have been written; the last byte may be filled in part.
    bits: usize,
    gaps: Vec<Gap>,
    spans: Vec<Span>,
}

impl Build {
    fn layer(&mut self, layer: &Layer) {
        let start = self.bytes.len();
        let first_gap = self.gaps.len();
        // Where the open records begin, and the first gap in them.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for node in &layer.nodes {
            match node {
                Node::Field { field, bits, value } => self.field(field, *bits, value),
                Node::Open(_) => open.push((self.bytes.len(), self.gaps.len())),
                Node::Close => {
                    if let Some((start, first)) = open.pop() {
                        self.close_record(start, first);
                    }
                }
            }
        }
        self.pad_header(start, first_gap);
        let (header, index) = (self.bytes.len() - start, self.spans.len());
        self.fill(first_gap, |gap| match gap.how {
            Computed::Header => Some(header),
            Computed::HeaderBeyond(unit, first) => {
                Some((header / usize::from(unit.max(1))).saturating_sub(first.into()))
            }
            Computed::Count(name) => Some(count(&layer.nodes, name)),
            Computed::Following => Some(start + header - (gap.at + gap.bits) / 8),
            _ => None,
        });
        for gap in self.gaps.iter_mut().skip(first_gap) {
            gap.layer = index;
        }
        self.spans.push(Span { id: layer.id, start, payload: self.bytes.len() });
    }

    fn field(&mut self, field: &'static Field, bits: usize, value: &Stored) {
        let at = self.bits;
        if let Some(gap) = self.gaps.pop_if(|gap| gap.how == Computed::Behind && gap.at + gap.bits == at) {
            // What has a width of its own is not what is counted: that is empty then.
            let counted = if field.width() == 0 { bits / 8 } else { 0 };
            self.put(&gap, u64::try_from(counted).unwrap_or(u64::MAX));
        }
        match value {
            Stored::Uint(value) => self.push(field.kind.ordered(*value, bits), bits),
            Stored::Bytes(bytes) if self.bits.is_multiple_of(8) => {
                self.bytes.extend_from_slice(bytes);
                self.bits += bytes.len() * 8;
            }
            Stored::Bytes(bytes) => bytes.iter().for_each(|byte| self.push(u64::from(*byte), 8)),
            Stored::Computed => {
                if let Rule::Computed(how) = field.rule {
                    self.gaps.push(Gap { field, how, layer: 0, at: self.bits, bits });
                }
                self.push(0, bits);
            }
        }
    }

    /// Appends the low bits of a number.
    fn push(&mut self, value: u64, bits: usize) {
        // Pieces of at most 32 bits lie within 8 bytes wherever they begin.
        if bits > 32 {
            self.push(value >> 32, bits - 32);
            return self.push(value & 0xffff_ffff, 32);
        }
        let end = self.bits + bits;
        self.bytes.resize(end.div_ceil(8), 0);
        bits::write(&mut self.bytes, self.bits, end, value);
        self.bits = end;
    }

    fn close_record(&mut self, start: usize, first_gap: usize) {
        let end = self.bytes.len();
        self.fill(first_gap, |gap| match gap.how {
            Computed::Record => Some(end - start),
            Computed::Following => Some(end - (gap.at + gap.bits) / 8),
            _ => None,
        });
    }

    /// Fills the header up to whole units of its length, if that is computed.
    fn pad_header(&mut self, start: usize, first_gap: usize) {
        let unit = self.gaps.iter().skip(first_gap).find_map(|gap| match (gap.how, gap.field.kind) {
            (Computed::Header, Kind::Times(unit)) | (Computed::HeaderBeyond(unit, _), _) => Some(unit),
            _ => None,
        });
        while !(self.bytes.len() - start).is_multiple_of(usize::from(unit.unwrap_or(1)).max(1)) {
            self.push(0, 8);
        }
    }

    /// Fills the gaps from one on for which a value is known.
    fn fill(&mut self, first: usize, value: impl Fn(&Gap) -> Option<usize>) {
        let mut left = Vec::new();
        for gap in self.gaps.split_off(first) {
            match value(&gap) {
                Some(value) => self.put(&gap, u64::try_from(value).unwrap_or(u64::MAX)),
                None => left.push(gap),
            }
        }
        self.gaps.append(&mut left);
    }

    /// Writes a value, in the field's unit; a length that does not fit is written as zero.
    fn put(&mut self, gap: &Gap, value: u64) {
        let value = match gap.field.kind {
            Kind::Times(unit) => value / u64::from(unit.max(1)),
            _ => value,
        };
        let value = if gap.bits < 64 && value >> gap.bits != 0 { 0 } else { value };
        let value = gap.field.kind.ordered(value, gap.bits);
        bits::write(&mut self.bytes, gap.at, gap.at + gap.bits, value);
    }

    fn finish(mut self) -> Vec<u8> {
        let padding = self.spans.last().filter(|span| span.id == Id::Padding).map(|span| span.start);
        let end = padding.unwrap_or(self.bytes.len());
        let mut sums = Vec::new();
        for gap in core::mem::take(&mut self.gaps) {
            let Some(span) = self.spans.get(gap.layer) else { continue };
            let value = match gap.how {
                Computed::Total => end.saturating_sub(span.start),
                Computed::Payload => end.saturating_sub(span.payload),
                Computed::Next(space) => {
                    let next =
                        self.spans.get(gap.layer + 1).and_then(|next| stack::number_of(space, next.id));
                    usize::try_from(next.unwrap_or(0)).unwrap_or(0)
                }
                how if how.is_sum() => {
                    sums.push(gap);
                    continue;
                }
                _ => continue,
            };
            self.put(&gap, u64::try_from(value).unwrap_or(u64::MAX));
        }
        // From the innermost layer out: what is summed up must not change any more.
        for gap in sums.iter().rev() {
            let sum = self.sum(gap, end);
            self.put(gap, sum.into());
        }
        self.bytes
    }

    fn sum(&self, gap: &Gap, end: usize) -> u16 {
        let Some(span) = self.spans.get(gap.layer) else { return 0 };
        if gap.how == Computed::HeaderSum {
            return checksum::fold(checksum::sum(
                self.bytes.get(span.start..span.payload).unwrap_or_default(),
            ));
        }
        let bytes = self.bytes.get(span.start..end).unwrap_or_default();
        if gap.how == Computed::Sum {
            return checksum::fold(checksum::sum(bytes));
        }
        let below = self.spans.get(..gap.layer).unwrap_or_default().iter();
        let below =
            below.map(|below| (below.id, self.bytes.get(below.start..below.payload).unwrap_or_default()));
        let pseudo = PseudoHeader::new(below).map_or(0, |pseudo| pseudo.sum(span.id, bytes.len()));
        match checksum::fold(checksum::sum(packet::covered(gap.field, gap.how, bytes)) + pseudo) {
            0 if gap.how.writes_no_zero() => 0xffff,
            sum => sum,
        }
    }
}

/// How many records of a name a layer has.
fn count(nodes: &[Node], name: &str) -> usize {
    nodes.iter().filter(|node| matches!(node, Node::Open(record) if record.name == name)).count()
}

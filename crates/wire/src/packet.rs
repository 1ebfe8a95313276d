//! A packet as layers: which protocol stands where, and whether it is whole.
//!
//! Dissecting finds the layers and nothing else: no field is read that is not needed for finding them, and nothing is
//! allocated once a [`Dissector`] is warm. Fields are read by the typed views, or walked by [`Packet::walk`].

use crate::checksum;
use crate::field::{Computed, Rule, Space};
use crate::stack::{self, Id};
use crate::walk::{Visit, Walk};

/// How many layers a packet is taken apart into; what is deeper stays bytes.
pub const MOST_LAYERS: usize = 32;

/// Bytes taken apart into layers.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// The bytes that were captured.
    pub bytes: &'a [u8],
    /// How many bytes there were on the wire: never fewer.
    pub wire_len: usize,
    /// The layers, outermost first; together they hold every byte.
    pub layers: &'a [Layer],
}

/// One layer of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its protocol.
    pub id: Id,
    /// The offset of its first byte in the packet.
    pub start: usize,
    /// The offset behind its header.
    pub payload: usize,
    /// The offset behind its payload, as far as it was captured.
    pub end: usize,
    /// The offset behind its payload on the wire, never smaller than `end`: what its header says, though that be more than there was.
    pub wire_end: usize,
    /// Whether its header is whole.
    pub status: Status,
}

/// Whether a layer is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is.
    Ok,
    /// There are too few bytes, because fewer were captured than there were.
    Truncated(Fault),
    /// It cannot be meant as it is.
    Malformed(Fault),
}

/// Where something is wrong, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The offset in the layer.
    pub at: usize,
    /// How many bytes were needed there.
    pub need: usize,
    /// How many there were.
    pub have: usize,
    /// The reason, in words without a full stop.
    pub why: &'static str,
}

/// What a protocol is given to find out how long it is and what it carries.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The bytes from its first on, as far as they belong to it or to what it carries.
    pub bytes: &'a [u8],
    /// How many of them there were on the wire.
    pub wire_len: usize,
    /// The layers below.
    pub below: &'a [Layer],
    /// Whether it is the beginning of a packet that another quotes, and may end before it says.
    pub is_quoted: bool,
}

impl Input<'_> {
    /// Says that fewer bytes are there than a header says: what is quoted was cut off, all else cannot be meant.
    #[must_use]
    pub const fn lacks(&self, need: usize, why: &'static str) -> Status {
        let fault = Fault { at: 0, need, have: self.wire_len, why };
        if self.is_quoted { Status::Truncated(fault) } else { Status::Malformed(fault) }
    }
}

/// What a protocol answers.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The length of its header.
    pub header: usize,
    /// The length of its payload on the wire: what is behind it is padding.
    pub payload: usize,
    /// What it carries.
    pub next: Next,
    /// Whether its header is whole.
    pub status: Status,
}

/// What a protocol carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// What has this number.
    Number(Space, u32),
    /// The beginning of a packet that has this number, and need not be whole.
    Quote {
        /// The space of the number.
        space: Space,
        /// What it is.
        number: u32,
        /// What stands behind the payload, where it is not padding.
        behind: Option<Id>,
    },
    /// What has the first of these numbers that anything has: the source and destination port.
    Either(Space, u32, u32),
    /// Another of its own kind.
    Same,
    /// Bytes that nothing says more about.
    Bytes,
}

impl Step {
    /// Takes all there is for the header.
    #[must_use]
    pub const fn whole(input: &Input<'_>) -> Self {
        let header = input.bytes.len();
        // What was not captured of it keeps its place.
        Self { header, payload: input.wire_len - header, next: Next::Bytes, status: Status::Ok }
    }

    /// Takes a header of so many bytes, which are there, and all behind it for the payload.
    #[must_use]
    pub const fn carrying(input: &Input<'_>, header: usize, next: Next) -> Self {
        Self { header, payload: input.wire_len - header, next, status: Status::Ok }
    }

    /// Says that a header of so many bytes is not there.
    #[must_use]
    pub const fn short(input: &Input<'_>, need: usize, why: &'static str) -> Self {
        let fault = Fault { at: 0, need, have: input.bytes.len(), why };
        let status = if input.wire_len < need { Status::Malformed(fault) } else { Status::Truncated(fault) };
        Self { status, ..Self::whole(input) }
    }
}

/// Takes packets apart, one after another, in the same memory.
#[derive(Debug, Default)]
pub struct Dissector {
    layers: Vec<Layer>,
    /// What the user said that numbers mean; without a number, all of a space.
    decode_as: Vec<(Space, Option<u32>, Id)>,
    /// What stands behind the payloads of layers, outermost first.
    behind: Vec<Behind>,
}

/// What stands behind the payload of a layer.
#[derive(Clone, Copy, Debug)]
struct Behind {
    id: Id,
    start: usize,
    end: usize,
    wire_end: usize,
}

impl Dissector {
    /// Makes one.
    #[must_use]
    pub fn new() -> Self {
        Self { layers: Vec::with_capacity(MOST_LAYERS), decode_as: Vec::new(), behind: Vec::new() }
    }

    /// Takes a number of a space for a protocol, whatever it means otherwise.
    pub fn decode_as(&mut self, space: Space, number: u32, id: Id) {
        self.decode_as.push((space, Some(number), id));
    }

    /// Takes every number of a space for a protocol: tcpdump's `-T`.
    pub fn decode_all_as(&mut self, space: Space, id: Id) {
        self.decode_as.push((space, None, id));
    }

    /// Takes a packet of a link type (LINKTYPE_ of capture files) apart; `wire_len` is how long it was on the wire.
    pub fn dissect<'a>(&'a mut self, link_type: u32, bytes: &'a [u8], wire_len: usize) -> Packet<'a> {
        let wire_len = wire_len.max(bytes.len());
        self.layers.clear();
        self.behind.clear();
        let mut next = self.upper(Space::Link, link_type).unwrap_or(Id::Raw);
        let (mut start, mut end, mut wire_end) = (0, bytes.len(), wire_len);
        let mut is_quoted = false;
        loop {
            let here = bytes.get(start..end).unwrap_or_default();
            let input = Input { bytes: here, wire_len: wire_end - start, below: &self.layers, is_quoted };
            let step = (next.protocol().dissect)(&input);
            let payload = end.min(start.saturating_add(step.header));
            let behind = payload.saturating_add(step.payload);
            if let Next::Quote { behind: Some(id), .. } = step.next
                && behind < end
            {
                self.layers.push(Layer { id: next, start, payload, end, wire_end, status: step.status });
                self.behind.push(Behind { id, start: behind, end, wire_end });
                (end, wire_end) = (behind, behind);
            } else {
                end = end.min(behind);
                wire_end = behind;
                self.layers.push(Layer { id: next, start, payload, end, wire_end, status: step.status });
            }
            let is_last = self.layers.len() + 2 >= MOST_LAYERS;
            let upper = self.resolve(step.next, next).filter(|_| !is_last);
            // What a header says follows is a layer even if nothing of it is there; so is what an empty datagram is for. A port
            // of TCP says who is meant, not that he says something.
            let announces =
                matches!(step.next, Next::Number(..) | Next::Same | Next::Either(Space::UdpPort, ..));
            let is_announced = upper.is_some() && announces;
            if payload >= end && !is_announced {
                break;
            }
            is_quoted = matches!(step.next, Next::Quote { .. });
            (next, start) = (upper.unwrap_or(Id::Raw), payload);
        }
        while let Some(behind) = self.behind.pop() {
            self.pad(end, behind.start);
            let here = bytes.get(behind.start..behind.end).unwrap_or_default();
            let wire_len = behind.wire_end - behind.start;
            let input = Input { bytes: here, wire_len, below: &self.layers, is_quoted: false };
            let step = (behind.id.protocol().dissect)(&input);
            end = behind.end.min(behind.start.saturating_add(step.header));
            let Behind { id, start, wire_end, .. } = behind;
            self.layers.push(Layer { id, start, payload: end, end, wire_end, status: step.status });
            self.pad(end, behind.end);
            end = behind.end;
        }
        self.pad(end, bytes.len());
        if let Some(last) = self.layers.last_mut().filter(|last| last.id == Id::Padding) {
            last.wire_end = wire_len;
        }
        Packet { bytes, wire_len, layers: &self.layers }
    }

    /// Takes the bytes between two offsets, if there are some, for padding.
    fn pad(&mut self, start: usize, end: usize) {
        if start < end {
            let (id, status) = (Id::Padding, Status::Ok);
            self.layers.push(Layer { id, start, payload: end, end, wire_end: end, status });
        }
    }

    fn resolve(&self, next: Next, same: Id) -> Option<Id> {
        match next {
            Next::Number(space, number) | Next::Quote { space, number, .. } => self.upper(space, number),
            Next::Either(space, first, second) => {
                self.upper(space, first).or_else(|| self.upper(space, second))
            }
            Next::Same => Some(same),
            Next::Bytes => None,
        }
    }

    fn upper(&self, space: Space, number: u32) -> Option<Id> {
        let said =
            self.decode_as.iter().rev().find(|(of, is, _)| *of == space && is.is_none_or(|is| is == number));
        said.map(|(.., id)| *id).or_else(|| stack::upper(space, number))
    }
}

/// What a checksum in a packet comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What stands in the header.
    pub is: u16,
    /// What should.
    pub should: u16,
    /// Whether it is right, or what else it is.
    pub verdict: Verdict,
}

/// Whether a checksum is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Good,
    /// It is not.
    Bad,
    /// It is the sum of the pseudo header alone: the network card was to finish it, and the packet was captured before.
    Partial,
    /// The sender made none: zero in UDP.
    Absent,
}

impl<'a> Packet<'a> {
    /// Sums up what the checksum of a layer's header covers. `None` where it has none, or where not all of it was captured.
    #[must_use]
    pub fn check(&self, index: usize) -> Option<Check> {
        let layer = self.layers.get(index)?;
        let (field, how) = layer.id.protocol().fields.iter().find_map(|field| match field.rule {
            Rule::Computed(how @ (Computed::HeaderSum | Computed::Sum | Computed::PseudoSum { .. })) => {
                Some((field, how))
            }
            _ => None,
        })?;
        let header = self.header(layer);
        if header.len() * 8 < usize::from(field.to) {
            return None;
        }
        let is = u16::try_from(field.read(header)).ok()?;
        // The sum of everything but what stands there: its own sum and its complement come to nothing.
        let without = |sum: u64| checksum::fold(sum + u64::from(!is));
        let is_all_there = layer.wire_end <= layer.end;
        let Computed::PseudoSum { zero_is_none } = how else {
            let is_header = how == Computed::HeaderSum;
            let summed = if is_header { header } else { self.whole(layer) };
            let should = without(checksum::sum(summed));
            let verdict = if should == is { Verdict::Good } else { Verdict::Bad };
            return Some(Check { is, should, verdict }).filter(|_| is_header || is_all_there);
        };
        if !is_all_there {
            return None;
        }
        let below = self.layers.get(..index)?.iter().rev();
        let addresses = below
            .filter_map(|below| below.id.protocol().pseudo_header.map(|sum| sum(self.header(below))))
            .next()?;
        let protocol = stack::number_of(Space::IpProtocol, layer.id).unwrap_or(0);
        let pseudo = addresses + u64::from(protocol) + u64::try_from(layer.end - layer.start).unwrap_or(0);
        let should = match without(checksum::sum(self.whole(layer)) + pseudo) {
            0 if zero_is_none => 0xffff,
            sum => sum,
        };
        let verdict = match is {
            0 if zero_is_none => Verdict::Absent,
            is if is == should => Verdict::Good,
            is if is == !checksum::fold(pseudo) => Verdict::Partial,
            _ => Verdict::Bad,
        };
        Some(Check { is, should, verdict })
    }

    /// Returns how long the link header is, tags and all: behind it is what `-x` shows of a packet.
    #[must_use]
    pub fn link_len(&self) -> usize {
        let layers = self.layers.iter().enumerate();
        layers.map_while(|(index, layer)| (layer.id.protocol().link_end)(self, index)).last().unwrap_or(0)
    }

    /// Returns the first layer of a protocol.
    #[must_use]
    pub fn layer(&self, id: Id) -> Option<&'a Layer> {
        self.layers.iter().find(|layer| layer.id == id)
    }

    /// Tells whether a layer is there, and its header whole.
    #[must_use]
    pub fn is_whole(&self, index: usize) -> bool {
        self.layers.get(index).is_some_and(|layer| layer.status == Status::Ok)
    }

    /// Returns the bytes of a layer's header, options included.
    #[must_use]
    pub fn header(&self, layer: &Layer) -> &'a [u8] {
        self.bytes.get(layer.start..layer.payload).unwrap_or_default()
    }

    /// Returns the bytes that a layer carries.
    #[must_use]
    pub fn payload(&self, layer: &Layer) -> &'a [u8] {
        self.bytes.get(layer.payload..layer.end).unwrap_or_default()
    }

    /// Returns how many bytes a layer carries on the wire: what its header says, or what there was.
    #[must_use]
    pub fn payload_len(&self, layer: &Layer) -> usize {
        layer.wire_end.saturating_sub(layer.payload)
    }

    /// Returns a layer and all that it carries, as far as it was captured.
    #[must_use]
    pub fn whole(&self, layer: &Layer) -> &'a [u8] {
        self.bytes.get(layer.start..layer.end).unwrap_or_default()
    }

    /// Shows a visitor every field of a layer, in the order of the wire; stored fields tile its header.
    pub fn walk(&self, index: usize, visit: &mut dyn Visit<'a>) {
        if let Some(layer) = self.layers.get(index) {
            let mut walk = Walk::new(*self, layer, index, visit);
            (layer.id.protocol().walk)(&mut walk);
            walk.finish();
        }
    }
}

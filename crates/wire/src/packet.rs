//! A packet as layers: which protocol stands where, and whether it is whole.
//!
//! Dissecting finds the layers and nothing else: no field is read that is not needed for finding them, and nothing is
//! allocated once a [`Dissector`] is warm. Fields are read by the typed views, or walked by [`Packet::walk`].

use core::net::IpAddr;

use crate::checksum;
use crate::field::{Computed, Field, Rule, Space};
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
    /// Whether it is the beginning of a packet that the layer below quotes.
    pub is_quoted: bool,
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
    /// What one of these numbers means, the source's and the destination's port: the lower one rather, as the other was more often
    /// chosen at random.
    Either(Space, u32, u32),
    /// Another of its own kind.
    Same,
    /// Bytes that nothing says more about.
    Bytes,
}

impl Step {
    /// Takes all there is for the header, and what was not captured for what follows it.
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
            let mut layer = Layer { id: next, start, payload, end, wire_end, status: step.status, is_quoted };
            if let Next::Quote { behind: Some(id), .. } = step.next
                && behind < end
            {
                self.behind.push(Behind { id, start: behind, end, wire_end });
                (end, wire_end) = (behind, behind);
            } else {
                (end, wire_end) = (end.min(behind), behind);
                (layer.end, layer.wire_end) = (end, wire_end);
            }
            self.layers.push(layer);
            let is_last = self.layers.len() + 2 >= MOST_LAYERS;
            let upper = self.resolve(step.next, next).filter(|_| !is_last);
            // What a header says follows is a layer even if nothing of it is there; so is what an empty datagram is for. A port
            // of TCP says who is meant, not that he is there, unless he was and was cut off.
            let announces =
                matches!(step.next, Next::Number(..) | Next::Same | Next::Either(Space::UdpPort, ..));
            let is_announced = upper.is_some() && (announces || payload < wire_end);
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
            let (payload, status) = (end, step.status);
            self.layers.push(Layer { id, start, payload, end, wire_end, status, is_quoted: false });
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
            self.layers.push(Layer { id, start, payload: end, end, wire_end: end, status, is_quoted: false });
        }
    }

    fn resolve(&self, next: Next, same: Id) -> Option<Id> {
        match next {
            Next::Number(space, number) | Next::Quote { space, number, .. } => self.upper(space, number),
            Next::Either(space, first, second) => {
                self.upper(space, first.min(second)).or_else(|| self.upper(space, first.max(second)))
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
            Rule::Computed(how) if how.is_sum() => Some((field, how)),
            _ => None,
        })?;
        let header = self.header(layer);
        if header.len() * 8 < usize::from(field.to) || matches!(layer.status, Status::Truncated(_)) {
            return None;
        }
        let is = u16::try_from(field.read(header)).ok()?;
        // The sum of everything but what stands there: its own sum and its complement come to nothing.
        let without = |sum: u64| checksum::fold(sum + u64::from(!is));
        let is_all_there = layer.wire_end <= layer.end;
        if matches!(how, Computed::HeaderSum | Computed::Sum) {
            let is_header = how == Computed::HeaderSum;
            let should = without(checksum::sum(if is_header { header } else { self.whole(layer) }));
            let verdict = if should == is { Verdict::Good } else { Verdict::Bad };
            return Some(Check { is, should, verdict }).filter(|_| is_header || is_all_there);
        }
        let below = self.layers.get(..index)?;
        if !is_all_there || below.iter().any(|below| self.is_fragment(below)) {
            return None;
        }
        let pseudo = PseudoHeader::new(below.iter().map(|below| (below.id, self.header(below))))?;
        let pseudo = pseudo.sum(layer.id, layer.end - layer.start);
        let has_none = matches!(how, Computed::PseudoSum { zero_is_none: true });
        let should = match without(checksum::sum(covered(field, how, self.whole(layer))) + pseudo) {
            0 if how.writes_no_zero() => 0xffff,
            sum => sum,
        };
        let verdict = match is {
            0 if has_none => Verdict::Absent,
            is if is == should => Verdict::Good,
            is if is == !checksum::fold(pseudo) => Verdict::Partial,
            _ => Verdict::Bad,
        };
        Some(Check { is, should, verdict })
    }

    /// Tells whether a layer carries a part of a packet.
    #[must_use]
    pub fn is_fragment(&self, layer: &Layer) -> bool {
        (layer.id.protocol().is_fragment)(self.header(layer))
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

    /// Returns how many bytes there were on the wire for a layer and what it carries, whatever its header says.
    #[must_use]
    pub fn room(&self, index: usize) -> usize {
        let Some(layer) = self.layers.get(index) else { return 0 };
        // Of a packet that is quoted there was as much as it says.
        let whose = if layer.is_quoted { Some(index) } else { index.checked_sub(1) };
        let end =
            whose.and_then(|whose| self.layers.get(whose)).map_or(self.wire_len, |layer| layer.wire_end);
        end.saturating_sub(layer.start)
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

/// The addresses that a checksum covers besides its layer: RFC 9293, section 3.1, and RFC 8200, section 8.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PseudoHeader {
    /// Who sends it.
    pub(crate) source: IpAddr,
    /// For whom the packet is in the end.
    pub(crate) destination: IpAddr,
}

impl PseudoHeader {
    /// Finds the nearest addresses in the layers below, outermost first, and where a source route between leads.
    pub(crate) fn new<'a>(below: impl DoubleEndedIterator<Item = (Id, &'a [u8])>) -> Option<Self> {
        let mut route = None;
        for (id, header) in below.rev() {
            let protocol = id.protocol();
            route = route.or_else(|| protocol.destination.map(|lead| (lead, header)));
            if let Some((source, destination)) = protocol.addresses.and_then(|addresses| addresses(header)) {
                let destination = route.map_or(destination, |(lead, header)| lead(header, destination));
                return Some(Self { source, destination });
            }
        }
        None
    }

    /// Sums it up for a layer of so many bytes.
    pub(crate) fn sum(&self, id: Id, len: usize) -> u64 {
        let address = |address: IpAddr| match address {
            IpAddr::V4(address) => checksum::sum(&address.octets()),
            IpAddr::V6(address) => checksum::sum(&address.octets()),
        };
        let protocol = stack::number_of(Space::IpProtocol, id).unwrap_or(0);
        address(self.source)
            + address(self.destination)
            + u64::from(protocol)
            + u64::try_from(len).unwrap_or(0)
    }
}

/// Returns what the checksum in a field covers of its layer.
pub(crate) fn covered<'a>(field: &Field, how: Computed, layer: &'a [u8]) -> &'a [u8] {
    if how != Computed::CoveredSum {
        return layer;
    }
    // The field before the checksum says how much: 0 is all.
    let from = usize::from(field.from / 8);
    let coverage = from.checked_sub(2).and_then(|at| layer.get(at..from)?.first_chunk::<2>().copied());
    match coverage.map(u16::from_be_bytes) {
        Some(len) if usize::from(field.to / 8) <= usize::from(len) => {
            layer.get(..len.into()).unwrap_or(layer)
        }
        _ => layer,
    }
}

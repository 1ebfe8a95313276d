//! Whether a packet answers another: what a sender of questions asks of everything that comes in.
//!
//! Two packets are held against each other header by header, from the network's up. A protocol that can tell says what it
//! takes ([`Protocol::answers`](crate::Protocol)); those that cannot, link headers and extension headers, are passed over. An
//! error of ICMP answers what it quotes, whoever sends it.

use core::net::IpAddr;

use crate::field::Rule;
use crate::packet::{Layer, Packet, PseudoHeader};
use crate::stack::Id;

/// What a header says to the question whether it answers another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It does not.
    No,
    /// It does, whatever they carry.
    Yes,
    /// As far as it can tell; what they carry decides.
    Carried,
    /// It does not come from whom was asked, so that only an error can answer that quotes the question.
    OnlyQuote,
    /// It is an error that quotes the question.
    Quote,
}

/// Tells whether a header answers another.
pub type Answers = fn(answer: &Side<'_>, question: &Side<'_>) -> Answer;

/// A header of one of the two packets.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The packet.
    pub packet: Packet<'a>,
    /// Which of its layers it is.
    pub index: usize,
}

impl<'a> Side<'a> {
    fn layer(&self, index: usize) -> Option<&'a Layer> {
        self.packet.layers.get(index)
    }

    fn id(&self) -> Option<Id> {
        self.layer(self.index).map(|layer| layer.id)
    }

    /// Returns the header.
    #[must_use]
    pub fn header(&self) -> &'a [u8] {
        self.layer(self.index).map_or(&[], |layer| self.packet.header(layer))
    }

    /// Returns what it carries, as far as it was captured.
    #[must_use]
    pub fn payload(&self) -> &'a [u8] {
        self.layer(self.index).map_or(&[], |layer| self.packet.payload(layer))
    }

    /// Returns how many bytes it carries.
    #[must_use]
    pub fn payload_len(&self) -> usize {
        self.layer(self.index).map_or(0, |layer| self.packet.payload_len(layer))
    }

    /// Returns who sends, and for whom it is in the end, if it is a header with addresses.
    fn hosts(&self) -> Option<(IpAddr, IpAddr)> {
        let layers = self.packet.layers.get(self.index..)?;
        let own = layers.iter().skip(1).take_while(|layer| layer.id.protocol().addresses.is_none()).count();
        let chain = layers.get(..=own)?.iter().map(|layer| (layer.id, self.packet.header(layer)));
        PseudoHeader::new(chain).map(|hosts| (hosts.source, hosts.destination))
    }

    /// Returns the ports in it, source first.
    fn ports(&self) -> Option<(u16, u16)> {
        self.id()?.protocol().ports?(self.header())
    }
}

impl Packet<'_> {
    /// Tells whether the packet answers another, as far as headers say.
    #[must_use]
    pub fn answers(&self, question: &Packet<'_>) -> bool {
        let asked = |layer: &Layer| layer.id.protocol().answers;
        let mut questions =
            (0..question.layers.len()).filter(|index| question.layers.get(*index).and_then(asked).is_some());
        let mut other = None;
        let (mut is_asked, mut needs_quote) = (false, false);
        for (index, layer) in self.layers.iter().enumerate() {
            let Some(answers) = asked(layer) else { continue };
            let next = questions.next();
            // An error says more than a question that has ended.
            let Some(at) = next.or(other) else { return false };
            other = Some(at);
            let sides = [Side { packet: *self, index }, Side { packet: *question, index: at }];
            let [own, question] = &sides;
            match answers(own, question) {
                Answer::Quote => return true,
                _ if next.is_none() || own.id() != question.id() => return false,
                Answer::Yes => return !needs_quote,
                Answer::Carried => {}
                Answer::OnlyQuote => needs_quote = true,
                Answer::No => return false,
            }
            is_asked = true;
        }
        is_asked && !needs_quote
    }
}

/// Tells whether a header comes from whom the other goes to: `answers` of IP.
pub(crate) fn by_hosts(answer: &Side<'_>, question: &Side<'_>) -> Answer {
    let (Some((from, to)), Some((asker, asked))) = (answer.hosts(), question.hosts()) else {
        return Answer::No;
    };
    // Who has no address yet is answered at one that it is to get, or at everybody's.
    if to != asker && !asker.is_unspecified() {
        return Answer::No;
    }
    let is_for_many = match asked {
        IpAddr::V4(asked) => asked.is_broadcast() || asked.is_multicast(),
        IpAddr::V6(asked) => asked.is_multicast(),
    };
    if from == asked || is_for_many { Answer::Carried } else { Answer::OnlyQuote }
}

/// Tells whether a header goes back between the same ports: `answers` of UDP.
pub(crate) fn by_ports(answer: &Side<'_>, question: &Side<'_>) -> Answer {
    match (answer.ports(), question.ports()) {
        (Some((from, to)), Some((asker, asked))) if (from, to) == (asked, asker) => Answer::Carried,
        _ => Answer::No,
    }
}

/// Tells whether an error quotes the question: the same hosts, and the same first 8 bytes behind IP's header, but for a
/// checksum, which may have been mended on the way.
pub(crate) fn quotes(answer: &Side<'_>, question: &Side<'_>) -> bool {
    let inner = (answer.index + 1..answer.packet.layers.len())
        .map(|index| Side { index, ..*answer })
        .find_map(|side| Some((side, side.hosts()?)));
    let outer = (0..=question.index)
        .rev()
        .map(|index| Side { index, ..*question })
        .find_map(|side| Some((side, side.hosts()?)));
    let (Some((inner, quoted)), Some((outer, hosts))) = (inner, outer) else { return false };
    if inner.id() != outer.id() || quoted != hosts {
        return false;
    }
    let behind = |side: &Side<'_>| side.layer(side.index + 1).map(|layer| layer.id);
    let sum = behind(&outer).and_then(|id| {
        let is_sum = |rule| matches!(rule, Rule::Computed(how) if how.is_sum());
        id.protocol().fields.iter().find(|field| is_sum(field.rule))
    });
    let sum = sum.map_or(0..0, |field| usize::from(field.from / 8)..usize::from(field.to / 8));
    let mut same = inner.payload().iter().zip(outer.payload()).take(8).enumerate();
    behind(&inner) == behind(&outer) && same.all(|(at, (a, b))| a == b || sum.contains(&at))
}

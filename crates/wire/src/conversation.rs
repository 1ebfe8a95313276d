//! Conversations: which packets belong together because the same two ends speak.
//!
//! The ends of a packet are put in order, so that both directions give the same [`Conversation`], and the same
//! [`number`](Conversation::number). A protocol with ports says where they are ([`Protocol::ports`](crate::Protocol)).

use core::net::IpAddr;

use crate::field::Space;
use crate::packet::{Packet, PseudoHeader};
use crate::stack;

/// Two ends that speak by a protocol, the smaller one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conversation {
    /// The addresses and ports of the ends; 0 where there are no ports.
    pub ends: [(IpAddr, u16); 2],
    /// The IP protocol by which they speak; 0 where it is not known.
    pub protocol: u8,
}

/// Which way a packet of a conversation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the first end to the second.
    Forth,
    /// From the second end to the first.
    Back,
}

impl Conversation {
    /// Finds the conversation of one who sends and one for whom it is.
    #[must_use]
    pub fn of(protocol: u8, from: (IpAddr, u16), to: (IpAddr, u16)) -> (Self, Direction) {
        if from <= to {
            (Self { ends: [from, to], protocol }, Direction::Forth)
        } else {
            (Self { ends: [to, from], protocol }, Direction::Back)
        }
    }

    /// Returns a number of the conversation: the same both ways and in every run, and spread over all 64 bits, so that packets
    /// can be dealt out by it.
    #[must_use]
    pub fn number(&self) -> u64 {
        let mut number = u64::from(self.protocol);
        for (address, port) in self.ends {
            let octets = match address {
                IpAddr::V4(address) => address.to_ipv6_mapped(),
                IpAddr::V6(address) => address,
            };
            let bits = octets.to_bits();
            for half in [bits >> 64, bits & u128::from(u64::MAX), port.into()] {
                number = mix(number ^ u64::try_from(half).unwrap_or(0));
            }
        }
        number
    }
}

/// Spreads every bit over all others: the last steps of SplitMix64 (Steele, Lea, Flood, 2014).
const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

impl Packet<'_> {
    /// Finds the conversation that the packet belongs to, and which way it goes: the innermost one, so that of what a tunnel
    /// carries, and for an ICMP error that of the packet that it quotes. `None` where nothing has addresses.
    #[must_use]
    pub fn conversation(&self) -> Option<(Conversation, Direction)> {
        let header = |index: usize| self.layers.get(index).map(|layer| (layer.id, self.header(layer)));
        let has_addresses = |index: &usize| {
            header(*index).is_some_and(|(id, header)| {
                id.protocol().addresses.and_then(|addresses| addresses(header)).is_some()
            })
        };
        let network = (0..self.layers.len()).rev().find(has_addresses)?;
        let ports = (network..self.layers.len()).find_map(|index| {
            header(index).and_then(|(id, header)| Some((index, id.protocol().ports?(header)?)))
        });
        // Without ports it is what comes next that they speak, behind headers that only extend IP's.
        let (upper, ports) = ports.map_or((network + 1, None), |(index, ports)| (index, Some(ports)));
        let hosts = PseudoHeader::new((0..upper.min(self.layers.len())).filter_map(header))?;
        let protocol = header(upper).and_then(|(id, _)| stack::number_of(Space::IpProtocol, id));
        let protocol = protocol.and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
        let (from, to) = ports.unwrap_or((0, 0));
        Some(Conversation::of(protocol, (hosts.source, from), (hosts.destination, to)))
    }
}

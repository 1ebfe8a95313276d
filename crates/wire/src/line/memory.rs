//! What lines remember of earlier packets: where the sequence numbers of connections begin.
//!
//! tcpdump remembers every connection for ever. Here the memory is bounded: connections live in two generations, and when the
//! younger is full, the older is forgotten; one that is met again moves into the younger. So a connection is remembered at least
//! as long as fewer than [`MOST`] others come between two of its segments.

use core::hash::{BuildHasher, Hash, Hasher};
use core::net::IpAddr;
use std::collections::HashMap;
use std::hash::RandomState;

/// How many connections a generation has: 28 MB of them.
const MOST: usize = 1 << 19;

/// What is remembered of conversations from packet to packet.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    young: Generation,
    old: Generation,
}

/// The first numbers of connections, each with that of the smaller end first.
type Generation = HashMap<Connection, [u32; 2], Seed>;

/// An end of a connection.
pub(crate) type End = (IpAddr, u16);

/// A connection, whichever end speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Connection {
    /// The addresses, the smaller end's first.
    addresses: [u128; 2],
    /// Their ports, and whether they are of IPv6: `::1.2.3.4` is not `1.2.3.4`.
    rest: u64,
}

impl Connection {
    fn new(low: End, high: End) -> Self {
        let word = |address| match address {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address),
        };
        let rest = u64::from(low.1) << 32 | u64::from(high.1) << 16 | u64::from(low.0.is_ipv6());
        Self { addresses: [word(low.0), word(high.0)], rest }
    }
}

impl Hash for Connection {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let [low, high] = self.addresses;
        hasher.write_u128(low);
        hasher.write_u128(high);
        hasher.write_u64(self.rest);
    }
}

/// Begins every hash with a secret number, so that nobody makes a capture whose connections all fall into one place.
#[derive(Clone, Debug)]
struct Seed(u64);

impl Default for Seed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0))
    }
}

impl BuildHasher for Seed {
    type Hasher = Words;

    fn build_hasher(&self) -> Words {
        Words(self.0)
    }
}

/// Hashes words by multiplying, and folding the upper half of the product onto the lower.
struct Words(u64);

impl Words {
    /// An odd number with its bits spread: the golden ratio's fraction.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
}

impl Hasher for Words {
    #[inline]
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(Self::FACTOR);
        let halves = [product & u128::from(u64::MAX), product >> 64];
        self.0 =
            halves.into_iter().fold(0, |sum, half| sum ^ u64::try_from(half).unwrap_or(0)).rotate_left(23);
    }

    #[inline]
    fn write_u128(&mut self, word: u128) {
        // An IPv4 address is one word.
        if let Ok(upper @ 1..) = u64::try_from(word >> 64) {
            self.write_u64(upper);
        }
        self.write_u64(u64::try_from(word & u128::from(u64::MAX)).unwrap_or(0));
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

impl Memory {
    /// Finds where the sequence numbers of a connection's two directions begin, and tells whether that is known: of a new one,
    /// or where it begins anew, it is remembered and not known yet.
    pub(crate) fn start_of(
        &mut self,
        from: End,
        to: End,
        begins: bool,
        (seq, ack): (u32, u32),
    ) -> Option<(u32, u32)> {
        let is_swapped = from > to;
        let connection = if is_swapped { Connection::new(to, from) } else { Connection::new(from, to) };
        let swap = |[first, second]: [u32; 2]| if is_swapped { (second, first) } else { (first, second) };
        if begins {
            self.remember(connection, if is_swapped { [ack, seq] } else { [seq, ack] });
            return None;
        }
        if let Some(starts) = self.young.get(&connection) {
            return Some(swap(*starts));
        }
        let known = self.old.get(&connection).copied();
        self.remember(connection, known.unwrap_or(if is_swapped { [ack, seq] } else { [seq, ack] }));
        known.map(swap)
    }

    fn remember(&mut self, connection: Connection, starts: [u32; 2]) {
        if self.young.len() >= MOST && !self.young.contains_key(&connection) {
            core::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
        }
        self.young.insert(connection, starts);
    }
}

#[cfg(test)]
mod tests {
    use core::net::Ipv4Addr;

    use super::*;

    fn end(host: u32, port: u16) -> End {
        (Ipv4Addr::from(host).into(), port)
    }

    #[test]
    fn both_directions_are_one_connection() {
        let mut memory = Memory::default();
        let (client, server) = (end(9, 1000), end(1, 80));
        assert_eq!(memory.start_of(client, server, false, (5, 7)), None);
        assert_eq!(memory.start_of(client, server, false, (6, 8)), Some((5, 7)));
        assert_eq!(memory.start_of(server, client, false, (8, 6)), Some((7, 5)));
        assert_eq!(memory.start_of(server, client, true, (100, 200)), None);
        assert_eq!(memory.start_of(client, server, false, (6, 8)), Some((200, 100)));
        let mapped = |(address, port): End| match address {
            IpAddr::V4(address) => (u128::from(u32::from(address)), port),
            IpAddr::V6(address) => (u128::from(address), port),
        };
        let six = |end: End| (IpAddr::V6(mapped(end).0.into()), end.1);
        assert_eq!(
            memory.start_of(six(client), six(server), false, (1, 1)),
            None,
            "another family is another connection"
        );
    }

    #[test]
    fn memory_is_bounded_and_keeps_what_is_met() {
        let mut memory = Memory::default();
        let server = end(1, 80);
        let kept = end(2, 1);
        assert_eq!(memory.start_of(kept, server, true, (1, 1)), None);
        for turn in 0..u32::try_from(MOST * 3).unwrap() {
            memory.start_of(end(1000 + turn, 2), server, true, (2, 2));
            if turn % 100_000 == 0 {
                assert_eq!(memory.start_of(kept, server, false, (9, 9)), Some((1, 1)));
            }
        }
        assert!(memory.young.len() <= MOST && memory.old.len() <= MOST);
        assert_eq!(
            memory.start_of(end(1000, 2), server, false, (3, 3)),
            None,
            "what was not met is forgotten"
        );
    }
}

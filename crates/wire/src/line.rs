//! A packet as a line of text, in the words of tcpdump 4.99.3.
//!
//! Each protocol writes its part ([`Protocol::line`](crate::Protocol)) and hands on to the next layer; wording is irregular, so it is
//! written by hand where the protocol is. Here is what they write with: numbers, addresses, and what a line must remember
//! from earlier packets. Everything goes into one buffer that is reused, so a line allocates nothing.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::HashMap;
use std::io::Write as _;

use crate::header::Mac;
use crate::number::ethertype;
use crate::packet::Packet;

/// How a line is written, by tcpdump's flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// How often `-v` was said.
    pub verbose: u8,
    /// `-q`: less about the protocol.
    pub quiet: bool,
    /// `-e`: the link header too.
    pub link: bool,
    /// `-S`: sequence numbers as they are sent.
    pub absolute: bool,
}

/// What is remembered of conversations from packet to packet.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Where the sequence numbers of a connection begin, by its ends; the smaller end's first.
    starts: HashMap<[(IpAddr, u16); 2], [u32; 2]>,
}

/// A line that is being written.
#[derive(Debug)]
pub struct Line<'o> {
    out: &'o mut Vec<u8>,
    style: Style,
    memory: &'o mut Memory,
    /// Whether the link header has said what comes.
    is_named: bool,
}

/// Appends the line of a packet, without its time and without a line feed.
pub fn write(packet: &Packet<'_>, style: Style, memory: &mut Memory, out: &mut Vec<u8>) {
    let mut line = Line { out, style, memory, is_named: false };
    line.layer(packet, 0);
}

impl Line<'_> {
    /// Returns how the line is written.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Writes a layer and what it carries.
    pub fn layer(&mut self, packet: &Packet<'_>, index: usize) {
        if let Some(layer) = packet.layers.get(index) {
            (layer.id.protocol().line)(self, packet, index);
        }
    }

    /// Says what comes, in the words of the link header: it need not be named again.
    pub fn set_named(&mut self) {
        self.is_named = true;
    }

    /// Writes the name of what comes, unless the link header has.
    pub fn name(&mut self, name: &str) {
        if !core::mem::take(&mut self.is_named) {
            self.text(name);
            self.text(" ");
        }
    }

    /// Writes words.
    #[inline]
    pub fn text(&mut self, words: &str) {
        self.out.extend_from_slice(words.as_bytes());
    }

    /// Writes bytes that came from the network; what a terminal might obey is for the face to judge.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Writes a number in decimal.
    #[inline]
    pub fn dec(&mut self, number: impl Into<u64>) {
        let mut number = number.into();
        let mut digits = [b'0'; 20];
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or(0);
            number /= 10;
            used += 1;
            if number == 0 {
                break;
            }
        }
        self.out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
    }

    /// Writes a length.
    #[inline]
    pub fn len(&mut self, len: usize) {
        self.dec(u64::try_from(len).unwrap_or(u64::MAX));
    }

    /// Writes a number in hexadecimal, without zeros before it.
    pub fn hex(&mut self, number: impl Into<u64>) {
        // Writing into memory does not fail.
        let _ = write!(self.out, "{:x}", number.into());
    }

    /// Writes a number in hexadecimal with at least so many digits.
    pub fn hex_wide(&mut self, number: impl Into<u64>, digits: usize) {
        let _ = write!(self.out, "{:0digits$x}", number.into());
    }

    /// Writes an IPv4 address.
    #[inline]
    pub fn ipv4(&mut self, address: Ipv4Addr) {
        let [a, b, c, d] = address.octets();
        for (byte, behind) in [(a, "."), (b, "."), (c, "."), (d, "")] {
            self.dec(byte);
            self.text(behind);
        }
    }

    /// Writes an IPv6 address.
    pub fn ipv6(&mut self, address: Ipv6Addr) {
        let _ = write!(self.out, "{address}");
    }

    /// Writes an address.
    #[inline]
    pub fn address(&mut self, address: IpAddr) {
        match address {
            IpAddr::V4(address) => self.ipv4(address),
            IpAddr::V6(address) => self.ipv6(address),
        }
    }

    /// Writes an Ethernet address.
    pub fn mac(&mut self, Mac(bytes): Mac) {
        let mut before = "";
        for byte in bytes {
            self.text(before);
            self.hex_wide(byte, 2);
            before = ":";
        }
    }

    /// Writes what a link header says of what it carries.
    pub fn ethertype(&mut self, number: u16) {
        let name = ethertype::name(number.into()).unwrap_or("Unknown");
        if self.style.quiet {
            return self.text(name);
        }
        self.text("ethertype ");
        self.text(name);
        self.text(" (0x");
        self.hex_wide(number, 4);
        self.text(")");
    }

    /// Writes who speaks to whom: addresses, and ports where there are some.
    pub fn ends(&mut self, (from, from_port): (IpAddr, Option<u16>), (to, to_port): (IpAddr, Option<u16>)) {
        for (address, port, behind) in [(from, from_port, " > "), (to, to_port, ": ")] {
            self.address(address);
            if let Some(port) = port {
                self.text(".");
                self.dec(port);
            }
            self.text(behind);
        }
    }

    /// Writes items with commas between them.
    pub fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        let mut before = "";
        for item in items {
            self.text(before);
            write(self, item);
            before = ",";
        }
    }

    /// Writes that a header is cut off: `[|tcp]`.
    pub fn cut(&mut self, name: &str) {
        self.text(" [|");
        self.text(name);
        self.text("]");
    }

    /// Finds where the sequence numbers of a connection's two directions begin, and tells whether that is known: of a new one,
    /// or at a SYN, it is remembered and not known yet.
    pub(crate) fn start_of(
        &mut self,
        from: (IpAddr, u16),
        to: (IpAddr, u16),
        begins: bool,
        (seq, ack): (u32, u32),
    ) -> Option<(u32, u32)> {
        let is_swapped = from > to;
        let key = if is_swapped { [to, from] } else { [from, to] };
        let swap = |[first, second]: [u32; 2]| if is_swapped { (second, first) } else { (first, second) };
        let known = self.memory.starts.get(&key).copied();
        match known {
            Some(starts) if !begins => Some(swap(starts)),
            _ => {
                let starts = if is_swapped { [ack, seq] } else { [seq, ack] };
                self.memory.starts.insert(key, starts);
                None
            }
        }
    }
}

/// Returns the addresses of the nearest layer below that has some.
#[must_use]
pub fn addresses(packet: &Packet<'_>, index: usize) -> Option<(IpAddr, IpAddr)> {
    let below = packet.layers.get(..index)?;
    below.iter().rev().find_map(|layer| layer.id.protocol().addresses?(packet.header(layer)))
}

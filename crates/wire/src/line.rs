//! A packet as a line of text, in the words of tcpdump 4.99.3.
//!
//! Each protocol writes its part ([`Protocol::line`](crate::Protocol)) and hands on to the next layer; wording is irregular, so it is
//! written by hand where the protocol is. Here is what they write with: numbers, addresses, names, and what a line must
//! remember from earlier packets; [`Reader`] is what they read with where no view of the header serves. Where the captured bytes
//! run out, the part ends with [`Cut`], all that called it with it, and the line with the mark `[|tcp]`.
//! Everything goes into one buffer that is reused, so a line allocates nothing.

pub mod dump;
mod memory;
pub(crate) mod name;
mod reader;
mod upper;

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::io::Write as _;

pub use memory::Memory;
pub use reader::{Cut, Reader, Told};

use crate::digits;
use crate::field::Space;
use crate::header::Mac;
use crate::number::ethertype;
use crate::packet::Packet;
use crate::stack::Id;

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
    /// `-K`: the checksums of IPv4, UDP and TCP are not told.
    pub unchecked: bool,
    /// `-x`, `-X`, `-A`: the bytes are shown behind the line, so that what is not known need not be shown in it.
    pub dump: bool,
    /// Our own words: more is told than tcpdump tells.
    pub own: bool,
}

/// Who knows names for addresses and ports; each appends one and returns `true`, or returns `false`.
pub trait Names {
    /// Names an address.
    fn address(&mut self, address: IpAddr, out: &mut Vec<u8>) -> bool;
    /// Names a port of TCP or UDP, as the space says.
    fn port(&mut self, space: Space, port: u16, out: &mut Vec<u8>) -> bool;
    /// Tells whether IP protocols are named: tcpdump has their names in itself, so that nobody is asked.
    fn names_protocols(&self) -> bool {
        false
    }
    /// Names a network interface of the machine, by its index.
    fn interface(&mut self, _index: u32, _out: &mut Vec<u8>) -> bool {
        false
    }
}

/// Knows no names: everything stays a number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numeric;

impl Names for Numeric {
    fn address(&mut self, _address: IpAddr, _out: &mut Vec<u8>) -> bool {
        false
    }

    fn port(&mut self, _space: Space, _port: u16, _out: &mut Vec<u8>) -> bool {
        false
    }
}

/// A line that is being written.
pub struct Line<'o> {
    out: &'o mut Vec<u8>,
    style: Style,
    memory: &'o mut Memory,
    names: &'o mut dyn Names,
}

impl fmt::Debug for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("style", &self.style).finish_non_exhaustive()
    }
}

/// Appends the line of a packet, without its time and without a line feed.
///
/// Returns where the bytes begin that `-x`, `-X` and `-A` show behind it: behind the link header, or at the very first when
/// the line was cut off before it came back to the link header's protocol.
pub fn write(
    packet: &Packet<'_>,
    style: Style,
    memory: &mut Memory,
    names: &mut dyn Names,
    out: &mut Vec<u8>,
) -> usize {
    let mut line = Line { out, style, memory, names };
    if packet.bytes.is_empty() {
        let nothing = if packet.wire_len == 0 { ", len==0" } else { "" };
        line.fmt(format_args!("[Invalid header: caplen==0{nothing}]"));
        return 0;
    }
    match line.layer(packet, 0) {
        Ok(()) => packet.link_len(),
        Err(Cut(name)) => {
            line.cut(name);
            if comes_back(packet, name) { packet.link_len() } else { 0 }
        }
    }
}

/// Tells whether tcpdump, where a protocol is cut off, still comes back to the link header's protocol, which then says how
/// long it is. Some of its protocols look first whether there is enough; others are thrown out in the middle of reading, some
/// of them behind a header that they looked at first. Found by cutting packets off at every byte.
fn comes_back(packet: &Packet<'_>, name: &str) -> bool {
    let has = |id, len| packet.layer(id).is_some_and(|layer| packet.bytes.len() - layer.start >= len);
    match name {
        "arp" | "chdlc" | "dvmrp" | "icmp6" | "igmp" | "mpls" | "null" | "ppp" | "pppoe" | "rt6" | "sll"
        | "sll2" | "ssh" | "stp" | "syslog" | "vxlan" => false,
        "bootp" => has(Id::Dhcp, 236),
        "icmp" => has(Id::Icmp, 2),
        "ip" => has(Id::Ipv4, 1) && !has(Id::Ipv4, 20),
        "tcp" => !has(Id::Tcp, 20),
        "hbhopt" => has(Id::HopByHop, 2),
        "ntp" => has(Id::Ntp, 4),
        "tftp" => has(Id::Tftp, 2),
        _ => true,
    }
}

impl Line<'_> {
    /// Returns how the line is written.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Writes a layer and what it carries.
    ///
    /// # Errors
    ///
    /// The captured bytes run out in it, and the line ends there.
    pub fn layer(&mut self, packet: &Packet<'_>, index: usize) -> Told {
        match packet.layers.get(index) {
            Some(layer) => (layer.id.protocol().line)(self, packet, index),
            None => Ok(()),
        }
    }

    /// Tells whether the layer is there and has words of its own.
    #[must_use]
    pub fn tells(&self, packet: &Packet<'_>, index: usize) -> bool {
        packet.layers.get(index).is_some_and(|layer| (layer.id.protocol().tells)(self.style, packet, index))
    }

    /// Writes the name of what comes, unless the link header is told too: it has said that.
    pub fn name(&mut self, name: &str) {
        if !self.style.link {
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
        digits::dec(number.into(), self.out);
    }

    /// Writes a length.
    #[inline]
    pub fn len(&mut self, len: usize) {
        self.dec(u64::try_from(len).unwrap_or(u64::MAX));
    }

    /// Writes what has a form; direct ways are faster where a line is hot.
    pub fn fmt(&mut self, words: fmt::Arguments<'_>) {
        // Writing into memory does not fail.
        let _ = self.out.write_fmt(words);
    }

    /// Writes a byte.
    #[inline]
    pub fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// Returns how much has been written, the line's beginning included: to see whether something was.
    #[must_use]
    pub const fn written(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was written since.
    pub fn take_back(&mut self, written: usize) {
        self.out.truncate(written);
    }

    /// Writes a number in hexadecimal, without zeros before it.
    pub fn hex(&mut self, number: impl Into<u64>) {
        self.hex_wide(number, 1);
    }

    /// Writes a number in hexadecimal with at least so many digits.
    pub fn hex_wide(&mut self, number: impl Into<u64>, digits: usize) {
        digits::hex(number.into(), digits, self.out);
    }

    /// Writes an IPv4 address in numbers.
    #[inline]
    pub fn ipv4(&mut self, address: Ipv4Addr) {
        digits::ipv4(address, self.out);
    }

    /// Writes an IPv6 address in numbers. One of the first 96 zeros, which carries an IPv4 address, ends as that one does.
    pub fn ipv6(&mut self, address: Ipv6Addr) {
        digits::ipv6(address, self.out);
    }

    /// Writes an address: its name, where names are known.
    #[inline]
    pub fn address(&mut self, address: impl Into<IpAddr>) {
        let address = address.into();
        if self.names.address(address, self.out) {
            return;
        }
        match address {
            IpAddr::V4(address) => self.ipv4(address),
            IpAddr::V6(address) => self.ipv6(address),
        }
    }

    /// Writes an Ethernet address.
    pub fn mac(&mut self, address: Mac) {
        digits::mac(address, self.out);
    }

    /// Writes what a link header says of what it carries.
    pub fn ethertype(&mut self, number: u16) {
        let name = ethertype::name(number.into());
        match name {
            Some(name) if self.style.quiet => return self.text(name),
            None if self.style.quiet => self.text("Unknown Ethertype"),
            name => {
                self.text("ethertype ");
                self.text(name.unwrap_or("Unknown"));
            }
        }
        self.text(" (0x");
        self.hex_wide(number, 4);
        self.text(")");
    }

    /// Writes a network interface in five columns: its name, where names are known.
    pub fn interface(&mut self, index: u32) {
        let begin = self.out.len();
        if !self.names.interface(index, self.out) {
            self.text("?");
        }
        while self.out.len() < begin + 5 {
            self.text(" ");
        }
    }

    /// Writes a port of TCP or UDP: its name, where names are known.
    pub fn port(&mut self, space: Space, port: u16) {
        if !self.names.port(space, port, self.out) {
            self.dec(port);
        }
    }

    /// Writes who speaks to whom: `10.0.0.1 > 10.0.0.2: `.
    pub fn ends(&mut self, from: IpAddr, to: IpAddr) {
        for (address, behind) in [(from, " > "), (to, ": ")] {
            self.address(address);
            self.text(behind);
        }
    }

    /// Writes which ports speak to which: `10.0.0.1.1000 > 10.0.0.2.80: `. A fragment's addresses may be unknown.
    pub fn port_ends(&mut self, space: Space, addresses: Option<(IpAddr, IpAddr)>, from: u16, to: u16) {
        let (source, destination) = addresses.unzip();
        for (address, port, behind) in [(source, from, " > "), (destination, to, ": ")] {
            if let Some(address) = address {
                self.address(address);
                self.text(".");
            }
            self.port(space, port);
            self.text(behind);
        }
    }

    /// Writes bytes that nothing is known of in rows of hex behind the line, unless little is to be told or they are shown
    /// there anyway.
    pub fn default_print(&mut self, bytes: &[u8]) {
        if !self.style.dump && !self.style.quiet {
            self.rows(bytes);
        }
    }

    /// Writes bytes in rows of hex behind the line.
    pub fn rows(&mut self, bytes: &[u8]) {
        dump::hex_and_ascii("\n\t", bytes, self.out);
    }

    /// Writes bytes in rows of hex with characters; each row begins with `before`, which begins with a line feed.
    pub fn rows_at(&mut self, before: &str, bytes: &[u8]) {
        dump::hex_and_ascii(before, bytes, self.out);
    }

    /// Writes bytes in rows of hex without characters; each row begins with `before`, which begins with a line feed.
    pub fn hex_rows(&mut self, before: &str, bytes: &[u8]) {
        dump::hex(before, bytes, self.out);
    }

    /// Writes bytes as text: what is not printable becomes `^C` or `M-C`, as in C's library of old.
    pub fn safe(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.safe_byte(*byte);
        }
    }

    /// Writes a byte as text, as [`Line::safe`] does.
    pub fn safe_byte(&mut self, mut byte: u8) {
        if !byte.is_ascii() {
            byte &= 0x7f;
            self.text("M-");
        }
        if !matches!(byte, 0x20..=0x7e) {
            byte ^= 0x40;
            self.text("^");
        }
        self.byte(byte);
    }

    /// Says that what was read cannot be meant: ` (invalid)`.
    pub fn invalid(&mut self) {
        self.text(" (invalid)");
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

    /// Returns what is remembered of earlier packets.
    pub(crate) const fn memory(&mut self) -> &mut Memory {
        self.memory
    }
}

/// Returns the addresses of the layer directly below: those behind other headers are not told again.
#[must_use]
pub fn near_addresses(packet: &Packet<'_>, index: usize) -> Option<(IpAddr, IpAddr)> {
    let below = packet.layers.get(index.checked_sub(1)?)?;
    below.id.protocol().addresses?(packet.header(below))
}

/// Tells whether a layer lies in IPv6.
#[must_use]
pub fn is_v6(packet: &Packet<'_>, index: usize) -> bool {
    matches!(addresses(packet, index), Some((IpAddr::V6(_), _)))
}

/// Returns the captured bytes from a layer on that tcpdump may read: as far as the nearest layer below with addresses goes,
/// whatever the lengths between say.
#[must_use]
pub fn readable<'a>(packet: &Packet<'a>, index: usize) -> &'a [u8] {
    let Some(layer) = packet.layers.get(index) else { return &[] };
    let below = packet.layers.get(..index).unwrap_or_default().iter().rev();
    let end = below.filter(|below| below.id.protocol().addresses.is_some()).map(|below| below.end).next();
    packet.bytes.get(layer.start..end.unwrap_or(layer.end)).unwrap_or_default()
}

/// Returns the addresses of the nearest layer below that has some.
#[must_use]
pub fn addresses(packet: &Packet<'_>, index: usize) -> Option<(IpAddr, IpAddr)> {
    let below = packet.layers.get(..index)?;
    below.iter().rev().find_map(|layer| layer.id.protocol().addresses?(packet.header(layer)))
}

//! Reading for text: byte after byte, until the captured ones run out.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::header::Mac;

/// The captured bytes ran out in the middle of a protocol: its name stands in the mark that ends the line, `[|tcp]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut(pub &'static str);

/// What writing a part of a line comes to.
pub type Told = Result<(), Cut>;

/// Reads bytes one after the other; where they run out, the line ends with the name of the protocol.
///
/// It is a copy of a place: `let mut ahead = reader;` looks ahead. Every way of reading fails with [`Cut`] when fewer
/// bytes are left than it takes, and then reads none.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    name: &'static str,
    bytes: &'a [u8],
    at: usize,
}

#[allow(clippy::missing_errors_doc, reason = "they all fail alike, and the type says so")]
impl<'a> Reader<'a> {
    /// Begins with the first byte; the name is that of the protocol in the mark of a cut.
    #[must_use]
    pub const fn new(name: &'static str, bytes: &'a [u8]) -> Self {
        Self { name, bytes, at: 0 }
    }

    /// Returns how many bytes have been read.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Returns all bytes, read or not.
    #[must_use]
    pub const fn all(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns what has not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Returns how many bytes have not been read.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// Tells whether nothing is left.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.left() == 0
    }

    /// Returns a reader of the same bytes that goes on at an offset.
    #[must_use]
    pub const fn from(&self, at: usize) -> Self {
        Self { at, ..*self }
    }

    /// Returns a reader that goes on here and has another name in the mark of a cut.
    #[must_use]
    pub const fn called(&self, name: &'static str) -> Self {
        Self { name, ..*self }
    }

    /// Says that the bytes have run out: `return Err(reader.cut())`.
    #[must_use]
    pub const fn cut(&self) -> Cut {
        Cut(self.name)
    }

    /// Sees to it that so many bytes are left.
    pub fn need(&self, len: usize) -> Told {
        if self.left() >= len { Ok(()) } else { Err(self.cut()) }
    }

    /// Reads so many bytes.
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], Cut> {
        let end = self.at.checked_add(len).ok_or(Cut(self.name))?;
        let bytes = self.bytes.get(self.at..end).ok_or(Cut(self.name))?;
        self.at = end;
        Ok(bytes)
    }

    /// Reads as many of so many bytes as are left.
    pub fn take_up_to(&mut self, len: usize) -> &'a [u8] {
        let bytes = self.rest();
        let bytes = bytes.get(..len).unwrap_or(bytes);
        self.at += bytes.len();
        bytes
    }

    /// Reads so many bytes and gives them to a reader of their own.
    pub fn part(&mut self, len: usize) -> Result<Self, Cut> {
        Ok(Self { name: self.name, bytes: self.take(len)?, at: 0 })
    }

    /// Reads an array of bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Cut> {
        let array = self.rest().first_chunk().copied().ok_or(Cut(self.name))?;
        self.at += N;
        Ok(array)
    }

    /// Reads a byte.
    pub fn u8(&mut self) -> Result<u8, Cut> {
        self.array().map(|[byte]| byte)
    }

    /// Reads 2 bytes in network order.
    pub fn u16(&mut self) -> Result<u16, Cut> {
        self.array().map(u16::from_be_bytes)
    }

    /// Reads 3 bytes in network order.
    pub fn u24(&mut self) -> Result<u32, Cut> {
        self.array().map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
    }

    /// Reads 4 bytes in network order.
    pub fn u32(&mut self) -> Result<u32, Cut> {
        self.array().map(u32::from_be_bytes)
    }

    /// Reads 8 bytes in network order.
    pub fn u64(&mut self) -> Result<u64, Cut> {
        self.array().map(u64::from_be_bytes)
    }

    /// Reads an IPv4 address.
    pub fn ipv4(&mut self) -> Result<Ipv4Addr, Cut> {
        self.array::<4>().map(Ipv4Addr::from)
    }

    /// Reads an IPv6 address.
    pub fn ipv6(&mut self) -> Result<Ipv6Addr, Cut> {
        self.array::<16>().map(Ipv6Addr::from)
    }

    /// Reads an Ethernet address.
    pub fn mac(&mut self) -> Result<Mac, Cut> {
        self.array().map(Mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_ends_where_the_bytes_do() {
        let mut reader = Reader::new("tcp", &[1, 2, 3, 4, 5]);
        assert_eq!(reader.u16(), Ok(0x0102));
        let ahead = reader;
        assert_eq!(reader.u32(), Err(Cut("tcp")));
        assert_eq!((reader.at(), ahead.left()), (2, 3), "what fails reads nothing");
        assert_eq!(reader.u24(), Ok(0x03_0405));
        assert_eq!((reader.take_up_to(9), reader.take(usize::MAX)), (&[][..], Err(Cut("tcp"))));
    }
}

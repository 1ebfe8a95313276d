//! Encoding in pieces: groups that are not full wait, and lines end where they are full.

use core::fmt;
use core::num::NonZeroUsize;

use super::code::{Code, Kind};
use super::{Alphabet, base58, groups};
use crate::Buffer;
use crate::stream::Transform;

/// Bytes that GNU's `basenc` reads at once to encode them. Of z85 it writes nothing of a block whose length is no
/// multiple of four, and so do we.
const BLOCK: usize = 30 << 10;

/// Characters that are made at once before they are cut into lines that do not end where groups do.
const SCRATCH_GROUPS: usize = 512;

/// Writes digits of an alphabet for bytes that arrive in pieces, on one line or wrapped.
///
/// Wrapped, each line ends after so many characters, and the last one too; not wrapped, none does.
///
/// ```
/// use jackfield_codec::base::{Alphabet, Encoder};
/// use jackfield_codec::stream::whole;
///
/// let encoder = Encoder::new(Alphabet::Base32, 7.try_into().ok());
/// assert_eq!(whole(encoder, b"jack").unwrap(), b"NJQWG2Y\n=\n");
/// ```
#[derive(Clone, Debug)]
pub struct Encoder {
    groups: GroupEncoder,
    /// What cannot be encoded yet: all of it for base58, a block for z85.
    held: Vec<u8>,
    /// Bytes that went before those held.
    before: u64,
    /// A full line of z85 whose end is not written yet: GNU writes it with what comes next, or with the good end.
    unended: bool,
}

impl Encoder {
    /// Makes an encoder.
    #[must_use]
    pub fn new(alphabet: Alphabet, wrap: Option<NonZeroUsize>) -> Self {
        Self { groups: GroupEncoder::new(alphabet, wrap), held: Vec::new(), before: 0, unended: false }
    }

    /// Holds bytes until there is a whole block of them.
    fn push_blocks(&mut self, mut bytes: &[u8], out: &mut Buffer) {
        while !bytes.is_empty() {
            let (head, tail) = bytes.split_at(bytes.len().min(BLOCK - self.held.len()));
            self.held.extend_from_slice(head);
            bytes = tail;
            if self.held.len() == BLOCK {
                self.end_line(out);
                self.groups.push(&self.held, out);
                if self.groups.lines.wrap.is_some() && self.groups.lines.column == 0 {
                    out.truncate(out.len() - 1);
                    self.unended = true;
                }
                self.before = self.before.saturating_add(BLOCK as u64);
                self.held.clear();
            }
        }
    }
}

impl Encoder {
    fn end_line(&mut self, out: &mut Buffer) {
        if core::mem::take(&mut self.unended) {
            out.push(b'\n');
        }
    }
}

impl Transform for Encoder {
    type Error = EncodeError;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), EncodeError> {
        match self.groups.code.kind {
            Kind::Base58 => self.held.extend_from_slice(bytes),
            Kind::Z85 => self.push_blocks(bytes, out),
            _ => self.groups.push(bytes, out),
        }
        Ok(())
    }

    /// The encoder is as new afterwards.
    fn finish(&mut self, out: &mut Buffer) -> Result<(), EncodeError> {
        let held = core::mem::take(&mut self.held);
        let before = core::mem::take(&mut self.before);
        match self.groups.code.kind {
            Kind::Base58 => self.groups.lines.write(&base58::encode(&self.groups.code, &held), out),
            Kind::Z85 if !held.len().is_multiple_of(4) => {
                let length = before.saturating_add(u64::try_from(held.len()).unwrap_or(u64::MAX));
                self.unended = false;
                return Err(EncodeError { length });
            }
            _ => {
                self.end_line(out);
                self.groups.push(&held, out);
            }
        }
        self.groups.finish(out);
        Ok(())
    }
}

/// Why bytes cannot be written in z85: their number is no multiple of four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// How many bytes there were.
    pub length: u64,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "z85 takes a multiple of 4 bytes, and there are {}", self.length)
    }
}

impl std::error::Error for EncodeError {}

/// An encoder of groups of bits, which cannot fail.
#[derive(Clone, Debug)]
pub(crate) struct GroupEncoder {
    code: Code,
    lines: Lines,
    /// The first bytes of a group that is not full.
    held: [u8; 8],
    count: usize,
    scratch: Buffer,
}

impl GroupEncoder {
    pub(crate) fn new(alphabet: Alphabet, wrap: Option<NonZeroUsize>) -> Self {
        Self {
            code: alphabet.code(),
            lines: Lines { wrap, column: 0 },
            held: [0; 8],
            count: 0,
            scratch: Buffer::new(),
        }
    }

    /// Encodes the groups that the bytes complete.
    pub(crate) fn push(&mut self, mut bytes: &[u8], out: &mut Buffer) {
        let size = self.code.kind.bytes();
        if self.count > 0 {
            let (head, tail) = bytes.split_at(bytes.len().min(size - self.count));
            self.hold(head);
            bytes = tail;
            if self.count < size {
                return;
            }
            let group = self.held;
            self.write(group.get(..size).unwrap_or(&[]), out);
            self.count = 0;
        }
        let (whole, rest) = bytes.split_at(bytes.len() - bytes.len() % size);
        self.write(whole, out);
        self.hold(rest);
    }

    /// Encodes the last group, fills it, and ends the line; is as new afterwards.
    pub(crate) fn finish(&mut self, out: &mut Buffer) {
        if self.count > 0 {
            let mut group = [0; 5];
            let mut text = [0; 8];
            for (to, &from) in group.iter_mut().zip(self.held.get(..self.count).unwrap_or(&[])) {
                *to = from;
            }
            groups::encode(&self.code, &group, &mut text);
            let digits = (self.count * 8).div_ceil(self.code.kind.bits().max(1));
            for place in text.iter_mut().skip(digits) {
                *place = b'=';
            }
            let length = if self.code.padded { self.code.kind.group() } else { digits };
            self.lines.write(text.get(..length).unwrap_or(&[]), out);
            self.count = 0;
        }
        self.lines.end(out);
    }

    fn hold(&mut self, bytes: &[u8]) {
        for (place, &byte) in self.held.iter_mut().skip(self.count).zip(bytes) {
            *place = byte;
            self.count += 1;
        }
    }

    /// Encodes whole groups.
    fn write(&mut self, mut bytes: &[u8], out: &mut Buffer) {
        let (size, group) = (self.code.kind.bytes(), self.code.kind.group());
        let Some(wrap) = self.lines.wrap.map(NonZeroUsize::get) else {
            let length = bytes.len() / size * group;
            groups::encode(&self.code, bytes, out.room(length));
            return out.commit(length);
        };
        if wrap.is_multiple_of(group) && self.lines.column.is_multiple_of(group) {
            let line = wrap / group * size;
            if self.lines.column > 0 {
                // The rest of a line, which may be more than there is.
                let rest = (wrap - self.lines.column) / group * size;
                let (head, tail) = bytes.split_at(bytes.len().min(rest));
                self.write_cut(head, out);
                bytes = tail;
            }
            let (whole, tail) = bytes.split_at(bytes.len() - bytes.len() % line);
            let length = whole.len() / line * wrap.saturating_add(1);
            groups::encode_lines(&self.code, line, wrap, whole, out.room(length));
            out.commit(length);
            bytes = tail;
        }
        self.write_cut(bytes, out);
    }

    /// Encodes whole groups and cuts the text into lines.
    fn write_cut(&mut self, bytes: &[u8], out: &mut Buffer) {
        let (size, group) = (self.code.kind.bytes(), self.code.kind.group());
        for bytes in bytes.chunks(SCRATCH_GROUPS * size) {
            let length = bytes.len() / size * group;
            self.scratch.clear();
            groups::encode(&self.code, bytes, self.scratch.room(length));
            self.scratch.commit(length);
            self.lines.write(&self.scratch, out);
        }
    }
}

/// Where lines end.
#[derive(Clone, Debug)]
struct Lines {
    wrap: Option<NonZeroUsize>,
    /// Characters on the line so far; counted only when lines are wrapped.
    column: usize,
}

impl Lines {
    fn write(&mut self, mut text: &[u8], out: &mut Buffer) {
        let Some(wrap) = self.wrap.map(NonZeroUsize::get) else {
            return out.extend_from_slice(text);
        };
        while !text.is_empty() {
            let (head, tail) = text.split_at(text.len().min(wrap - self.column));
            out.extend_from_slice(head);
            self.column += head.len();
            text = tail;
            if self.column == wrap {
                self.column = 0;
                out.push(b'\n');
            }
        }
    }

    fn end(&mut self, out: &mut Buffer) {
        if self.column > 0 {
            self.column = 0;
            out.push(b'\n');
        }
    }
}

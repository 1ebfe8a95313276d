//! The streams: groups of four bytes as five characters and back, with what is not full kept for the next piece.

use core::convert::Infallible;

use super::{A85Decode, A85Encode, Base85Error, Base85Fault};
use crate::Buffer;
use crate::stream::Transform;

/// Writes base85 of bytes that arrive in pieces.
#[derive(Clone, Debug)]
pub struct B85Encoder {
    pad: bool,
    held: Held,
}

impl B85Encoder {
    /// Makes an encoder; with `pad`, zeros fill the last group.
    #[must_use]
    pub const fn new(pad: bool) -> Self {
        Self { pad, held: Held { bytes: [0; 4], count: 0 } }
    }
}

impl Transform for B85Encoder {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        self.held.push(bytes, |group| out.extend_from_slice(&digits(group).map(b85_character)));
        Ok(())
    }

    /// The encoder is as new afterwards.
    fn finish(&mut self, out: &mut Buffer) -> Result<(), Infallible> {
        if let Some((number, count)) = self.held.take() {
            let kept = if self.pad { 5 } else { count + 1 };
            out.extend(digits(number).into_iter().take(kept).map(b85_character));
        }
        Ok(())
    }
}

/// Reads base85 that arrives in pieces.
#[derive(Clone, Debug, Default)]
pub struct B85Decoder {
    groups: Groups,
    /// Characters so far.
    at: usize,
}

impl B85Decoder {
    /// Makes a decoder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Transform for B85Decoder {
    type Error = Base85Error;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Base85Error> {
        for &found in bytes {
            match B85_VALUES.get(usize::from(found)) {
                Some(&value @ 0..85) => self.groups.push(self.at, value, out)?,
                _ => return Err(Base85Error { offset: self.at, fault: Base85Fault::NotADigit { found } }),
            }
            self.at += 1;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), Base85Error> {
        self.groups.finish(out)
    }
}

/// Writes Ascii85 of bytes that arrive in pieces.
#[derive(Clone, Debug)]
pub struct A85Encoder {
    how: A85Encode,
    held: Held,
    lines: Lines,
    begun: bool,
}

impl A85Encoder {
    /// Makes an encoder.
    #[must_use]
    pub fn new(how: A85Encode) -> Self {
        let columns = if how.adobe && how.wrapcol > 0 { how.wrapcol.max(2) } else { how.wrapcol };
        Self { how, held: Held::default(), lines: Lines { columns, column: 0 }, begun: false }
    }

    fn begin(&mut self, out: &mut Buffer) {
        if !core::mem::replace(&mut self.begun, true) && self.how.adobe {
            self.lines.push(b"<~", out);
        }
    }
}

/// Writes a whole group.
fn a85_group(number: u32, how: A85Encode, lines: &mut Lines, out: &mut Buffer) {
    match number {
        0 => lines.push(b"z", out),
        SPACES if how.foldspaces => lines.push(b"y", out),
        number => lines.push(&digits(number).map(|digit| b'!' + digit), out),
    }
}

impl Transform for A85Encoder {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        self.begin(out);
        let (how, lines) = (self.how, &mut self.lines);
        self.held.push(bytes, |group| a85_group(group, how, lines, out));
        Ok(())
    }

    /// The encoder is as new afterwards.
    fn finish(&mut self, out: &mut Buffer) -> Result<(), Infallible> {
        self.begin(out);
        match self.held.take() {
            Some((number, _)) if self.how.pad => a85_group(number, self.how, &mut self.lines, out),
            Some((number, count)) => {
                let text = digits(number).map(|digit| b'!' + digit);
                self.lines.push(text.get(..=count).unwrap_or(&text), out);
            }
            None => {}
        }
        if self.how.adobe {
            // The end mark is not broken.
            if self.lines.columns > 0 && self.lines.column.saturating_add(2) > self.lines.columns {
                out.push(b'\n');
            }
            out.extend_from_slice(b"~>");
        }
        (self.begun, self.lines.column) = (false, 0);
        Ok(())
    }
}

/// Reads Ascii85 that arrives in pieces.
#[derive(Clone, Debug)]
pub struct A85Decoder<'a> {
    how: A85Decode<'a>,
    groups: Groups,
    /// Characters that were read.
    at: usize,
    /// The last characters, which may be a mark: none unless marks are asked for.
    tail: [u8; 2],
    waiting: usize,
    /// The first character began `<~`, and the second one ends it.
    opened: bool,
}

impl<'a> A85Decoder<'a> {
    /// Makes a decoder.
    #[must_use]
    pub fn new(how: A85Decode<'a>) -> Self {
        Self { how, groups: Groups::default(), at: 0, tail: [0; 2], waiting: 0, opened: false }
    }

    /// Takes a character; `next` is the one behind it, where marks are asked for.
    fn character(&mut self, found: u8, next: u8, out: &mut Buffer) -> Result<(), Base85Error> {
        let offset = self.at;
        self.at += 1;
        if self.how.adobe && offset == 0 && (found, next) == (b'<', b'~') {
            self.opened = true;
            return Ok(());
        }
        match found {
            _ if offset == 1 && self.opened => Ok(()),
            b'!'..=b'u' => self.groups.push(offset, found - b'!', out),
            b'z' => self.groups.push_whole(offset, found, 0, out),
            b'y' if self.how.foldspaces => self.groups.push_whole(offset, found, SPACES, out),
            _ if self.how.ignorechars.contains(&found) => Ok(()),
            b'~' if self.how.adobe && next == b'>' => {
                Err(Base85Error { offset: offset + 2, fault: Base85Fault::NoEnd })
            }
            _ => Err(Base85Error { offset, fault: Base85Fault::NotADigit { found } }),
        }
    }
}

impl Transform for A85Decoder<'_> {
    type Error = Base85Error;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Base85Error> {
        for &found in bytes {
            if !self.how.adobe {
                self.character(found, 0, out)?;
                continue;
            }
            let [first, second] = self.tail;
            if self.waiting == 2 {
                self.character(first, second, out)?;
            }
            self.waiting = (self.waiting + 1).min(2);
            self.tail = [second, found];
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), Base85Error> {
        // Of `<~>` the `~` belongs to both marks.
        if self.how.adobe && (self.waiting < 2 || self.tail != *b"~>") {
            return Err(Base85Error { offset: self.at + self.waiting, fault: Base85Fault::NoEnd });
        }
        self.groups.finish(out)
    }
}

/// Four spaces as a group.
pub(super) const SPACES: u32 = 0x2020_2020;

/// The digits by their values.
const B85: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// The values of the digits, and 0xff for what is none.
const B85_VALUES: [u8; 256] = {
    let mut values = [0xff; 256];
    let mut at = 0;
    #[expect(clippy::indexing_slicing, reason = "the compiler runs this, and would say so")]
    while at < 85 {
        values[B85[at as usize] as usize] = at;
        at += 1;
    }
    values
};

pub(super) fn b85_character(digit: u8) -> u8 {
    B85.get(usize::from(digit)).copied().unwrap_or(b'~')
}

/// The digits of a number in base 85, the highest first.
fn digits(mut number: u32) -> [u8; 5] {
    let mut digits = [0; 5];
    for digit in digits.iter_mut().rev() {
        *digit = u8::try_from(number % 85).unwrap_or(0);
        number /= 85;
    }
    digits
}

/// The bytes of a group that is not full.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    bytes: [u8; 4],
    count: usize,
}

impl Held {
    /// Gives the numbers of the groups that are full.
    fn push(&mut self, bytes: &[u8], mut group: impl FnMut(u32)) {
        let missing = if self.count == 0 { 0 } else { bytes.len().min(4 - self.count) };
        let (head, tail) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
        let (groups, rest) = tail.as_chunks::<4>();
        self.hold(head);
        if self.count == 4 {
            group(u32::from_be_bytes(self.bytes));
            *self = Self::default();
        }
        groups.iter().for_each(|bytes| group(u32::from_be_bytes(*bytes)));
        self.hold(rest);
    }

    fn hold(&mut self, bytes: &[u8]) {
        for (place, byte) in self.bytes.iter_mut().skip(self.count).zip(bytes) {
            *place = *byte;
            self.count += 1;
        }
    }

    /// The group that is not full, filled with zeros, and its bytes.
    fn take(&mut self) -> Option<(u32, usize)> {
        let Self { bytes, count } = core::mem::take(self);
        (count > 0).then(|| (u32::from_be_bytes(bytes), count))
    }
}

/// Where lines are broken.
#[derive(Clone, Copy, Debug)]
struct Lines {
    /// 0 for no breaks.
    columns: usize,
    column: usize,
}

impl Lines {
    /// Writes characters, with a break before one that does not fit.
    fn push(&mut self, characters: &[u8], out: &mut Buffer) {
        if self.columns == 0 {
            out.extend_from_slice(characters);
            return;
        }
        for &character in characters {
            if self.column == self.columns {
                out.push(b'\n');
                self.column = 0;
            }
            out.push(character);
            self.column += 1;
        }
    }
}

/// Digits gathered into groups of five, and these into bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Groups {
    /// Offset of the first digit of the group that has begun.
    start: usize,
    number: u64,
    count: usize,
}

impl Groups {
    fn push(&mut self, offset: usize, digit: u8, out: &mut Buffer) -> Result<(), Base85Error> {
        if self.count == 0 {
            self.start = offset;
        }
        self.number = self.number * 85 + u64::from(digit);
        self.count += 1;
        if self.count < 5 {
            return Ok(());
        }
        let overflow = Base85Error { offset: self.start, fault: Base85Fault::Overflow };
        let number = u32::try_from(self.number).map_err(|_| overflow)?;
        out.extend_from_slice(&number.to_be_bytes());
        (self.number, self.count) = (0, 0);
        Ok(())
    }

    /// Takes a character that is a whole group.
    fn push_whole(&self, offset: usize, found: u8, number: u32, out: &mut Buffer) -> Result<(), Base85Error> {
        if self.count > 0 {
            return Err(Base85Error { offset, fault: Base85Fault::InsideGroup { found } });
        }
        out.extend_from_slice(&number.to_be_bytes());
        Ok(())
    }

    /// Fills the last group with the highest digit, so that what is cut away then never carries.
    fn finish(&mut self, out: &mut Buffer) -> Result<(), Base85Error> {
        if self.count > 0 {
            let missing = 5 - self.count;
            for _ in 0..missing {
                self.push(self.start, 84, out)?;
            }
            out.truncate(out.len().saturating_sub(missing));
        }
        Ok(())
    }
}

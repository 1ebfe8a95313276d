//! `xxd -r`, to the byte: whatever text it is given, what xxd makes of it.
//!
//! xxd does not parse a dump, it runs an automaton over its characters that never refuses one: a line is an offset,
//! which ends at the first character that is no hex digit, then pairs of digits with one character between them
//! tolerated, up to a number of columns; two others end the line. So it turns dumps of other tools into
//! something else than their bytes and says nothing; [`Undump`](super::Undump) is for those.
//!
//! An offset that is not where the output stands moves it, which is how a file is patched. So [`Reverse`] hands out
//! [`Seek`]s between the bytes; [`Reversed`] is for an output that cannot seek, as xxd writes to a pipe. Lines
//! that xxd itself would have written go through the line kernels, and the automaton sees the others.
//!
//! Reference: the manual page xxd(1), and the behaviour of xxd 2026-06-16.

use core::fmt;

use super::fast::{Lines, find_lf, pair};
use crate::simd::{Level, hex as digits};
use crate::stream::{CHUNK, Transform};
use crate::{Buffer, hex};

/// What a dump for [`Reverse`] looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notation {
    /// Offsets, and bytes in hex: `xxd -r`.
    #[default]
    Hex,
    /// Offsets, and bytes in binary: `xxd -r -b`.
    Bits,
    /// Bytes in hex alone: `xxd -r -p`.
    Plain,
}

impl Notation {
    /// The bytes of a line when nothing else is said; a plain line has no end.
    const fn columns(self) -> usize {
        match self {
            Self::Hex => 16,
            Self::Bits => 6,
            Self::Plain => usize::MAX,
        }
    }
}

/// The automaton of `xxd -r`.
///
/// ```
/// use jackfield_codec::Buffer;
/// use jackfield_codec::undump::reverse::{Notation, Reverse, Seek};
///
/// let mut reverse = Reverse::new(Notation::Hex);
/// let mut out = Buffer::new();
/// let text = b"00000000: 4a61 636b\n00000100: 21\n";
/// let first = reverse.step(text, &mut out)?;
/// assert_eq!((&out[..], first.seek), (&b"Jack"[..], Some(Seek { from: 4, to: 0x100 })));
/// out.clear();
/// let second = reverse.step(&text[first.taken..], &mut out)?;
/// assert_eq!((&out[..], second.seek), (&b"!"[..], None));
/// # Ok::<(), jackfield_codec::undump::reverse::Backwards>(())
/// ```
#[derive(Debug)]
pub struct Reverse {
    notation: Notation,
    columns: usize,
    /// `-s`: is added to every offset.
    addend: i64,
    /// Where the output stands.
    position: i64,
    /// The offset of the text, counted on with each byte. Digits beyond the sixteenth push the first ones out.
    offset: i64,
    /// Bytes of this line so far; no fewer than `columns` while the offset is read.
    column: usize,
    place: Place,
    /// The last three characters as digits, the last one first; a byte's second digit leaves none.
    last: [Option<u8>; 3],
    /// The binary digits of a byte that is not complete, and their number.
    bits: (u8, u8),
    /// The way past the automaton; `None` is for its tests.
    lines: Option<Lines>,
}

/// Where in its line the automaton is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing but garbage so far, which is passed over to the first digit.
    Garbage,
    /// In the offset or the bytes.
    Digits,
    /// Behind the bytes: all is passed over to the end of the line.
    Rest,
}

/// What [`Reverse::step`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The text that was taken; all of it unless a seek is due.
    pub taken: usize,
    /// Where the output must go after the bytes that were appended, and before any that follow.
    pub seek: Option<Seek>,
}

/// The output must go elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seek {
    /// Where it stands: bytes from where it stood at first.
    pub from: u64,
    /// Where it must go to, in either direction.
    pub to: u64,
}

/// The output would have to go back and cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backwards {
    /// Where it stands.
    pub from: u64,
    /// Where it would have to go to; below 0 when the addend is.
    pub to: i64,
}

impl fmt::Display for Backwards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot seek backwards, from offset {} to {}", self.from, self.to)
    }
}

impl std::error::Error for Backwards {}

impl Reverse {
    /// Begins with the columns that xxd has for the notation: 16, or 6 for bits.
    #[must_use]
    pub fn new(notation: Notation) -> Self {
        let columns = notation.columns();
        Self {
            notation,
            columns,
            addend: 0,
            position: 0,
            offset: 0,
            column: columns,
            place: Place::Garbage,
            last: [None; 3],
            bits: (0, 0),
            lines: Some(Lines::default()),
        }
    }

    /// Sets how many bytes of a line count, `-c`; 0 leaves what xxd has. A plain line has no such end.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> Self {
        if columns > 0 && self.notation != Notation::Plain {
            (self.columns, self.column) = (columns, columns);
        }
        self
    }

    /// Sets what is added to every offset, `-s`.
    #[must_use]
    pub const fn add(mut self, addend: i64) -> Self {
        self.addend = addend;
        self
    }

    /// Takes text until it is used up or a seek is due, and appends the bytes.
    ///
    /// What is left of the text is for the next step. The end of the text needs no call.
    ///
    /// # Errors
    /// [`Backwards`] when an offset with its addend lies before 0, where no file has a place.
    pub fn step(&mut self, text: &[u8], out: &mut Buffer) -> Result<Step, Backwards> {
        let mut taken = 0;
        while let Some(rest) = text.get(taken..).filter(|rest| !rest.is_empty()) {
            taken += self.run_past(rest, out);
            let Some(rest) = text.get(taken..) else { break };
            // As far as the fast path may have another try: to the end of a line, or some way into a long one.
            let mut line = rest.get(..LEAP).unwrap_or(rest);
            while let Some((&byte, after)) = line.split_first() {
                let known = self.run_pairs(line, out);
                if known > 0 {
                    taken += known;
                    line = line.get(known..).unwrap_or(&[]);
                    continue;
                }
                if let Some(seek) = self.due(byte)? {
                    return Ok(Step { taken, seek: Some(seek) });
                }
                self.take(byte, out);
                taken += 1;
                line = if byte == b'\n' { &[] } else { after };
            }
        }
        Ok(Step { taken, seek: None })
    }

    /// Does without the automaton what it would do, as far as that can be known; returns the text taken.
    fn run_past(&mut self, text: &[u8], out: &mut Buffer) -> usize {
        let Some(mut lines) = self.lines.take() else { return 0 };
        let taken = match self.notation {
            // An offset ends a plain text's seeking for good, so only the first byte of all can be elsewhere.
            Notation::Plain if self.place != Place::Rest && self.last[0].is_none() && !self.astray() => {
                self.run_plain(text, out)
            }
            Notation::Hex if self.place == Place::Garbage => self.run_lines(&mut lines, text, out),
            _ => 0,
        };
        self.lines = Some(lines);
        taken
    }

    fn run_lines(&mut self, lines: &mut Lines, text: &[u8], out: &mut Buffer) -> usize {
        let Ok(offset) = u64::try_from(self.position.wrapping_sub(self.addend)) else { return 0 };
        let found = lines.read(text, offset, self.columns, out);
        self.position = self.position.saturating_add(i64::try_from(found.bytes).unwrap_or(i64::MAX));
        found.text
    }

    fn run_plain(&mut self, text: &[u8], out: &mut Buffer) -> usize {
        let room = out.room(text.len() / 2);
        let level = Level::best();
        let width = text.iter().take(LEAP).position(|&byte| byte == b'\n').unwrap_or(0) / 2;
        let lines = digits::decode_lines(level, width, text, room);
        let (mut taken, mut bytes) = (lines * (2 * width + 1), lines * width);
        if let (Some(text), Some(room)) = (text.get(taken..), room.get_mut(bytes..)) {
            let pairs = digits::decode(level, text, room);
            taken += 2 * pairs;
            bytes += pairs;
        }
        out.commit(bytes);
        self.count(bytes);
        if bytes > 0 {
            self.place = Place::Digits;
            // The first digit of the last byte; which one it was is never asked again.
            self.last = [None, Some(0), None];
        }
        taken
    }

    /// Takes the bytes of a line with no more than one blank between them, or its rest, and returns the text taken: what
    /// the automaton does with them is known.
    fn run_pairs(&mut self, line: &[u8], out: &mut Buffer) -> usize {
        if self.lines.is_none() || self.notation != Notation::Hex {
            return 0;
        }
        if self.place == Place::Rest {
            return find_lf(line).unwrap_or(line.len());
        }
        if self.place != Place::Digits || self.in_offset() || self.last[0].is_some() || self.astray() {
            return 0;
        }
        let (mut taken, mut bytes) = (0, 0);
        let most = self.columns - self.column;
        let room = out.room(most.min(line.len() / 2));
        for place in room.iter_mut().take(most) {
            let rest = line.get(taken..).unwrap_or(&[]);
            let blank = usize::from(bytes > 0 && rest.first() == Some(&b' '));
            let Some(&[high, low]) = rest.get(blank..blank + 2) else { break };
            let Some(byte) = pair(high, low) else { break };
            *place = byte;
            taken += blank + 2;
            bytes += 1;
            self.last = [None, Some(byte >> 4), None];
        }
        out.commit(bytes);
        self.count(bytes);
        self.column += bytes;
        if self.column >= self.columns {
            self.place = Place::Rest;
        }
        taken
    }

    /// The seek that is due before a character, which is then given again.
    fn due(&mut self, byte: u8) -> Result<Option<Seek>, Backwards> {
        let counts = !self.is_dropped(byte)
            && match self.place {
                Place::Rest => false,
                Place::Garbage => hex::value(byte).is_some() && !self.in_offset(),
                Place::Digits => !self.in_offset(),
            };
        if !counts || !self.astray() {
            return Ok(None);
        }
        let to = self.addend.wrapping_add(self.offset);
        let from = u64::try_from(self.position).unwrap_or(0);
        let seek = Seek { from, to: u64::try_from(to).map_err(|_| Backwards { from, to })? };
        self.position = to;
        Ok(Some(seek))
    }

    fn take(&mut self, byte: u8, out: &mut Buffer) {
        if self.place == Place::Rest {
            if byte == b'\n' {
                self.end_line();
            }
            return;
        }
        if self.is_dropped(byte) {
            return;
        }
        let value = hex::value(byte);
        if self.notation != Notation::Bits || self.in_offset() {
            self.last = [value, self.last[0], self.last[1]];
        }
        if self.place == Place::Garbage && value.is_none() {
            return;
        }
        self.place = Place::Digits;
        if self.in_offset() {
            match value {
                Some(digit) => self.offset = self.offset << 4 | i64::from(digit),
                // Also when it is the end of the line: the bytes are then those of the next one.
                None => (self.column, self.bits) = (0, (0, 0)),
            }
            return;
        }
        let done = if self.notation == Notation::Bits { self.bit(byte, out) } else { self.digit(out) };
        if done && byte != b'\n' {
            self.place = Place::Rest;
        } else if byte == b'\n' {
            self.end_line();
        }
    }

    /// Takes a hex digit or what is none, and says whether the bytes of the line are at their end.
    fn digit(&mut self, out: &mut Buffer) -> bool {
        match self.last {
            [Some(low), Some(high), _] => {
                out.push(high << 4 | low);
                self.count(1);
                self.last[0] = None;
                if self.notation == Notation::Plain {
                    return false;
                }
                self.column += 1;
                self.column >= self.columns
            }
            [None, None, None] => true,
            _ => false,
        }
    }

    /// Takes a binary digit or what is none, and says whether the bytes of the line are at their end.
    fn bit(&mut self, byte: u8, out: &mut Buffer) -> bool {
        let (value, count) = match (self.bits, byte) {
            ((value, count), b'0' | b'1') => (value << 1 | (byte & 1), count + 1),
            (bits, _) => bits,
        };
        if count < 8 {
            self.bits = (value, count);
            return false;
        }
        out.push(value);
        self.count(1);
        self.bits = (0, 0);
        self.column += 1;
        self.column >= self.columns
    }

    /// The white space that does not count.
    fn is_dropped(&self, byte: u8) -> bool {
        byte == b'\r' || self.notation == Notation::Plain && matches!(byte, b' ' | b'\t' | b'\n')
    }

    const fn in_offset(&self) -> bool {
        self.column >= self.columns && !matches!(self.notation, Notation::Plain)
    }

    fn astray(&self) -> bool {
        self.addend.wrapping_add(self.offset) != self.position
    }

    fn count(&mut self, bytes: usize) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.position = self.position.wrapping_add(bytes);
        self.offset = self.offset.wrapping_add(bytes);
    }

    fn end_line(&mut self) {
        if self.notation != Notation::Plain {
            (self.offset, self.column) = (0, self.columns);
        }
        self.place = Place::Garbage;
    }
}

/// Characters that the automaton takes of a line before the fast path may have another try.
const LEAP: usize = 4096;

/// [`Reverse`] into an output that cannot seek: gaps are filled with NULs, and the way back is an error.
#[derive(Debug)]
pub struct Reversed {
    reverse: Reverse,
    /// NULs that are due.
    gap: u64,
}

impl Reversed {
    /// Makes a stream of an automaton.
    #[must_use]
    pub const fn new(reverse: Reverse) -> Self {
        Self { reverse, gap: 0 }
    }

    /// Takes text, and appends the bytes and at most [`CHUNK`] NULs; returns the text taken, less than all when there
    /// is more to append. A text that is taken wholly can leave NULs to append: see [`pending`](Self::pending).
    ///
    /// # Errors
    /// [`Backwards`] at an offset before where the output stands; what came before it has been appended.
    pub fn take(&mut self, text: &[u8], out: &mut Buffer) -> Result<usize, Backwards> {
        let mut taken = 0;
        loop {
            let filled = usize::try_from(self.gap).unwrap_or(CHUNK).min(CHUNK);
            out.fill(0, filled);
            self.gap = self.gap.saturating_sub(u64::try_from(filled).unwrap_or(0));
            if filled == CHUNK {
                return Ok(taken);
            }
            let step = self.reverse.step(text.get(taken..).unwrap_or(&[]), out)?;
            taken += step.taken;
            let Some(seek) = step.seek else { return Ok(taken) };
            let backwards = Backwards { from: seek.from, to: i64::try_from(seek.to).unwrap_or(i64::MAX) };
            self.gap = seek.to.checked_sub(seek.from).ok_or(backwards)?;
        }
    }

    /// Returns how many NULs are still to be appended, by taking even an empty text.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.gap
    }
}

impl Transform for Reversed {
    type Error = Backwards;

    /// Appends all NULs of a gap at once; [`Reversed::take`] does not.
    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Backwards> {
        let mut rest = bytes;
        while !rest.is_empty() || self.gap > 0 {
            let taken = self.take(rest, out)?;
            rest = rest.get(taken..).unwrap_or(&[]);
        }
        Ok(())
    }

    fn finish(&mut self, _: &mut Buffer) -> Result<(), Backwards> {
        Ok(())
    }
}

/// The bytes and the seeks of a text that comes in pieces of so many bytes at most.
fn run(mut reverse: Reverse, text: &[u8], piece: usize) -> (Buffer, Vec<Seek>, Option<Backwards>) {
    let (mut out, mut seeks, mut rest) = (Buffer::new(), Vec::new(), text);
    while !rest.is_empty() {
        match reverse.step(rest.get(..piece).unwrap_or(rest), &mut out) {
            Ok(step) => {
                seeks.extend(step.seek);
                rest = rest.get(step.taken..).unwrap_or(&[]);
            }
            Err(error) => return (out, seeks, Some(error)),
        }
    }
    (out, seeks, None)
}

/// The automaton alone.
fn twin(mut reverse: Reverse) -> Reverse {
    reverse.lines = None;
    reverse
}

/// Holds the fast path against the automaton, cut and whole.
pub(super) fn check(notation: Notation, text: &[u8]) {
    let expected = run(twin(Reverse::new(notation)), text, usize::MAX);
    for piece in [1, 7, 64, usize::MAX] {
        assert!(run(Reverse::new(notation), text, piece) == expected, "cut into {piece}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dump(notation: Notation, bytes: &[u8], columns: usize, group: usize, start: usize) -> Vec<u8> {
        let mut text = String::new();
        for (line, bytes) in bytes.chunks(columns).enumerate() {
            if notation != Notation::Plain {
                text += &format!("{:08x}: ", start + line * columns);
            }
            for (at, byte) in bytes.iter().enumerate() {
                if notation != Notation::Plain && at > 0 && at % group == 0 {
                    text += " ";
                }
                text +=
                    &if notation == Notation::Bits { format!("{byte:08b}") } else { format!("{byte:02x}") };
            }
            if notation != Notation::Plain {
                text += "  ";
                text.extend(bytes.iter().map(|&byte| char::from(crate::dump::layout::shown(byte))));
            }
            text += "\n";
        }
        text.into_bytes()
    }

    proptest! {
        #[test]
        fn the_fast_path_does_what_the_automaton_does(
            notation in prop::sample::select(vec![Notation::Hex, Notation::Hex, Notation::Plain, Notation::Bits]),
            bytes in prop::collection::vec(any::<u8>(), 0..400),
            written in 1usize..40,
            group in 1usize..9,
            start in prop::sample::select(vec![0, 0, 5, 0xffff_ffe0]),
            columns in prop::option::of(1usize..40),
            addend in prop::sample::select(vec![0, 0, 0, -5, 7]),
            damage in prop::collection::vec((any::<prop::sample::Index>(), 0..3, prop::sample::select(b" \n\r\t:0af9Fz.\xff".to_vec())), 0..4),
            piece in 1usize..300,
        ) {
            let mut text = dump(notation, &bytes, written, group, start);
            for (at, how, byte) in damage {
                let at = at.index(text.len() + 1);
                match how {
                    0 => text.insert(at, byte),
                    1 if at < text.len() => drop(text.remove(at)),
                    _ if at < text.len() => text[at] = byte,
                    _ => {}
                }
            }
            let reverse = || Reverse::new(notation).columns(columns.unwrap_or(0)).add(addend);
            let expected = run(twin(reverse()), &text, usize::MAX);
            prop_assert_eq!(run(reverse(), &text, usize::MAX), expected.clone());
            prop_assert_eq!(run(reverse(), &text, piece), expected.clone());
            prop_assert_eq!(run(twin(reverse()), &text, 1), expected);
        }
    }
}
